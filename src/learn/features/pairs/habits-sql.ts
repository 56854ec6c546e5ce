/**
 * What had been taken by whom at each cutoff, from rows known then: own habits, popularity, what goes with what, peers.
 * Every table carries the cutoff (k1); nothing crosses from one cutoff to another.
 */
import { fkColumn, ID, KNOWN, ROW, type Schema } from '../../../data/schema/types.ts';
import {
  add,
  addInterval,
  and,
  as,
  asc,
  call,
  cast,
  coalesce,
  col,
  countAll,
  countDistinct,
  desc,
  eq,
  gt,
  innerJoin,
  isNotNull,
  le,
  leftJoin,
  max,
  min,
  mul,
  ne,
  over,
  select,
  subquery,
  sum,
  table,
  truncDay,
} from '../../../data/sql/build.ts';
import type { Expr, Order, Query, Source } from '../../../data/sql/tree.ts';
import { FEATURE_SCHEMA } from '../event-sql.ts';
import type { PairPlan, PeerGroup } from './plan.ts';

export const pairTable = (name: string): string => `pair_${name}`;
export const from = (name: string, alias: string): Source => table(pairTable(name), alias, FEATURE_SCHEMA);

/** Latest items of an entity that say what may come next. */
const LATEST = 15;
/** Entities a cutoff's companions are counted over, drawn by hash of their key. */
const COUNTED = 3000;
/** Pseudo-count that draws rare companions to zero, and how many companions of an item are kept. */
const SHRINK = 10;
const COMPANIONS = 40;

const place = (by: readonly Expr[], order: readonly Order[]): Expr =>
  over('row_number', [], { partitionBy: by, orderBy: order });

/** k0, k1, item: how often in all and in the windows, on how many days, when first and last. `events`: k0, k1, item, t. */
export function ownQuery(plan: PairPlan, events: Query): Query {
  const within = (days: number): Expr => gt(col('r', 't'), addInterval(col('r', 'k1'), -days, 'day'));
  const keys = [col('r', 'k0'), col('r', 'k1'), col('r', 'item')];
  return select({
    columns: [
      ...keys,
      as(countAll(), 'n'),
      as(countAll({ filter: within(plan.short) }), 'n1'),
      as(countAll({ filter: within(plan.long) }), 'n2'),
      as(countDistinct(truncDay(col('r', 't'))), 'days'),
      as(max(col('r', 't')), 'last'),
      as(min(col('r', 't')), 'first'),
    ],
    from: subquery(events, 'r'),
    groupBy: keys,
  });
}

/** pair_own with its place by habit (often lately, then latest) and by recency. */
export function habitQuery(): Query {
  const by = [col('o', 'k0'), col('o', 'k1')];
  const lately = [desc(col('o', 'n2')), desc(col('o', 'last')), desc(col('o', 'n')), asc(col('o', 'item'))];
  return select({
    columns: [
      ...['k0', 'k1', 'item', 'n', 'n1', 'n2', 'days', 'last', 'first'].map((c) => col('o', c)),
      as(place(by, lately), 'habit'),
      as(place(by, [desc(col('o', 'last')), desc(col('o', 'n')), asc(col('o', 'item'))]), 'latest'),
    ],
    from: from('own', 'o'),
  });
}

/** k0, k1: how much in all. */
export const entityQuery = (): Query =>
  select({
    columns: [
      col('o', 'k0'),
      col('o', 'k1'),
      as(sum(col('o', 'n')), 'n'),
      as(sum(col('o', 'n1')), 'n1'),
      as(sum(col('o', 'n2')), 'n2'),
      as(countAll(), 'items'),
      as(max(col('o', 'last')), 'last'),
    ],
    from: from('own', 'o'),
    groupBy: [col('o', 'k0'), col('o', 'k1')],
  });

/** k1: entities active in each window. */
export const activeQuery = (): Query =>
  select({
    columns: [
      col('e', 'k1'),
      as(countAll({ filter: gt(col('e', 'n1'), 0) }), 'a1'),
      as(countAll({ filter: gt(col('e', 'n2'), 0) }), 'a2'),
    ],
    from: from('entity', 'e'),
    groupBy: [col('e', 'k1')],
  });

