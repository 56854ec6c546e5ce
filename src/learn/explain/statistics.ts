/**
 * What is usual, for comparison in sentences: medians among training rows with and without the outcome, and outcome
 * counts per value. Computed only for the columns that become reasons, and kept. Medians are of at most 20,000 rows
 * taken at equal distances.
 */
import type { FeatureMatrix } from '../features/types.ts';

export interface Outcomes {
  readonly rows: number;
  readonly positives: number;
}

export interface ColumnStatistics {
  /** NaN when no row has a value. */
  readonly median: number;
  /** NaN too when the task is not binary. */
  readonly medianPositive: number;
  readonly medianNegative: number;
  /** Outcomes of the rows with one of few values (categories' codes, 0 and 1); undefined when not binary. */
  readonly outcomesOf: (value: number) => Outcomes | undefined;
}

export type StatisticsLookup = (column: number) => ColumnStatistics;

const SAMPLE = 20_000;

/** `label` is 0 or 1 per row; absent for tasks that are not binary. */
export function createStatistics(matrix: FeatureMatrix, label?: ArrayLike<number>): StatisticsLookup {
  const known = new Map<number, ColumnStatistics>();
  return (column) => {
    const found = known.get(column) ?? describeColumn(matrix.data[column]!, label);
    known.set(column, found);
    return found;
  };
}

function describeColumn(values: Float32Array, label: ArrayLike<number> | undefined): ColumnStatistics {
  const where = (keep: (row: number) => boolean): number => medianOf(values, keep);
  return {
    median: where(() => true),
    medianPositive: label ? where((row) => label[row] === 1) : Number.NaN,
    medianNegative: label ? where((row) => label[row] === 0) : Number.NaN,
    outcomesOf: (value) => (label ? countOutcomes(values, label, value) : undefined),
  };
}

/** Lower median of the rows that pass; NaN without any. */
function medianOf(values: Float32Array, keep: (row: number) => boolean): number {
  const step = Math.max(1, Math.ceil(values.length / SAMPLE));
  const taken: number[] = [];
  for (let row = 0; row < values.length; row += step) {
    if (keep(row) && !Number.isNaN(values[row]!)) taken.push(values[row]!);
  }
  return Float32Array.from(taken).sort()[(taken.length - 1) >> 1] ?? Number.NaN;
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
