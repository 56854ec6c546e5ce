/** Text forms of dates other than ISO, as strptime formats, and which of them read a whole column. */

export const ISO =
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;

const DAYS = [
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%d.%m.%Y',
  '%d/%m/%y',
  '%m/%d/%y',
  '%d.%m.%y',
  '%Y.%m.%d',
  '%d %b %Y',
  '%d %B %Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%d/%b/%Y',
  '%b %d, %Y',
  '%B %d, %Y',
  '%b %d %Y',
];
const CLOCKS = ['', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p', 'T%H:%M:%S', ', %H:%M', ', %I:%M %p'];
const COMPACT = ['%Y%m%d', '%y%m%d', '%Y%m%d%H%M%S', '%Y%m%dT%H%M%S'];

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';
const SHORT = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const PIECES: Readonly<Record<string, string>> = {
  d: '(?:0?[1-9]|[12]\\d|3[01])',
  m: '(?:0?[1-9]|1[0-2])',
  Y: '(?:1[89]|20|21)\\d\\d',
  y: '\\d\\d',
  b: `(?:${SHORT})`,
  B: `(?:${MONTHS})`,
  H: '(?:[01]?\\d|2[0-3])',
  I: '(?:0?[1-9]|1[0-2])',
  M: '[0-5]\\d',
  S: '[0-5]\\d',
  p: '(?:AM|PM)',
};
const FIXED: Readonly<Record<string, string>> = {
  d: '(?:0[1-9]|[12]\\d|3[01])',
  m: '(?:0[1-9]|1[0-2])',
  H: '(?:[01]\\d|2[0-3])',
};

function toPattern(format: string, compact: boolean): RegExp {
  const body = format.replace(/%(.)|[.]/g, (text, code: string | undefined) =>
    code === undefined ? `\\${text}` : ((compact ? FIXED[code] : undefined) ?? PIECES[code]!),
  );
  return new RegExp(`^${body}$`, 'i');
}

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ...DAYS.flatMap((day) => CLOCKS.map((clock) => `${day}${clock}`)).map(
    (f) => [f, toPattern(f, false)] as const,
  ),
  ...COMPACT.map((f) => [f, toPattern(f, true)] as const),
];

export const isCompact = (format: string): boolean => COMPACT.includes(format);

/** A format that reads none of these cells reads no column. */
const FIRST = 20;

/** Formats by the share of cells they read, best first, ties in the order of the list (day first before month first). */
export function formatsReading(cells: readonly string[], least: number): readonly string[] {
  const needed = least * cells.length;
  const first = cells.slice(0, FIRST);
  return FORMATS.filter(([, pattern]) => first.some((c) => pattern.test(c)))
    .map(([format, pattern]) => ({ format, n: cells.filter((c) => pattern.test(c)).length }))
    .filter(({ n }) => n > 0 && n >= needed)
    .sort((a, b) => b.n - a.n)
    .map(({ format }) => format);
}

/** The same form with day and month in the other order. */
export function swapped(format: string): string | undefined {
  const other = format.replace(/%([dm])([/-])%([dm])/, '%$3$2%$1');
  return other === format ? undefined : other;
}
