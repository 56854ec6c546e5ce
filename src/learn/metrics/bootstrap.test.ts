import { describe, expect, it } from 'vitest';
import { createRandom } from '../../util/random.ts';
import { clusteredInterval, createResampler, pairedDifference } from './bootstrap.ts';
import { weightedMean } from './calibration.ts';
import { aurocMetric } from './ranking.ts';

/** Rows whose scores and labels share a random effect within the account. */
function clustered(seed: number, accounts: number, perAccount: number) {
  const random = createRandom(seed);
  const score: number[] = [];
  const label: number[] = [];
  const account: number[] = [];
  for (let a = 0; a < accounts; a++) {
    const won = random.next() < 0.4 ? 1 : 0;
    const effect = random.normal() + won;
    for (let i = 0; i < perAccount; i++) {
      score.push(effect + 0.3 * random.normal());
      label.push(won);
      account.push(a * 17);
    }
  }
  return { score, label, account };
}

/** P(N(1, s²) > N(0, s²)) with s² = 1 + 0.09 and independent accounts: Φ(1 / √(2 s²)). */
const TRUE_AUROC = 0.7509;

describe('clustered bootstrap', () => {
  it('covers the truth about as often as it says where plain rows would not', () => {
    const simulations = 120;
    let covered = 0;
    let coveredByRows = 0;
    for (let s = 0; s < simulations; s++) {
      const { score, label, account } = clustered(s + 1, 80, 8);
      const metric = aurocMetric(score, label);
      const interval = clusteredInterval(metric, { account }, { seed: s, resamples: 120 });
      if (interval.low <= TRUE_AUROC && TRUE_AUROC <= interval.high) covered++;
      const rows = clusteredInterval(
        metric,
        { account: account.map((_, i) => i) },
        { seed: s, resamples: 120 },
      );
      if (rows.low <= TRUE_AUROC && TRUE_AUROC <= rows.high) coveredByRows++;
    }
    expect(covered / simulations).toBeGreaterThan(0.87);
    expect(coveredByRows / simulations).toBeLessThan(0.75);
  });

  it('widens with five cutoffs that differ, and not with four', () => {
    const random = createRandom(3);
    const rows = 2000;
    const cutoffOf = (count: number) => Float64Array.from({ length: rows }, (_, i) => (i % count) * 864e5);
    const width = (count: number) => {
      const cutoff = cutoffOf(count);
      const value = Float64Array.from(cutoff, (c) => c / 864e5 + random.normal());
      const metric = weightedMean(rows, (i) => value[i]!);
      const account = Int32Array.from({ length: rows }, (_, i) => i);
      const { low, high } = clusteredInterval(metric, { account, cutoff }, { seed: 1 });
      return high - low;
    };
    expect(width(5)).toBeGreaterThan(4 * width(4));
  });

  it('repeats exactly for a seed and resamples whole accounts', () => {
    const account = Array.from({ length: 60 }, (_, i) => i % 12);
    const weight = new Float64Array(60);
    createResampler({ account }, 5)(weight);
    expect(weight.reduce((a, b) => a + b, 0)).toBe(60);
    for (let i = 12; i < 60; i++) expect(weight[i]).toBe(weight[i - 12]);
    const again = new Float64Array(60);
    createResampler({ account }, 5)(again);
    expect(again).toEqual(weight);
  });

  it('falls back to rows when there are too few accounts', () => {
    const weight = new Float64Array(50);
    createResampler({ account: new Int32Array(50) }, 2)(weight);
    expect(new Set(weight).size).toBeGreaterThan(1);
  });

  it('compares two models on the same resamples', () => {
    const { score, label, account } = clustered(9, 100, 4);
    const random = createRandom(4);
    const good = aurocMetric(score, label);
    const noisy = aurocMetric(
      score.map((s) => s + 2 * random.normal()),
      label,
    );
    const difference = pairedDifference(good, noisy, { account }, { seed: 6 });
    expect(difference.estimate).toBeCloseTo(good() - noisy(), 12);
    expect(difference.low).toBeGreaterThan(0);
    expect(difference.probabilityBetter).toBeGreaterThan(0.97);
    const same = pairedDifference(good, good, { account }, { seed: 6 });
    expect(same).toMatchObject({ estimate: 0, low: 0, high: 0, probabilityBetter: 0.5 });
  });

  it('says NaN when the metric is undefined', () => {
    const metric = aurocMetric([1, 2, 3], [1, 1, 1]);
    const interval = clusteredInterval(metric, { account: [0, 1, 2] }, { seed: 1 });
    expect(interval.low).toBeNaN();
    expect(interval.high).toBeNaN();
  });
});
