import { expect, it } from 'vitest';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import { baseRate, decilesByMonth, rungFigures } from './backtest-figures.ts';
import { type Pool, subPool, withinOrigins } from './backtest-pool.ts';

const DAY = 86_400_000;
const PER = 60;

/** Two origins a month apart; within each the score orders perfectly, but the second scores ten times higher. */
function twoOrigins(): { readonly pool: Pool; readonly score: Float32Array } {
  const rows = 2 * PER;
  const at = (i: number): number => (i < PER ? 0 : 1);
  const label = Float32Array.from({ length: rows }, (_, i) => (i % PER < (at(i) === 0 ? 30 : 6) ? 1 : 0));
  return {
    score: Float32Array.from({ length: rows }, (_, i) => (at(i) === 0 ? 0.05 : 0.5) * (1 - (i % PER) / PER)),
    pool: {
      rows,
      label,
      origin: Int32Array.from({ length: rows }, (_, i) => at(i)),
      clusters: {
        account: Int32Array.from({ length: rows }, (_, i) => i % PER),
        cutoff: Float64Array.from({ length: rows }, (_, i) => Date.UTC(2024, at(i), 1) + (i % 2) * DAY),
      },
      parts: [
        { from: 0, to: PER, origin: 0 },
        { from: PER, to: rows, origin: 1 },
      ],
    },
  };
}

it('never ranks rows of two origins against each other', () => {
  const { pool, score } = twoOrigins();
  expect(aurocMetric(score, pool.label)()).toBeLessThan(0.9);
  expect(withinOrigins(aurocMetric, score, pool)()).toBe(1);
});

it('gives every figure its cases, by origin, tenth and month', () => {
  const { pool, score } = twoOrigins();
  const rung = rungFigures(pool, { name: 'blend', level: 5, score }, ['2024-01-01', '2024-02-01'], 1);
  expect(rung.by_origin.map((o) => [o.origin, o.rows, o.positives])).toEqual([
    ['2024-01-01', PER, 30],
    ['2024-02-01', PER, 6],
  ]);
  expect(rung.deciles.map((d) => d.rows)).toEqual(Array(10).fill(12));
  expect(rung.deciles[0]).toMatchObject({ positives: 12, rate: 1 });
  expect(rung.by_month.map((m) => [m.month, m.rows, m.positives])).toEqual([
    ['2024-01', PER, 30],
    ['2024-02', PER, 6],
  ]);
  expect(rung.by_month[1]!.deciles.map((d) => d.positives)).toEqual([6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(rung.calibration_change.value).not.toBe(0);
});

it('says where a rung did not run', () => {
  const { pool, score } = twoOrigins();
  const gap = score.map((s, i) => (i < PER ? Number.NaN : s));
  const rung = rungFigures(pool, { name: 'intent', level: 2, score: gap }, ['a', 'b'], 1);
  expect(rung.origins).toBe(1);
  expect(rung.by_origin.map((o) => o.origin)).toEqual(['b']);
  expect(rung.auroc_change.value).toBeNull();
  const none = rungFigures(
    pool,
    { name: 'intent', level: 2, note: 'not applicable: no topic table', score: score.map(() => Number.NaN) },
    ['a', 'b'],
    1,
  );
  expect(none).toMatchObject({ origins: 0, auroc: { value: null }, deciles: [] });
});

it('months of a sub-pool keep their tenths', () => {
  const { pool, score } = twoOrigins();
  const { pool: late, rows } = subPool(pool, (o) => o === 1);
  const of = {
    score: score.filter((_, i) => i >= PER),
    label: late.label,
    clusters: late.clusters,
    list: late.origin,
  };
  expect(rows).toHaveLength(PER);
  expect(decilesByMonth(of)[0]).toMatchObject({ month: '2024-02', positives: 6 });
});

it('tells a base rate that changes', () => {
  const { pool } = twoOrigins();
  const drift = baseRate(pool.label, pool.clusters.cutoff, pool.clusters.account);
  expect(drift.p_value).toBeLessThan(0.001);
  expect(drift.sentence).toContain('from 10.0 % (2024-02, 60 cases) to 50.0 % (2024-01, 60 cases)');
});
