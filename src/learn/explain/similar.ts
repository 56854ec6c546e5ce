/**
 * Past examples most like a row in the model's own eyes: columns count by what they contribute to scores, values by
 * their place among the past examples, so that neither units nor outliers decide. Only outcomes complete by the row's
 * cutoff are looked at.
 */
import { selectRows } from '../features/screen.ts';
import type { FeatureColumn, FeatureMatrix, Signal } from '../features/types.ts';
import type { Attribution } from '../models/types.ts';

export interface PastExamples {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 per row. */
  readonly label: ArrayLike<number>;
  readonly entityId: readonly string[];
  /** ms; NaN static. */
  readonly cutoff: ArrayLike<number>;
  /** ms from which the outcome was complete; NaN: nothing says when, and rows of later cutoffs may use it. */
  readonly known: ArrayLike<number>;
}

export interface SimilarExample {
  readonly entity: string;
  /** ISO; null for static tasks. */
  readonly cutoff: string | null;
  /** 0 to 1: 1 where every column that counts has the same value. */
  readonly likeness: number;
  /** Signals in which the two hardly differ, weightiest first. */
  readonly agrees: readonly string[];
}

export interface SimilarExamples {
  readonly won: readonly SimilarExample[];
  readonly lost: readonly SimilarExample[];
  /** Past examples whose outcome was complete: with it and without. */
  readonly among: { readonly won: number; readonly lost: number };
}

export interface Asked {
  readonly matrix: FeatureMatrix;
  readonly row: number;
  readonly entity: string;
  /** ms; NaN static. */
  readonly cutoff: number;
}

/** Columns beyond the weightiest say nothing that is seen. */
const MAX_COLUMNS = 48;
/** Past examples compared at most, taken at equal distances. */
const MAX_EXAMPLES = 2000;
const SHOWN = 3;
const AGREES = 0.1;
const SIGNALS_SHOWN = 4;

/** Per column of the matrix: mean |contribution| over the rows of the attribution. */
export const columnWeights = (attribution: Attribution): Float64Array =>
  Float64Array.from(
    attribution.values,
    (column) => column.reduce((sum, x) => sum + Math.abs(x), 0) / Math.max(1, column.length),
  );

/** Answers for one row at a time. Same columns in both matrices. */
export function createSimilar(
  past: PastExamples,
  weights: ArrayLike<number>,
): (asked: Asked) => SimilarExamples {
  const views = new Map<number, View>();
  return (asked) => {
    const rows = maturedRows(past, asked.cutoff);
    const view = views.get(rows.length) ?? viewOf(past, weights, rows);
    views.set(rows.length, view);
    const point = view.axes.map((axis) => axis.place(asked.matrix.data[axis.column]![asked.row]!));
    const nearest = (label: number): readonly SimilarExample[] =>
      nearestOf(past, view, point, asked.entity, label);
    return { won: nearest(1), lost: nearest(0), among: view.among };
  };
}

/** What is seen from a cutoff. Outcomes only ever join, so their number tells which. */
interface View {
  readonly rows: Int32Array;
  readonly axes: readonly Axis[];
  readonly among: SimilarExamples['among'];
}

function viewOf(past: PastExamples, weights: ArrayLike<number>, matured: Int32Array): View {
  const step = Math.max(1, Math.ceil(matured.length / MAX_EXAMPLES));
  const rows = matured.filter((_, i) => i % step === 0);
  const won = matured.filter((row) => past.label[row] === 1).length;
  const axes = axesOf(selectRows(past.matrix, rows), weights);
  return { rows, axes, among: { won, lost: matured.length - won } };
}

interface Axis {
  readonly column: number;
  readonly signal: Signal;
  readonly weight: number;
  readonly categorical: boolean;
  /** Place of a value among the past ones, 0 to 1; a category's code; NaN when missing. */
  readonly place: (value: number) => number;
  /** Places of the view's rows. */
  readonly places: Float32Array;
}

