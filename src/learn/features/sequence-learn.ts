/**
 * What is worth looking at in a sequence: the type column that tells most, frequent runs of types, pairs and triples
 * whose firsts come in order, and the order that nearly all groups go through. Learned from rows known by `asOf`; of
 * large tables from every k-th group.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  col,
  countAll,
  eq,
  le,
  lt,
  min,
  mod,
  over,
  select,
  subquery,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query } from '../../data/sql/tree.ts';
import { eventRows } from './event-sql.ts';
import type { CategoryMeasure, EventSource, SequenceMeasure } from './plan-types.ts';
import type { ColumnProfile } from './profile.ts';

const SAMPLED_ROWS = 500_000;
/** Groups that must have both of two types before their order says anything. */
const MIN_GROUPS = 20;
/** Share of those groups that must agree for an order to be the usual one. */
const AGREEMENT = 0.8;
const MIN_STEPS = 5;
/** Types of which the order of three is learned. */
const CHAINED = 6;
const LIMITS = { runs: 4, repeats: 2, triples: 2, pairs: 4, chains: 2, stages: 8 };

export interface LearnInput {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly asOf: number;
  /** Rows of the event table known by `asOf`. */
  readonly rows: number;
}

/** Index of the category whose frequent values tell most (entropy in bits, any other value being one more); −1: none. */
export function typeColumn(
  categories: readonly CategoryMeasure[],
  profiles: ReadonlyMap<string, ColumnProfile>,
): number {
  const told = categories.map((c) =>
    c.boolean || c.values.length < 2 ? 0 : entropy(c, profiles.get(c.column)),
  );
  const best = Math.max(0, ...told);
  return best === 0 ? -1 : told.indexOf(best);
}

function entropy(c: CategoryMeasure, profile: ColumnProfile | undefined): number {
  if (!profile) return 0;
  const counts = c.values.map((v) => profile.counts[profile.values.indexOf(v)] ?? 0);
  const rest = profile.filled - counts.reduce((a, b) => a + b, 0);
  return [...counts, rest].reduce((sum, n) => {
    const p = n / Math.max(1, profile.filled);
    return p > 0 ? sum - p * Math.log2(p) : sum;
  }, 0);
}

/** @param source with its categories; its sequence is what comes out. */
export async function learnSequence(
  source: EventSource,
  c: number,
  input: LearnInput,
): Promise<SequenceMeasure> {
  const types = source.categories[c]!.values.length;
  const steps = await frequentSteps(source, c, input);
  const firsts = await firstOrders(source, c, types, input);
  return {
    c,
    steps,
    pairs: usualPairs(firsts, types),
    chains: usualChains(firsts, Math.min(types, CHAINED)),
    stages: stageOrder(firsts, types),
  };
}

/** Rows known by then; of every k-th group where there are many. */
function sampledRows(source: EventSource, c: number, input: LearnInput): Query {
  const every = Math.ceil(input.rows / SAMPLED_ROWS);
  const bare = { ...source, numeric: [], refs: [], categories: [source.categories[c]!] };
  return select({
    columns: ['g', 'known', 'at', 'c0'].map((name) => as(col('e', name), name)),
    from: subquery(eventRows(bare, input.schema), 'e'),
    where: and(
      le(col('e', 'known'), ts(input.asOf)),
      ...(every > 1 ? [eq(mod(col('e', 'g'), every), 0)] : []),
    ),
  });
}

async function frequentSteps(
  source: EventSource,
  c: number,
  input: LearnInput,
): Promise<SequenceMeasure['steps']> {
  const types = source.categories[c]!.values.length;
  const within = {
    partitionBy: [col('r', 'g')],
    orderBy: ['known', 'at', 'c0'].map((name) => asc(col('r', name))),
  };
  const placed = select({
    columns: [
      as(over('lag', [col('r', 'c0'), 2], within), 'a'),
      as(over('lag', [col('r', 'c0'), 1], within), 'b'),
      as(col('r', 'c0'), 'c'),
    ],
    from: subquery(sampledRows(source, c, input), 'r'),
  });
  const counted = select({
    columns: [col('a'), col('b'), col('c'), as(countAll(), 'n')],
    from: subquery(placed, 'p'),
    where: and(lt(col('b'), types), lt(col('c'), types)),
    groupBy: [col('a'), col('b'), col('c')],
  });
  const found = (await input.engine.rows(toSql(counted, input.engine.dialect))).map((r) => ({
    ...{ a: r.a === null ? types : Number(r.a), b: Number(r.b), c: Number(r.c), n: Number(r.n) },
  }));
  const twos = tally(found.map((r) => [[r.b, r.c], r.n]));
  const threes = tally(found.flatMap((r) => (r.a < types ? [[[r.a, r.b, r.c], r.n] as const] : [])));
  const changing = (letters: readonly number[]): boolean =>
    letters.some((v, i) => i > 0 && v !== letters[i - 1]);
  return [
    ...twos.filter(changing).slice(0, LIMITS.runs),
    ...threes.filter(changing).slice(0, LIMITS.triples),
    ...twos.filter((l) => !changing(l)).slice(0, LIMITS.repeats),
  ];
}