/** k1, item: takers in all and in the windows, those who came back, first and last time, and places by popularity. */
export function itemQuery(): Query {
  const totals = select({
    columns: [
      col('o', 'k1'),
      col('o', 'item'),
      as(countAll(), 'b'),
      as(countAll({ filter: gt(col('o', 'n1'), 0) }), 'b1'),
      as(countAll({ filter: gt(col('o', 'n2'), 0) }), 'b2'),
      as(countAll({ filter: gt(col('o', 'days'), 1) }), 'back'),
      as(max(col('o', 'last')), 'last'),
      as(min(col('o', 'first')), 'first'),
    ],
    from: from('own', 'o'),
    groupBy: [col('o', 'k1'), col('o', 'item')],
  });
  const popular = (...names: readonly string[]): Expr =>
    place([col('t', 'k1')], [...names.map((n) => desc(col('t', n))), asc(col('t', 'item'))]);
  return select({
    columns: [
      ...['k1', 'item', 'b', 'b1', 'b2', 'back', 'last', 'first'].map((c) => col('t', c)),
      as(popular('b1', 'b2', 'b'), 'p1'),
      as(popular('b2', 'b1', 'b'), 'p2'),
      as(popular('b', 'b2', 'b1'), 'p'),
    ],
    from: subquery(totals, 't'),
  });
}

/** item → its number, in the order of the items' texts. */
export function numberQuery(): Query {
  const items = select({ distinct: true, columns: [col('o', 'item')], from: from('own', 'o') });
  return select({
    columns: [col('i', 'item'), as(over('row_number', [], { orderBy: [asc(col('i', 'item'))] }), 'iid')],
    from: subquery(items, 'i'),
  });
}

/** k1, a, b, c: share of the takers of a that took b too, of the entities drawn; the strongest companions of each a. */
export function companionQuery(): Query {
  const drawn = select({
    columns: [
      col('e', 'k0'),
      col('e', 'k1'),
      as(place([col('e', 'k1')], [asc(call('hash31', col('v', 'id'))), asc(col('v', 'id'))]), 'drawn'),
    ],
    from: from('entity', 'e'),
    joins: [innerJoin(from('everyone', 'v'), same('v', 'e', ['k0', 'k1']))],
  });
  const basket = select({
    columns: [col('h', 'k0'), col('h', 'k1'), col('h', 'item')],
    from: from('habit', 'h'),
    joins: [
      innerJoin(subquery(drawn, 'd'), and(same('d', 'h', ['k0', 'k1']), le(col('d', 'drawn'), COUNTED))),
    ],
    where: le(col('h', 'latest'), LATEST),
  });
  const takers = select({
    columns: [col('x', 'k1'), col('x', 'item'), as(countAll(), 'n')],
    from: subquery(basket, 'x'),
    groupBy: [col('x', 'k1'), col('x', 'item')],
  });
  const both = select({
    columns: [col('x', 'k1'), as(col('x', 'item'), 'a'), as(col('y', 'item'), 'b'), as(countAll(), 'n')],
    from: subquery(basket, 'x'),
    joins: [
      innerJoin(
        subquery(basket, 'y'),
        and(same('x', 'y', ['k0', 'k1']), ne(col('x', 'item'), col('y', 'item'))),
      ),
    ],
    groupBy: [col('x', 'k1'), col('x', 'item'), col('y', 'item')],
  });
  const shares = select({
    columns: [
      col('w', 'k1'),
      col('w', 'a'),
      col('w', 'b'),
      as(share(col('w', 'n'), add(col('t', 'n'), SHRINK)), 'c'),
      as(place([col('w', 'k1'), col('w', 'a')], [desc(col('w', 'n')), asc(col('w', 'b'))]), 'place'),
    ],
    from: subquery(both, 'w'),
    joins: [
      innerJoin(
        subquery(takers, 't'),
        and(eq(col('t', 'k1'), col('w', 'k1')), eq(col('t', 'item'), col('w', 'a'))),
      ),
    ],
  });
  return select({
    columns: ['k1', 'a', 'b', 'c'].map((n) => col('s', n)),
    from: subquery(shares, 's'),
    where: le(col('s', 'place'), COMPANIONS),
  });
}

/** In whole millionths, so that sums do not depend on the order of the rows. */
export const MILLIONTHS = 1_000_000;
const share = (n: Expr, of: Expr): Expr => call('int_div', mul(n, MILLIONTHS), of);

