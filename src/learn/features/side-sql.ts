/**
 * Neighbours as of the cutoff: one row per (pair, neighbour), the nearest first and no more than a cap, so that everything
 * below them is aggregated like any other group. Nothing known after the cutoff makes, ranks or counts a neighbour.
 */
import type { Schema } from '../../data/schema/types.ts';
import { END, fkColumn, ID, KNOWN, ROW } from '../../data/schema/types.ts';
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
  gt,
  innerJoin,
  isNotNull,
  isNull,
  le,
  max,
  min,
  mul,
  ne,
  or,
  over,
  select,
  sub,
  subquery,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Order, Query } from '../../data/sql/tree.ts';
import { FEATURE_SCHEMA } from './event-sql.ts';
import { tableOf } from './paths.ts';
import type { SideStep } from './side-steps.ts';

/** Neighbours kept of each row. */
const NEAREST: Readonly<Record<SideStep['kind'], number>> = {
  industry_peer: 50,
  similar_to: 20,
  association: 50,
  self: 50,
};

/** Least share of all items of two rows that they have in common (Jaccard). */
const LEAST_OVERLAP = 0.3;
const SCALE = 1_000_000;

/** pid, g (the neighbour's row), cutoff; `pairs` has pid, g, cutoff of the rows they stand beside. */
export function neighbourRows(side: SideStep, schema: Schema, pairs: string): Query {
  const found = side.kind === 'similar_to' ? similar(side, schema, pairs) : beside(side, schema, pairs);
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

const linkNamed = (schema: Schema, name: string) => {
  const found = schema.links.find((l) => l.name === name);
  if (!found) throw new Error(`no link ${name} in the schema`);
  return found;
};

/** Numbers of people after which a company is of the next size (the bands of company directories). */
const BANDS = [10, 50, 200, 500, 1000, 5000, 10_000];

/** Does row `next` match row `here`? */
export function peerMatch(
  side: Extract<SideStep, { kind: 'industry_peer' }>,
  schema: Schema,
  here: string,
  next: string,
): Expr {
  const size = tableOf(schema, side.table).columns.find((c) => c.name === side.size);
  const band = (alias: string): Expr => {
    const value = col(alias, size!.name);
    if (size!.type !== 'integer' && size!.type !== 'number') return value;
    return caseWhen([
      [
        isNotNull(value),
        caseWhen(
          BANDS.map((most, i) => [le(value, most), i]),
          BANDS.length,
        ),
      ],
    ]);
  };
  return and(
    eq(col(next, side.category), col(here, side.category)),
    ne(col(next, ROW), col(here, ROW)),
    ...(size ? [eq(band(next), band(here))] : []),
  );
}

/** pid, g, cutoff, id, near */
function beside(side: Exclude<SideStep, { kind: 'similar_to' }>, schema: Schema, pairs: string): Query {
  const cutoff = col('p', 'cutoff');
  const from = table(pairs, 'p', FEATURE_SCHEMA);
  const columns = (near: Expr) => [
    as(col('p', 'pid'), 'pid'),
    as(col('n', ROW), 'g'),
    as(cutoff, 'cutoff'),
    as(max(col('n', ID)), 'id'),
    as(near, 'near'),
  ];
  const groupBy = [col('p', 'pid'), col('n', ROW), cutoff];
  const neighbour = (on: Expr) =>
    innerJoin(table(side.table, 'n', 'data'), and(on, le(col('n', KNOWN), cutoff)));
  if (side.kind === 'association') {
    const [into, out] = [linkNamed(schema, side.into), linkNamed(schema, side.out)];
    const self = into.to === out.to ? [ne(col('n', ROW), col('p', 'g'))] : [];
    const holds = and(
      eq(col('a', fkColumn(into)), col('p', 'g')),
      le(col('a', KNOWN), cutoff),
      or(isNull(col('a', END)), gt(col('a', END), cutoff)),
    );
    return select({
      columns: columns(max(col('a', KNOWN))),
      from,
      joins: [
        innerJoin(table(side.through, 'a', 'data'), holds),
        neighbour(and(eq(col('n', ROW), col('a', fkColumn(out))), ...self)),
      ],
      groupBy,
    });
  }
  const own = innerJoin(
    table(side.table, 'x', 'data'),
    and(eq(col('x', ROW), col('p', 'g')), le(col('x', KNOWN), cutoff)),
  );
  return select({
    columns: columns(max(col('n', KNOWN))),
    from,
    joins: [
      own,
      neighbour(side.kind === 'industry_peer' ? peerMatch(side, schema, 'x', 'n') : selfMatch(side, schema)),
    ],
    groupBy,
  });
}

function selfMatch(side: Extract<SideStep, { kind: 'self' }>, schema: Schema): Expr {
  const fk = fkColumn(linkNamed(schema, side.link));
  const match = side.direction === 'up' ? eq(col('n', ROW), col('x', fk)) : eq(col('n', fk), col('x', ROW));
  return and(match, ne(col('n', ROW), col('x', ROW)));
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
function similar(side: Similar, schema: Schema, pairs: string): Query {
  const cutoffs = select({
    distinct: true,
    columns: [as(col('q', 'cutoff'), 'cutoff')],
    from: table(pairs, 'q', FEATURE_SCHEMA),
  });
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
    from: subquery(cutoffs, 'c'),
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
    from: table(pairs, 'p', FEATURE_SCHEMA),
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
