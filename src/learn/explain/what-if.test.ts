import { describe, expect, it } from 'vitest';
import type { FeatureColumn, FeatureMatrix } from '../features/types.ts';
import { actionableRows, counterfactuals } from './what-if.ts';

const path = (table: string) => [{ link: `${table}.lead`, direction: 'down' as const, table }];
const column = (table: string, more: Partial<FeatureColumn> = {}): FeatureColumn => ({
  ...{ name: `${table}.count`, kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement' },
  ...{
    path: path(table),
    table,
    primitive: 'count',
    unit: 'count',
    sentence: `${table} in the last 14 days`,
  },
  ...more,
});
const columns = [
  column('meetings'),
  column('meetings', { name: 'meetings.since', family: 'recency', primitive: 'sinceLast', unit: 'days' }),
  column('invoices'),
  column('industry', { name: 'industry', family: 'static', path: [], primitive: 'number' }),
  column('visits', { name: 'visits.same-source', rows: { sameValue: 'source' } }),
];
const matrixOf = (rows: readonly (readonly number[])[]): FeatureMatrix => ({
  ...{ rows: rows.length, columns, data: columns.map((_, c) => Float32Array.from(rows, (r) => r[c]!)) },
});

/** Wins had 1 to 20 meetings, the last of them lately. */
const wins = matrixOf(Array.from({ length: 20 }, (_, i) => [i + 1, 3, 5, 1, 9]));
const row = matrixOf([[0, Number.NaN, 0, 0, 0]]);

describe('changes within reach', () => {
  it('are events of the entity that the seller can cause, all columns of the same rows together', () => {
    expect(actionableRows(columns, [1, 1, 9, 9, 9])).toEqual([
      { table: 'meetings', noun: 'meetings', columns: [0, 1], measure: 0 },
    ]);
  });

  it('are told by what past wins had, and move columns of the same rows only', async () => {
    const asked: FeatureMatrix[] = [];
    const predict = async (m: FeatureMatrix) => {
      asked.push(m);
      return m.data[0]!.map((n) => 0.1 + n / 100);
    };
    const actions = actionableRows(columns, [1, 1, 1, 1, 1]);
    const [found] = await counterfactuals({ matrix: row, row: 0, now: 0.1, wins, actions, predict });
    expect(found).toMatchObject({
      action: 'meetings',
      now: 0,
      cases: 20,
      among_wins: { low: 6, middle: 11, high: 15 },
    });
    expect(found!.delta).toBeCloseTo(0.11, 6);
    expect(found!.sentence).toContain('0 now, 11 (middle half 6 to 15) among past wins');
    expect(asked[0]!.data.slice(2).every((d) => d.every((x) => x === 0))).toBe(true);
    expect([...asked[0]!.data[1]!]).toEqual(Array(20).fill(3));
  });

  it('says nothing on a handful of wins, or where nothing is gained', async () => {
    const actions = actionableRows(columns, [1, 1, 1, 1, 1]);
    const few = matrixOf([[1, 3, 5, 1, 9]]);
    const input = { matrix: row, row: 0, now: 0.5, actions };
    const low = async (m: FeatureMatrix) => m.data[0]!.map(() => 0.2);
    expect(await counterfactuals({ ...input, wins: few, predict: low })).toEqual([]);
    expect(await counterfactuals({ ...input, wins, predict: low })).toEqual([]);
  });
});
