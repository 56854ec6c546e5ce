/**
 * Values as of a moment. On the past side a mutable column is read from its history, a closing or milestone date
 * later than the cutoff is not known yet, and every other column counts as written with its row.
 */
import {
  type Column,
  fkColumn,
  type History,
  ID,
  LABEL_TIME,
  ROW,
  type Table,
  TIME,
} from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  call,
  caseWhen,
  cast,
  coalesce,
  col,
  eq,
  ge,
  greatest,
  gt,
  innerJoin,
  isNotNull,
  le,
  lit,
  maxBy,
  minusInfinity,
  not,
  or,
  select,
  table,
  tryCast,
  ts,
} from '../../data/sql/build.ts';
import type { Expr, SqlType } from '../../data/sql/tree.ts';
import {
  addCte,
  type Compiler,
  dataTable,
  findLink,
  findTable,
  joinByKeys,
  type Scope,
  visible,
} from './scope.ts';

export const SQL_TYPES: Readonly<Record<Column['type'], SqlType>> = {
  boolean: 'boolean',
  integer: 'bigint',
  number: 'double',
  text: 'text',
  timestamp: 'timestamp',
  date: 'timestamp',
};

export const findColumn = (t: Table, name: string): Column | undefined =>
  t.columns.find((c) => c.name === name);

/** When a time written in a column of the row is known: a date without a clock lies at its day's end. */
export function momentOf(t: Table, alias: string, name: string): Expr {
  if (name === t.time) return col(alias, TIME);
  const raw = col(alias, name);
  return findColumn(t, name)?.type === 'date'
    ? addInterval(addInterval(raw, 1, 'day'), -1, 'microsecond')
    : raw;
}

/** Rows by key, a shorter key before a longer one as with numbers: the order of rows in a file decides nothing. */
export const keyOrder = (alias: string): readonly Expr[] => [call('length', col(alias, ID)), col(alias, ID)];

/** When labels count a row. The schema decides, so that a named target may count deals as created instead of as closed. */
export const labelMoment = (t: Table, alias: string): Expr =>
  t.labelTime === undefined ? col(alias, LABEL_TIME) : momentOf(t, alias, t.labelTime);

/** Times that are filled when something happens to the row later, so that they are not known before. */
export function happensLater(t: Table, name: string): boolean {
  if (name === t.time || name === t.knownAt) return false;
  const dates = t.columns.flatMap((c) => historyDates(c.history));
  return name === t.endTime || name === t.labelTime || dates.includes(name);
}

function historyDates(history: History | undefined): readonly string[] {
  if (history?.kind === 'changedAt') return [history.column];
  return history?.kind === 'valueTimes' ? Object.values(history.times) : [];
}

/** The value of column `name` of row `alias` as the scope's side may read it. */
export function readColumn(compiler: Compiler, scope: Scope, alias: string, t: Table, name: string): Expr {
  const column = findColumn(t, name);
  if (!scope.at || !column) return col(alias, name);
  if (scope.side === 'label') return labelCell(compiler, scope, alias, t, column);
  if (happensLater(t, name)) return caseWhen([[le(momentOf(t, alias, name), scope.at), col(alias, name)]]);
  return column.history ? fromHistory(compiler, scope, alias, t, column, column.history) : col(alias, name);
}

/**
 * On the label side cells are read as exported, but for labels that models learn from those written after the first
 * judged cutoff were not there yet.
 */
function labelCell(compiler: Compiler, scope: Scope, alias: string, t: Table, column: Column): Expr {
  const raw = col(alias, column.name);
  const { history } = column;
  if (compiler.judged === undefined || (!history && !happensLater(t, column.name))) return raw;
  const judged = ts(compiler.judged);
  const written = (time: string): Expr => caseWhen([[le(momentOf(t, alias, time), judged), raw]]);
  const learned = (): Expr => {
    if (happensLater(t, column.name) || !history) return written(column.name);
    if (history.kind === 'changedAt') return written(history.column);
    if (history.kind === 'table')
      return coalesce(changeAsOf(compiler, { ...scope, at: judged }, alias, column, history), raw);
    const later = Object.entries(history.times).map(([value, time]) =>
      and(eq(cast(raw, 'text'), value), gt(momentOf(t, alias, time), judged)),
    );
    return caseWhen([[or(...later), lit(null)]], raw);
  };
  return caseWhen([[ge(scope.at!, judged), raw]], learned());
}