/** sid, item, total, top: how strongly an item goes with the latest ones of the snapshot's entity. */
export const nextQuery = (): Query =>
  select({
    columns: [
      col('s', 'sid'),
      as(col('c', 'b'), 'item'),
      as(cast(sum(col('c', 'c')), 'bigint'), 'total'),
      as(max(col('c', 'c')), 'top'),
    ],
    from: table('snap', 's', FEATURE_SCHEMA),
    joins: [
      innerJoin(
        from('habit', 'h'),
        and(
          eq(col('h', 'k0'), col('s', 'erow')),
          eq(col('h', 'k1'), col('s', 'cutoff')),
          le(col('h', 'latest'), LATEST),
        ),
      ),
      innerJoin(
        from('companion', 'c'),
        and(eq(col('c', 'k1'), col('s', 'cutoff')), eq(col('c', 'a'), col('h', 'item'))),
      ),
    ],
    groupBy: [col('s', 'sid'), col('c', 'b')],
  });

/** k0, k1, g: the peer group of each entity; its parent must be known by the cutoff. */
export function groupQuery(plan: PairPlan, schema: Schema): Query {
  const peers = plan.peers!;
  const entity = plan.target.entityTable;
  const parent = peers.kind === 'parent' ? parentJoin(schema, peers) : [];
  const g = peers.kind === 'parent' ? cast(col('p', ID), 'text') : cast(col('x', peers.column), 'text');
  return select({
    columns: [col('v', 'k0'), col('v', 'k1'), as(g, 'g'), as(coalesce(col('e', 'n2'), 0), 'n2')],
    from: from('everyone', 'v'),
    joins: [
      innerJoin(table(entity, 'x', 'data'), eq(col('x', ROW), col('v', 'k0'))),
      leftJoin(from('entity', 'e'), same('e', 'v', ['k0', 'k1'])),
      ...parent,
    ],
    where: isNotNull(g),
  });
}

function parentJoin(schema: Schema, peers: Extract<PeerGroup, { kind: 'parent' }>) {
  const link = schema.links.find((l) => l.name === peers.link)!;
  return [
    innerJoin(
      table(peers.table, 'p', 'data'),
      and(eq(col('p', ROW), col('x', fkColumn(link))), le(col('p', KNOWN), col('v', 'k1'))),
    ),
  ];
}

/** k1, g: members active in the long window. */
export const groupSizeQuery = (): Query =>
  select({
    columns: [col('g', 'k1'), col('g', 'g'), as(countAll({ filter: gt(col('g', 'n2'), 0) }), 'a2')],
    from: from('group', 'g'),
    groupBy: [col('g', 'k1'), col('g', 'g')],
  });

/** k1, g, item: members that took it in the long window, and its place in the group. */
export function peerQuery(): Query {
  const counted = select({
    columns: [col('g', 'k1'), col('g', 'g'), col('o', 'item'), as(countAll(), 'b2')],
    from: from('group', 'g'),
    joins: [innerJoin(from('own', 'o'), and(same('o', 'g', ['k0', 'k1']), gt(col('o', 'n2'), 0)))],
    groupBy: [col('g', 'k1'), col('g', 'g'), col('o', 'item')],
  });
  return select({
    columns: [
      ...['k1', 'g', 'item', 'b2'].map((n) => col('c', n)),
      as(place([col('c', 'k1'), col('c', 'g')], [desc(col('c', 'b2')), asc(col('c', 'item'))]), 'place'),
    ],
    from: subquery(counted, 'c'),
  });
}

/** k0, k1, v, n: own rows by the item's value of one column, of items known at the cutoff. */
export const tasteQuery = (itemTable: string, column: string): Query =>
  select({
    columns: [
      col('o', 'k0'),
      col('o', 'k1'),
      as(cast(col('i', column), 'text'), 'v'),
      as(sum(col('o', 'n')), 'n'),
    ],
    from: from('own', 'o'),
    joins: [
      innerJoin(
        table(itemTable, 'i', 'data'),
        and(eq(col('i', ID), col('o', 'item')), le(col('i', KNOWN), col('o', 'k1'))),
      ),
    ],
    where: isNotNull(col('i', column)),
    groupBy: [col('o', 'k0'), col('o', 'k1'), cast(col('i', column), 'text')],
  });

export const same = (a: string, b: string, names: readonly string[]): Expr =>
  and(...names.map((n) => eq(col(a, n), col(b, n))));
