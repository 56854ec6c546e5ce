/**
 * Places within the cutoff: which share of the rows of the same cutoff has less. Ages and counts drift where all
 * entities came at one time; their order among contemporaries does not.
 *
 * The law: a place depends on the values of rows of the same cutoff and population (each as of that cutoff) and, where
 * those are fewer than 30, on training values; never on rows of later cutoffs.
 */
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { comparePairs, contrast, countBelow, everyNth } from './signal.ts';
import { absent } from './space.ts';
import type { DeriveInput, ExampleRows, LearnInput, RankState } from './types.ts';

/** Rows from which a cutoff ranks its own. */
const ENOUGH = 30;
const KNOTS = 201;
/** Rows the screen looks at. */
const SCREENED = 6000;
const MOST = { quick: 4, normal: 12, best: 24 } as const;
/** Columns that do not order labels at all are not worth a place. */
const MIN_SIGNAL = 0.02;
/** Nor are those whose values tell earlier from later training rows by less: the number itself holds still. */
const MIN_DRIFT = 0.05;

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
  const members = membersOf(groups);
  for (const rows of members.values()) {
    const sorted = Float32Array.from(rows, (r) => values[r]!)
      .filter((v) => !Number.isNaN(v))
      .sort();
    for (const r of rows) out[r] = placeIn(values[r]!, sorted);
  }
  values.forEach((v, i) => {
    if (groups[i]! < 0) out[i] = placeIn(v, knots);
  });
  return out;
}

/** Rows of each group, those that stand alone left out. */
function membersOf(groups: Int32Array): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  groups.forEach((g, r) => {
    if (g < 0) return;
    const rows = members.get(g);
    if (rows) rows.push(r);
    else members.set(g, [r]);
  });
  return members;
}

const placeIn = (value: number, sorted: ArrayLike<number>): number =>
  sorted.length === 0 || Number.isNaN(value)
    ? Number.NaN
    : (countBelow(sorted, value) + countBelow(sorted, value, true)) / 2 / sorted.length;

function knotsOf(values: Float32Array, train: Int32Array): readonly number[] {
  const sorted = Float32Array.from(train, (r) => values[r]!)
    .filter((v) => !Number.isNaN(v))
    .sort();
  const count = Math.min(KNOTS, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!);
}

/**
 * Of ages, recencies, counts and creation order those whose values move from the earlier to the later half of training,
 * while they order labels among contemporaries alike in both: what moves is the clock's, what stays is worth a place.
 * The best of each kind whatever its window, and of those that order all the same way the first.
 */
function chosen(input: LearnInput, groups: Int32Array): readonly number[] {
  const { matrix, budget } = input;
  const halves = halvesOf(input, groups);
  const seen = new Set<string | number>();
  const isNew = (key: string | number): boolean => !seen.has(key) && seen.add(key) !== undefined;
  return matrix.columns
    .flatMap((column, c) => {
      const signal = mayRank(column) ? steadySignal(matrix.data[c]!, halves) : 0;
      return signal < MIN_SIGNAL || !moves(matrix.data[c]!, halves) ? [] : [{ c, signal }];
    })
    .sort((a, b) => b.signal - a.signal || a.c - b.c)
    .filter(({ c, signal }) => isNew(kindOf(matrix.columns[c]!)) && isNew(signal))
    .slice(0, MOST[budget])
    .map(({ c }) => c)
    .sort((a, b) => a - b);
}

const kindOf = (c: FeatureColumn): string =>
  JSON.stringify([c.path.map((s) => [s.link, s.direction]), c.table, c.column, c.primitive, c.rows]);

function moves(values: Float32Array, [early, late]: Halves): boolean {
  const of = (half: readonly Contrast[]): Float32Array =>
    Float32Array.from(
      half.flatMap((c) => [...c.yes, ...c.no]),
      (r) => values[r]!,
    );
  const { won, all } = comparePairs(of(late), of(early));
  return all > 0 && Math.abs(won / all - 0.5) >= MIN_DRIFT;
}

type Halves = readonly [early: readonly Contrast[], late: readonly Contrast[]];

interface Contrast {
  readonly yes: readonly number[];
  readonly no: readonly number[];
}

/** Sampled training rows by cutoff, in two halves of about equal positives, oldest first. */
function halvesOf({ train, labels, rows }: LearnInput, groups: Int32Array): Halves {
  const sampled = everyNth(train, SCREENED);
  const yes = contrast(labels, sampled);
  const cutoffs = new Map<number, { yes: number[]; no: number[]; at: number }>();
  sampled.forEach((r, i) => {
    const g = groups[r]!;
    if (g < 0) return;
    const cutoff = cutoffs.get(g) ?? { yes: [], no: [], at: rows.cutoff[r]! };
    cutoffs.set(g, cutoff);
    (yes[i] === 1 ? cutoff.yes : cutoff.no).push(r);
  });
  const ordered = [...cutoffs.values()].sort((a, b) => a.at - b.at);
  const total = ordered.reduce((n, c) => n + c.yes.length, 0);
  let before = 0;
  const early = ordered.filter((c) => {
    before += c.yes.length;
    return before * 2 <= total;
  });
  return [early, ordered.slice(early.length)];
}

/** Distance of the area from ½ in the weaker half; 0 where the halves differ in direction or by more than twice. */
function steadySignal(values: Float32Array, halves: Halves): number {
  const [early, late] = halves.map((cutoffs) => signedArea(values, cutoffs)) as [number, number];
  const [weak, strong] = [early, late].sort((a, b) => Math.abs(a) - Math.abs(b)) as [number, number];
  return weak * strong <= 0 || Math.abs(strong) > 2 * Math.abs(weak) ? 0 : Math.abs(weak);
}

/** Area under the curve among pairs of one cutoff, less ½. */
function signedArea(values: Float32Array, cutoffs: readonly Contrast[]): number {
  let [won, all] = [0, 0];
  for (const { yes, no } of cutoffs) {
    const pairs = comparePairs(
      Float32Array.from(yes, (r) => values[r]!),
      Float32Array.from(no, (r) => values[r]!),
    );
    won += pairs.won;
    all += pairs.all;
  }
  return all === 0 ? 0 : won / all - 0.5;
}

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
