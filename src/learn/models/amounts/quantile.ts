/** Weighted quantiles, and the conformal correction of a predicted interval. */

/** The least value that at least the share `level` of the weight does not exceed; NaN without weight. */
export function weightedQuantile(
  values: ArrayLike<number>,
  level: number,
  weightOf: (i: number) => number = () => 1,
): number {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => values[a]! - values[b]! || a - b);
  let total = 0;
  for (const i of order) total += weightOf(i);
  let sum = 0;
  for (const i of order) {
    sum += weightOf(i);
    if (sum >= total * level && sum > 0) return values[i]!;
  }
  return Number.NaN;
}

/**
 * By how much both bounds move outwards (inwards if negative) so that the interval holds `coverage` of cases like those
 * held out: the conformity score of conformalised quantile regression (Romano, Patterson & Candès 2019). 0 with too few
 * cases for that level.
 */
export function conformalShift(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  label: ArrayLike<number>,
  coverage: number,
): number {
  const rows = label.length;
  const rank = Math.ceil((rows + 1) * coverage);
  if (rank > rows) return 0;
  const scores = Float64Array.from(label, (y, i) => Math.max(low[i]! - y, y - high[i]!)).sort();
  return scores[rank - 1]!;
}
