/**
 * Rates of clustered cases with intervals. Rows of one account, and of one cutoff, are not independent: the number of
 * cases is divided by the design effect (Rao & Scott 1992), which comes from the two-way cluster-robust variance of
 * Cameron, Gelbach & Miller (2011), and the Wilson interval is taken on what is left, as Franco et al. (2019) advise
 * for rates near 0 and 1. Closed form: the same numbers on every run.
 */
import type { Clusters } from './bootstrap.ts';

export interface Rate {
  /** Cases, fractions where a tie was split. */
  readonly rows: number;
  readonly positives: number;
  /** NaN of no cases, like both ends. */
  readonly rate: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Independent cases that would say as much. */
  readonly effective: number;
}

/** Normal quantile of a two-sided 95 % interval. */
export const Z95 = 1.959963984540054;
/** With fewer cutoffs their own variance cannot be estimated. */
const MIN_CUTOFFS = 5;

/** Labels 0 or 1; `weight` per row, default 1. */
export function clusteredRate(
  label: ArrayLike<number>,
  clusters: Clusters,
  weight?: ArrayLike<number>,
): Rate {
  let [rows, positives] = [0, 0];
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    rows += w;
    positives += w * label[i]!;
  }
  if (!(rows > 0))
    return { rows: 0, positives: 0, rate: Number.NaN, low: Number.NaN, high: Number.NaN, effective: 0 };
  const rate = positives / rows;
  const { variance, accounts } = robustVariance(label, clusters, weight, rate, rows);
  const plain = rate * (1 - rate);
  const effective = Math.min(rows, plain > 0 && variance > 0 ? plain / variance : accounts);
  return { rows, positives, rate, ...wilson(rate, effective), effective };
}

/** Wilson score interval of a share observed on `n` cases. */
export function wilson(rate: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = Z95 * Z95;
  const middle = (rate + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 * Math.sqrt((rate * (1 - rate)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {
    low: Math.min(rate, Math.max(0, middle - half)),
    high: Math.max(rate, Math.min(1, middle + half)),
  };
}

function robustVariance(
  label: ArrayLike<number>,
  clusters: Clusters,
  weight: ArrayLike<number> | undefined,
  rate: number,
  rows: number,
): { readonly variance: number; readonly accounts: number } {
  const account = new Map<number, number>();
  const cutoff = new Map<number, number>();
  const both = new Map<string, number>();
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    if (w === 0) continue;
    const [a, c] = [clusters.account[i]!, clusters.cutoff?.[i] ?? Number.NaN];
    const residual = w * (label[i]! - rate);
    account.set(a, (account.get(a) ?? 0) + residual);
    cutoff.set(c, (cutoff.get(c) ?? 0) + residual);
    both.set(`${a}@${c}`, (both.get(`${a}@${c}`) ?? 0) + residual);
  }
  const byAccount = squares(account);
  const twoWay = cutoff.size < MIN_CUTOFFS ? 0 : byAccount + squares(cutoff) - squares(both);
  return { variance: Math.max(byAccount, twoWay) / (rows * rows), accounts: account.size };
}

/** Sum of squared cluster totals, corrected for few clusters. */
function squares(totals: ReadonlyMap<unknown, number>): number {
  let sum = 0;
  for (const total of totals.values()) sum += total * total;
  return totals.size > 1 ? (sum * totals.size) / (totals.size - 1) : sum;
}
