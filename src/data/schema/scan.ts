/**
 * The SQL of profiling: three scans a table. First counts and a sample for all columns at once; after the sample has
 * suggested a reading for each column, one scan that confirms it on every row; last the cells that do not fit.
 * Cost: linear in rows × columns, plus a distinct count for each column.
 */
import type { Engine, Row } from '../engine/types.ts';
import { quoteName, quoteText } from '../sql/print.ts';
import type { StorageType } from './types.ts';

export const id = (name: string): string => quoteName(name, 'duckdb');
export const str = (text: string): string => quoteText(text, 'duckdb');
export const rawTable = (name: string): string => `raw.${id(name)}`;
/** The cell as trimmed text; the empty cell is null. */
export const cellText = (column: string): string => `nullif(trim(CAST(${id(column)} AS VARCHAR)), '')`;

/** The cell as a key: `17850.0` and `17850` are the same. */
export const keyExpression = (column: string): string =>
  `regexp_replace(${cellText(column)}, '^(-?\\d+)\\.0+$', '\\1')`;
/** Distinct keys in a column, as a query with one column `v`. */
export const keyValues = (table: string, column: string): string =>
  `SELECT DISTINCT regexp_replace(v, '^(-?\\d+)\\.0+$', '\\1') AS v
   FROM (SELECT DISTINCT ${cellText(column)} AS v FROM ${rawTable(table)}) WHERE v IS NOT NULL`;
export const wholeText = (cell: string): string => cell.replace(/^(-?\d+)\.0+$/, '$1');

export interface ColumnCounts {
  readonly filled: number;
  readonly distinct: number;
  readonly maxLength: number;
}

const number = (row: Row, key: string): number => Number(row[key] ?? 0);

const cells = (table: string, columns: readonly string[]): string =>
  `SELECT ${['__row', ...columns.map((c, i) => `${cellText(c)} AS c${i}`)].join(', ')} FROM ${rawTable(table)}`;

/** Wide tables are scanned in groups of columns so that distinct counts fit in memory. */
const GROUP = 40;
function groups<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / GROUP) }, (_, i) =>
    items.slice(i * GROUP, (i + 1) * GROUP),
  );
}

export async function countColumns(
  engine: Engine,
  table: string,
  columns: readonly string[],
): Promise<readonly ColumnCounts[]> {
  const out: ColumnCounts[] = [];
  for (const part of groups(columns)) {
    const sums = part.flatMap((_, i) => [
      `count(c${i}) AS f${i}`,
      `count(DISTINCT c${i}) AS d${i}`,
      `max(length(c${i})) AS l${i}`,
    ]);
    const [row = {}] = await engine.rows(`SELECT ${sums.join(', ')} FROM (${cells(table, part)})`);
    out.push(
      ...part.map((_, i) => ({
        filled: number(row, `f${i}`),
        distinct: number(row, `d${i}`),
        maxLength: number(row, `l${i}`),
      })),
    );
  }
  return out;
}

const SAMPLE_ROWS = 2000;
const FEW = 300;

/** Cells of evenly spaced rows, per column; thinly filled columns get their first filled cells instead. */
export async function sampleColumns(
  engine: Engine,
  table: string,
  columns: readonly string[],
  rows: number,
  counts: readonly ColumnCounts[],
): Promise<readonly (readonly string[])[]> {
  const step = Math.max(1, Math.floor(rows / SAMPLE_ROWS));
  const found: string[][] = [];
  for (const part of groups(columns)) {
    const list = part.map((_, i) => `substr(c${i}, 1, 400) AS c${i}`).join(', ');
    const sample = await engine.rows(
      `SELECT ${list} FROM (${cells(table, part)}) WHERE __row % ${step} = 0 ORDER BY __row LIMIT ${SAMPLE_ROWS}`,
    );
    found.push(
      ...part.map((_, i) =>
        sample
          .map((r) => r[`c${i}`])
          .filter((v) => v !== null)
          .map(String),
      ),
    );
  }
  for (const [i, column] of columns.entries()) {
    const { filled } = counts[i]!;
    if (found[i]!.length >= Math.min(FEW, filled)) continue;
    const first = await engine.rows(
      `SELECT substr(c0, 1, 400) AS c0 FROM (${cells(table, [column])}) WHERE c0 IS NOT NULL ORDER BY __row LIMIT ${SAMPLE_ROWS}`,
    );
    found[i] = first.map((r) => String(r.c0));
  }
  return found;
}

/** How a cell is read: a value expression over `c`, null where the cell does not fit. */
export interface Reading {
  readonly kind: 'number' | 'time' | 'test';
  readonly value: (c: string) => string;
}

