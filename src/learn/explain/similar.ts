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
  const views = createViews(past, weights);
  return ({ matrix, row, entity, cutoff }) => {
    const view = views(cutoff);
    const point = view.axes.map((axis) => axis.place(matrix.data[axis.column]![row]!));
    const distance = distances(view, point);
    const self = view.entities.get(entity);
    const nearest = (label: number): readonly SimilarExample[] =>
      nearestOf(past, view, distance, self, label).map(({ at }) => ({
        entity: past.entityId[view.rows[at]!]!,
        cutoff: isoOf(past.cutoff[view.rows[at]!]!),
        likeness: Math.round((1 - distance[at]!) * 1000) / 1000,
        agrees: agreement(view.axes, point, at),
      }));
    return { won: nearest(1), lost: nearest(0), among: view.among };
  };
}

/** What is seen from a cutoff. */
interface View {
  readonly rows: Int32Array;
  readonly axes: readonly Axis[];
  /** Number of each entity, and of the entity of each row. */
  readonly entities: ReadonlyMap<string, number>;
  readonly entity: Int32Array;
  readonly among: SimilarExamples['among'];
}

/** Outcomes only ever join, so the number of those complete tells views apart; rows often share their cutoff. */
function createViews(past: PastExamples, weights: ArrayLike<number>): (cutoff: number) => View {
  const byCutoff = new Map<number, View>();
  const byRows = new Map<number, View>();
  return (cutoff) => {
    const known = byCutoff.get(cutoff);
    if (known) return known;
    const rows = maturedRows(past, cutoff);
    const view = byRows.get(rows.length) ?? viewOf(past, weights, rows);
    byRows.set(rows.length, view);
    byCutoff.set(cutoff, view);
    return view;
  };
}

function viewOf(past: PastExamples, weights: ArrayLike<number>, matured: Int32Array): View {
  const step = Math.max(1, Math.ceil(matured.length / MAX_EXAMPLES));
  const rows = matured.filter((_, i) => i % step === 0);
  const won = matured.filter((row) => past.label[row] === 1).length;
  const axes = axesOf(selectRows(past.matrix, rows), weights);
  const entities = new Map<string, number>();
  const entity = rows.map((row) => {
    const id = past.entityId[row]!;
    if (!entities.has(id)) entities.set(id, entities.size);
    return entities.get(id)!;
  });
  return { rows, axes, entities, entity, among: { won, lost: matured.length - won } };
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

interface Near {
  /** Place in the view. */
  readonly at: number;
  readonly entity: number;
  readonly distance: number;
}

/** Of each entity its nearest example, the nearest of them first; never the asked one's own past. */
function nearestOf(
  past: PastExamples,
  { rows, entity }: View,
  distance: Float64Array,
  self: number | undefined,
  label: number,
): readonly Near[] {
  let best: readonly Near[] = [];
  for (let at = 0; at < rows.length; at++) {
    const least = best.length < SHOWN ? Number.POSITIVE_INFINITY : best.at(-1)!.distance;
    if (!(distance[at]! < least) || entity[at] === self || past.label[rows[at]!] !== label) continue;
    best = joined(best, { at, entity: entity[at]!, distance: distance[at]! });
  }
  return best;
}

/** With a newcomer that comes later in the view than all of them. */
function joined(best: readonly Near[], next: Near): readonly Near[] {
  const own = best.find((b) => b.entity === next.entity);
  if (own && own.distance <= next.distance) return best;
  return [...best.filter((b) => b !== own), next]
    .sort((a, b) => a.distance - b.distance || a.at - b.at)
    .slice(0, SHOWN);
}

const isoOf = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());

/** Of each row of the view. */
function distances({ rows, axes }: View, point: readonly number[]): Float64Array {
  const sums = new Float64Array(rows.length);
  for (const [a, axis] of axes.entries()) {
    if (Number.isNaN(point[a]!)) addMissing(sums, axis);
    else if (axis.categorical) addCategory(sums, axis, point[a]!);
    else addPlace(sums, axis, point[a]!);
  }
  return sums;
}

// Plain loops, one for each case of `apart`: rows × examples × columns.
function addMissing(sums: Float64Array, { places, weight }: Axis): void {
  for (let at = 0; at < sums.length; at++) if (!Number.isNaN(places[at]!)) sums[at]! += weight;
}

function addCategory(sums: Float64Array, { places, weight }: Axis, here: number): void {
  for (let at = 0; at < sums.length; at++) if (places[at]! !== here) sums[at]! += weight;
}

function addPlace(sums: Float64Array, { places, weight }: Axis, here: number): void {
  for (let at = 0; at < sums.length; at++) {
    const there = places[at]!;
    sums[at]! += Number.isNaN(there) ? weight : weight * Math.abs(here - there);
  }
}

/** 0 to 1; a missing value is as far as can be from one that is there. */
function apart(here: number, there: number, categorical: boolean): number {
  if (Number.isNaN(here) || Number.isNaN(there)) return Number.isNaN(here) && Number.isNaN(there) ? 0 : 1;
  if (categorical) return here === there ? 0 : 1;
  return Math.abs(here - there);
}

function agreement(axes: readonly Axis[], point: readonly number[], at: number): readonly Signal[] {
  const bySignal = new Map<Signal, { weight: number; apart: number }>();
  axes.forEach((axis, a) => {
    const sums = bySignal.get(axis.signal) ?? { weight: 0, apart: 0 };
    sums.weight += axis.weight;
    sums.apart += axis.weight * apart(point[a]!, axis.places[at]!, axis.categorical);
    bySignal.set(axis.signal, sums);
  });
  return [...bySignal]
    .filter(([signal, { weight, apart }]) => signal !== 'other' && apart <= AGREES * weight)
    .sort((a, b) => b[1].weight - a[1].weight || (a[0] < b[0] ? -1 : 1))
    .slice(0, SIGNALS_SHOWN)
    .map(([signal]) => signal);
}
