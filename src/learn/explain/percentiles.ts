/** Percentiles, bands, trend: a probability in the terms of a worklist. */

/** Where each value lies in `reference` (itself by default), 0–100; ties get the middle of their range; NaN stays. */
export function percentiles(values: ArrayLike<number>, reference: ArrayLike<number> = values): Float64Array {
  const sorted = Float64Array.from(Array.from(reference).filter((x) => !Number.isNaN(x))).sort();
  return Float64Array.from(values, (x) => {
    if (Number.isNaN(x) || sorted.length === 0) return Number.NaN;
    return (50 * (countBelow(sorted, x, false) + countBelow(sorted, x, true))) / sorted.length;
  });
}

/** How many of the ascending values are < x (or ≤ x). */
function countBelow(sorted: Float64Array, x: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const below = inclusive ? sorted[middle]! <= x : sorted[middle]! < x;
    if (below) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Band {
  readonly name: string;
  /** Lowest percentile (0–100) or probability (0–1) of the band. */
  readonly from: number;
}

export interface BandScheme {
  readonly by: 'percentile' | 'probability';
  /** Best first; the last takes what is below. */
  readonly bands: readonly Band[];
}

/** A: top 10 %, B: next 15 %, C: next 25 %, D: the rest. */
export const DEFAULT_BANDS: BandScheme = {
  by: 'percentile',
  bands: [
    { name: 'A', from: 90 },
    { name: 'B', from: 75 },
    { name: 'C', from: 50 },
    { name: 'D', from: 0 },
  ],
};

export function bandOf(
  score: { readonly probability: number; readonly percentile: number },
  scheme: BandScheme = DEFAULT_BANDS,
): string {
  const at = score[scheme.by];
  const { bands } = scheme;
  return (bands.find((band) => at >= band.from) ?? bands.at(-1))?.name ?? '';
}

export type Trend = 'rising' | 'steady' | 'falling' | 'new';

/** Change in log-odds that counts: 0.4 turns 10 % into 14 %. */
const TREND_LOGITS = 0.4;

/** `before`: prediction for 14 days earlier; NaN when the entity was not there then. Null without earlier predictions. */
export function trendOf(now: number, before: number | undefined): Trend | null {
  if (before === undefined) return null;
  if (Number.isNaN(before)) return 'new';
  const change = logit(now) - logit(before);
  if (Math.abs(change) < TREND_LOGITS) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function logit(p: number): number {
  const clipped = Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return Math.log(clipped / (1 - clipped));
}
