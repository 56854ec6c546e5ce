/**
 * Cells as of the cutoff. A column with a dated history is read from it: the last value of a history table by then, or
 * its own value from the time on that dates it. A date without a clock counts from its day's end. Of several changes at
 * one moment the one with the highest key counts (shorter keys are lower), so that the order of rows does not matter.
 */
import type { Column, Schema, Table } from '../../data/schema/types.ts';
import { fkColumn, ID, KNOWN } from '../../data/schema/types.ts';
import {
  and,
  as,
  call,
  caseWhen,
  cast,
  col,
  eq,
  innerJoin,
  le,
  leftJoin,
  maxBy,
  or,
  select,
  subquery,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Join } from '../../data/sql/tree.ts';
import { changedValue, isChangeOf, momentOf } from '../../query/task/as-of.ts';
import { FEATURE_SCHEMA } from './event-sql.ts';
import { tableOf } from './paths.ts';

const historyAlias = (alias: string, column: string): string => `${alias}@${column}`;

/** The value of the cell of row `alias`, null before it is known. Needs `historyJoin` for a history table. */
export function cellAsOf(t: Table, column: Column, alias: string, cutoff: Expr): Expr {
  const raw = col(alias, column.name);
  const { history } = column;
  if (column.trusted || history === undefined) return raw;
  if (history.kind === 'table') return col(historyAlias(alias, column.name), 'v');
  if (history.kind === 'changedAt') return caseWhen([[le(momentOf(t, alias, history.column), cutoff), raw]]);
  return caseWhen([[reached(t, column, history.times, alias, cutoff), raw]]);
}

/** Whether the present value is one that a time of the row dates, and that time is past. */
function reached(
  t: Table,
  column: Column,
  times: Readonly<Record<string, string>>,
  alias: string,
  cutoff: Expr,
): Expr {
  const text = cast(col(alias, column.name), 'text');
  return or(
    ...Object.entries(times).map(([value, at]) => and(eq(text, value), le(momentOf(t, alias, at), cutoff))),
  );
}

/** Whether the cell of row `alias` holds what it held at the cutoff: never surely so with a history table. */
export function isKnown(t: Table, column: Column, alias: string, cutoff: Expr): Expr {
  const { history } = column;
  if (column.trusted || history === undefined || history.kind === 'table') return and();
  if (history.kind === 'changedAt') return le(momentOf(t, alias, history.column), cutoff);
  return reached(t, column, history.times, alias, cutoff);
}

/** Joins the value as of the cutoff to snapshot alias `s`; `map` has sid, g (row in the column's table) and cutoff. */
export function historyJoin(schema: Schema, column: Column, alias: string, map: string): readonly Join[] {
  const { history } = column;
  if (column.trusted || history?.kind !== 'table') return [];
  const changes = tableOf(schema, history.table);
  const link = schema.links.find((l) => l.name === history.link);
  if (!link) throw new Error(`no link ${history.link} in the schema`);
  const time = momentOf(changes, 'h', history.time);
  const by = [time, call('length', col('h', ID)), col('h', ID)];
  const last = maxBy(col('h', history.value), by);
  const cutoff = col('m', 'cutoff');
  const found = select({
    columns: [as(col('m', 'sid'), 'sid'), as(changedValue(changes, column, history, last), 'v')],
    from: table(map, 'm', FEATURE_SCHEMA),
    joins: [
      innerJoin(
        table(changes.name, 'h', 'data'),
        and(
          eq(col('h', fkColumn(link)), col('m', 'g')),
          le(col('h', KNOWN), cutoff),
          le(time, cutoff),
          isChangeOf(history, 'h'),
        ),
      ),
    ],
    groupBy: [col('m', 'sid')],
  });
  const name = historyAlias(alias, column.name);
  return [leftJoin(subquery(found, name), eq(col(name, 'sid'), col('s', 'sid')))];
}
