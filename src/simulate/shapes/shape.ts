/** How a system exports the company: each plain row becomes rows of its own tables, or none. */
import type { Cell, Row } from '../types.ts';

export interface ShapedRow {
  readonly table: string;
  readonly row: Row;
}

export type Shape = (table: string, row: Row) => readonly ShapedRow[];

/** Name of the column there → the plain column, or what is made of the row. */
export type ColumnMap = Readonly<Record<string, string | ((row: Row) => Cell)>>;

export interface TableMap {
  readonly to: string;
  readonly columns: ColumnMap;
  /** Rows that belong there; default all. */
  readonly only?: (row: Row) => boolean;
}

/** Columns of the plain row that no map names (planted by the dirt dial) keep their names, with `suffix`. */
export function mapShape(maps: Readonly<Record<string, readonly TableMap[]>>, suffix = ''): Shape {
  return (table, row) =>
    (maps[table] ?? [])
      .filter((m) => m.only?.(row) ?? true)
      .map((m) => ({ table: m.to, row: mapped(m, row, suffix) }));
}

function mapped({ columns }: TableMap, row: Row, suffix: string): Row {
  const cells = Object.entries(columns).map(([name, from]) => [
    name,
    typeof from === 'string' ? (row[from] ?? null) : from(row),
  ]);
  const planted = Object.keys(row)
    .filter((name) => PLANTED.test(name))
    .map((name) => [`${name}${suffix}`, row[name]!]);
  return Object.fromEntries([...cells, ...planted]);
}

/** Columns that only the dirt dial makes. */
const PLANTED = /^(disqualification_reason|field_\d+|touch_total|competitor_lost_to)$/;

/** `2024-03-05 14:02:11` → seconds since 1970. */
export const epochOf = (cell: Cell | undefined): Cell =>
  cell === null || cell === undefined ? null : Date.parse(`${String(cell).replace(' ', 'T')}Z`) / 1000;

/** `2024-03-05T14:02:11.000Z`. */
export const isoOf = (cell: Cell | undefined): Cell =>
  cell === null || cell === undefined ? null : `${String(cell).replace(' ', 'T')}.000Z`;