const matching = (pattern: string): Reading => ({
  kind: 'test',
  value: (c) => `CASE WHEN regexp_matches(${c}, ${str(pattern)}, 'i') THEN 1 END`,
});
const EPOCHS: Readonly<Record<string, number>> = { epoch_s: 1e6, epoch_ms: 1e3 };

/** The reading of a column of this storage type, or undefined for text. */
export function readingOf(type: StorageType, pattern?: string, format?: string): Reading | undefined {
  if (pattern !== undefined) return matching(pattern);
  if (type === 'text' || type === 'boolean') return undefined;
  if (type === 'timestamp' || type === 'date') return { kind: 'time', value: (c) => timeValue(c, format) };
  if (format !== ',') return { kind: 'number', value: (c) => `TRY_CAST(${c} AS DOUBLE)` };
  return { kind: 'number', value: (c) => `TRY_CAST(replace(replace(${c}, '.', ''), ',', '.') AS DOUBLE)` };
}

/** The time in a text cell, null where it does not parse. */
export function timeValue(c: string, format: string | undefined): string {
  if (format === undefined) return `TRY_CAST(${c} AS TIMESTAMP)`;
  const micros = EPOCHS[format];
  if (micros === undefined) return `CAST(TRY_STRPTIME(${c}, ${str(format)}) AS TIMESTAMP)`;
  return `make_timestamp(CAST(TRY_CAST(${c} AS DOUBLE) * ${micros} AS BIGINT))`;
}

export interface ReadingCheck {
  readonly misfits: number;
  /** Numbers, or times in ms since epoch. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly whole: boolean;
  readonly midnight: boolean;
  readonly decimals: number;
}

export interface ReadColumn {
  readonly name: string;
  readonly reading: Reading;
  readonly nullTokens: readonly string[];
}

const guarded = (column: ReadColumn): string =>
  column.nullTokens.length === 0
    ? cellText(column.name)
    : `CASE WHEN ${cellText(column.name)} NOT IN (${column.nullTokens.map(str).join(', ')}) THEN ${cellText(column.name)} END`;

/** Confirms readings over every row of the table. */
export async function checkReadings(
  engine: Engine,
  table: string,
  columns: readonly ReadColumn[],
): Promise<readonly ReadingCheck[]> {
  const out: ReadingCheck[] = [];
  for (const part of groups(columns)) {
    const inner = part.map((c, i) => `${guarded(c)} AS c${i}`).join(', ');
    const values = part.map((c, i) => `c${i}, ${c.reading.value(`c${i}`)} AS v${i}`).join(', ');
    const sums = part.flatMap((c, i) => [
      `count(c${i}) - count(v${i}) AS m${i}`,
      ...statistics(c.reading, i),
    ]);
    const [row = {}] = await engine.rows(
      `SELECT ${sums.join(', ')} FROM (SELECT ${values} FROM (SELECT ${inner} FROM ${rawTable(table)}))`,
    );
    out.push(...part.map((_, i) => toCheck(row, i)));
  }
  return out;
}

function statistics(reading: Reading, i: number): readonly string[] {
  if (reading.kind === 'test') return [];
  const v = reading.kind === 'time' ? `epoch_ms(v${i})` : `v${i}`;
  const shared = [`min(${v}) AS lo${i}`, `max(${v}) AS hi${i}`, `avg(${v}) AS av${i}`];
  if (reading.kind === 'time')
    return [...shared, `count(v${i}) FILTER (v${i} <> date_trunc('day', v${i})) AS cl${i}`];
  return [
    ...shared,
    `count(v${i}) FILTER (v${i} <> floor(v${i})) AS fr${i}`,
    `max(length(regexp_extract(c${i}, '[.,](\\d+)$', 1))) FILTER (v${i} <> floor(v${i})) AS de${i}`,
  ];
}

function toCheck(row: Row, i: number): ReadingCheck {
  const at = (key: string): number | undefined => {
    const value = row[`${key}${i}`];
    return value === null || value === undefined ? undefined : Number(value);
  };
  const [min, max, mean] = [at('lo'), at('hi'), at('av')];
  return {
    misfits: at('m') ?? 0,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(mean !== undefined && { mean }),
    whole: (at('fr') ?? 0) === 0,
    midnight: (at('cl') ?? 0) === 0,
    decimals: at('de') ?? 0,
  };
}

/** Distinct cells that do not fit the reading, most frequent first, at most `limit`. */
export async function misfits(
  engine: Engine,
  table: string,
  column: ReadColumn,
  limit: number,
): Promise<readonly string[]> {
  const rows = await engine.rows(
    `SELECT substr(c, 1, 200) AS c FROM (SELECT ${guarded(column)} AS c FROM ${rawTable(table)})
     WHERE c IS NOT NULL AND ${column.reading.value('c')} IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${limit}`,
  );
  return rows.map((r) => String(r.c));
}
