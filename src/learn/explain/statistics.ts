/**
 * What is usual, for comparison in sentences: medians among training rows with and without the outcome, and outcome
 * counts per value. Computed only for the columns that become reasons, and kept. Medians are of at most 5,000 rows of
 * each kind, taken at equal distances.
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

const SAMPLE = 5000;

/** `label` is 0 or 1 per row; absent for tasks that are not binary. */
export function createStatistics(matrix: FeatureMatrix, label?: ArrayLike<number>): StatisticsLookup {
  const sample = (keep: (row: number) => boolean): readonly number[] => sampleOf(matrix.rows, keep);
  const all = sample(() => true);
  const positive = label ? sample((row) => label[row] === 1) : [];
  const negative = label ? sample((row) => label[row] === 0) : [];
  const known = new Map<number, ColumnStatistics>();
  return (column) => {
    const values = matrix.data[column]!;
    const found = known.get(column) ?? {
      median: medianOf(values, all),
      medianPositive: medianOf(values, positive),
      medianNegative: medianOf(values, negative),
      outcomesOf: outcomeCounter(values, label),
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

/** Lower median of the values that are there; NaN without any. */
function medianOf(values: Float32Array, rows: readonly number[]): number {
  const taken = Float32Array.from(rows, (row) => values[row]!)
    .filter((x) => !Number.isNaN(x))
    .sort();
  return taken[(taken.length - 1) >> 1] ?? Number.NaN;
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
