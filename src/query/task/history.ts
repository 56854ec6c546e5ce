/** From when to when the data can be believed: stray late and early rows do not stretch it. */

import type { Engine } from '../../data/engine/types.ts';
import { KNOWN, type Schema, TIME } from '../../data/schema/types.ts';
import {
  and,
  as,
  col,
  countAll,
  gt,
  isNotNull,
  lt,
  max,
  min,
  minusInfinity,
  select,
  truncDay,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr } from '../../data/sql/tree.ts';
import { LeadlightError } from '../../errors.ts';
import type { CheckedQuery, Predicate, Target } from '../pql/ast.ts';
import { findColumn, isChangeOf, labelMoment, momentOf } from './as-of.ts';
import { DAY_MS, printMoment } from './calendar.ts';
import { dataTable, findTable } from './scope.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Clock {
  readonly table: string;
  readonly time: Expr;
  /** Rows that count; default all. */
  readonly where?: Expr;
}

/** The times a target's labels are counted by. */
function targetClocks(schema: Schema, target: Target | Predicate): readonly Clock[] {
  switch (target.kind) {
    case 'aggregate':
      return [{ table: target.source.table, time: labelMoment(findTable(schema, target.source.table), 't') }];
    case 'column':
      return [];
    case 'comparison':
      return targetClocks(schema, target.left);
    case 'not':
      return targetClocks(schema, target.operand);
    case 'becomes':
      return historyClocks(
        schema,
        target.condition.left.kind === 'column' ? target.condition.left : undefined,
      );
    default:
      return [...targetClocks(schema, target.left), ...targetClocks(schema, target.right)];
  }
}

function historyClocks(schema: Schema, ref: { table: string; column: string } | undefined): readonly Clock[] {
  if (!ref) return [];
  const t = findTable(schema, ref.table);
  const history = findColumn(t, ref.column)?.history;
  if (!history) return [];
  if (history.kind === 'table') {
    const changes = findTable(schema, history.table);
    return [
      {
        table: changes.name,
        time: momentOf(changes, 't', history.time),
        where: isChangeOf(history, 't'),
      },
    ];
  }
  const columns = history.kind === 'changedAt' ? [history.column] : Object.values(history.times);
  return [...new Set(columns)].map((c) => ({ table: t.name, time: momentOf(t, 't', c) }));
}

/**
 * `limit`: nothing later is believed (now, or the last credible time that loading found). `testAt`: the first test
 * cutoff for an end of history; later rows have no say in where training begins.
 */
export async function credibleSpan(
  engine: Engine,
  schema: Schema,
  checked: CheckedQuery,
  limit: number,
  testAt: (to: number) => number,
): Promise<Span & { readonly warnings: readonly string[] }> {
  const dated = schema.tables.filter((t) => t.time !== undefined);
  const ends = await Promise.all(
    dated.map((t) => edges(engine, { table: t.name, time: col('t', TIME) }, limit)),
  );
  const targets = await Promise.all(targetClocks(schema, checked.target).map((c) => edges(engine, c, limit)));
  const seen = targets.filter((e) => e !== undefined);
  if (seen.length === 0)
    throw new LeadlightError('TASK_EMPTY', {
      problem: `No row of the target has a time up to ${printMoment(limit)}, so no label can be dated`,
      remedy:
        'Ask for a later moment, or check the time and labelTime of the target table in leadlight.yaml.',
    });
  const all = [...ends, ...seen].filter((e) => e !== undefined);
  const end = staleness(seen, Math.max(...all.map((e) => e.to)));
  const until = testAt(end.to);
  return { ...end, from: Math.min(...seen.map((e) => begin(e.days, until))) };
}

interface Day {
  readonly n: number;
  readonly first: number;
  readonly last: number;
}

interface Edges extends Span {
  readonly rows: number;
  readonly days: readonly Day[];
}

/** A target table that stops well before the others was probably exported earlier: then it sets the end. */
function staleness(targets: readonly Edges[], to: number): { to: number; warnings: readonly string[] } {
  const end = Math.max(...targets.map((e) => e.to));
  const rate = targets.reduce((n, e) => n + e.rows / Math.max(e.to - e.from, DAY_MS), 0);
  const span = end - Math.min(...targets.map((e) => e.from));
  if (rate * (to - end) < 20 || to - end < Math.max(3 * DAY_MS, 0.03 * span)) return { to, warnings: [] };
  const days = Math.round((to - end) / DAY_MS);
  const text = `Rows of the target stop ${days} days before the other tables, where about ${Math.round(rate * (to - end))} more were to be expected: labels count as complete only up to then.`;
  return { to: end, warnings: [text] };
}

const ms = (v: unknown): number => (v instanceof Date ? v.getTime() : Number.NaN);

/** The first time, after the earliest 0.5 % of the rows up to `until`. */
function begin(days: readonly Day[], until: number): number {
  const early = days.filter((d) => d.first <= until);
  const rows = early.reduce((sum, d) => sum + d.n, 0);
  return (early[reach(early, rows * 0.005)] ?? days[0]!).first;
}

/** First and last time, without an isolated late tail of under 0.1 % of the rows. */
async function edges(engine: Engine, clock: Clock, limit: number): Promise<Edges | undefined> {
  const query = select({
    columns: [as(countAll(), 'n'), as(min(clock.time), 'first'), as(max(clock.time), 'last')],
    from: dataTable(clock.table, 't'),
    where: and(
      isNotNull(clock.time),
      lt(clock.time, ts(limit + 1)),
      gt(clock.time, minusInfinity),
      lt(col('t', KNOWN), ts(limit + 1)),
      clock.where ?? and(),
    ),
    groupBy: [truncDay(clock.time)],
  });
  const found = await engine.rows(toSql(query, engine.dialect));
  const days = found
    .map((r) => ({ n: Number(r.n), first: ms(r.first), last: ms(r.last) }))
    .sort((a, b) => a.first - b.first);
  const rows = days.reduce((sum, d) => sum + d.n, 0);
  if (rows === 0) return undefined;
  const from = begin(days, limit);
  const bulk = [...days].reverse()[reach([...days].reverse(), rows * 0.001)]!.last;
  const newest = days.at(-1)!.last;
  const isolated = newest - bulk > Math.max(30 * DAY_MS, (bulk - days[0]!.first) / 10);
  // Engine times have microseconds: a moment at a day's end is rounded up to the next midnight.
  return { rows, days, from, to: (isolated ? bulk : newest) + 1 };
}

/** Place of the day by which more than `many` rows are passed. */
function reach(days: readonly Day[], many: number): number {
  let seen = 0;
  return days.findIndex((d) => {
    seen += d.n;
    return seen > many;
  });
}
