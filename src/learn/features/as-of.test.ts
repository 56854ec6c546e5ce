import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { Column, History, Table } from '../../data/schema/types.ts';
import { planFeatures } from './plan.ts';
import { createSnapshots } from './prepare.ts';
import { computeFeatures } from './run.ts';

const META =
  '__row BIGINT, __id VARCHAR, __time TIMESTAMP, __known TIMESTAMP, __end TIMESTAMP, __label_time TIMESTAMP';
let engine: Engine;
beforeEach(async () => {
  engine = await openDuckdb({ threads: 1 });
  await engine.run(`CREATE SCHEMA data; CREATE SCHEMA task;
    CREATE TABLE data.cases (${META}, case_id VARCHAR, opened TIMESTAMP, state VARCHAR, since TIMESTAMP);
    CREATE TABLE data.moves (${META}, move_id VARCHAR, state VARCHAR, day TIMESTAMP, "__fk_moves.case_id" BIGINT);
    CREATE TABLE task.snapshots (sid BIGINT, erow BIGINT, cutoff TIMESTAMP, split VARCHAR)`);
  for (const row of [0, 1, 2, 3]) {
    await engine.run(`INSERT INTO data.cases VALUES (${row}, 'c${row}', '2024-01-01', '2024-01-01', NULL, '2024-01-01',
      'c${row}', '2024-01-01', 'shut', '2024-03-10');
      INSERT INTO task.snapshots VALUES (${2 * row}, ${row}, '2024-03-01', 'train'), (${2 * row + 1}, ${row}, '2024-03-10', 'train')`);
    // Keys out of file order: of one day's changes the higher key is the later one.
    for (const [k, state, day] of [
      [10, row < 2 ? 'busy' : 'calm', '2024-02-05'],
      [9, 'new', '2024-02-05'],
      [30, 'shut', '2024-03-10'],
    ] as const)
      await engine.run(`INSERT INTO data.moves SELECT ${3 * row} + ${k % 4}, '${row}${k}', known, known, NULL, known, '${row}${k}',
        '${state}', TIMESTAMP '${day}', ${row} FROM (SELECT TIMESTAMP '${day} 23:59:59.999999' AS known)`);
  }
});
afterEach(() => engine.close());

const column = (name: string, type: Column['type'], semantic: Column['semantic']): Column => ({
  name,
  type,
  semantic,
});

const table = (name: string, key: string, time: string, columns: readonly Column[]): Table => ({
  name,
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  key: [key],
  role: name === 'moves' ? 'history' : 'entity',
  time,
  columns: [column(key, 'text', 'key'), ...columns],
});

/** The state seen at each snapshot, in words. */
async function states(history: History): Promise<readonly (string | undefined)[]> {
  const state: Column = { ...column('state', 'text', 'categorical'), mutable: 'moves on', history };
  const cases = [column('opened', 'timestamp', 'timestamp'), state, column('since', 'date', 'timestamp')];
  const moves = [column('state', 'text', 'categorical'), column('day', 'date', 'timestamp')];
  const asOf = Date.parse('2024-03-10');
  await createSnapshots(engine, { moment: asOf });
  const plan = await planFeatures(engine, {
    schema: {
      tables: [table('cases', 'case_id', 'opened', cases), table('moves', 'move_id', 'day', moves)],
      links: [{ name: 'moves.case_id', from: 'moves', columns: ['case_id'], to: 'cases' }],
      derivedLinks: [],
    },
    entityTable: 'cases',
    static: false,
    horizonDays: 30,
    asOf,
    withheld: new Set(),
    entityGiven: false,
    maxColumns: 100,
    maxSources: 24,
  });
  const matrix = await computeFeatures(engine, plan, 8, { outcomes: false });
  const at = matrix.columns.findIndex((c) => c.name === 'cases.state');
  return at < 0 ? [] : Array.from(matrix.data[at]!, (code) => matrix.columns[at]!.categories?.[code]);
}

it('reads a state from the table of its changes, the last by the cutoff', async () => {
  const seen = await states({
    kind: 'table',
    table: 'moves',
    link: 'moves.case_id',
    value: 'state',
    time: 'day',
  });
  // A change of the cutoff's own day is known only at that day's end.
  expect(seen).toEqual(['busy', 'busy', 'busy', 'busy', 'calm', 'calm', 'calm', 'calm']);
});

it('does not show a cell before the day that dates it is over', async () => {
  expect(await states({ kind: 'changedAt', column: 'since' })).not.toContain('shut');
  expect(await states({ kind: 'valueTimes', times: { shut: 'since' } })).not.toContain('shut');
});
