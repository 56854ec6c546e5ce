/**
 * The target itself over windows that lie before the cutoff: what its label would have been at earlier cutoffs, from
 * rows known by now. A window counts where history reaches back to its start and the entity existed then; elsewhere
 * the value is null.
 */
import { KNOWN, ROW, type Schema, TIME } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  asc,
  caseWhen,
  cast,
  coalesce,
  col,
  eq,
  ge,
  innerJoin,
  le,
  leftJoin,
  min,
  minusInfinity,
  select,
  subquery,
  table,
  truncDay,
} from '../../data/sql/build.ts';
import type { Expr, Query, TableName } from '../../data/sql/tree.ts';
import type { Aggregate, CheckedQuery, Window } from '../pql/ast.ts';
import { aggregate, SQL_UNITS } from './aggregate-sql.ts';
import { createCompiler } from './predicate-sql.ts';
import { addCte, dataTable, findTable, type Scope, scopeSelect } from './scope.ts';

/** A temporal target with a number per entity, and how many steps ahead it is asked for. */
export interface PastTarget {
  readonly aggregate: Aggregate;
  readonly window: Window;
  readonly steps: number;
}

/** Undefined where the target has no value over a window of the past. */
export function pastTargetOf(checked: CheckedQuery | undefined): PastTarget | undefined {
  if (checked?.taskType !== 'regression' && checked?.taskType !== 'forecast') return undefined;
  const { target } = checked;
  if (target.kind !== 'aggregate' || target.window === undefined) return undefined;
  const steps = checked.hint?.kind === 'forecast' ? checked.hint.steps : 1;
  return { aggregate: target, window: target.window, steps };
}

/** Offsets from the cutoff in the target's unit; `end` is at most 0. */
export interface PastWindow {
  readonly start: number;
  readonly end: number;
}

/** The windows of the labels 1, 2, … `count` steps back. */
export const lagWindows = ({ window }: PastTarget, count: number): readonly PastWindow[] =>
  Array.from({ length: count }, (_, k) => shifted(window, -(k + 1) * window.end));

const shifted = (window: Window, by: number): PastWindow => ({
  start: (window.start ?? 0) + by,
  end: window.end + by,
});

/** For every step ahead the same season before: a week for days and hours, else a year, as often as needed. */
export function seasonWindows({ window, steps }: PastTarget): readonly PastWindow[] {
  const season = seasonLength(window);
  return Array.from({ length: steps }, (_, step) => {
    const ahead = shifted(window, step * window.end);
    const back = Math.ceil(ahead.end / season) * season;
    return { start: ahead.start - back, end: ahead.end - back };
  });
}

const YEAR = { seconds: 31_536_000, minutes: 525_600, hours: 8760, days: 365, weeks: 52, months: 12 };
const WEEK = { seconds: 604_800, minutes: 10_080, hours: 168, days: 7, weeks: 52, months: 12 };

/** In the window's unit. Whole weeks are set against whole weeks, so that weekdays match. */
export function seasonLength({ end, unit }: Window): number {
  if (end < WEEK[unit] && unit !== 'weeks' && unit !== 'months') return WEEK[unit];
  return unit === 'days' && end % 7 === 0 ? 364 : YEAR[unit];
}

const FIRST = 'first';

/** Columns f0, f1, … (float): the target over each window, for the rows of `frame` (sid, erow, cutoff), by sid. */
export function pastTargetQuery(
  schema: Schema,
  entityTable: string,
  target: PastTarget,
  windows: readonly PastWindow[],
  frame: Required<TableName>,
): Query {
  const compiler = createCompiler(schema);
  const at = col('c', 'cutoff');
  const scope: Scope = {
    table: findTable(schema, entityTable),
    alias: 'e',
    keys: [{ name: 'k0', expr: col('c', 'sid') }],
    at,
    side: 'past',
    joins: [],
    base: {
      from: table(frame.name, 'c', frame.schema),
      joins: [innerJoin(dataTable(entityTable, 'e'), eq(col('e', ROW), col('c', 'erow')))],
      where: and(),
    },
  };
  const first = addCte(compiler, FIRST, firstRows(target.aggregate.source.table, frame));
  scope.joins.push(leftJoin(table(first), eq(col(first, 'at'), at)));
  const { unit } = target.window;
  const cells = windows.map((w, k) => {
    const { value } = aggregate(compiler, { ...target.aggregate, window: { ...w, unit } }, scope);
    const from = addInterval(at, w.start, SQL_UNITS[unit]);
    return { name: `f${k}`, expr: caseWhen([[observed(from, first), cast(value, 'double')]]) };
  });
  const rows = scopeSelect(scope, [...scope.keys, ...cells]);
  return select({
    columns: cells.map((c) => as(cast(col('r', c.name), 'float'), c.name)),
    from: subquery(rows.kind === 'select' ? { ...rows, with: compiler.ctes } : rows, 'r'),
    orderBy: [asc(col('r', 'k0'))],
  });
}

const observed = (from: Expr, first: string): Expr =>
  and(ge(from, truncDay(col(first, 'since'))), le(coalesce(col('e', TIME), minusInfinity), from));

/** The earliest row of the target's table that is known at each cutoff. */
function firstRows(source: string, frame: Required<TableName>): Query {
  const cutoffs = select({
    distinct: true,
    columns: [col('c', 'cutoff')],
    from: table(frame.name, 'c', frame.schema),
  });
  return select({
    columns: [as(col('d', 'cutoff'), 'at'), as(min(col('s', TIME)), 'since')],
    from: subquery(cutoffs, 'd'),
    joins: [innerJoin(dataTable(source, 's'), le(col('s', KNOWN), col('d', 'cutoff')))],
    groupBy: [col('d', 'cutoff')],
  });
}
