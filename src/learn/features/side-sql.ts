/**
 * Neighbours as of the cutoff: one row per (pair, neighbour), the nearest first and no more than a cap, so that everything
 * below them is aggregated like any other group. Nothing known after the cutoff makes, ranks or counts a neighbour.
 */
import type { Column, Schema } from '../../data/schema/types.ts';
import { fkColumn, ID, KNOWN, ROW } from '../../data/schema/types.ts';
import {
  add,
  and,
  as,
  asc,
  call,
  caseWhen,
  cast,
  col,
  countAll,
  cte,
  desc,
  eq,
  ge,
  innerJoin,
  isNotNull,
  le,
  max,
  min,
  mul,
  ne,
  over,
  select,
  sub,
  subquery,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Order, Query } from '../../data/sql/tree.ts';
import { tableOf } from './paths.ts';
import { linkNamed, type Pairs, tied } from './side-ties.ts';
import type { SideStep } from './types.ts';

/** Neighbours kept of each row. */
const NEAREST: Readonly<Record<SideStep['kind'], number>> = {
  industry_peer: 50,
  similar_to: 20,
  arrival: 50,
  association: 50,
  self: 50,
};

/** Least share of all items of two rows that they have in common (Jaccard). */
const LEAST_OVERLAP = 0.3;
const SCALE = 1_000_000;

/** One more than are kept, as a row is not its own peer. */
export const PEERS_RANKED = NEAREST.industry_peer + 1;

/** pid, g (the neighbour's row), cutoff. With `others` the row that `owner` of the pair names is left out. */
export function neighbourRows(side: SideStep, schema: Schema, pairs: Pairs, others = false): Query {
  const found =
    side.kind === 'similar_to'
      ? similar(side, schema, pairs)
      : side.kind === 'industry_peer'
        ? peers(side, schema, pairs)
        : tied(side, schema, pairs, others);
  const nearest = [
    desc(col('f', 'near')),
    asc(call('length', col('f', 'id'))),
    asc(col('f', 'id')),
  ] satisfies readonly Order[];
  const ranked = select({
    columns: [
      ...['pid', 'g', 'cutoff'].map((name) => as(col('f', name), name)),
      as(over('row_number', [], { partitionBy: [col('f', 'pid')], orderBy: nearest }), 'place'),
    ],
    from: subquery(found, 'f'),
  });
  return select({
    columns: ['pid', 'g', 'cutoff'].map((name) => as(col('k', name), name)),
    from: subquery(ranked, 'k'),
    where: le(col('k', 'place'), NEAREST[side.kind]),
  });
}

/** Numbers of people after which a company is of the next size (the bands of company directories). */
const BANDS = [10, 50, 200, 500, 1000, 5000, 10_000];

/** Null where the size is: such rows have no peers. */
function sizeBand(alias: string, size: Column): Expr {
  const value = col(alias, size.name);
  if (size.type !== 'integer' && size.type !== 'number') return value;
  return caseWhen([
    [
      isNotNull(value),
      caseWhen(
        BANDS.map((most, i) => [le(value, most), i]),
        BANDS.length,
      ),
    ],
  ]);
}

/** The newest rows of each category and band at each cutoff, one more than are kept, then those of the pair's row but itself. */
function peers(side: Extract<SideStep, { kind: 'industry_peer' }>, schema: Schema, pairs: Pairs): Query {
  const size = tableOf(schema, side.table).columns.find((c) => c.name === side.size);
  const place = {
    partitionBy: [col('c', 'cutoff'), col('e', side.category), ...(size ? [sizeBand('e', size)] : [])],
  };
  const order = [desc(col('e', KNOWN)), asc(call('length', col('e', ID))), asc(col('e', ID))];
  const inOrder = select({
    columns: [
      as(col('c', 'cutoff'), 'cutoff'),
      as(col('e', side.category), 'category'),
      ...(size ? [as(sizeBand('e', size), 'band')] : []),
      as(col('e', ROW), 'row'),
      as(col('e', ID), 'id'),
      as(col('e', KNOWN), 'near'),
      as(over('row_number', [], { ...place, orderBy: order }), 'place'),
    ],
    from: subquery(cutoffsOf(pairs), 'c'),
    joins: [innerJoin(table(side.table, 'e', 'data'), le(col('e', KNOWN), col('c', 'cutoff')))],
    where: and(isNotNull(col('e', side.category)), ...(size ? [isNotNull(col('e', size.name))] : [])),
  });
  const match = and(
    eq(col('n', 'cutoff'), col('p', 'cutoff')),
    eq(col('n', 'category'), col('x', side.category)),
    ne(col('n', 'row'), col('x', ROW)),
    le(col('n', 'place'), PEERS_RANKED),
    ...(size ? [eq(col('n', 'band'), sizeBand('x', size))] : []),
  );
  return select({
    columns: [
      ...['pid', 'cutoff'].map((name) => as(col('p', name), name)),
      as(col('n', 'row'), 'g'),
      as(col('n', 'id'), 'id'),
      as(col('n', 'near'), 'near'),
    ],
    from: pairs('p'),
    joins: [
      innerJoin(
        table(side.table, 'x', 'data'),
        and(eq(col('x', ROW), col('p', 'g')), le(col('x', KNOWN), col('p', 'cutoff'))),
      ),
      innerJoin(subquery(inOrder, 'n'), match),
    ],
  });
}

