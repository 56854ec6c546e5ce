/**
 * Rows of the entity table in order of creation, with the columns whose values are compared as whole numbers: equal
 * numbers, equal values. Only cells as written at creation are read. The numbers say nothing beyond equality, so that
 * rows known later do not matter.
 */
import type { Engine } from '../../../data/engine/types.ts';
import { type Column, ID, KNOWN, ROW, type Table, TIME } from '../../../data/schema/types.ts';
import {
  as,
  asc,
  call,
  caseWhen,
  cast,
  col,
  diffMicros,
  eq,
  isNotNull,
  minusInfinity,
  over,
  select,
  table,
  ts,
} from '../../../data/sql/build.ts';
import { toSql } from '../../../data/sql/print.ts';
import type { Expr } from '../../../data/sql/tree.ts';
import { FEATURE_SCHEMA } from '../event-sql.ts';
import { tableOf } from '../paths.ts';
import type { PlanInput } from '../plan-types.ts';
import { serialNumber } from '../serial.ts';
import { usable } from '../static-columns.ts';

export interface OrderedRows {
  readonly rows: number;
  /** µs from which the row is visible; −∞: always; NaN: never. */
  readonly known: Float64Array;
  /** µs of the row's time; NaN: undated. */
  readonly time: Float64Array;
  /** µs, or serial number; NaN where the table has no order. */
  readonly place: Float64Array;
  /** Per column: equal numbers, equal values; NaN: empty. */
  readonly codes: ReadonlyMap<string, Float64Array>;
}

/** Who is asked about, in sid order: place among the ordered rows (−1: not on record) and cutoff in µs. */
export interface Asked {
  readonly at: Int32Array;
  readonly cutoff: Float64Array;
}

const COMPARED: ReadonlySet<Column['semantic']> = new Set([
  ...(['categorical', 'boolean', 'numeric', 'title', 'email', 'domain', 'url'] as const),
]);

/** Columns that may be compared between rows: the own table's, links included, but for its key and serial number. */
export function comparable(input: PlanInput, serial: string | undefined): readonly Column[] {
  const t = tableOf(input.schema, input.entityTable);
  const self = { id: 'self', up: [], table: t.name };
  const links = input.schema.links.filter((l) => l.from === t.name);
  const isLink = (c: Column): boolean =>
    c.constant !== true &&
    !input.withheld.has(`${t.name}.${c.name}`) &&
    links.some((l) => l.columns.includes(c.name)) &&
    !links.some((l) => l.dated === true && l.columns.includes(c.name));
  return t.columns.filter(
    (c) =>
      c.name !== serial &&
      !t.key.includes(c.name) &&
      ((c.mutable === undefined && c.history === undefined) || c.trusted === true) &&
      (COMPARED.has(c.semantic) ? usable(c, t, input, self) : c.semantic === 'key' && isLink(c)),
  );
}

const micros = (at: Expr): Expr => cast(diffMicros(at, ts(0)), 'double');
const NEVER_TOO_EARLY = -1e300;

const known = (at: Expr): Expr => caseWhen([[eq(at, minusInfinity), NEVER_TOO_EARLY]], micros(at));

/** Earlier first; of rows at one place the one with the lower key, shorter keys being lower. */
export async function readOrdered(
  engine: Engine,
  input: PlanInput,
  serial: string | undefined,
  columns: readonly string[],
): Promise<{ readonly ordered: OrderedRows; readonly asked: Asked }> {
  const t = tableOf(input.schema, input.entityTable);
  const place = placeOf(t, serial);
  const numbered = columns.map((name, i) => {
    const rank = over('dense_rank', [], { orderBy: [asc(col('t', name))] });
    return as(cast(caseWhen([[isNotNull(col('t', name)), rank]]), 'double'), `c${i}`);
  });
  const query = select({
    columns: [
      as(cast(col('t', ROW), 'double'), 'row'),
      as(known(col('t', KNOWN)), 'known'),
      as(micros(col('t', TIME)), 'time'),
      as(place, 'place'),
      ...numbered,
    ],
    from: table(t.name, 't', 'data'),
    orderBy: [asc(place), asc(call('length', col('t', ID))), asc(col('t', ID)), asc(col('t', ROW))],
  });
  const found = await numbers(engine, toSql(query, engine.dialect));
  const [row, knownAt, time, at, ...codes] = found as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const ordered = {
    rows: row.length,
    known: knownAt,
    time,
    place: t.time === undefined && serial === undefined ? at.fill(Number.NaN) : at,
    codes: new Map(columns.map((name, i) => [name, (codes as Float64Array[])[i]!])),
  };
  return { ordered, asked: await readAsked(engine, row) };
}

/** µs */
export const DAY = 86_400_000_000;

function placeOf(t: Table, serial: string | undefined): Expr {
  const column = t.columns.find((c) => c.name === serial);
  if (column) return serialNumber(column, 't');
  return micros(col('t', TIME));
}

/** Whether the row at `p` is visible: known, or given by a task table and its day begun. */
export const isVisible = (
  { known: at, time }: OrderedRows,
  p: number,
  cutoff: number,
  given: boolean,
): boolean => at[p]! <= cutoff || (given && Math.floor(time[p]! / DAY) * DAY <= cutoff);

async function readAsked(engine: Engine, row: Float64Array): Promise<Asked> {
  const query = select({
    columns: [as(cast(col('s', 'erow'), 'double'), 'row'), as(micros(col('s', 'cutoff')), 'cutoff')],
    from: table('snap', 's', FEATURE_SCHEMA),
    orderBy: [asc(col('s', 'sid'))],
  });
  const [asked, cutoff] = (await numbers(engine, toSql(query, engine.dialect))) as [
    Float64Array,
    Float64Array,
  ];
  const placeOfRow = new Int32Array(row.length);
  row.forEach((r, p) => {
    placeOfRow[r] = p;
  });
  return { at: Int32Array.from(asked, (r) => placeOfRow[r] ?? -1), cutoff };
}

async function numbers(engine: Engine, sql: string): Promise<readonly Float64Array[]> {
  const { columns } = await engine.columns(sql);
  return columns.map((c) =>
    c.kind === 'number' ? c.values : new Float64Array(c.values.length).fill(Number.NaN),
  );
}
