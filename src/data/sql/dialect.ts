/** What differs between SQL dialects, as one table with a default; a dialect overrides single entries. */
import type { AggregateFunction, DatePart, IntervalUnit, Join, ScalarFunction, SqlType } from './tree.ts';

type Printed = (...args: readonly string[]) => string;

export interface Dialect {
  readonly name: 'duckdb' | 'spark';
  /** The only way a name gets into SQL text. */
  readonly identifier: (name: string) => string;
  /** The only way a string gets into SQL text. */
  readonly string: (text: string) => string;
  readonly type: (type: SqlType) => string;
  readonly timestamp: (text: string) => string;
  readonly functions: Readonly<Record<ScalarFunction, Printed>>;
  readonly aggregates: Readonly<Record<AggregateFunction, string>>;
  readonly extremes: Readonly<Record<'max' | 'min', string>>;
  /** Several keys compared in order, as one value. */
  readonly keys: Printed;
  readonly addInterval: (operand: string, amount: string, unit: IntervalUnit) => string;
  readonly datePart: (part: DatePart, operand: string) => string;
  readonly joins: Readonly<Record<Join['type'], string>>;
  readonly materialized: string;
}

/** `name(a, b, …)` */
export const named =
  (name: string): Printed =>
  (...args) =>
    `${name}(${args.join(', ')})`;

const FUNCTIONS: Readonly<Record<ScalarFunction, Printed>> = {
  abs: named('abs'),
  floor: named('floor'),
  ceil: named('ceil'),
  round: named('round'), // x, digits
  sign: named('sign'),
  sqrt: (x) => `CASE WHEN ${x} >= 0 THEN sqrt(${x}) END`,
  ln: (x) => `CASE WHEN ${x} > 0 THEN ln(${x}) END`,
  exp: named('exp'),
  power: named('power'), // base, exponent
  int_div: (x, y) => `(${x} // nullif(${y}, 0))`, // truncates
  greatest: named('greatest'), // nulls skipped
  least: named('least'),
  coalesce: named('coalesce'),
  nullif: named('nullif'),
  is_nan: named('isnan'),
  lower: named('lower'),
  upper: named('upper'),
  trim: named('trim'),
  length: named('length'), // characters
  substring: named('substring'), // text, 1-based start, length
  concat: (...args) => `(${args.join(' || ')})`, // null when any is null
  replace: named('replace'), // text, from, to
  contains: named('contains'),
  starts_with: named('starts_with'),
  ends_with: named('ends_with'),
  regexp_match: named('regexp_matches'), // text, pattern: found anywhere
  regexp_extract: named('regexp_extract'), // text, pattern, group: '' when not found
  split_part: named('split_part'), // text, separator, 1-based part: '' when absent
  split_rows: (text, separator) => `unnest(string_split(${text}, ${separator}))`, // one row a part; select list only
  hash31: (text) => `(CAST(('0x' || substring(md5(${text}), 1, 8)) AS BIGINT) % 2147483648)`, // integer in [0, 2^31)
  diff_micros: (later, earlier) => `date_diff('microsecond', ${earlier}, ${later})`,
  trunc_day: (x) => `date_trunc('day', ${x})`,
  trunc_month: (x) => `date_trunc('month', ${x})`,
};

/** The default of every entry but quoting, which no dialect may inherit by accident. */
export const DEFAULTS: Omit<
  Dialect,
  'name' | 'identifier' | 'string' | 'type' | 'timestamp' | 'addInterval'
> = {
  functions: FUNCTIONS,
  aggregates: {
    count: 'count',
    sum: 'sum',
    min: 'min',
    max: 'max',
    avg: 'avg',
    bool_or: 'bool_or',
    bool_and: 'bool_and',
  },
  extremes: { max: 'max_by', min: 'min_by' },
  keys: named('row'),
  datePart: (part, operand) => `extract(${part} FROM ${operand})`,
  joins: {
    inner: 'INNER JOIN',
    left: 'LEFT JOIN',
    cross: 'CROSS JOIN',
    semi: 'SEMI JOIN',
    anti: 'ANTI JOIN',
  },
  materialized: '',
};
