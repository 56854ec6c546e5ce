import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine, Row } from '../../src/data/engine/types.ts';
import { createTableAs } from '../../src/data/sql/build.ts';
import { toSql } from '../../src/data/sql/print.ts';
import type { CheckedQuery } from '../../src/query/pql/ast.ts';
import { DAY_MS } from '../../src/query/task/calendar.ts';
import { filterQuery, labelQuery, populationQuery } from '../../src/query/task/labels-sql.ts';
import { createRandom } from '../../src/util/random.ts';
import { referenceLabel, referencePopulation, type Value } from '../contract/labels-reference.ts';
import { queryGenerator } from '../contract/queries.ts';
import { randomWorld, SCHEMA, START, writeWorld } from '../contract/world.ts';

const round = (v: Value): Value => (typeof v === 'number' ? Math.round(v * 1e9) / 1e9 : v);
const moment = (at: Row[string] | undefined): number | null => (at instanceof Date ? at.getTime() : null);

async function sqlLabels(engine: Engine, q: CheckedQuery) {
  const labels = labelQuery(SCHEMA, q, 'people_at');
  const found = await engine.rows(toSql(labels.query, engine.dialect));
  return found.map((r) => ({
    row: Number(r.k0),
    at: moment(r.k1),
    values: Array.from({ length: labels.steps }, (_, k) => round(r[`v${k}`] as Value)),
    empty: r.empty,
    held: r.held,
    kept: r.kept,
  }));
}

describe('labels', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 2 });
    await engine.run('CREATE SCHEMA IF NOT EXISTS task');
  });
  afterAll(() => engine.close());

  for (const seed of [1, 2, 3, 4, 5, 6])
    it(`of random queries on random rows equal the reference (seed ${seed})`, async () => {
      const random = createRandom(seed);
      const world = randomWorld(random.fork(1));
      await writeWorld(engine, world);
      const { query } = queryGenerator(random.fork(2));
      for (let n = 0; n < 40; n++) {
        const q = query();
        const cutoffs = [10, 25, 31.5].map((d) => START + d * DAY_MS);
        const population = populationQuery(SCHEMA, q, { cutoffs });
        await engine.run(toSql(createTableAs('people_at', population, 'task'), engine.dialect));
        const pairs = await engine.rows('SELECT k0, k1 FROM task.people_at');
        const found = pairs.map((r) => `${r.k0}@${moment(r.k1)}`).sort();
        expect(found, JSON.stringify(q)).toEqual(referencePopulation(world, q, cutoffs));
        const everyone = populationQuery(SCHEMA, q, { cutoffs, unfiltered: true });
        await engine.run(toSql(createTableAs('everyone', everyone, 'task'), engine.dialect));
        const filtered = await engine.rows(toSql(filterQuery(SCHEMA, q, 'everyone'), engine.dialect));
        expect(filtered.map((r) => `${r.k0}@${moment(r.k1)}`).sort(), JSON.stringify(q)).toEqual(found);
        const byKey = (a: { row: number; at: number | null }, b: { row: number; at: number | null }) =>
          a.row - b.row || Number(a.at) - Number(b.at);
        const actual = (await sqlLabels(engine, q)).sort(byKey);
        const expected = pairs
          .map((r) => referenceLabel(world, q, Number(r.k0), moment(r.k1)))
          .map((l) => ({ ...l, values: l.values.map((v) => (l.empty ? v : round(v))) }))
          .sort(byKey);
        expect(actual.map(comparable), JSON.stringify(q)).toEqual(expected.map(comparable));
      }
    });
});

/** Values are compared where they are defined. */
const comparable = <T extends { empty: unknown; held: unknown; values: readonly Value[] }>(l: T) => ({
  ...l,
  values: l.empty || l.held ? [] : l.values,
});
