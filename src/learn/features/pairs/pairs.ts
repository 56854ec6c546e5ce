/**
 * Candidates and features of (entity, item) pairs. Candidates: own habits, the popular, what goes with the latest own
 * ones, and the peers' (multilabel: the frequent items). Familiar items and the rest in one list, as in ContextGNN
 * (Yuan et al. 2024), with a tree learner over both.
 */
import type { Engine } from '../../../data/engine/types.ts';
import { ID, KNOWN, type Schema } from '../../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  caseWhen,
  cast,
  coalesce,
  col,
  desc,
  diffDays,
  div,
  eq,
  ge,
  gt,
  innerJoin,
  le,
  leftJoin,
  lt,
  or,
  over,
  select,
  sub,
  subquery,
  table,
  unionAll,
} from '../../../data/sql/build.ts';
import { toSql } from '../../../data/sql/print.ts';
import type { Expr, Join, Query } from '../../../data/sql/tree.ts';
import { everyoneQuery, pastItemsQuery } from '../../../query/task/past-items.ts';
import { uploadRows } from '../../../query/task/upload.ts';
import type { RunControl } from '../../../util/progress.ts';
import { FEATURE_SCHEMA } from '../event-sql.ts';
import { createFeatureTable } from '../prepare.ts';
import type { FeatureMatrix } from '../types.ts';
import * as habits from './habits-sql.ts';
import { from, MILLIONTHS, pairTable, same } from './habits-sql.ts';
import type { PairPlan } from './plan.ts';

const OWN = 60;
const POPULAR = 60;
const PEERS = 30;
const NEXT = 30;
/** Items of a multilabel task. */
export const FREQUENT = 100;

const SNAP = { schema: FEATURE_SCHEMA, name: 'snap' };

/** Builds the tables of habits for the cutoffs of `feat.snap`. Returns the items, number − 1 indexing them. */
export async function createHabits(
  engine: Engine,
  schema: Schema,
  plan: PairPlan,
  control: RunControl = {},
): Promise<readonly string[]> {
  const { target } = plan;
  const everyone = { schema: FEATURE_SCHEMA, name: pairTable('everyone') };
  const stages: readonly (readonly [string, () => Query])[] = [
    ['everyone', () => everyoneQuery(target.entityTable, SNAP)],
    ['own', () => habits.ownQuery(plan, pastItemsQuery(schema, target, everyone))],
    ['habit', habits.habitQuery],
    ['entity', habits.entityQuery],
    ['active', habits.activeQuery],
    ['item', habits.itemQuery],
    ['number', habits.numberQuery],
    ['companion', habits.companionQuery],
    ['next', habits.nextQuery],
    ...(plan.peers
      ? ([
          ['group', () => habits.groupQuery(plan, schema)],
          ['size', habits.groupSizeQuery],
          ['peer', habits.peerQuery],
        ] as const)
      : []),
    ...plan.tastes.map((c, k) => [`taste${k}`, () => habits.tasteQuery(target.itemTable!, c)] as const),
    ['candidate', () => candidateQuery(plan)],
  ];
  for (const [done, [name, query]] of stages.entries()) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: `pairs: ${name}`, done, total: stages.length, unit: 'tables' });
    await createFeatureTable(engine, pairTable(name), query());
  }
  const ordered = select({
    columns: [col('i', 'item')],
    from: from('number', 'i'),
    orderBy: [asc(col('i', 'iid'))],
  });
  const { columns } = await engine.columns(toSql(ordered, engine.dialect));
  return Array.from(columns[0]?.values ?? [], String);
}

/** sid, item. */
function candidateQuery(plan: PairPlan): Query {
  const snap = table('snap', 's', FEATURE_SCHEMA);
  const columns = [col('s', 'sid'), col('x', 'item')];
  const taken = (where: Expr): Query =>
    select({
      columns,
      from: snap,
      joins: [innerJoin(from('item', 'x'), eq(col('x', 'k1'), col('s', 'cutoff')))],
      where,
    });
  if (plan.frequent) return taken(le(col('x', 'p'), FREQUENT));
  const own = select({
    columns,
    from: snap,
    joins: [innerJoin(from('habit', 'x'), ofEntity('x', 's'))],
    where: le(col('x', 'habit'), OWN),
  });
  const strongest = over('row_number', [], {
    partitionBy: [col('n', 'sid')],
    orderBy: [desc(col('n', 'total')), asc(col('n', 'item'))],
  });
  const next = select({
    columns: [col('x', 'sid'), col('x', 'item')],
    from: subquery(
      select({
        columns: [col('n', 'sid'), col('n', 'item'), as(strongest, 'place')],
        from: from('next', 'n'),
      }),
      'x',
    ),
    where: le(col('x', 'place'), NEXT),
  });
  const peers = select({
    columns,
    from: snap,
    joins: [
      innerJoin(from('group', 'g'), ofEntity('g', 's')),
      innerJoin(from('peer', 'x'), and(same('x', 'g', ['k1', 'g']), le(col('x', 'place'), PEERS))),
    ],
  });
  const all = unionAll(
    own,
    taken(or(le(col('x', 'p1'), POPULAR), le(col('x', 'p2'), POPULAR))),
    next,
    ...(plan.peers ? [peers] : []),
  );
  return select({ distinct: true, columns: [col('u', 'sid'), col('u', 'item')], from: subquery(all, 'u') });
}

const ofEntity = (x: string, s: string): Expr =>
  and(eq(col(x, 'k0'), col(s, 'erow')), eq(col(x, 'k1'), col(s, 'cutoff')));

export interface Pairs {
  readonly sid: Int32Array;
  /** Index of the item. */
  readonly item: Int32Array;
}

