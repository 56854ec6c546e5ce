/** Order, sessions and pauses of events as SQL, in every dialect. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/data/engine/types.ts';
import { toSql } from '../../../src/data/sql/print.ts';
import type { Query } from '../../../src/data/sql/tree.ts';
import { bandQuery } from '../../../src/learn/features/event-bands.ts';
import { pivotQuery } from '../../../src/learn/features/event-pivot.ts';
import { stagedRows } from '../../../src/learn/features/event-stage.ts';
import type { Formula, PlannedSource } from '../../../src/learn/features/plan-types.ts';
import { createFeatureTable, createGroup, createSnapshots } from '../../../src/learn/features/prepare.ts';
import { loadShop, loadSnapshots, START, shopRows, shopSchema } from '../../support/shop.ts';

const FORMULAS: readonly Formula[] = [
  { kind: 'step', step: 0, w: 0 },
  { kind: 'stepShare', step: 1, w: 2 },
  { kind: 'chain', chain: 0, w: 1 },
  { kind: 'between', from: 0, to: 1 },
  { kind: 'before', from: 1, to: 2 },
  { kind: 'place', v: 1 },
  { kind: 'stage' },
  { kind: 'stageDays' },
  { kind: 'stageSpan' },
  { kind: 'previousCategory', c: 0 },
  { kind: 'sessions', w: 0 },
  { kind: 'perSession', w: 2 },
  { kind: 'sessionsPerDay' },
  { kind: 'lastSession' },
  { kind: 'lastSessionMinutes' },
  { kind: 'longestGap' },
  { kind: 'recordRatio' },
  { kind: 'burst' },
  { kind: 'lastChange', x: 0 },
];

const group = { id: 'people', up: [], table: 'people' };
const source: PlannedSource = {
  ...{ id: 'e0', group, table: 'visits', stream: 'opened', dated: true, excludeSelf: false, detail: 'full' },
  down: [{ link: 'visits.person_id', table: 'visits', direction: 'down' }],
  windows: [7, 30],
  numeric: [{ column: 'seconds', decimals: 2 }],
  categories: [{ column: 'page', values: ['blog', "o'docs", 'pricing'], counted: 3, boolean: false }],
  refs: [],
  sequence: {
    c: 0,
    steps: [
      [0, 1],
      [0, 1, 2],
    ],
    pairs: [[0, 1]],
    chains: [[0, 1, 2]],
    stages: [0, 1, 2],
  },
  sessionGap: 1_800_000_000,
  prompt: true,
  columns: FORMULAS.map((formula, i) => ({
    formula,
    meta: {
      ...{ name: `f${i}`, kind: 'numeric', family: 'sequence', scope: 'own', signal: 'other', path: [] },
      ...{ table: 'visits', primitive: formula.kind, sentence: formula.kind },
    },
  })),
};

const QUERIES: readonly (readonly [string, Query])[] = [
  ['events', stagedRows(source, shopSchema, 'ps0')],
  ['bands', bandQuery(source, 'ps0', 'events')],
  ['pivot', pivotQuery(source, 'bands')],
];

describe('sequences and sessions in every dialect', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadShop(shopRows(4, 5, 200));
    await loadSnapshots(engine, [[0, START + 150 * 86_400_000]]);
    await createSnapshots(engine, { moment: START });
    await createGroup(engine, group, 0, 'people', shopSchema);
  });
  afterAll(() => engine.close());

  for (const dialect of ['duckdb', 'spark'] as const)
    it(`print for ${dialect}`, async () => {
      const text = QUERIES.map(([name, query]) => `-- ${name}\n${toSql(query, dialect)};\n`).join('\n');
      await expect(text).toMatchFileSnapshot(`sequence.${dialect}.sql`);
    });

  it('DuckDB runs them one after another', async () => {
    for (const [name, query] of QUERIES) await createFeatureTable(engine, name, query);
    const [row] = await engine.rows('SELECT count(*) AS n FROM feat.pivot');
    expect(Number(row?.n)).toBe(1);
  });
});
