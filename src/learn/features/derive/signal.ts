/** How well single columns order labels: the cheap screen by which columns are chosen. */
import type { ExampleLabels } from './types.ts';

/** Labels as yes/no: the rarest of what they mean. Multiclass: the largest class against the rest; values: above the median. */
export function contrast(labels: Pick<ExampleLabels, 'value' | 'type'>, rows: ArrayLike<number>): Uint8Array {
  const values = Float64Array.from(rows, (r) => labels.value[r]!);
  const limit = labels.type === 'binary' ? 0.5 : medianOf(values);
  if (labels.type !== 'multiclass') return Uint8Array.from(values, (v) => (v > limit ? 1 : 0));
  const largest = mostFrequent(values);
  return Uint8Array.from(values, (v) => (v === largest ? 1 : 0));
}

function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

/** Area under the ROC curve of `values` for `yes`, missing values as one group below all others; 0.5 without contrast. */
export function areaUnder(values: ArrayLike<number>, yes: Uint8Array): number {
  const order = Uint32Array.from(yes, (_, i) => i).sort((a, b) => at(values, a) - at(values, b) || a - b);
  let [positives, below, sum] = [0, 0, 0];
  for (let i = 0; i < order.length; ) {
    let [end, ones] = [i, 0];
    while (end < order.length && at(values, order[end]!) === at(values, order[i]!))
      ones += yes[order[end++]!]!;
    sum += ones * (below + (end - i - ones) / 2);
    below += end - i - ones;
    positives += ones;
    i = end;
  }
  return positives === 0 || below === 0 ? 0.5 : sum / (positives * below);
}

/** Finite, so that missing values compare equal to each other. */
const at = (values: ArrayLike<number>, i: number): number =>
  Number.isNaN(values[i]!) ? -Number.MAX_VALUE : values[i]!;

/** At most `most` of the rows, evenly spaced. */
export function everyNth(rows: Int32Array, most: number): Int32Array {
  const step = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, i) => i % step === 0);
}
