/**
 * Aggregations as SQL: one CTE per aggregation, grouped by the keys of the scope it stands in.
 *
 * A window that ends at or before the cutoff looks at event times of rows known at the cutoff; any other is label side
 * and looks at label times. Empty cells are dropped first; COUNT and SUM of nothing are 0, the rest is undefined.
 */
import { KNOWN, ROW, type StorageType, TIME } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  asc,
  boolOr,
  call,
  cast,
  coalesce,
  col,
  count,
  countAll,
  countDistinct,
  desc,
  div,
  eq,
  ge,
  gt,
  innerJoin,
  isNotNull,
  isNull,
  le,
  lit,
  max,
  min,
  not,
  or,
  over,
  select,
  subquery,
  sum,
  table,
  tryCast,
  ts,
} from '../../data/sql/build.ts';
import type { Expr, IntervalUnit, Query } from '../../data/sql/tree.ts';
import type { Aggregate, CompareOp, Literal, TimeUnit, Window } from '../pql/ast.ts';
import { findColumn, labelMoment, readColumn } from './as-of.ts';
import { unitDays } from './calendar.ts';
import {
  addCte,
  type Compiler,
  DEFINED,
  dataTable,
  findTable,
  frameOf,
  joinByKeys,
  type Key,
  type Scope,
  type Undefined,
  type Verdict,
  walkDown,
} from './scope.ts';

export const SQL_UNITS: Readonly<Record<TimeUnit, IntervalUnit>> = {
  seconds: 'second',
  minutes: 'minute',
  hours: 'hour',
  days: 'day',
  weeks: 'week',
  months: 'month',
};

/** Beyond this an offset means "ever": it would leave the calendar. */
const EVER_DAYS = 300_000;

/** at + start < time ≤ at + end. */
export function inWindow(time: Expr, at: Expr, w: Window): Expr {
  const unit = SQL_UNITS[w.unit];
  const bounded = (n: number | null): n is number => n !== null && Math.abs(unitDays(n, w.unit)) < EVER_DAYS;
  const bounds: Expr[] = [isNotNull(time)];
  if (bounded(w.start)) bounds.push(gt(time, addInterval(at, w.start, unit)));
  if (bounded(w.end)) bounds.push(le(time, addInterval(at, w.end, unit)));
  return and(...bounds);
}

export interface Aggregated {
  readonly value: Expr;
  readonly type: StorageType;
  readonly undefinedIf: Undefined;
}

/** Rows of the aggregated table for each context row: a scope whose keys are the context's and the row. */
function rowsOf(compiler: Compiler, agg: Aggregate, outer: Scope): Scope {
  const t = findTable(compiler.schema, agg.source.table);
  const past = agg.window !== undefined && agg.window.end <= 0;
  const frame = frameOf(compiler, outer);
  const at = outer.at ? col('f', 'at') : undefined;
  const walk = walkDown(compiler, agg.path ?? [], outer.table, at, past ? 'past' : 'label');
  const conditions: Expr[] = [];
  if (agg.window && at)
    conditions.push(inWindow(past ? col('s', TIME) : labelMoment(t, 's'), at, agg.window));
  if (past && at) conditions.push(le(col('s', KNOWN), at));
  if (!past && at && compiler.judged !== undefined) conditions.push(knownInTime(at, compiler.judged));
  const keys: Key[] = outer.keys.map((k) => ({ name: k.name, expr: col('f', k.name) }));
  const inner: Scope = {
    table: t,
    alias: 's',
    keys: [...keys, { name: `k${keys.length}`, expr: col('s', ROW) }],
    at,
    side: past ? 'past' : 'label',
    joins: [],
    base: { from: table(frame, 'f'), joins: walk.joins, where: and(...conditions) },
  };
  return walk.fansIn ? distinctRows(compiler, inner) : inner;
}

/** A row that came in later (a late import, say) was no outcome yet when models were fitted. */
const knownInTime = (at: Expr, judged: number): Expr =>
  or(ge(at, ts(judged)), le(col('s', KNOWN), ts(judged)));

