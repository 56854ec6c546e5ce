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

/** Of all pairs of a yes and a no: how many there are, and in how many the yes has more, ties counting half. */
export interface Pairs {
  readonly all: number;
  readonly won: number;
}

/** `values` of yes and no rows; missing values lie below all others. */
export function comparePairs(yes: Float32Array, no: Float32Array): Pairs {
  const sorted = no.map(filled).sort();
  let won = 0;
  for (const v of yes) won += (countBelow(sorted, filled(v)) + countBelow(sorted, filled(v), true)) / 2;
  return { all: yes.length * no.length, won };
}

const filled = (v: number): number => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v);

/** Area under the ROC curve; ½ without contrast. */
export function areaUnder(values: Float32Array, yes: Uint8Array): number {
  const { all, won } = comparePairs(
    values.filter((_, i) => yes[i] === 1),
    values.filter((_, i) => yes[i] === 0),
  );
  return all === 0 ? 0.5 : won / all;
}

/** Distance of the area from ½ in its standard errors were there no relation (Mann & Whitney 1947). */
export function signalErrors(values: Float32Array, yes: Uint8Array): number {
  const wins = yes.reduce((n, y) => n + y, 0);
  const losses = yes.length - wins;
  if (wins === 0 || losses === 0) return 0;
  return Math.abs(areaUnder(values, yes) - 0.5) / Math.sqrt((yes.length + 1) / (12 * wins * losses));
}

/** How many of `sorted` lie below `value`, or, `within`, not above it. */
export function countBelow(sorted: ArrayLike<number>, value: number, within = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (within && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** At most `most` of the rows, evenly spaced. */
export function everyNth(rows: Int32Array, most: number): Int32Array {
  const step = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, i) => i % step === 0);
}
