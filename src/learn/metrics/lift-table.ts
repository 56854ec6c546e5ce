/**
 * Win rate and lift by tenth of the ranking, with intervals. Each list (the rows that were to be worked together: one
 * origin, one cutoff) is ranked by itself, so that a tenth is what a seller had in front of them; rows that tie across
 * an edge belong to both sides in proportion.
 */
import { type Clusters, clusteredInterval } from './bootstrap.ts';
import { type Ranked, rankDescending } from './ranked.ts';
import { clusteredRate, type Rate } from './rate.ts';

export interface LiftSlice extends Rate {
  /** 1 is the part scored highest. */
  readonly slice: number;
  /** Rate over the rate of all rows; NaN without positives. */
  readonly lift: number;
  readonly liftLow: number;
  readonly liftHigh: number;
  readonly meanScore: number;
}

export interface LiftInput {
  readonly score: ArrayLike<number>;
  /** 0 or 1. */
  readonly label: Float32Array;
  readonly clusters: Clusters;
  /** List of each row; default: all rows are one list. */
  readonly list?: ArrayLike<number>;
}

/** Share of each row in each of `count` slices of its list, best first: `shares[slice][row]`. */
export function sliceShares(
  score: ArrayLike<number>,
  list: ArrayLike<number> | undefined,
  count: number,
): readonly Float64Array[] {
  const shares = Array.from({ length: count }, () => new Float64Array(score.length));
  for (const rows of listsOf(score.length, list)) {
    const ranked = rankDescending(
      rows.map((i) => score[i]!),
      rows,
    );
    fillShares(ranked, rows, shares);
  }
  return shares;
}

/** Row numbers by list, in order of appearance. */
export function listsOf(rows: number, list: ArrayLike<number> | undefined): readonly (readonly number[])[] {
  const lists = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const name = list ? list[i]! : 0;
    const members = lists.get(name);
    if (members) members.push(i);
    else lists.set(name, [i]);
  }
  return [...lists.values()];
}

function fillShares(ranked: Ranked, rows: readonly number[], shares: readonly Float64Array[]): void {
  const size = ranked.rows / shares.length;
  let start = 0;
  while (start < ranked.rows) {
    let end = start + 1;
    while (end < ranked.rows && ranked.group[end] === ranked.group[start]) end++;
    for (const [s, share] of shares.entries()) {
      const overlap = Math.min(end, (s + 1) * size) - Math.max(start, s * size);
      if (overlap <= 1e-9) continue;
      for (let k = start; k < end; k++) share[rows[ranked.order[k]!]!] = overlap / (end - start);
    }
    start = end;
  }
}

/** One line a slice; slices without rows are left out. */
export function liftTable(input: LiftInput, count: number, seed: number): readonly LiftSlice[] {
  const { score, label, clusters, list } = input;
  const shares = sliceShares(score, list, count);
  return shares.flatMap((share, s) => {
    const rate = clusteredRate(label, clusters, share);
    if (!(rate.rows > 0)) return [];
    const lift = clusteredInterval((weight) => liftOf(label, share, weight), clusters, { seed });
    let total = 0;
    for (let i = 0; i < share.length; i++) if (share[i]! > 0) total += share[i]! * score[i]!;
    return [
      {
        slice: s + 1,
        ...rate,
        lift: lift.estimate,
        liftLow: lift.low,
        liftHigh: lift.high,
        meanScore: total / rate.rows,
      },
    ];
  });
}

function liftOf(label: Float32Array, share: Float64Array, weight?: Float64Array): number {
  let [inRows, inPositives, rows, positives] = [0, 0, 0, 0];
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    rows += w;
    positives += w * label[i]!;
    inRows += w * share[i]!;
    inPositives += w * share[i]! * label[i]!;
  }
  return positives > 0 && inRows > 0 ? inPositives / inRows / (positives / rows) : Number.NaN;
}

export interface SliceRatio {
  /** Best slice over worst. Infinite when nothing in the worst was won. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Win rate of the best slice over that of the worst, half a win added to both so that an empty worst slice has one. */
export function topToBottom(input: LiftInput, count: number, seed: number): SliceRatio {
  const shares = sliceShares(input.score, input.list, count);
  const [top, bottom] = [shares[0]!, shares[count - 1]!];
  const ratio = (weight?: Float64Array): number =>
    Math.log(smoothRate(input.label, top, weight)) - Math.log(smoothRate(input.label, bottom, weight));
  const { estimate, low, high } = clusteredInterval(ratio, input.clusters, { seed });
  return { ratio: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

/** Haldane–Anscombe: (positives + ½) ÷ (rows + ½). */
function smoothRate(label: Float32Array, share: Float64Array, weight?: Float64Array): number {
  let [rows, positives] = [0.5, 0.5];
  for (let i = 0; i < label.length; i++) {
    const w = (weight ? weight[i]! : 1) * share[i]!;
    rows += w;
    positives += w * label[i]!;
  }
  return positives / rows;
}
