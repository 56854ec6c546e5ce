import { DEFAULTS, type Dialect } from './dialect.ts';
import type { IntervalUnit, SqlType } from './tree.ts';

const TYPES: Readonly<Record<string, string>> = { text: 'VARCHAR' };

/** DuckDB reads queries as C strings: NUL cannot stand in a literal, so it is spliced in with chr(0). */
function string(text: string): string {
  const quoted = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return quoted.length === 1 ? quoted[0]! : `(${quoted.join(' || chr(0) || ')})`;
}

function identifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('a name is empty or contains NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

const INTERVALS: Readonly<Record<IntervalUnit, (n: string) => string>> = {
  microsecond: (n) => `to_microseconds(CAST(${n} AS BIGINT))`,
  second: (n) => `to_seconds(CAST(${n} AS BIGINT))`,
  minute: (n) => `to_minutes(CAST(${n} AS BIGINT))`,
  hour: (n) => `to_hours(CAST(${n} AS BIGINT))`,
  day: (n) => `to_days(CAST(${n} AS INTEGER))`,
  week: (n) => `to_weeks(CAST(${n} AS INTEGER))`,
  month: (n) => `to_months(CAST(${n} AS INTEGER))`,
  year: (n) => `to_years(CAST(${n} AS INTEGER))`,
};

export const DUCKDB: Dialect = {
  ...DEFAULTS,
  name: 'duckdb',
  identifier,
  string,
  type: (type: SqlType) => TYPES[type] ?? type.toUpperCase(),
  timestamp: (text) => `TIMESTAMP '${text}'`,
  addInterval: (operand, amount, unit) => `(${operand} + ${INTERVALS[unit](amount)})`,
  datePart: (part, operand) => `extract(${part === 'dow' ? 'isodow' : part} FROM ${operand})`,
  materialized: 'MATERIALIZED ',
};