/** Letters by how often they came, most often first; ties by the letters. */
function tally(counts: readonly (readonly [readonly number[], number])[]): readonly (readonly number[])[] {
  const totals = new Map<string, { readonly letters: readonly number[]; n: number }>();
  for (const [letters, n] of counts) {
    const key = letters.join(' ');
    const seen = totals.get(key);
    if (seen) seen.n += n;
    else totals.set(key, { letters, n });
  }
  return [...totals.values()]
    .filter((t) => t.n >= MIN_STEPS)
    .sort((x, y) => y.n - x.n || compareLetters(x.letters, y.letters))
    .map((t) => t.letters);
}

const compareLetters = (x: readonly number[], y: readonly number[]): number => {
  const at = x.findIndex((v, i) => v !== y[i]);
  return at < 0 ? 0 : x[at]! - y[at]!;
};

/** How many groups had their first of one type before their first of another, and so of three. */
interface FirstOrders {
  readonly before: (a: number, b: number) => number;
  readonly inOrder: (a: number, b: number, c: number) => number;
}

async function firstOrders(
  source: EventSource,
  c: number,
  types: number,
  input: LearnInput,
): Promise<FirstOrders> {
  const letters = Array.from({ length: types }, (_, v) => v);
  const chained = letters.slice(0, CHAINED);
  const first = (v: number) => col('f', `t${v}`);
  const firsts = select({
    columns: [
      col('r', 'g'),
      ...letters.map((v) => as(min(col('r', 'at'), { filter: eq(col('r', 'c0'), v) }), `t${v}`)),
    ],
    from: subquery(sampledRows(source, c, input), 'r'),
    groupBy: [col('r', 'g')],
  });
  const pairs = letters.flatMap((a) => letters.flatMap((b) => (a === b ? [] : [[a, b] as const])));
  const triples = chained.flatMap((a) =>
    chained.flatMap((b) =>
      chained.flatMap((d) => (a === b || b === d || a === d ? [] : [[a, b, d] as const])),
    ),
  );
  const query = select({
    columns: [
      ...pairs.map(([a, b]) => as(countAll({ filter: lt(first(a), first(b)) }), `p${a}_${b}`)),
      ...triples.map(([a, b, d]) =>
        as(countAll({ filter: and(lt(first(a), first(b)), lt(first(b), first(d))) }), `q${a}_${b}_${d}`),
      ),
    ],
    from: subquery(firsts, 'f'),
  });
  const [row] = pairs.length === 0 ? [] : await input.engine.rows(toSql(query, input.engine.dialect));
  return {
    before: (a, b) => Number(row?.[`p${a}_${b}`] ?? 0),
    inOrder: (a, b, d) => Number(row?.[`q${a}_${b}_${d}`] ?? 0),
  };
}

/** Pairs that most groups have at different times, in the order that more of them went. */
function usualPairs({ before }: FirstOrders, types: number): SequenceMeasure['pairs'] {
  const found: { readonly pair: readonly [number, number]; readonly groups: number }[] = [];
  for (let a = 0; a < types; a++)
    for (let b = a + 1; b < types; b++) {
      const groups = before(a, b) + before(b, a);
      if (groups >= MIN_GROUPS) found.push({ pair: before(a, b) >= before(b, a) ? [a, b] : [b, a], groups });
    }
  return found
    .sort((x, y) => y.groups - x.groups || compareLetters(x.pair, y.pair))
    .slice(0, LIMITS.pairs)
    .map((f) => f.pair);
}

function usualChains({ inOrder }: FirstOrders, types: number): SequenceMeasure['chains'] {
  const found: { readonly chain: readonly [number, number, number]; readonly groups: number }[] = [];
  for (let a = 0; a < types; a++)
    for (let b = 0; b < types; b++)
      for (let c = 0; c < types; c++)
        if (a !== b && b !== c && a !== c && inOrder(a, b, c) >= MIN_GROUPS)
          found.push({ chain: [a, b, c], groups: inOrder(a, b, c) });
  return found
    .sort((x, y) => y.groups - x.groups || compareLetters(x.chain, y.chain))
    .slice(0, LIMITS.chains)
    .map((f) => f.chain);
}

/**
 * The longest list of types in which any two, wherever enough groups have both, come in that order nearly everywhere.
 * Three at least; of equally long lists the one with the more frequent types.
 */
function stageOrder({ before }: FirstOrders, types: number): readonly number[] {
  const follows = (a: number, b: number): boolean => {
    const [ab, ba] = [before(a, b), before(b, a)];
    return ab + ba >= MIN_GROUPS && ab >= AGREEMENT * (ab + ba);
  };
  let best: readonly number[] = [];
  const extend = (list: readonly number[]): void => {
    if (list.length > best.length) best = list;
    for (let v = 0; v < types && list.length < LIMITS.stages; v++)
      if (!list.includes(v) && list.every((u) => follows(u, v))) extend([...list, v]);
  };
  extend([]);
  return best.length >= 3 ? best : [];
}
