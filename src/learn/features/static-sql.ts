/** Static columns as one SQL query: the snapshot, its own row and its parents' rows, one output column each. */

import { PERSONAL_EMAIL_DOMAINS } from '../../data/schema/lexicon-domains.ts';
import type { Schema } from '../../data/schema/types.ts';
import { KNOWN, ROW, TIME } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  call,
  caseWhen,
  cast,
  col,
  diffDays,
  eq,
  ge,
  inList,
  isNotNull,
  isNull,
  le,
  leftJoin,
  lit,
  or,
  select,
  sub,
  table,
  truncDay,
} from '../../data/sql/build.ts';
import type { Expr, Join, Query } from '../../data/sql/tree.ts';
import { cellAsOf, historyJoin } from './as-of.ts';
import { calendarPart } from './calendar-sql.ts';
import { code, FEATURE_SCHEMA } from './event-sql.ts';
import { tableOf } from './paths.ts';
import type { Group, StaticColumn, StaticFormula } from './plan-types.ts';
import { serialValue } from './serial.ts';

export interface StaticRequest {
  readonly columns: readonly StaticColumn[];
  readonly schema: Schema;
  /** Name of the sid → g map of each group. */
  readonly mapOf: (group: Group) => string;
  readonly static: boolean;
  readonly entityGiven: boolean;
}

/** All static columns for every snapshot, ordered by sid. */
export function staticQuery(request: StaticRequest): Query {
  const groups = [...new Map(request.columns.map((c) => [c.group.id, c.group])).values()];
  const joins = groups.flatMap((group, i) => [
    leftJoin(table(request.mapOf(group), `g${i}`, FEATURE_SCHEMA), eq(col(`g${i}`, 'sid'), col('s', 'sid'))),
    leftJoin(
      table(group.table, `t${i}`, 'data'),
      and(
        eq(col(`t${i}`, ROW), col(`g${i}`, 'g')),
        // Parents were checked when the map was made.
        ...(group.up.length > 0 ? [] : [ownRowVisible(`t${i}`, request.entityGiven)]),
      ),
    ),
    ...historyJoins(request, group, `t${i}`),
    ...titleJoins(request, group, `t${i}`),
  ]);
  return select({
    columns: request.columns.map((c, k) => {
      const i = groups.findIndex((g) => g.id === c.group.id);
      return as(cast(cell(c, `t${i}`, request), 'float'), `f${k}`);
    }),
    from: table('snap', 's', FEATURE_SCHEMA),
    joins,
    orderBy: [asc(col('s', 'sid'))],
  });
}

/** Columns of the group's table that are read, each once. */
const columnsOf = (request: StaticRequest, group: Group, keep: (c: StaticColumn) => boolean) => {
  const names = request.columns.filter((c) => c.group.id === group.id && keep(c)).map((c) => c.column);
  return tableOf(request.schema, group.table).columns.filter((c) => names.includes(c.name));
};

const historyJoins = (request: StaticRequest, group: Group, alias: string): readonly Join[] =>
  request.static
    ? []
    : columnsOf(request, group, () => true).flatMap((c) =>
        historyJoin(request.schema, c, alias, request.mapOf(group)),
      );

/** Seniority and department come from the look-up of distinct titles (titles.ts). */
function titleJoins(request: StaticRequest, group: Group, alias: string): readonly Join[] {
  return columnsOf(request, group, (c) => isTitle(c.formula)).map((column) => {
    const look = titleAlias(alias, column.name);
    const title = valueAt(request, group, column.name, alias);
    return leftJoin(table('titles', look, FEATURE_SCHEMA), eq(col(look, 'title'), title));
  });
}

function valueAt(request: StaticRequest, group: Group, name: string, alias: string): Expr {
  const t = tableOf(request.schema, group.table);
  const column = t.columns.find((c) => c.name === name);
  if (!column) throw new Error(`no column ${name} in ${group.table}`);
  return request.static ? col(alias, name) : cellAsOf(t, column, alias, col('s', 'cutoff'));
}

export const isTitle = (f: StaticFormula): boolean =>
  f.kind === 'seniority' || f.kind === 'department' || f.kind === 'seniorityFrom';
const titleAlias = (alias: string, column: string): string => `${alias}:${column}`;

/** Whether the entity's row `alias` is visible to snapshot `s`; one that is given is, from its own day on. */
export function ownRowVisible(alias: string, entityGiven: boolean): Expr {
  const known = le(col(alias, KNOWN), col('s', 'cutoff'));
  return entityGiven ? or(known, le(truncDay(col(alias, TIME)), col('s', 'cutoff'))) : known;
}

function cell(c: StaticColumn, alias: string, request: StaticRequest): Expr {
  const f = c.formula;
  const cutoff = col('s', 'cutoff');
  if (f.kind === 'calendar') return calendarPart(f.part, cutoff);
  if (f.kind === 'rowAge') return diffDays(cutoff, col(alias, TIME));
  const name = c.column!;
  return formula(f, valueAt(request, c.group, name, alias), cutoff, titleAlias(alias, name));
}

function formula(
  f: Exclude<StaticFormula, { kind: 'calendar' | 'rowAge' }>,
  value: Expr,
  cutoff: Expr,
  look: string,
): Expr {
  switch (f.kind) {
    case 'number':
    case 'order':
      return value;
    case 'serial':
      return serialValue(value, 'text');
    case 'boolean':
      return caseWhen(
        [
          [isNull(value), lit(null)],
          [value, 1],
        ],
        0,
      );
    case 'ageDays':
      return caseWhen([[le(value, cutoff), diffDays(cutoff, value)]]);
    case 'textLength':
      return call('length', value);
    case 'present':
      return caseWhen([[isNotNull(value), 1]], 0);
    case 'category':
      return code(value, f.values);
    case 'member':
      return caseWhen(
        [
          [isNull(value), lit(null)],
          [
            call(
              'contains',
              padded(value, f.separator),
              `${f.separator}${f.value.toLowerCase()}${f.separator}`,
            ),
            1,
          ],
        ],
        0,
      );
    case 'memberCount':
      return sub(
        call('length', padded(value, f.separator)),
        call('length', call('replace', padded(value, f.separator), f.separator, '')),
      );
    case 'seniority':
    case 'department':
      return col(look, f.kind);
    case 'personalEmail':
      return caseWhen(
        [
          [isNull(value), lit(null)],
          [inList(call('split_part', call('lower', value), '@', 2), [...PERSONAL_EMAIL_DOMAINS]), 1],
        ],
        0,
      );
    case 'seniorityFrom':
      return caseWhen([[ge(col(look, 'seniority'), f.threshold), 1]], 0);
    case 'among':
      return caseWhen(
        [
          [isNull(value), lit(null)],
          [inList(cast(value, 'text'), f.values), 1],
        ],
        0,
      );
    case 'over':
      return caseWhen(
        [
          [isNull(value), lit(null)],
          [le(value, f.threshold), 0],
        ],
        1,
      );
  }
}

/** `, a, b` → `,a,b,`: members stand between separators. */
const padded = (value: Expr, separator: string): Expr =>
  call('concat', separator, call('replace', call('lower', value), `${separator} `, separator), separator);