function fromHistory(
  compiler: Compiler,
  scope: Scope,
  alias: string,
  t: Table,
  column: Column,
  history: History,
): Expr {
  const at = scope.at!;
  if (history.kind === 'changedAt')
    return caseWhen([[le(momentOf(t, alias, history.column), at), col(alias, column.name)]]);
  if (history.kind === 'valueTimes') return milestoneAsOf(t, alias, column, history.times, at);
  return changeAsOf(compiler, scope, alias, column, history);
}

/**
 * Times per value: the value at `at` is the dated value reached last. A date that is the row's closing time also stands
 * on rows that closed another way, so it counts only for the value the row has now.
 */
export function milestones(
  t: Table,
  alias: string,
  column: Column,
  times: Readonly<Record<string, string>>,
): readonly { readonly value: Expr; readonly time: Expr }[] {
  return Object.entries(times).map(([text, dateColumn]) => {
    const value = tryCast(text, SQL_TYPES[column.type]);
    const closing = dateColumn === t.endTime || dateColumn === t.labelTime || isShared(times, dateColumn);
    const time = momentOf(t, alias, dateColumn);
    return { value, time: closing ? caseWhen([[eq(col(alias, column.name), value), time]]) : time };
  });
}

const isShared = (times: Readonly<Record<string, string>>, column: string): boolean =>
  Object.values(times).filter((c) => c === column).length > 1;

function milestoneAsOf(
  t: Table,
  alias: string,
  column: Column,
  times: Readonly<Record<string, string>>,
  at: Expr,
): Expr {
  const reached = milestones(t, alias, column, times).map((m) => ({
    value: m.value,
    time: caseWhen([[le(m.time, at), m.time]], minusInfinity),
  }));
  const latest = reached.length === 1 ? reached[0]!.time : greatest(...reached.map((r) => r.time));
  const whens = [...reached]
    .reverse()
    .map((r) => [and(eq(r.time, latest), not(eq(latest, minusInfinity))), r.value] as const);
  const values = Object.keys(times);
  const before = column.type === 'boolean' && values.length === 1 ? lit(values[0] !== 'true') : lit(null);
  return caseWhen(whens, before);
}

/** Rows of `alias`, the history's table, that are changes of this column: all, unless it logs several fields. */
export const isChangeOf = ({ where }: Extract<History, { kind: 'table' }>, alias: string): Expr =>
  where ? eq(cast(col(alias, where.column), 'text'), lit(where.equals)) : and();

/** A value of a history's table in the type of the column it is the history of. */
export const changedValue = (
  changes: Table,
  column: Column,
  { value }: Extract<History, { kind: 'table' }>,
  cell: Expr,
): Expr => {
  const from = changes.columns.find((c) => c.name === value);
  return from?.type === column.type ? cell : tryCast(cell, SQL_TYPES[column.type]);
};

/** Latest change at or before the cutoff, from a table of changes; ties go to the higher key. */
function changeAsOf(
  compiler: Compiler,
  scope: Scope,
  alias: string,
  column: Column,
  history: Extract<History, { kind: 'table' }>,
): Expr {
  const changes = findTable(compiler.schema, history.table);
  const time = momentOf(changes, 'h', history.time);
  const frame = select({
    columns: [...scope.keys.map((k) => as(k.expr, k.name)), as(col(alias, ROW), 'row'), as(scope.at!, 'at')],
    from: scope.base.from,
    joins: [...scope.base.joins, ...scope.joins],
    where: and(scope.base.where, isNotNull(col(alias, ROW))),
  });
  const rows = addCte(compiler, 'rows', frame);
  const name = addCte(
    compiler,
    'value',
    select({
      columns: [
        ...scope.keys.map((k) => as(col('f', k.name), k.name)),
        as(maxBy(col('h', history.value), [time, ...keyOrder('h')]), 'v'),
      ],
      from: table(rows, 'f'),
      joins: [
        innerJoin(
          dataTable(changes.name, 'h'),
          and(
            eq(col('h', fkColumn(findLink(compiler.schema, history.link))), col('f', 'row')),
            le(time, col('f', 'at')),
            visible('h', col('f', 'at')),
            isChangeOf(history, 'h'),
          ),
        ),
      ],
      groupBy: scope.keys.map((k) => col('f', k.name)),
    }),
  );
  return changedValue(changes, column, history, col(joinByKeys(scope, name), 'v'));
}
