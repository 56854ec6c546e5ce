/**
 * The newest rows below a group, as one statement. Where an entity's own rows must not count as others', every member's
 * rows are cut to `limit` and the group's to twice that: whichever member is then taken out, the newest `limit` rows of
 * the others are still there. So the statement runs once per group and not once per member.
 */
import type { Schema } from '../../data/schema/types.ts';
import { ID, KNOWN, LABEL_TIME, ROW, TIME } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  asc,
  call,
  cast,
  col,
  desc,
  eq,
  gt,
  isNotNull,
  le,
  lit,
  over,
  select,
  subquery,
} from '../../data/sql/build.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';
import type { FeatureColumn } from '../features/types.ts';
import { isUnchanging, type Walk } from './walk.ts';

/** Which rows: those a column read; `within`: only those known so many ms before the cutoff or later. */
export interface Wanted {
  readonly column: FeatureColumn;
  readonly within?: number;
}

/** q, id, owner (__row of the member it belongs to, -1 where members do not matter); newest first within q. */
export function newestRows(
  schema: Schema,
  { column, within }: Wanted,
  walk: Walk,
  owner: string | undefined,
  limit: number,
): Query {
  const reached = select({
    distinct: true,
    columns: [
      as(col('q', 'q'), 'q'),
      as(col(walk.alias, ID), 'id'),
      as(momentOf(column, walk), 'at'),
      as(owner === undefined ? lit(-1) : col(owner, ROW), 'owner'),
    ],
    from: walk.from,
    joins: walk.joins,
    where: and(...conditions(schema, column, walk), ...newer(walk, within)),
  });
  const carried = ['q', 'id', 'at', 'owner'].map((name) => col(name));
  const ofMember = select({
    columns: [...carried, as(rank(['q', 'owner']), 'm')],
    from: subquery(reached, 'e'),
  });
  const ofGroup = select({
    columns: [...carried, as(rank(['q']), 'n')],
    from: subquery(ofMember, 'f'),
    where: le(col('m'), limit),
  });
  return select({
    columns: [col('q'), col('id'), col('owner')],
    from: subquery(ofGroup, 'g'),
    where: le(col('n'), 2 * limit),
    orderBy: [asc(col('q')), asc(col('n'))],
  });
}

const rank = (within: readonly string[]): Expr =>
  over('row_number', [], {
    partitionBy: within.map((name) => col(name)),
    orderBy: [desc(col('at')), desc(call('length', col('id'))), desc(col('id')), asc(col('owner'))],
  });

/** The window of an outcome rate is over other entities' outcomes: its evidence is the row they share. */
export const windowOf = (column: FeatureColumn): number | undefined =>
  column.family === 'outcome' ? undefined : column.windowDays;

const newer = ({ alias, cutoff }: Walk, within: number | undefined): readonly Expr[] =>
  within === undefined || !cutoff
    ? []
    : [gt(col(alias, KNOWN), addInterval(cutoff, -Math.round(within * 1000), 'microsecond'))];

const momentOf = (column: FeatureColumn, walk: Walk): Expr =>
  col(walk.alias, column.rows?.closed ? LABEL_TIME : TIME);

function conditions(schema: Schema, column: FeatureColumn, walk: Walk): readonly Expr[] {
  const at = momentOf(column, walk);
  const closed = column.rows?.closed ? [isNotNull(at), ...(walk.cutoff ? [le(at, walk.cutoff)] : [])] : [];
  const days = windowOf(column);
  const inWindow =
    days !== undefined && walk.cutoff ? [gt(at, addInterval(walk.cutoff, -Math.round(days), 'day'))] : [];
  return [...closed, ...inWindow, ...valueCondition(schema, column, walk)];
}

/** A cell that changes is not compared: its value now may have come after the cutoff. */
function valueCondition(schema: Schema, column: FeatureColumn, walk: Walk): readonly Expr[] {
  const value = column.rows?.value;
  if (value === undefined || column.column === undefined) return [];
  const cell = schema.tables
    .find((t) => t.name === column.table)
    ?.columns.find((c) => c.name === column.column);
  if (!cell || !isUnchanging(cell)) return [];
  return [eq(cast(col(walk.alias, cell.name), 'text'), value)];
}
