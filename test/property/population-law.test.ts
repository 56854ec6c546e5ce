import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import { toSql } from '../../src/data/sql/print.ts';
import type { CheckedQuery } from '../../src/query/pql/ast.ts';
import { DAY_MS } from '../../src/query/task/calendar.ts';
import { labelQuery, populationQuery } from '../../src/query/task/labels-sql.ts';
import { createRandom, type Random } from '../../src/util/random.ts';
import type { World, WorldRow } from '../contract/labels-reference.ts';
import { queryGenerator } from '../contract/queries.ts';
import { randomWorld, SCHEMA, START, writeWorld } from '../contract/world.ts';

const CUTOFF = START + 25 * DAY_MS;

/** The same world as known at the cutoff, with everything after it deleted or replaced. */
function rewriteFuture(world: World, random: Random): World {
  const later = (v: unknown): boolean => typeof v === 'number' && v > CUTOFF;
  const shuffled = (row: WorldRow): WorldRow | undefined => {
    if (row.__known === null || later(row.__known))
      return random.next() < 0.5
        ? undefined
        : { ...row, fit: random.int(5), amount: random.int(9), stage: 'won', qty: 3 };
    const future = CUTOFF + (1 + random.int(30)) * DAY_MS;
    const moved = (name: string) =>
      row[name] === null || later(row[name]) ? { [name]: random.next() < 0.5 ? null : future } : {};
    const changed = row.tier_at === null || later(row.tier_at) ? { tier: 'altered' } : {};
    return {
      ...row,
      ...moved('__end'),
      ...moved('gone'),
      ...moved('closed'),
      ...moved('__label_time'),
      ...moved('won_at'),
      ...moved('tier_at'),
      ...changed,
      won: random.next() < 0.5,
      state: 'altered',
    };
  };
  const rows = Object.entries(world.rows).map(([name, all]) => [
    name,
    all.map(shuffled).filter((r) => r !== undefined),
  ]);
  return { ...world, rows: Object.fromEntries(rows) };
}

describe('law: nothing after the cutoff changes who is asked about', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
  });
  afterAll(() => engine.close());

  for (const seed of [11, 12, 13, 14])
    it(`whatever the WHERE (seed ${seed})`, async () => {
      const random = createRandom(seed);
      const world = randomWorld(random.fork(1));
      const { query } = queryGenerator(random.fork(2));
      const queries = Array.from({ length: 80 }, query).filter((q) => q.temporal && q.where);
      const populations = async (of: World): Promise<readonly string[]> => {
        await writeWorld(engine, of);
        const found: string[] = [];
        for (const q of queries) {
          const sql = toSql(populationQuery(SCHEMA, q, { cutoffs: [CUTOFF] }), engine.dialect);
          const rows = await engine.rows(`SELECT k0 FROM (${sql}) AS p ORDER BY k0`);
          found.push(rows.map((r) => r.k0).join());
        }
        return found;
      };
      const before = await populations(world);
      expect(before.some((p) => p !== '')).toBe(true);
      expect(await populations(rewriteFuture(world, random.fork(3)))).toEqual(before);
    });
});

describe('hostile names and text', () => {
  it('stay inside their quotes in every label query', async () => {
    const engine = await openDuckdb({ threads: 1 });
    const evil = `x"; DROP TABLE data."y"; --`;
    const rename = (text: string): string =>
      text.replaceAll('people', evil).replaceAll('deals', `d'\`${evil}`);
    const tables = JSON.parse(
      rename(JSON.stringify(SCHEMA).replaceAll('"', '\u0001'))
        .replaceAll('"', '\\"')
        .replaceAll('\u0001', '"'),
    );
    expect(tables.tables[1].name).toBe(evil);
    const random = createRandom(5);
    const world = randomWorld(random);
    const rows = Object.entries(world.rows).map(([name, all]) => [
      rename(name),
      all.map((r) => Object.fromEntries(Object.entries(r).map(([k, v]) => [rename(k), v]))),
    ]);
    await writeWorld(engine, { schema: tables, rows: Object.fromEntries(rows) });
    await engine.run('CREATE SCHEMA task');
    await engine.run('CREATE TABLE task.candidates (k0 BIGINT, k1 TIMESTAMP)');
    const { query } = queryGenerator(random.fork(1));
    const deep = (v: unknown): unknown =>
      typeof v === 'string'
        ? rename(v)
        : Array.isArray(v)
          ? v.map(deep)
          : v && typeof v === 'object'
            ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, deep(x)]))
            : v;
    for (let n = 0; n < 30; n++) {
      const q = deep(query()) as CheckedQuery;
      await engine.rows(toSql(populationQuery(tables, q, { cutoffs: [CUTOFF] }), engine.dialect));
      await engine.rows(toSql(labelQuery(tables, q, 'candidates').query, engine.dialect));
    }
    await engine.close();
  });
});
