/**
 * What a team of given size gets from an order: each list is worked from the top until the calls are used up. Rows that
 * tie at the edge are worked in proportion, as if drawn by lot.
 */
import { type Clusters, clusteredInterval } from './bootstrap.ts';
import { listsOf } from './lift-table.ts';
import { rankDescending } from './ranked.ts';

export interface Capacity {
  readonly reps: number;
  /** Calls of one rep in a week. */
  readonly calls: number;
  /** Weeks for which one list is worked; default 1. */
  readonly weeks?: number;
}

/** Rows of a list that can be worked. */
export const callsOf = ({ reps, calls, weeks = 1 }: Capacity): number => reps * calls * weeks;

export interface WorkedInput {
  readonly score: ArrayLike<number>;
  /** 0 or 1. */
  readonly label: Float32Array;
  readonly clusters: Clusters;
  /** List of each row; default one list. */
  readonly list?: ArrayLike<number>;
}

export interface Worked {
  readonly lists: number;
  /** Rows worked per list, on average. */
  readonly rows: number;
  /** Lowest score worked, averaged over the lists that hold more rows than can be worked; NaN when none does. */
  readonly threshold: number;
  /** Wins per list among the rows worked. */
  readonly wins: { readonly estimate: number; readonly low: number; readonly high: number };
  /** The same if rows were worked in no order. */
  readonly winsUnordered: number;
  /** Wins per list minus those in no order. */
  readonly more: { readonly estimate: number; readonly low: number; readonly high: number };
}

/** Share of each row that is worked when every list gets `calls` calls. */
export function workedShares(
  score: ArrayLike<number>,
  calls: number,
  list?: ArrayLike<number>,
): { readonly share: Float64Array; readonly threshold: number } {
  const share = new Float64Array(score.length);
  const thresholds: number[] = [];
  for (const rows of listsOf(score.length, list)) {
    const ranked = rankDescending(
      rows.map((i) => score[i]!),
      rows,
    );
    let left = calls;
    for (let start = 0; start < ranked.rows && left > 0; ) {
      let end = start + 1;
      while (end < ranked.rows && ranked.group[end] === ranked.group[start]) end++;
      const taken = Math.min(1, left / (end - start));
      for (let k = start; k < end; k++) share[rows[ranked.order[k]!]!] = taken;
      left -= end - start;
      if (left <= 0 && rows.length > calls) thresholds.push(ranked.score[start]!);
      start = end;
    }
  }
  const sum = thresholds.reduce((a, b) => a + b, 0);
  return { share, threshold: thresholds.length > 0 ? sum / thresholds.length : Number.NaN };
}

/** Intervals resample accounts and cutoffs, the lists staying as they were worked. */
export function workedWins(input: WorkedInput, calls: number, seed: number): Worked {
  const { label, clusters, list } = input;
  const { share, threshold } = workedShares(input.score, calls, list);
  const lists = listsOf(label.length, list);
  const plain = new Float64Array(label.length);
  for (const rows of lists) for (const i of rows) plain[i] = Math.min(1, calls / rows.length);
  const won = (of: Float64Array, weight?: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < label.length; i++) sum += (weight ? weight[i]! : 1) * of[i]! * label[i]!;
    return sum / lists.length;
  };
  const pick = ({ estimate, low, high }: { estimate: number; low: number; high: number }) => ({
    estimate,
    low,
    high,
  });
  return {
    lists: lists.length,
    rows: share.reduce((a, b) => a + b, 0) / lists.length,
    threshold,
    wins: pick(clusteredInterval((w) => won(share, w), clusters, { seed })),
    winsUnordered: won(plain),
    more: pick(clusteredInterval((w) => won(share, w) - won(plain, w), clusters, { seed })),
  };
}
