/** A made-up backtest with two origins and two rungs, for everything that prints or draws one. */
import { baseRate, rungFigures } from '../../src/serve/scoring/backtest-figures.ts';
import type { Pool } from '../../src/serve/scoring/backtest-pool.ts';
import type { BacktestDetail } from '../../src/serve/scoring/backtest-types.ts';
import { createRandom } from '../../src/util/random.ts';
import { SAMPLE_REPORT } from './sample-detail.ts';

const PER = 300;

export function sampleBacktest(): BacktestDetail {
  const random = createRandom(7);
  const rows = 2 * PER;
  const chance = Float32Array.from({ length: rows }, () => random.next() ** 2);
  const label = chance.map((p) => (random.next() < p ? 1 : 0));
  const cutoff = Float64Array.from({ length: rows }, (_, i) => Date.UTC(2024, i < PER ? 2 : 3, 1 + (i % 20)));
  const account = Int32Array.from({ length: rows }, (_, i) => i % 150);
  const pool: Pool = {
    rows,
    label,
    origin: Int32Array.from({ length: rows }, (_, i) => (i < PER ? 0 : 1)),
    clusters: { account, cutoff },
    parts: [
      { from: 0, to: PER, origin: 0 },
      { from: PER, to: rows, origin: 1 },
    ],
  };
  const names = ['2024-03-01', '2024-04-01'];
  const flat = Float32Array.from({ length: rows }, () => random.next());
  const none = new Float32Array(rows).fill(Number.NaN);
  const rungs = [
    rungFigures(pool, { name: 'newest', level: 0, score: flat }, names, 1),
    rungFigures(
      pool,
      { name: 'intent', level: 2, note: 'not applicable: no topic table', score: none },
      names,
      1,
    ),
    rungFigures(pool, { name: 'blend', level: 5, score: chance }, names, 1),
  ];
  const positives = label.reduce((a, b) => a + b, 0);
  return {
    report: {
      task: SAMPLE_REPORT.task,
      origins: names.map((origin, k) => ({
        origin,
        to: `2024-0${k + 3}-20`,
        cutoffs: 20,
        train: 2000,
        val: 400,
        rows: PER,
        positives: label.slice(k * PER, (k + 1) * PER).reduce((a, b) => a + b, 0),
      })),
      rows,
      positives,
      regimes: [{ regime: 'rolling', rungs, verdict: 'Best: blend.' }],
      regime_difference: null,
      base_rate: baseRate(label, cutoff, account),
      warnings: ['12 rows lie in the future and were set aside.'],
      withheld: SAMPLE_REPORT.withheld,
    },
    outcomes: label,
    predictions: { rolling: { newest: flat, blend: chance } },
    entityIds: Array.from({ length: rows }, (_, i) => `L${i}`),
    cutoffs: cutoff,
  };
}
