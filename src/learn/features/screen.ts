/**
 * Screening: constant and duplicate columns go, and columns that tell training rows from validation rows almost
 * perfectly (a clock in disguise: what was learned on one side of it cannot hold on the other). Only columns of
 * training and validation rows are looked at. Columns that serve point scores stay as they are.
 */
import type { FeatureColumn, FeatureMatrix } from './types.ts';

export interface Dropped {
  readonly name: string;
  /** family: its group of columns did not help on earlier folds. */
  readonly reason: 'constant' | 'duplicate' | 'drift' | 'family';
}

export interface Screened {
  /** Indices of the columns kept. */
  readonly kept: readonly number[];
  readonly dropped: readonly Dropped[];
}

/** Kolmogorov–Smirnov distance from which a column counts as a clock. */
const DRIFT = 0.97;

export function screen(matrix: FeatureMatrix, train: Int32Array, val: Int32Array): Screened {
  const kept: number[] = [];
  const dropped: Dropped[] = [];
  const seen = new Map<string, number[]>();
  for (const [c, column] of matrix.columns.entries()) {
    const reason = fault(matrix, c, train, val, seen);
    if (reason === undefined) kept.push(c);
    else dropped.push({ name: column.name, reason });
  }
  return { kept, dropped };
}

function fault(
  matrix: FeatureMatrix,
  c: number,
  train: Int32Array,
  val: Int32Array,
  seen: Map<string, number[]>,
): Dropped['reason'] | undefined {
  const values = matrix.data[c]!;
  if (isConstant(values, train)) return 'constant';
  if (isPoints(matrix.columns[c]!)) return undefined;
  const print = fingerprint(values, train);
  const twins = seen.get(print) ?? [];
  if (twins.some((t) => sameOn(values, matrix.data[t]!, train))) return 'duplicate';
  seen.set(print, [...twins, c]);
  const drifts = matrix.columns[c]!.kind === 'numeric' && separation(values, train, val) > DRIFT;
  return drifts ? 'drift' : undefined;
}

export const isPoints = (column: FeatureColumn): boolean => column.primitive.startsWith('points.');

export const selectColumns = (matrix: FeatureMatrix, kept: readonly number[]): FeatureMatrix => ({
  rows: matrix.rows,
  columns: kept.map((c) => matrix.columns[c]!),
  data: kept.map((c) => matrix.data[c]!),
});

export function selectRows(matrix: FeatureMatrix, rows: Int32Array): FeatureMatrix {
  const data = matrix.data.map((from) => {
    const to = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    return to;
  });
  return { rows: rows.length, columns: matrix.columns, data };
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

function isConstant(values: Float32Array, rows: Int32Array): boolean {
  const first = values[rows[0] ?? 0] ?? Number.NaN;
  return rows.every((r) => same(values[r]!, first));
}

function fingerprint(values: Float32Array, rows: Int32Array): string {
  let sum = 0;
  let filled = 0;
  for (let i = 0; i < rows.length; i += 1 + Math.floor(rows.length / 997)) {
    const v = values[rows[i]!]!;
    if (!Number.isNaN(v)) [sum, filled] = [sum + v * (1 + (i % 7)), filled + 1];
  }
  return `${filled}:${sum}`;
}

const sameOn = (a: Float32Array, b: Float32Array, rows: Int32Array): boolean =>
  rows.every((r) => same(a[r]!, b[r]!));

/** Kolmogorov–Smirnov distance between the two samples, missing values left out. */
export function separation(values: Float32Array, a: Int32Array, b: Int32Array): number {
  const left = sortedValues(values, a);
  const right = sortedValues(values, b);
  if (left.length < 50 || right.length < 50) return 0;
  let [i, j, worst] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const at = Math.min(left[i]!, right[j]!);
    while (i < left.length && left[i]! <= at) i++;
    while (j < right.length && right[j]! <= at) j++;
    worst = Math.max(worst, Math.abs(i / left.length - j / right.length));
  }
  return worst;
}

/** Rows that stand for a sample: enough to tell 0.97 from less. */
const SAMPLE = 4000;

function sortedValues(values: Float32Array, rows: Int32Array): Float32Array {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  const picked = Float32Array.from(
    { length: Math.ceil(rows.length / step) },
    (_, i) => values[rows[i * step]!]!,
  );
  return picked.filter((v) => !Number.isNaN(v)).sort();
}