function cutoffsOf(pairs: Pairs): Query {
  return select({ distinct: true, columns: [as(col('q', 'cutoff'), 'cutoff')], from: pairs('q') });
}

type Similar = Extract<SideStep, { kind: 'similar_to' }>;

/** row, item, known: each item of a row once, from when it is first known. */
export function itemRows(side: Similar, schema: Schema): Query {
  const t = tableOf(schema, side.table);
  const plain = (value: Expr): Expr => call('trim', call('lower', cast(value, 'text')));
  const link = side.link === undefined ? undefined : linkNamed(schema, side.link);
  const separator = t.columns.find((c) => c.name === side.column)?.separator ?? ',';
  const all = link
    ? select({
        columns: [
          as(col('e', fkColumn(link)), 'row'),
          as(plain(col('e', side.column)), 'item'),
          as(col('e', KNOWN), 'known'),
        ],
        from: table(link.from, 'e', 'data'),
        where: and(
          isNotNull(col('e', fkColumn(link))),
          isNotNull(col('e', KNOWN)),
          isNotNull(col('e', side.column)),
        ),
      })
    : select({
        columns: [
          as(col('e', ROW), 'row'),
          as(call('split_rows', call('lower', col('e', side.column)), separator), 'item'),
          as(col('e', KNOWN), 'known'),
        ],
        from: table(side.table, 'e', 'data'),
        where: and(isNotNull(col('e', side.column)), isNotNull(col('e', KNOWN))),
      });
  const item = call('trim', col('i', 'item'));
  return select({
    columns: [as(col('i', 'row'), 'row'), as(item, 'item'), as(min(col('i', 'known')), 'known')],
    from: subquery(all, 'i'),
    where: ne(item, ''),
    groupBy: [col('i', 'row'), item],
  });
}

/**
 * Rows with enough items in common. What more than `maxHolders` rows have at that cutoff tells nobody apart and is left
 * out on both sides, which also bounds the pairs looked at.
 */
function similar(side: Similar, schema: Schema, pairs: Pairs): Query {
  const held = select({
    columns: [
      as(col('c', 'cutoff'), 'cutoff'),
      as(col('i', 'row'), 'row'),
      as(col('i', 'item'), 'item'),
      as(
        over('count', [col('i', 'row')], { partitionBy: [col('c', 'cutoff'), col('i', 'item')] }),
        'holders',
      ),
    ],
    from: subquery(cutoffsOf(pairs), 'c'),
    joins: [innerJoin(subquery(itemRows(side, schema), 'i'), le(col('i', 'known'), col('c', 'cutoff')))],
  });
  const telling = select({
    columns: [
      ...['cutoff', 'row', 'item'].map((name) => as(col('h', name), name)),
      as(over('count', [col('h', 'item')], { partitionBy: [col('h', 'cutoff'), col('h', 'row')] }), 'size'),
    ],
    from: subquery(held, 'h'),
    where: le(col('h', 'holders'), side.maxHolders),
  });
  const common = select({
    with: [cte('telling', telling, true)],
    columns: [
      as(col('p', 'pid'), 'pid'),
      as(col('b', 'row'), 'g'),
      as(col('p', 'cutoff'), 'cutoff'),
      as(countAll(), 'both'),
      as(max(col('a', 'size')), 'mine'),
      as(max(col('b', 'size')), 'theirs'),
    ],
    from: pairs('p'),
    joins: [
      innerJoin(
        table('telling', 'a'),
        and(eq(col('a', 'row'), col('p', 'g')), eq(col('a', 'cutoff'), col('p', 'cutoff'))),
      ),
      innerJoin(
        table('telling', 'b'),
        and(
          eq(col('b', 'cutoff'), col('a', 'cutoff')),
          eq(col('b', 'item'), col('a', 'item')),
          ne(col('b', 'row'), col('a', 'row')),
        ),
      ),
    ],
    groupBy: [col('p', 'pid'), col('b', 'row'), col('p', 'cutoff')],
  });
  const either = sub(add(col('m', 'mine'), col('m', 'theirs')), col('m', 'both'));
  const near = call('int_div', mul(cast(col('m', 'both'), 'bigint'), SCALE), either);
  return select({
    columns: [
      as(col('m', 'pid'), 'pid'),
      as(col('m', 'g'), 'g'),
      as(col('m', 'cutoff'), 'cutoff'),
      as(col('n', ID), 'id'),
      as(near, 'near'),
    ],
    from: subquery(common, 'm'),
    joins: [
      innerJoin(
        table(side.table, 'n', 'data'),
        and(eq(col('n', ROW), col('m', 'g')), le(col('n', KNOWN), col('m', 'cutoff'))),
      ),
    ],
    where: ge(near, LEAST_OVERLAP * SCALE),
  });
}