function distinctRows(compiler: Compiler, scope: Scope): Scope {
  const own = scope.keys.at(-1)!;
  const rows = addCte(
    compiler,
    'reached',
    select({
      distinct: true,
      columns: [...scope.keys.map((k) => as(k.expr, k.name)), ...(scope.at ? [as(scope.at, 'at')] : [])],
      from: scope.base.from,
      joins: scope.base.joins,
      where: scope.base.where,
    }),
  );
  return {
    ...scope,
    keys: scope.keys.map((k) => ({ name: k.name, expr: col('f', k.name) })),
    joins: [],
    base: {
      from: table(rows, 'f'),
      joins: [innerJoin(dataTable(scope.table.name, 's'), eq(col('s', ROW), col('f', own.name)))],
      where: and(),
    },
  };
}

/** The filtered rows with the value to aggregate: columns of the outer keys, `v`, `t` (time), `id`. */
export function filteredRows(compiler: Compiler, agg: Aggregate, outer: Scope): [Query, StorageType] {
  const scope = rowsOf(compiler, agg, outer);
  const verdict = agg.where ? compiler.predicate(agg.where, scope) : undefined;
  const whole = agg.source.column === '*';
  const value = whole ? lit(1) : readColumn(compiler, scope, 's', scope.table, agg.source.column);
  const keep = verdict ? [verdict.value, ...defined(verdict.undefinedIf)] : [];
  const query = select({
    columns: [
      ...scope.keys.slice(0, -1).map((k) => as(k.expr, k.name)),
      as(value, 'v'),
      as(scope.side === 'past' ? col('s', TIME) : labelMoment(scope.table, 's'), 't'),
    ],
    from: scope.base.from,
    joins: [...scope.base.joins, ...scope.joins],
    where: and(scope.base.where, ...keep),
  });
  const type = whole ? 'integer' : (findColumn(scope.table, agg.source.column)?.type ?? 'text');
  return [query, type];
}

const defined = (u: Undefined): Expr[] => [...u.empty, ...u.held].map((e) => not(e));

export function aggregate(compiler: Compiler, agg: Aggregate, scope: Scope): Aggregated {
  const [rows, type] = filteredRows(compiler, agg, scope);
  const grouped = agg.fn === 'FIRST' || agg.fn === 'LAST' ? firstOrLast(rows, scope, agg.fn) : rows;
  const name = addCte(compiler, 'agg', {
    kind: 'select',
    columns: [
      ...scope.keys.map((k) => as(col('r', k.name), k.name)),
      as(total(agg, col('r', 'v'), type, decimalsOf(compiler, agg)), 'v'),
    ],
    from: subquery(grouped, 'r'),
    groupBy: scope.keys.map((k) => col('r', k.name)),
  });
  const value = col(joinByKeys(scope, name), 'v');
  if (agg.fn === 'COUNT' || agg.fn === 'SUM')
    return { value: coalesce(value, 0), type: 'number', undefinedIf: DEFINED };
  const numeric = agg.fn === 'AVG' || agg.fn === 'COUNT_DISTINCT';
  return { value, type: numeric ? 'number' : type, undefinedIf: { empty: [isNull(value)], held: [] } };
}

function decimalsOf(compiler: Compiler, agg: Aggregate): number | undefined {
  const column = findColumn(findTable(compiler.schema, agg.source.table), agg.source.column);
  return column?.type === 'number' ? column.decimals : 0;
}

function total(agg: Aggregate, v: Expr, type: StorageType, decimals: number | undefined): Expr {
  switch (agg.fn) {
    case 'COUNT':
      return agg.source.column === '*' ? countAll() : count(v);
    case 'COUNT_DISTINCT':
    case 'LIST_DISTINCT':
      return call('nullif', countDistinct(v), 0);
    case 'SUM':
      return exactSum(v, type, decimals);
    case 'AVG':
      return div(exactSum(v, type, decimals), count(v));
    case 'MIN':
      return min(v);
    default:
      return max(v);
  }
}

