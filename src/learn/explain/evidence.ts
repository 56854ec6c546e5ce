/**
 * The rows behind a reason: ids of the rows that its leading column read, newest first, none known after the cutoff.
 * One statement per kind of rows (path, window, value), not per score.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import { ID, LABEL_TIME, ROW, TIME } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  asc,
  cast,
  col,
  desc,
  eq,
  gt,
  isNotNull,
  le,
  over,
  select,
  subquery,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';
import type { FeatureColumn } from '../features/types.ts';
import type { Anchor, EvidenceRows } from './types.ts';
import { anchorBatches, isUnchanging, type NumberedAnchor, type Walk, walkPath } from './walk.ts';

export interface EvidenceRequest extends Anchor {
  readonly column: FeatureColumn;
}

/** Rows of each request, in order; `ids` is empty where nothing was there (silence has no rows). */
export async function findEvidence(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  requests: readonly EvidenceRequest[],
  limit = 5,
): Promise<readonly EvidenceRows[]> {
  const ids: string[][] = requests.map(() => []);
  for (const places of sameRows(requests)) {
    const { column } = requests[places[0]!]!;
    for (const anchors of anchorBatches(places.map((at) => requests[at]!))) {
      const query = evidenceQuery(schema, entityTable, column, anchors, limit);
      if (!query) continue;
      for (const row of await engine.rows(toSql(query, engine.dialect)))
        ids[places[Number(row.q)]!]!.push(String(row.id));
    }
  }
  return requests.map((r, i) => ({ table: r.column.table, ids: ids[i]! }));
}

/** Places of the requests that read the same kind of rows. */
function sameRows(requests: readonly EvidenceRequest[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  requests.forEach(({ column }, place) => {
    const { path, table, rows } = column;
    const value = rows?.value === undefined ? null : column.column;
    const key = JSON.stringify([path, table, windowOf(column) ?? null, value, rows ?? null]);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  });
  return [...groups.values()];
}

/** q, id of the newest rows. Undefined when the path cannot be followed as of a moment. */
function evidenceQuery(
  schema: Schema,
  entityTable: string,
  column: FeatureColumn,
  anchors: readonly NumberedAnchor[],
  limit: number,
): Query | undefined {
  const walk = walkPath(schema, entityTable, column.path, anchors, column.rows);
  if (!walk) return undefined;
  const reached = select({
    distinct: true,
    columns: [
      as(col('q', 'q'), 'q'),
      as(col(walk.alias, ID), 'id'),
      as(col(walk.alias, ROW), 'row'),
      as(momentOf(column, walk), 'at'),
    ],
    from: walk.from,
    joins: walk.joins,
    where: and(...conditions(schema, column, walk)),
  });
  const place = over('row_number', [], {
    partitionBy: [col('q')],
    orderBy: [desc(col('at')), desc(col('row'))],
  });
  const ranked = select({ columns: [col('q'), col('id'), as(place, 'n')], from: subquery(reached, 'e') });
  return select({
    columns: [col('q'), col('id')],
    from: subquery(ranked, 'f'),
    where: le(col('n'), limit),
    orderBy: [asc(col('q')), asc(col('n'))],
  });
}

/** The window of an outcome rate is over other entities' outcomes: its evidence is the row they share. */
const windowOf = (column: FeatureColumn): number | undefined =>
  column.family === 'outcome' ? undefined : column.windowDays;

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