/** Columns that count, their weights adding to 1. */
function axesOf(matrix: FeatureMatrix, weights: ArrayLike<number>): readonly Axis[] {
  const order = matrix.columns
    .map((_, column) => column)
    .filter((column) => weights[column]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, MAX_COLUMNS);
  const sum = order.reduce((s, column) => s + weights[column]!, 0);
  return order.map((column) =>
    axisOf(matrix.columns[column]!, matrix.data[column]!, column, weights[column]! / sum),
  );
}

function axisOf(of: FeatureColumn, values: Float32Array, column: number, weight: number): Axis {
  const categorical = of.kind === 'categorical';
  const sorted = categorical ? values : values.filter((x) => !Number.isNaN(x)).sort();
  const place = (x: number): number =>
    categorical || Number.isNaN(x)
      ? x
      : (below(sorted, x, false) + below(sorted, x, true)) / (2 * sorted.length || 1);
  return { column, signal: of.signal, weight, categorical, place, places: values.map(place) };
}

/** How many ascending values are < x (or ≤ x). */
function below(sorted: Float32Array, x: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inclusive ? sorted[middle]! <= x : sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function maturedRows({ known, cutoff, matrix }: PastExamples, at: number): Int32Array {
  const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  if (Number.isNaN(at)) return all;
  return all.filter((row) => (Number.isNaN(known[row]!) ? cutoff[row]! < at : known[row]! <= at));
}

/** Of each entity its nearest example; never the asked one's own past. */
function nearestOf(
  past: PastExamples,
  { rows, axes }: View,
  point: readonly number[],
  self: string,
  label: number,
): readonly SimilarExample[] {
  const best = new Map<string, { readonly at: number; readonly distance: number }>();
  for (let at = 0; at < rows.length; at++) {
    const entity = past.entityId[rows[at]!]!;
    if (past.label[rows[at]!] !== label || entity === self) continue;
    const distance = distanceOf(axes, point, at);
    const found = best.get(entity);
    if (!found || distance < found.distance) best.set(entity, { at, distance });
  }
  return [...best]
    .sort(([, a], [, b]) => a.distance - b.distance || a.at - b.at)
    .slice(0, SHOWN)
    .map(([entity, { at, distance }]) => ({
      entity,
      cutoff: isoOf(past.cutoff[rows[at]!]!),
      likeness: Math.round((1 - distance) * 1000) / 1000,
      agrees: agreement(axes, point, at),
    }));
}

const isoOf = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());

/** Plain loop: rows × examples × columns. `at`: place in the view. */
function distanceOf(axes: readonly Axis[], point: readonly number[], at: number): number {
  let sum = 0;
  for (let a = 0; a < axes.length; a++) sum += axes[a]!.weight * difference(axes[a]!, point[a]!, at);
  return sum;
}

/** 0 to 1; a missing value is as far as can be from one that is there. */
function difference(axis: Axis, here: number, at: number): number {
  const there = axis.places[at]!;
  const missing = Number(Number.isNaN(here)) + Number(Number.isNaN(there));
  if (missing > 0) return missing === 2 ? 0 : 1;
  return axis.categorical ? Number(here !== there) : Math.abs(here - there);
}

function agreement(axes: readonly Axis[], point: readonly number[], at: number): readonly Signal[] {
  const bySignal = new Map<Signal, { weight: number; apart: number }>();
  axes.forEach((axis, a) => {
    const sums = bySignal.get(axis.signal) ?? { weight: 0, apart: 0 };
    sums.weight += axis.weight;
    sums.apart += axis.weight * difference(axis, point[a]!, at);
    bySignal.set(axis.signal, sums);
  });
  return [...bySignal]
    .filter(([signal, { weight, apart }]) => signal !== 'other' && apart <= AGREES * weight)
    .sort((a, b) => b[1].weight - a[1].weight || (a[0] < b[0] ? -1 : 1))
    .slice(0, SIGNALS_SHOWN)
    .map(([signal]) => signal);
}
