/** Whether a rate, an order or a calibration changes over time by more than chance. */
import { type BootstrapInterval, type Clusters, clusteredInterval } from './bootstrap.ts';
import type { WeightedMetric } from './ranked.ts';
import { clusteredRate, type Rate } from './rate.ts';

export interface RateDrift {
  /** Rate of each period, in the order given. */
  readonly periods: readonly Rate[];
  /** Sum over periods of effective cases × (rate − overall)² ÷ (overall × (1 − overall)). */
  readonly statistic: number;
  readonly degrees: number;
  /** Chance of a statistic as large if all periods had one rate; NaN with fewer than two periods or one class. */
  readonly pValue: number;
}

/**
 * Test of one rate in all periods: Pearson's chi-square on cases divided by their design effect (Rao & Scott 1992).
 * `period` numbers the periods from 0.
 */
export function rateDrift(label: Float32Array, period: ArrayLike<number>, clusters: Clusters): RateDrift {
  const count = label.length === 0 ? 0 : Math.max(...distinct(period)) + 1;
  const periods = Array.from({ length: count }, (_, p) =>
    clusteredRate(
      label,
      clusters,
      Float64Array.from(label, (__, i) => (period[i] === p ? 1 : 0)),
    ),
  );
  const used = periods.filter((p) => p.effective > 0);
  const effective = used.reduce((sum, p) => sum + p.effective, 0);
  const overall = used.reduce((sum, p) => sum + p.effective * p.rate, 0) / effective;
  const spread = overall * (1 - overall);
  if (used.length < 2 || !(spread > 0))
    return { periods, statistic: Number.NaN, degrees: Math.max(0, used.length - 1), pValue: Number.NaN };
  const statistic = used.reduce((sum, p) => sum + (p.effective * (p.rate - overall) ** 2) / spread, 0);
  const degrees = used.length - 1;
  return { periods, statistic, degrees, pValue: chiSquareTail(statistic, degrees) };
}

const distinct = (values: ArrayLike<number>): readonly number[] => [...new Set(Array.from(values))];

/** Later minus earlier of one metric, on the same resamples of all rows. */
export function changeOf(
  earlier: WeightedMetric,
  later: WeightedMetric,
  clusters: Clusters,
  seed: number,
): BootstrapInterval {
  return clusteredInterval((weight) => later(weight) - earlier(weight), clusters, { seed });
}

/** Positives that happened ÷ positives that were predicted: 1 is honest, above it the model promised too little. */
export function observedOverExpected(
  probability: ArrayLike<number>,
  label: ArrayLike<number>,
): WeightedMetric {
  return (weight) => {
    let [observed, expected] = [0, 0];
    for (let i = 0; i < label.length; i++) {
      const w = weight ? weight[i]! : 1;
      observed += w * label[i]!;
      expected += w * probability[i]!;
    }
    return expected > 0 ? observed / expected : Number.NaN;
  };
}

/** P(X ≥ x) of a chi-square variable: the regularised upper incomplete gamma function Q(k/2, x/2). */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const [a, z] = [degrees / 2, x / 2];
  return z < a + 1 ? Math.max(0, 1 - gammaSeries(a, z)) : gammaFraction(a, z);
}

function gammaSeries(a: number, x: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < 1000 && Math.abs(term) > Math.abs(sum) * 1e-15; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(-x + a * Math.log(x) - logGamma(a));
}

/** Lentz's continued fraction. */
function gammaFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + an / c;
    c = Math.abs(c) < tiny ? tiny : c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.exp(-x + a * Math.log(x) - logGamma(a)) * h;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Lanczos approximation, g = 7; x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.slice(1).reduce<number>((s, c, i) => s + c / (x + i), LANCZOS[0]);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