/** Candidates of the snapshots first ≤ sid < end, by sid, then item. */
export async function readCandidates(engine: Engine, first: number, end: number): Promise<Pairs> {
  const query = select({
    columns: [as(cast(col('c', 'sid'), 'double'), 'sid'), as(cast(col('n', 'iid'), 'double'), 'iid')],
    from: from('candidate', 'c'),
    joins: [innerJoin(from('number', 'n'), eq(col('n', 'item'), col('c', 'item')))],
    where: and(ge(col('c', 'sid'), first), lt(col('c', 'sid'), end)),
    orderBy: [asc(col('c', 'sid')), asc(col('n', 'iid'))],
  });
  const { columns } = await engine.columns(toSql(query, engine.dialect));
  const [sid, iid] = columns.map((c) => Array.from(c.values, Number));
  return { sid: Int32Array.from(sid ?? []), item: Int32Array.from(iid ?? [], (n) => n - 1) };
}

/** `plan.columns` of these pairs, in their order. */
export async function computePairs(engine: Engine, plan: PairPlan, pairs: Pairs): Promise<FeatureMatrix> {
  const rows = pairs.sid.length;
  const { columns } = plan;
  if (rows === 0) return { rows, columns, data: columns.map(() => new Float32Array(0)) };
  await uploadRows(engine, 'pair_pick', rows, [
    { name: 'pid', type: 'bigint', cell: String },
    { name: 'sid', type: 'bigint', cell: (i) => String(pairs.sid[i]) },
    { name: 'iid', type: 'bigint', cell: (i) => String(pairs.item[i]! + 1) },
  ]);
  const data = await engine.float32(toSql(pairQuery(plan), engine.dialect), rows, columns.length);
  return { rows, columns, data };
}

const since = (at: Expr): Expr => diffDays(col('s', 'cutoff'), at);
const count = (name: string): Expr => coalesce(col('o', name), 0);

/** In the order of the plan's columns. */
function pairQuery(plan: PairPlan): Query {
  const gaps = div(diffDays(col('o', 'last'), col('o', 'first')), sub(col('o', 'days'), 1));
  const rate1 = div(col('i', 'b1'), col('a', 'a1'));
  const rate2 = div(col('i', 'b2'), col('a', 'a2'));
  const cells: readonly Expr[] = [
    count('n'),
    count('n1'),
    count('n2'),
    count('days'),
    since(col('o', 'last')),
    since(col('o', 'first')),
    div(since(col('o', 'last')), gaps),
    div(count('n'), col('e', 'n')),
    col('o', 'habit'),
    rate1,
    rate2,
    div(rate1, rate2),
    div(col('i', 'back'), col('i', 'b')),
    since(col('i', 'first')),
    since(col('i', 'last')),
    div(coalesce(col('x', 'total'), 0), MILLIONTHS),
    div(coalesce(col('x', 'top'), 0), MILLIONTHS),
    coalesce(col('e', 'n'), 0),
    coalesce(col('e', 'n1'), 0),
    coalesce(col('e', 'items'), 0),
    since(col('e', 'last')),
    ...(plan.peers ? [peerRate()] : []),
    ...plan.tastes.map((_, k) => div(coalesce(col(`t${k}`, 'n'), 0), col('e', 'n'))),
  ];
  return select({
    columns: cells.map((c, k) => as(cast(c, 'float'), `f${k}`)),
    from: table('pair_pick', 'p', 'task'),
    joins: [
      innerJoin(table('snap', 's', FEATURE_SCHEMA), eq(col('s', 'sid'), col('p', 'sid'))),
      innerJoin(from('number', 'n'), eq(col('n', 'iid'), col('p', 'iid'))),
      leftJoin(from('active', 'a'), eq(col('a', 'k1'), col('s', 'cutoff'))),
      leftJoin(from('entity', 'e'), ofEntity('e', 's')),
      leftJoin(from('habit', 'o'), and(ofEntity('o', 's'), eq(col('o', 'item'), col('n', 'item')))),
      leftJoin(
        from('item', 'i'),
        and(eq(col('i', 'k1'), col('s', 'cutoff')), eq(col('i', 'item'), col('n', 'item'))),
      ),
      leftJoin(
        from('next', 'x'),
        and(eq(col('x', 'sid'), col('p', 'sid')), eq(col('x', 'item'), col('n', 'item'))),
      ),
      ...(plan.peers ? peerJoins() : []),
      ...tasteJoins(plan),
    ],
    orderBy: [asc(col('p', 'pid'))],
  });
}

/** Of the other active members of the group. */
function peerRate(): Expr {
  const self = caseWhen([[gt(count('n2'), 0), 1]], 0);
  const active = caseWhen([[gt(coalesce(col('e', 'n2'), 0), 0), 1]], 0);
  return div(sub(coalesce(col('q', 'b2'), 0), self), sub(col('z', 'a2'), active));
}

const peerJoins = (): readonly Join[] => [
  leftJoin(from('group', 'g'), ofEntity('g', 's')),
  leftJoin(from('size', 'z'), same('z', 'g', ['k1', 'g'])),
  leftJoin(from('peer', 'q'), and(same('q', 'g', ['k1', 'g']), eq(col('q', 'item'), col('n', 'item')))),
];

const tasteJoins = (plan: PairPlan): readonly Join[] =>
  plan.tastes.length === 0
    ? []
    : [
        leftJoin(
          table(plan.target.itemTable!, 'y', 'data'),
          and(eq(col('y', ID), col('n', 'item')), le(col('y', KNOWN), col('s', 'cutoff'))),
        ),
        ...plan.tastes.map((c, k) =>
          leftJoin(
            from(`taste${k}`, `t${k}`),
            and(ofEntity(`t${k}`, 's'), eq(col(`t${k}`, 'v'), cast(col('y', c), 'text'))),
          ),
        ),
      ];
