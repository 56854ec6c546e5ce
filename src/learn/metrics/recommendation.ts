/**
 * How good lists of items are. Figures of one list, then their mean over lists; every metric takes weights per list so
 * that accounts and cutoffs can be resampled. Definitions as in RelBench and Kumo's evaluators (map@k, ndcg@k, mrr@k,
 * recall@k, hit_ratio@k).
 */
import { weightedMean } from './calibration.ts';
import type { WeightedMetric } from './ranked.ts';
import { rankDescending } from './ranked.ts';
import { averagePrecisionOfRanked } from './ranking.ts';

/** One list: which of its items were true, best first, and how many true items there were in all. */
export interface ListOutcome {
  readonly hits: readonly boolean[];
  readonly truths: number;
}

export interface ListFigures {
  /** Mean of the precisions at the hits, over the hits there could be: min(k, truths). */
  readonly averagePrecision: number;
  readonly recall: number;
  readonly hit: number;
  /** 1 ÷ place of the first hit, 0 without. */
  readonly reciprocalRank: number;
  /** Discounted by log₂(place + 1), over the best order there could be. */
  readonly ndcg: number;
}

/** NaN figures where nothing was true. */
export function listFigures({ hits, truths }: ListOutcome, k: number): ListFigures {
  let found = 0;
  let precisions = 0;
  let gain = 0;
  let first = 0;
  for (let place = 1; place <= Math.min(k, hits.length); place++) {
    if (!hits[place - 1]) continue;
    found++;
    precisions += found / place;
    gain += 1 / Math.log2(place + 1);
    if (first === 0) first = place;
  }
  const most = Math.min(k, truths);
  let best = 0;
  for (let place = 1; place <= most; place++) best += 1 / Math.log2(place + 1);
  if (truths === 0)
    return {
      averagePrecision: Number.NaN,
      recall: Number.NaN,
      hit: Number.NaN,
      reciprocalRank: Number.NaN,
      ndcg: Number.NaN,
    };
  return {
    averagePrecision: precisions / most,
    recall: found / truths,
    hit: found > 0 ? 1 : 0,
    reciprocalRank: first > 0 ? 1 / first : 0,
    ndcg: gain / best,
  };
}

/** Mean of one figure over the lists. */
export const listMetric = (
  lists: readonly ListOutcome[],
  k: number,
  figure: keyof ListFigures,
): WeightedMetric => weightedMean(lists.length, (i) => listFigures(lists[i]!, k)[figure]);

/** Probabilities and truths of rows × items, row-major. */
export interface LabelGrid {
  readonly rows: number;
  readonly items: number;
  readonly probability: Float32Array;
  /** 0 or 1. */
  readonly truth: Uint8Array;
}

const column = (grid: LabelGrid, item: number) => {
  const at = (row: number): number => row * grid.items + item;
  const rows = Array.from({ length: grid.rows }, (_, row) => row);
  return {
    probability: Float32Array.from(rows, (row) => grid.probability[at(row)]!),
    truth: Uint8Array.from(rows, (row) => grid.truth[at(row)]!),
  };
};

/** Unweighted mean over the items that were ever true, of the item's average precision over the rows. */
export function macroAveragePrecision(grid: LabelGrid): WeightedMetric {
  const perItem = Array.from({ length: grid.items }, (_, item) => column(grid, item))
    .filter(({ truth }) => truth.some((y) => y === 1))
    .map(({ probability, truth }) => averagePrecisionOfRanked(rankDescending(probability, truth)));
  return (weight) => {
    const values = perItem.map((metric) => metric(weight)).filter((v) => !Number.isNaN(v));
    return values.reduce((sum, v) => sum + v, 0) / values.length;
  };
}

/** Average precision over all rows and items together. */
export function microAveragePrecision(grid: LabelGrid): WeightedMetric {
  const metric = averagePrecisionOfRanked(rankDescending(grid.probability, grid.truth));
  return (weight) =>
    metric(weight && Float64Array.from(grid.truth, (_, cell) => weight[Math.floor(cell / grid.items)]!));
}

/** F1 of the items called true from a probability of one half on: over all cells, or mean over the items. */
export function f1Metric(grid: LabelGrid, mean: 'micro' | 'macro'): WeightedMetric {
  return (weight) => {
    const sums = Array.from({ length: grid.items }, () => ({ hit: 0, claimed: 0, actual: 0 }));
    for (let cell = 0; cell < grid.truth.length; cell++) {
      const w = weight ? weight[Math.floor(cell / grid.items)]! : 1;
      const of = sums[cell % grid.items]!;
      const claimed = grid.probability[cell]! >= 0.5;
      if (claimed) of.claimed += w;
      if (grid.truth[cell] === 1) of.actual += w;
      if (claimed && grid.truth[cell] === 1) of.hit += w;
    }
    const f1 = (s: { readonly hit: number; readonly claimed: number; readonly actual: number }): number =>
      (2 * s.hit) / (s.claimed + s.actual);
    if (mean === 'micro') {
      const total = (name: 'hit' | 'claimed' | 'actual'): number => sums.reduce((sum, s) => sum + s[name], 0);
      return f1({ hit: total('hit'), claimed: total('claimed'), actual: total('actual') });
    }
    const seen = sums.filter((s) => s.claimed + s.actual > 0);
    return seen.reduce((sum, s) => sum + f1(s), 0) / seen.length;
  };
}
