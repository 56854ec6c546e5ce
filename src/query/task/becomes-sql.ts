/**
 * BOOL(condition, start, end, unit): the condition turns true inside the window, by the history of its column.
 * The history is first reduced to states (the last change of a moment wins) and turns (true after not true); pairs
 * whose condition holds at the cutoff are undefined. Turning false again later changes nothing.
 */

import { type Column, fkColumn, type History, ROW, type Table } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  boolOr,
  coalesce,
  col,
  eq,
  isNotNull,
  le,
  leftJoin,
  lit,
  maxBy,
  not,
  over,
  select,
  subquery,
  table,
  unionAll,
} from '../../data/sql/build.ts';
import type { Query } from '../../data/sql/tree.ts';
import { LeadlightError } from '../../errors.ts';
import type { Becomes, Comparison } from '../pql/ast.ts';
import { inWindow } from './aggregate-sql.ts';
import { changedValue, findColumn, isChangeOf, keyOrder, milestones, momentOf } from './as-of.ts';
import {
  addCte,
  type Compiler,
  dataTable,
  findLink,
  findTable,
  joinByKeys,
  joinUp,
  type Scope,
  type Verdict,
} from './scope.ts';

export function becomes(compiler: Compiler, b: Becomes, scope: Scope): Verdict {
  const { left } = b.condition;
  if (left.kind !== 'column' || !scope.at) throw notDated('an aggregate');
  const probe: Scope = { ...scope, joins: [] };
  const [alias, t] = joinUp(compiler, probe, left.path ?? []);
  const turns = addCte(compiler, 'turns', turnsOf(compiler, t, left.column, b.condition), true);
  const frame = addCte(
    compiler,
    'rows',
    select({
      columns: [...scope.keys.map((k) => as(k.expr, k.name)), as(col(alias, ROW), 'row'), as(scope.at, 'at')],
      from: scope.base.from,
      joins: [...scope.base.joins, ...probe.joins],
      where: scope.base.where,
    }),
  );
  const [at, time, on] = [col('f', 'at'), col('h', 'time'), col('h', 'holds')];
  const turned = and(on, not(coalesce(col('h', 'before'), false)), inWindow(time, at, b.window));
  const name = addCte(
    compiler,
    'becomes',
    select({
      columns: [
        ...scope.keys.map((k) => as(col('f', k.name), k.name)),
        as(boolOr(coalesce(turned, false)), 'turned'),
        as(maxBy(on, [time], { filter: le(time, at) }), 'held'),
      ],
      from: table(frame, 'f'),
      joins: [leftJoin(table(turns, 'h'), eq(col('h', 'row'), col('f', 'row')))],
      groupBy: scope.keys.map((k) => col('f', k.name)),
    }),
  );
  const cells = joinByKeys(scope, name);
  return {
    value: coalesce(col(cells, 'turned'), false),
    undefinedIf: { empty: [], held: [coalesce(col(cells, 'held'), false)] },
  };
}

const notDated = (what: string): LeadlightError =>
  new LeadlightError('QUERY_INVALID', {
    message:
      `BOOL needs a column whose changes are dated, and ${what} has no history. Declare one in leadlight.yaml: ` +
      `\`history: {changedAt: <column>}\`, or times per value such as {'Closed Won': closed_at}.`,
  });

/** Columns row, time, holds, before: each state of the condition beside the one before it. */
function turnsOf(compiler: Compiler, t: Table, name: string, condition: Comparison): Query {
  const column = findColumn(t, name);
  if (!column?.history) throw notDated(`${t.name}.${name}`);
  const states = select({
    columns: [
      as(col('c', 'row'), 'row'),
      as(col('c', 'time'), 'time'),
      as(
        maxBy(compiler.test(col('c', 'v'), column.type, condition.op, condition.right), [col('c', 'rank')]),
        'holds',
      ),
    ],
    from: subquery(changesOf(compiler, t, column, column.history), 'c'),
    where: isNotNull(col('c', 'time')),
    groupBy: [col('c', 'row'), col('c', 'time')],
  });
  const before = over('lag', [col('s', 'holds')], {
    partitionBy: [col('s', 'row')],
    orderBy: [asc(col('s', 'time'))],
  });
  return select({
    columns: [col('s', 'row'), col('s', 'time'), col('s', 'holds'), as(before, 'before')],
    from: subquery(states, 's'),
  });
}

/** Columns row, time, v (value from then on), rank (order within a moment). */
function changesOf(compiler: Compiler, t: Table, column: Column, history: History): Query {
  if (history.kind === 'table') {
    const changes = findTable(compiler.schema, history.table);
    return select({
      columns: [
        as(col('h', fkColumn(findLink(compiler.schema, history.link))), 'row'),
        as(momentOf(changes, 'h', history.time), 'time'),
        as(changedValue(changes, column, history, col('h', history.value)), 'v'),
        as(over('row_number', [], { orderBy: keyOrder('h').map((k) => asc(k)) }), 'rank'),
      ],
      from: dataTable(changes.name, 'h'),
      where: and(
        isNotNull(col('h', fkColumn(findLink(compiler.schema, history.link)))),
        isChangeOf(history, 'h'),
      ),
    });
  }
  const dated =
    history.kind === 'changedAt'
      ? [{ value: col('e', column.name), time: momentOf(t, 'e', history.column) }]
      : milestones(t, 'e', column, history.times);
  const parts = dated.map((m, k) =>
    select({
      columns: [as(col('e', ROW), 'row'), as(m.time, 'time'), as(m.value, 'v'), as(lit(k), 'rank')],
      from: dataTable(t.name, 'e'),
    }),
  );
  return parts.length === 1 ? parts[0]! : unionAll(...parts);
}