/** Decimal, so that the sum does not depend on the order of the rows; plain where the scale is not known. */
function exactSum(v: Expr, type: StorageType, decimals: number | undefined): Expr {
  const number = type === 'boolean' ? cast(v, 'bigint') : v;
  const scaled = decimals === undefined ? cast(number, 'double') : tryCast(number, `decimal(38,${decimals})`);
  return cast(sum(scaled), 'double');
}

/** By time; at the same moment FIRST takes the least and LAST the greatest value. */
function firstOrLast(rows: Query, scope: Scope, fn: 'FIRST' | 'LAST'): Query {
  const keys = scope.keys.map((k) => col('o', k.name));
  const by = fn === 'FIRST' ? asc : desc;
  const ranked = select({
    columns: [
      ...keys,
      col('o', 'v'),
      as(
        over('row_number', [], { partitionBy: keys, orderBy: [by(col('o', 't')), by(col('o', 'v'))] }),
        'place',
      ),
    ],
    from: subquery(rows, 'o'),
    where: isNotNull(col('o', 'v')),
  });
  return select({
    columns: [...scope.keys.map((k) => col('p', k.name)), col('p', 'v')],
    from: subquery(ranked, 'p'),
    where: eq(col('p', 'place'), 1),
  });
}

export function compareAggregate(
  compiler: Compiler,
  agg: Aggregate,
  op: CompareOp,
  right: Literal,
  scope: Scope,
): Verdict {
  if (agg.fn === 'LIST_DISTINCT') return listContains(compiler, agg, op, right, scope);
  const { value, type, undefinedIf } = aggregate(compiler, agg, scope);
  return { value: compiler.test(value, type, op, right), undefinedIf };
}

/** Membership in the list of distinct values; undefined when the list is empty. */
function listContains(
  compiler: Compiler,
  agg: Aggregate,
  op: CompareOp,
  right: Literal,
  scope: Scope,
): Verdict {
  const [rows, type] = filteredRows(compiler, agg, scope);
  const column = findColumn(findTable(compiler.schema, agg.source.table), agg.source.column);
  const v = col('r', 'v');
  const member = column?.separator ? padded(v, column.separator, right) : compiler.test(v, type, '=', right);
  const name = addCte(compiler, 'list', {
    kind: 'select',
    columns: [...scope.keys.map((k) => as(col('r', k.name), k.name)), as(boolOr(member), 'v')],
    from: subquery(rows, 'r'),
    where: isNotNull(v),
    groupBy: scope.keys.map((k) => col('r', k.name)),
  });
  const found = col(joinByKeys(scope, name), 'v');
  const holds = coalesce(found, false);
  return {
    value: op === 'NOT CONTAINS' ? not(holds) : holds,
    undefinedIf: { empty: [isNull(found)], held: [] },
  };
}

function padded(cell: Expr, separator: string, right: Literal): Expr {
  const item = right.kind === 'string' ? right.value : '';
  const tight = call('replace', cell, `${separator} `, separator);
  return call('contains', call('concat', separator, tight, separator), separator + item + separator);
}

/** Distinct values per context row, for rankings: a query of the scope's keys and `item`. */
export function listItems(compiler: Compiler, agg: Aggregate, scope: Scope): Query {
  const [rows] = filteredRows(compiler, agg, scope);
  return select({
    distinct: true,
    columns: [
      ...scope.keys.map((k) => as(col('r', k.name), k.name)),
      as(cast(col('r', 'v'), 'text'), 'item'),
    ],
    from: subquery(rows, 'r'),
    where: isNotNull(col('r', 'v')),
  });
}

export const shiftWindow = (agg: Aggregate, step: number): Aggregate =>
  agg.window === undefined
    ? agg
    : {
        ...agg,
        window: {
          ...agg.window,
          start: (agg.window.start ?? 0) + step * agg.window.end,
          end: agg.window.end * (step + 1),
        },
      };
