/** Raw cells → typed values, as SQL. A cell that does not read as its column's type becomes null. */
import { FALSE_WORDS, TRUE_WORDS } from '../schema/cells.ts';
import type { Column } from '../schema/types.ts';
import { quoteName, quoteText } from '../sql/print.ts';
import { numberSql } from './numbers.ts';

const name = (n: string): string => quoteName(n, 'duckdb');
const text = (s: string): string => quoteText(s, 'duckdb');
const list = (words: Iterable<string>): string => [...words].map(text).join(', ');

/** The cell as trimmed text; null when empty or a spelling of "missing". */
export function cellText(column: Column): string {
  const v = `nullif(trim(CAST(${name(column.name)} AS VARCHAR)), '')`;
  const tokens = column.nullTokens ?? [];
  return tokens.length === 0 ? v : `CASE WHEN ${v} NOT IN (${list(tokens)}) THEN ${v} END`;
}

/** SQL of the typed value over a raw column of `engineType`. */
export function typedCell(column: Column, engineType: string, timeZone: string): string {
  const raw = name(column.name);
  const isText = engineType === 'VARCHAR' || (column.nullTokens?.length ?? 0) > 0;
  const v = cellText(column);
  switch (column.type) {
    case 'text':
      return engineType === 'DOUBLE' || engineType === 'FLOAT' ? wholeText(v) : v;
    case 'boolean':
      return engineType === 'BOOLEAN' ? raw : booleanSql(v);
    case 'number':
      return isText || engineType === 'BOOLEAN' ? numberSql(v, column) : finiteDouble(raw);
    case 'integer':
      if (/INT/.test(engineType) && !isText) return `TRY_CAST(${raw} AS BIGINT)`;
      return isText ? integerSql(v, column) : whole(finiteDouble(raw));
    case 'timestamp':
    case 'date':
      return /^(DATE|TIMESTAMP)/.test(engineType) ? finiteTime(raw) : timeSql(v, column.format, timeZone);
  }
}

const finiteDouble = (raw: string): string =>
  `CASE WHEN isfinite(CAST(${raw} AS DOUBLE)) THEN CAST(${raw} AS DOUBLE) END`;
const finiteTime = (raw: string): string =>
  `CASE WHEN isfinite(CAST(${raw} AS TIMESTAMP)) THEN CAST(${raw} AS TIMESTAMP) END`;

const booleanSql = (v: string): string =>
  `CASE WHEN lower(${v}) IN (${list(TRUE_WORDS)}) THEN TRUE WHEN lower(${v}) IN (${list(FALSE_WORDS)}) THEN FALSE END`;

const whole = (x: string): string =>
  `CASE WHEN ${x} = floor(${x}) AND abs(${x}) < 9e18 THEN CAST(${x} AS BIGINT) END`;

/** Digits are read as they are: a detour over DOUBLE would round long ids. */
const integerSql = (v: string, column: Column): string =>
  `CASE WHEN regexp_full_match(${v}, '[-+]?\\d{1,18}') THEN TRY_CAST(${v} AS BIGINT) ELSE ${whole(numberSql(v, column))} END`;

const EPOCH_MICROS: Readonly<Record<string, number>> = { epoch_s: 1e6, epoch_ms: 1e3 };

/**
 * A time without a zone is local already; one with a zone or offset (its marks stand after the minutes, from character
 * 16 on; the engine's plain cast would drop them) is brought to the workspace's zone. Words the engine
 * would also take for a time (`epoch`, `infinity`) do not start with a digit and are refused.
 */
function timeSql(v: string, format: string | undefined, timeZone: string): string {
  const micros = format === undefined ? undefined : EPOCH_MICROS[format];
  if (micros !== undefined)
    return `timezone(${text(timeZone)}, CAST(make_timestamp(TRY_CAST(TRY_CAST(${v} AS DOUBLE) * ${micros} AS BIGINT)) AS TIMESTAMPTZ))`;
  const zone = `substr(${v}, 16)`;
  const zoned = ['+', '-', 'Z', 'z', 'U'].map((mark) => `contains(${zone}, '${mark}')`).join(' OR ');
  const seconds = `regexp_replace(${v}, '(\\d:\\d{2})(Z|[-+]\\d{2}:?\\d{2})$', '\\1:00\\2')`;
  const moved = `timezone(${text(timeZone)}, coalesce(TRY_CAST(${v} AS TIMESTAMPTZ), TRY_CAST(${seconds} AS TIMESTAMPTZ)))`;
  const read = `coalesce(TRY_CAST(${v} AS TIMESTAMP), TRY_CAST(replace(${v}, '/', '-') AS TIMESTAMP))`;
  const local = `CASE WHEN ${zoned} THEN ${moved} ELSE coalesce(${read}, ${moved}) END`;
  const iso = `CASE WHEN ${v} >= '0' AND ${v} < ':' THEN ${local} END`;
  return format === undefined ? iso : `coalesce(try_strptime(${v}, ${text(format)}), ${iso})`;
}

/** `17850.0` and `17850` are the same key. */
export const wholeText = (v: string): string =>
  `CASE WHEN contains(${v}, '.') THEN regexp_replace(${v}, '^(-?\\d+)\\.0+$', '\\1') ELSE ${v} END`;

/** A typed key column as text in the one form in which keys are compared and printed. */
export function keyText(alias: string, column: Column): string {
  const c = `${alias}.${name(column.name)}`;
  if (column.type === 'date') return `strftime(${c}, '%Y-%m-%d')`;
  const v = column.type === 'text' ? c : `CAST(${c} AS VARCHAR)`;
  return column.type === 'text' || column.type === 'number' ? wholeText(v) : v;
}
