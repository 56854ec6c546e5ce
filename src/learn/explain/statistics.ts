/**
 * What is usual, for comparison in sentences: means and medians among training rows with and without the outcome, with
 * the rows they rest on, and outcome counts per value. Computed only for the columns that become reasons, and kept.
 * Figures are of at most 5,000 rows of each kind, taken at equal distances.
 */
import type { FeatureMatrix } from '../features/types.ts';

export interface Outcomes {
  readonly rows: number;
  readonly positives: number;
}

/** NaN figures when no row has a value. */
export interface Usual {
  /** Rows with a value. */
  readonly rows: number;
  readonly mean: number;
  /** Lower median. */
  readonly median: number;
}

export interface ColumnStatistics {
  readonly all: Usual;
  /** With and without the outcome; of no rows when the task is not binary. */
  readonly positive: Usual;
  readonly negative: Usual;
  /** Outcomes of the rows with one of few values (categories' codes, 0 and 1); undefined when not binary. */
  readonly outcomesOf: (value: number) => Outcomes | undefined;
  /** Outcomes of all rows; undefined when not binary. */
  readonly total: Outcomes | undefined;
}

export type StatisticsLookup = (column: number) => ColumnStatistics;

const SAMPLE = 5000;

/** `label` is 0 or 1 per row; absent for tasks that are not binary. */
export function createStatistics(matrix: FeatureMatrix, label?: ArrayLike<number>): StatisticsLookup {
  const sample = (keep: (row: number) => boolean): readonly number[] => sampleOf(matrix.rows, keep);
  const all = sample(() => true);
  const positive = label ? sample((row) => label[row] === 1) : [];
  const negative = label ? sample((row) => label[row] === 0) : [];
  const total = label && { rows: matrix.rows, positives: Array.from(label).filter((y) => y === 1).length };
  const known = new Map<number, ColumnStatistics>();
  return (column) => {
    const values = matrix.data[column]!;
    const found = known.get(column) ?? {
      all: usualOf(values, all),
      positive: usualOf(values, positive),
      negative: usualOf(values, negative),
      outcomesOf: outcomeCounter(values, label),
      total,
    };
    known.set(column, found);
    return found;
  };
}

function sampleOf(rows: number, keep: (row: number) => boolean): readonly number[] {
  const kept = Array.from({ length: rows }, (_, row) => row).filter(keep);
  const step = Math.max(1, Math.ceil(kept.length / SAMPLE));
  return kept.filter((_, i) => i % step === 0);
}

function usualOf(values: Float32Array, rows: readonly number[]): Usual {
  const taken = Float32Array.from(rows, (row) => values[row]!)
    .filter((x) => !Number.isNaN(x))
    .sort();
  const sum = taken.reduce((s, x) => s + x, 0);
  return {
    rows: taken.length,
    mean: taken.length === 0 ? Number.NaN : sum / taken.length,
    median: taken[(taken.length - 1) >> 1] ?? Number.NaN,
  };
}

function outcomeCounter(
  values: Float32Array,
  label: ArrayLike<number> | undefined,
): ColumnStatistics['outcomesOf'] {
  const counted = new Map<number, Outcomes>();
  return (value) => {
    if (!label) return undefined;
    const found = counted.get(value) ?? countOutcomes(values, label, value);
    counted.set(value, found);
    return found;
  };
}

function countOutcomes(values: Float32Array, label: ArrayLike<number>, value: number): Outcomes {
  let rows = 0;
  let positives = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Object.is(values[row], value) && values[row] !== value) continue;
    rows++;
    if (label[row] === 1) positives++;
  }
  return { rows, positives };
}
