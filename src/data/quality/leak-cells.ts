/** Reads, for labelled rows, the columns of the entity's row and of rows one-to-one with it. */
import type { ColumnarResult, Engine, ResultColumn } from '../engine/types.ts';
import { type Column, fkColumn, KNOWN, ROW, type Schema, type Table } from '../schema/types.ts';
import { as, asc, col, eq, greatest, inList, leftJoin, minusInfinity, select, table } from '../sql/build.ts';
import { toSql } from '../sql/print.ts';
import type { Join } from '../sql/tree.ts';
import type { LeakCell } from './separation.ts';

export interface LabelledRow {
  readonly entityRow: number;
  /** ms; NaN in a static task. */
  readonly cutoff: number;
  readonly label: number;
}

export interface LeakColumn {
  readonly table: Table;
  readonly column: Column;
  /** The entity's own table. */
  readonly own: boolean;
  readonly isKey: boolean;
  /** One per labelled row, as exported; null too where a dated one-to-one row is not yet known at the cutoff. */
  readonly cells: readonly LeakCell[];
}

interface Reach {
  readonly table: Table;
  readonly alias: string;
  readonly joins: readonly Join[];
  /** Aliases of the dated rows on the way, the last included, the entity's own not: all must be known. */
  readonly dated: readonly string[];
}

const MAX_HOPS = 3;

/** The entity's table and those one-to-one with it, over unique links in either direction. */
function oneToOne(schema: Schema, entity: Table): readonly Reach[] {
  const found: Reach[] = [{ table: entity, alias: 't0', joins: [], dated: [] }];
  for (let at = 0; at < found.length; at++) {
    const here = found[at]!;
    if (here.joins.length === MAX_HOPS) continue;
    for (const link of schema.links.filter((l) => l.unique === true)) {
      const down = link.to === here.table.name;
      const next = down ? link.from : link.from === here.table.name ? link.to : undefined;
      const target = schema.tables.find((t) => t.name === next);
      if (!target || found.some((f) => f.table === target)) continue;
      const alias = `t${found.length}`;
      const on = down
        ? eq(col(alias, fkColumn(link)), col(here.alias, ROW))
        : eq(col(alias, ROW), col(here.alias, fkColumn(link)));
      found.push({
        table: target,
        alias,
        joins: [...here.joins, leftJoin(table(target.name, alias, 'data'), on)],
        dated: target.time === undefined ? here.dated : [...here.dated, alias],
      });
    }
  }
  return found;
}

export async function readLeakColumns(
  engine: Engine,
  schema: Schema,
  entity: Table,
  rows: readonly LabelledRow[],
): Promise<readonly LeakColumn[]> {
  const wanted = [...new Set(rows.map((r) => r.entityRow))].sort((a, b) => a - b);
  const columns: LeakColumn[] = [];
  for (const reach of oneToOne(schema, entity))
    columns.push(...(await readReach(engine, schema, entity, reach, wanted, rows)));
  return columns;
}

async function readReach(
  engine: Engine,
  schema: Schema,
  entity: Table,
  reach: Reach,
  wanted: readonly number[],
  rows: readonly LabelledRow[],
): Promise<readonly LeakColumn[]> {
  const { table: t, alias, joins, dated } = reach;
  const readable = t.columns.filter((c) => c.constant !== true && c.name !== t.time);
  const query = select({
    columns: [
      as(col('t0', ROW), 'row'),
      as(greatest(minusInfinity, ...dated.map((d) => col(d, KNOWN))), 'known'),
      ...readable.map((c, k) => as(col(alias, c.name), `c${k}`)),
    ],
    from: table(entity.name, 't0', 'data'),
    joins,
    where: inList(col('t0', ROW), wanted),
    orderBy: [asc(col('t0', ROW))],
  });
  const result = await engine.columns(toSql(query, engine.dialect));
  const place = placesOf(result);
  const at = rows.map((r) => place.get(r.entityRow));
  const known = result.columns[1]!.values;
  const own = t === entity;
  const seen = (k: number, n: number): boolean =>
    dated.length === 0 || Number.isNaN(rows[n]!.cutoff) || Number(known[k]) <= rows[n]!.cutoff;
  const keys = new Set([
    ...t.key,
    ...schema.links.filter((l) => l.from === t.name).flatMap((l) => l.columns),
  ]);
  return readable.map((column, c) => ({
    table: t,
    column,
    own,
    isKey: keys.has(column.name) || column.semantic === 'key',
    cells: at.map((k, n) => (k !== undefined && seen(k, n) ? cellOf(result.columns[c + 2]!, k) : null)),
  }));
}

/** First result row of each entity row (a one-to-one link may still have strays). */
function placesOf(result: ColumnarResult): ReadonlyMap<number, number> {
  const place = new Map<number, number>();
  const rows = result.columns[0]!.values;
  for (let k = 0; k < result.rows; k++) if (!place.has(Number(rows[k]))) place.set(Number(rows[k]), k);
  return place;
}

function cellOf(column: ResultColumn, k: number): LeakCell {
  const value = column.values[k]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
