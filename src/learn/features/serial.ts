/**
 * Serial numbers: the order of creation of rows that have no date. A whole number, or a text of one prefix and digits,
 * that numbers nearly every row on its own: a key, or a column whose name says that it counts rows.
 */
import type { Engine } from '../../data/engine/types.ts';
import { type Column, KNOWN, type Table } from '../../data/schema/types.ts';
import {
  as,
  call,
  cast,
  col,
  count,
  countAll,
  countDistinct,
  le,
  select,
  table,
  tryCast,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr } from '../../data/sql/tree.ts';
import { words } from './lexicon-signals.ts';
import type { PlanInput } from './plan-types.ts';

/** Share of rows that have a number, and of numbers that no other row has. */
const NUMBERED = 0.99;
const OWN = 0.9;
const NUMBER_NAME = /\b(number|no|nr|num|id|serial|sequence|seq)$/;
/** Digits that a double holds exactly. */
const SERIAL = '^[^0-9]*([0-9]{1,15})$';

/** The column of the serial number; undefined for dated tables and where no column is one. Rows known by `asOf` decide. */
export async function serialOf(
  engine: Engine,
  t: Table,
  input: Pick<PlanInput, 'schema' | 'asOf' | 'static' | 'withheld'>,
): Promise<Column | undefined> {
  if (t.time !== undefined || t.origin.kind === 'derived') return undefined;
  for (const column of candidates(t, input)) {
    if (await isSerial(engine, t, column, input)) return column;
  }
  return undefined;
}

/** The number as an expression over alias `alias`; null where the cell has none. */
export const serialNumber = (column: Pick<Column, 'name' | 'type'>, alias: string): Expr =>
  serialValue(col(alias, column.name), column.type);

/** The number in a cell of a serial column. */
export const serialValue = (cell: Expr, type: Column['type']): Expr =>
  type === 'integer' ? cast(cell, 'double') : tryCast(call('regexp_extract', cell, SERIAL, 1), 'double');

/** The table's own key first. */
function candidates(t: Table, input: Pick<PlanInput, 'schema' | 'withheld'>): readonly Column[] {
  const foreign = new Set(input.schema.links.filter((l) => l.from === t.name).flatMap((l) => l.columns));
  const isKey = (c: Column): boolean => t.key.length === 1 && t.key[0] === c.name;
  const may = (c: Column): boolean =>
    (c.type === 'integer' || c.type === 'text') &&
    (c.semantic === 'key' || NUMBER_NAME.test(words(c.name))) &&
    (c.mutable === undefined || c.trusted === true) &&
    c.constant !== true &&
    (isKey(c) || !foreign.has(c.name)) &&
    !input.withheld.has(`${t.name}.${c.name}`);
  const found = t.columns.filter(may);
  return [...found.filter(isKey), ...found.filter((c) => !isKey(c))];
}

async function isSerial(
  engine: Engine,
  t: Table,
  column: Column,
  input: Pick<PlanInput, 'asOf' | 'static'>,
): Promise<boolean> {
  const number = serialNumber(column, 't');
  const prefix =
    column.type === 'integer'
      ? cast(0, 'text')
      : call('regexp_extract', col('t', column.name), '^[^0-9]*', 0);
  const query = select({
    columns: [
      as(countAll(), 'rows'),
      as(count(number), 'numbered'),
      as(countDistinct(number), 'own'),
      as(countDistinct(prefix), 'prefixes'),
    ],
    from: table(t.name, 't', 'data'),
    ...(input.static ? {} : { where: le(col('t', KNOWN), ts(input.asOf)) }),
  });
  const [row] = await engine.rows(toSql(query, engine.dialect));
  const [rows, numbered, own, prefixes] = ['rows', 'numbered', 'own', 'prefixes'].map((k) =>
    Number(row?.[k] ?? 0),
  ) as [number, number, number, number];
  return rows > 1 && numbered >= NUMBERED * rows && own >= OWN * numbered && prefixes === 1;
}
