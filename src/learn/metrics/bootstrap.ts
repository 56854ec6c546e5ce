/**
 * Bootstrap that respects clusters. Rows of one account share luck, rows of one cutoff share the season, so neither
 * may be resampled alone. Accounts are drawn with replacement (whole, all their rows); with five or more cutoffs these
 * are drawn too and a row weighs (draws of its account) × (draws of its cutoff): the pigeonhole bootstrap of
 * Owen (2007), which errs on the wide side. With fewer than ten accounts rows stand for themselves.
 * Intervals are percentile intervals. A resample is a weight per row: O(rows), no sort.
 */
import { createRandom, type Random } from '../../util/random.ts';
import type { WeightedMetric } from './ranked.ts';

export interface Clusters {
  /** Cluster id (account) of each row; any integers. */
  readonly account: ArrayLike<number>;
  /** Cutoff of each row in ms; NaN for static tasks. */
  readonly cutoff?: ArrayLike<number>;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Default 200. */
  readonly resamples?: number;
  /** Coverage, default 0.95. */
  readonly level?: number;
}

export interface BootstrapInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

export interface PairedDifference extends BootstrapInterval {
  /** Share of resamples in which A − B > 0, ties counted half. */
  readonly probabilityBetter: number;
}

const MIN_ACCOUNTS = 10;
const MIN_CUTOFFS = 5;

/** NaN ends when the metric is undefined in more than half of the resamples (one class, say). */
export function clusteredInterval(
  metric: WeightedMetric,
  clusters: Clusters,
  options: BootstrapOptions,
): BootstrapInterval {
  return summarise(metric(), resampled(metric, clusters, options), options);
}

/** A − B on the same resamples, higher taken as better: negate both for losses. */
export function pairedDifference(
  a: WeightedMetric,
  b: WeightedMetric,
  clusters: Clusters,
  options: BootstrapOptions,
): PairedDifference {
  const difference: WeightedMetric = (weight) => a(weight) - b(weight);
  const values = resampled(difference, clusters, options);
  const better = values.reduce((sum, v) => sum + (v > 0 ? 1 : v === 0 ? 0.5 : 0), 0);
  return {
    ...summarise(difference(), values, options),
    probabilityBetter: values.length > 0 ? better / values.length : Number.NaN,
  };
}

function resampled(metric: WeightedMetric, clusters: Clusters, options: BootstrapOptions): readonly number[] {
  const draw = createResampler(clusters, options.seed);
  const weight = new Float64Array(clusters.account.length);
  const values: number[] = [];
  const resamples = options.resamples ?? 200;
  for (let r = 0; r < resamples; r++) {
    draw(weight);
    const value = metric(weight);
    if (!Number.isNaN(value)) values.push(value);
  }
  return values.length * 2 > resamples ? values : [];
}

/** Fills `weight` with the next resample's count of each row. The same seed gives the same resamples. */
export function createResampler(clusters: Clusters, seed: number): (weight: Float64Array) => void {
  const random = createRandom(seed);
  const account = accountIndex(clusters.account);
  const cutoff = clusters.cutoff && denseIndex(clusters.cutoff);
  const byCutoff = cutoff && cutoff.count >= MIN_CUTOFFS ? cutoff : undefined;
  return (weight) => {
    const accountDraws = drawCounts(account.count, random);
    const cutoffDraws = byCutoff && drawCounts(byCutoff.count, random);
    for (let i = 0; i < weight.length; i++) {
      weight[i] =
        accountDraws[account.index[i]!]! * (byCutoff && cutoffDraws ? cutoffDraws[byCutoff.index[i]!]! : 1);
    }
  };
}

interface DenseIndex {
  readonly index: Uint32Array;
  readonly count: number;
}

function accountIndex(account: ArrayLike<number>): DenseIndex {
  const dense = denseIndex(account);
  if (dense.count >= MIN_ACCOUNTS) return dense;
  return { index: Uint32Array.from({ length: account.length }, (_, i) => i), count: account.length };
}

function denseIndex(ids: ArrayLike<number>): DenseIndex {
  const seen = new Map<number, number>();
  const index = Uint32Array.from(ids, (id) => {
    const known = seen.get(id);
    if (known !== undefined) return known;
    seen.set(id, seen.size);
    return seen.size - 1;
  });
  return { index, count: seen.size };
}

function drawCounts(count: number, random: Random): Uint16Array {
  const draws = new Uint16Array(count);
  for (let i = 0; i < count; i++) draws[random.int(count)]!++;
  return draws;
}

function summarise(
  estimate: number,
  values: readonly number[],
  options: BootstrapOptions,
): BootstrapInterval {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - (options.level ?? 0.95)) / 2;
  const mean = sorted.reduce((sum, v) => sum + v, 0) / sorted.length;
  const variance = sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (sorted.length - 1);
  return {
    estimate,
    low: quantile(sorted, tail),
    high: quantile(sorted, 1 - tail),
    standardError: Math.sqrt(variance),
  };
}

/** Linear interpolation between order statistics; NaN of nothing. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? Number.NaN;
  const b = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN;
  return a + (b - a) * (at - low);
}
