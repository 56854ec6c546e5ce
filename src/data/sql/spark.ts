import { DEFAULTS, type Dialect, named } from './dialect.ts';
import type { DatePart } from './tree.ts';

const TYPES: Readonly<Record<string, string>> = {
  text: 'STRING',
  timestamp: 'TIMESTAMP_NTZ',
  integer: 'INT',
};

/** Backslash is an escape in Spark's literals. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\u0000',
  '\n': '\\n',
  '\r': '\\r',
};

const string = (text: string): string => `'${text.replace(/[\\'\0\n\r]/g, (c) => ESCAPES[c]!)}'`;

function identifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('a name is empty or contains NUL');
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Spark has no infinite timestamps; the first of the calendar stands in. */
const timestamp = (text: string): string =>
  `TIMESTAMP_NTZ '${text === '-infinity' ? '0001-01-01 00:00:00' : text}'`;

const PARTS: Readonly<Record<DatePart, (x: string) => string>> = {
  year: named('year'),
  quarter: named('quarter'),
  month: named('month'),
  day: named('day'),
  dow: (x) => `(weekday(${x}) + 1)`,
  hour: named('hour'),
  minute: named('minute'),
};

export const SPARK: Dialect = {
  ...DEFAULTS,
  name: 'spark',
  identifier,
  string,
  type: (type) => TYPES[type] ?? type.toUpperCase(),
  timestamp,
  functions: {
    ...DEFAULTS.functions,
    int_div: (x, y) => `(${x} div nullif(${y}, 0))`,
    length: named('char_length'),
    starts_with: named('startswith'),
    ends_with: named('endswith'),
    regexp_match: named('regexp_like'),
    split_rows: (text, separator) => `explode(split(${text}, concat('\\\\Q', ${separator}, '\\\\E'), -1))`,
    hash31: (text) => `(CAST(conv(substring(md5(${text}), 1, 8), 16, 10) AS BIGINT) % 2147483648)`,
    trunc_day: (x) => `CAST(date_trunc('DAY', ${x}) AS TIMESTAMP_NTZ)`,
    trunc_month: (x) => `CAST(date_trunc('MONTH', ${x}) AS TIMESTAMP_NTZ)`,
    diff_micros: (later, earlier) => `timestampdiff(MICROSECOND, ${earlier}, ${later})`,
  },
  keys: named('struct'),
  addInterval: (operand, amount, unit) => `timestampadd(${unit.toUpperCase()}, ${amount}, ${operand})`,
  datePart: (part, operand) => PARTS[part](operand),
  joins: { ...DEFAULTS.joins, semi: 'LEFT SEMI JOIN', anti: 'LEFT ANTI JOIN' },
};
