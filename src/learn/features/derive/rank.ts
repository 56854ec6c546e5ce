/**
 * Places within the cutoff: which share of the rows of the same cutoff has less. Ages and counts drift where all
 * entities came at one time; their order among contemporaries does not.
 *
 * The law: a place depends on the values of rows of the same cutoff and population (each as of that cutoff) and, where
 * those are fewer than 30, on training values; never on rows of later cutoffs.
 */
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { areaUnder, contrast, everyNth } from './signal.ts';
import { absent } from './space.ts';
import type { DeriveInput, ExampleRows, LearnInput, RankState } from './types.ts';

/** Rows from which a cutoff ranks its own. */
const ENOUGH = 30;
const KNOTS = 201;
/** Rows the screen looks at. */
const SCREENED = 8000;
const MOST = { quick: 8, normal: 16, best: 24 } as const;
/** Columns that do not order labels at all are not worth a place. */
const MIN_SIGNAL = 0.02;

/** No columns for static tasks and where most training rows stand alone at their cutoff: places would say nothing new. */
export function learnRanks(input: LearnInput): RankState {
  const groups = contemporaries(input.rows);
  const among = input.train.reduce((n, r) => n + (groups[r]! >= 0 ? 1 : 0), 0);
  if (among * 2 < input.train.length || input.train.length === 0) return { columns: [] };
  const { matrix } = input;
  return {
    columns: chosen(input, groups).map((c) => ({
      meta: rankColumn(matrix.columns[c]!),
      of: matrix.columns[c]!.name,
      knots: knotsOf(matrix.data[c]!, input.train),
    })),
  };
}

export function applyRanks({ matrix, rows }: DeriveInput, state: RankState): FeatureMatrix {
  if (state.columns.length === 0) return matrix;
  const groups = contemporaries(rows);
  const index = new Map(matrix.columns.map((c, i) => [c.name, i]));
  const data = state.columns.map(({ of, knots }) =>
    places(matrix.data[index.get(of) ?? absent(of)]!, groups, knots),
  );
  return {
    rows: matrix.rows,
    columns: [...matrix.columns, ...state.columns.map((c) => c.meta)],
    data: [...matrix.data, ...data],
  };
}

/** Group number of each row among rows of its cutoff and population; −1 where they are too few, or without a cutoff. */
export function contemporaries({
  cutoff,
  population,
}: Pick<ExampleRows, 'cutoff' | 'population'>): Int32Array {
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const group = Int32Array.from(cutoff, (at, i) => {
    const key = `${population[i]!}@${at}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    sizes[number] = (sizes[number] ?? 0) + 1;
    return number;
  });
  return group.map((g, i) => (Number.isNaN(cutoff[i]!) || sizes[g]! < ENOUGH ? -1 : g));
}

/** Share of the group with less, plus half of those with as much, of those that have a value at all. */
export function places(values: Float32Array, groups: Int32Array, knots: readonly number[]): Float32Array {
  const out = new Float32Array(values.length).fill(Number.NaN);
  const order = Uint32Array.from(values, (_, i) => i)
    .filter((i) => groups[i]! >= 0 && !Number.isNaN(values[i]!))
    .sort((a, b) => groups[a]! - groups[b]! || values[a]! - values[b]!);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && groups[order[to]!] === groups[order[from]!]) to++;
    placeStretch(values, order.subarray(from, to), out);
    from = to;
  }
  values.forEach((v, i) => {
    if (groups[i]! < 0 && !Number.isNaN(v)) out[i] = placeIn(v, knots);
  });
  return out;
}

function placeStretch(values: Float32Array, order: Uint32Array, out: Float32Array): void {
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && values[order[end]!] === values[order[i]!]) end++;
    for (let k = i; k < end; k++) out[order[k]!] = (i + end) / 2 / order.length;
    i = end;
  }
}

function placeIn(value: number, knots: readonly number[]): number {
  if (knots.length === 0) return Number.NaN;
  return (lowerBound(knots, value, false) + lowerBound(knots, value, true)) / 2 / knots.length;
}

/** How many are below `value`, or, `within`, not above it. */
function lowerBound(sorted: readonly number[], value: number, within: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (within && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function knotsOf(values: Float32Array, train: Int32Array): readonly number[] {
  const sorted = Float32Array.from(train, (r) => values[r]!)
    .filter((v) => !Number.isNaN(v))
    .sort();
  const count = Math.min(KNOTS, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!);
}

/** The entity's age always; of recencies, counts and creation order those that order labels best within cutoffs. */
function chosen({ matrix, train, labels, budget }: LearnInput, groups: Int32Array): readonly number[] {
  const rows = everyNth(train, SCREENED);
  const yes = contrast(labels, rows);
  const own = Int32Array.from(rows, (r) => groups[r]!);
  return matrix.columns
    .flatMap((column, c) => {
      if (!mayRank(column)) return [];
      const values = Float32Array.from(rows, (r) => matrix.data[c]![r]!);
      const signal = Math.abs(areaUnder(places(values, own, []), yes) - 0.5);
      if (isOwnAge(column)) return [{ c, signal: 1 }];
      return signal < MIN_SIGNAL ? [] : [{ c, signal }];
    })
    .sort((a, b) => b.signal - a.signal || a.c - b.c)
    .slice(0, MOST[budget])
    .map(({ c }) => c)
    .sort((a, b) => a - b);
}

const isOwnAge = (c: FeatureColumn): boolean => c.primitive === 'age' && c.path.length === 0;

const mayRank = (c: FeatureColumn): boolean =>
  c.kind === 'numeric' &&
  c.family !== 'calendar' &&
  !c.primitive.startsWith('points.') &&
  (c.unit === 'days' || c.unit === 'count' || c.primitive === 'order');

const rankColumn = (of: FeatureColumn): FeatureColumn => {
  const { unit: _, categories: __, ...rest } = of;
  return {
    ...rest,
    name: `rank(${of.name})`,
    family: 'rank',
    primitive: `rank.${of.primitive}`,
    sentence: `place among all scored at that time by ${of.sentence}`,
    unit: 'share',
  };
};
