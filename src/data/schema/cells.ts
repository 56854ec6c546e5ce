/**
 * What a text cell can be read as, by its form alone. Each reading has a pattern that means the same to JavaScript and
 * to RE2 (DuckDB), so that a column judged on a sample can be confirmed over all its rows.
 */
import { tokens } from './lexicon.ts';

const CURRENCY = String.raw`(?:[$€£¥₹]|usd|eur|gbp|chf|cad|aud|jpy|inr|us\$|a\$|c\$)`;
const SCALE = '(?:k|m|mm|mn|b|bn|t|thousand|million|billion)';
const DIGITS = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`;
const AMOUNT = String.raw`-?\s*${CURRENCY}?\s*-?${DIGITS}\s*${SCALE}?\s*${CURRENCY}?`;
const UNIT = String.raw`(?:\s*(?:employees|people|users|seats))?`;

/** RE2 and JavaScript, case-insensitive, whole cell. */
export const PATTERNS = {
  money: String.raw`^\(?${AMOUNT}\)?$`,
  range: String.raw`^(?:${AMOUNT}\s*(?:-|–|—|to)\s*${AMOUNT}|(?:<|>|<=|>=|≤|≥|under|over|up to|more than|less than)\s*${AMOUNT}|${AMOUNT}\s*\+|${AMOUNT})${UNIT}$`,
  percent: String.raw`^-?\d+(?:\.\d+)?\s*%$`,
  email: String.raw`^[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}$`,
  url: String.raw`^(?:https?://|www\.)\S+$`,
  domain: String.raw`^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`,
} as const;
export type PatternName = keyof typeof PATTERNS;

const COMPILED = Object.fromEntries(
  Object.entries(PATTERNS).map(([name, pattern]) => [name, new RegExp(pattern, 'i')]),
) as Record<PatternName, RegExp>;
export const matches = (name: PatternName, cell: string): boolean => COMPILED[name].test(cell);

const MARKED = new RegExp(`${CURRENCY}|\\d\\s*${SCALE}\\b|\\d,\\d{3}`, 'i');
/** Carries a currency, a scale or thousands marks: not a plain number. */
export const isMarkedAmount = (cell: string): boolean => MARKED.test(cell) && matches('money', cell);
const BOUNDED = /\d[a-z]*\s*(?:-|–|—|to)\s*\D?\s*\d|^[<>≤≥]|^(?:under|over|up to|more than|less than)\b|\+/i;
export const isBoundedRange = (cell: string): boolean =>
  BOUNDED.test(cell.trim()) && matches('range', cell) && rises(cell);

/** `11-50` is a range, `2024-03` is not: the second bound must be larger (or carry a larger scale). */
function rises(cell: string): boolean {
  const parts = /([\d.,]+)\s*([a-z]*)\D*?(?:-|–|—|to)\D*?([\d.,]+)\s*([a-z]*)/i.exec(cell);
  if (!parts) return true;
  const [low, high] = [Number(parts[1]!.replaceAll(',', '')), Number(parts[3]!.replaceAll(',', ''))];
  return high > low || parts[2]!.toLowerCase() !== parts[4]!.toLowerCase();
}

export const INTEGER = /^[+-]?(?:0|[1-9]\d{0,17})$/;
export const PADDED_INTEGER = /^[+-]?0\d+$/;
export const NUMBER = /^[+-]?(?:\d{1,17}\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
export const COMMA_NUMBER = /^[+-]?(?:\d{1,3}(?:\.\d{3})*|\d+)(?:,\d+)?$/;
/** A comma that cannot be a thousands mark. */
export const COMMA_DECIMAL = /,\d{1,2}$|,\d{4,}$|\.\d{3},/;

export const TRUE_WORDS: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1', 'on']);
export const FALSE_WORDS: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', 'off']);
const BOOLEAN_PAIRS = ['true/false', 't/f', 'yes/no', 'y/n', '1/0', 'on/off'];

/** Two words of one pair, or one of them alone when it is spelt out. */
export function areBooleans(cells: readonly string[]): boolean {
  const seen = [...new Set(cells.map((c) => c.toLowerCase()))];
  if (seen.length === 1) return seen[0] === 'true' || seen[0] === 'false';
  return seen.length === 2 && BOOLEAN_PAIRS.some((pair) => seen.every((c) => pair.split('/').includes(c)));
}

/** Spellings of "no value" that never name a category. */
const ALWAYS_NULL = new Set(
  'null n/a #n/a na nan nat nil (null) (blank) (none) (not set) \\n -- - --- . ? ?? select undefined #value! #ref! n.a.'.split(
    ' ',
  ),
)
  .add('not available')
  .add('-none-')
  .add('--none--')
  .add('not set');
/** Also missing where a number, date or yes/no is expected; elsewhere they may be an answer. */
const SOMETIMES_NULL = new Set([
  'none',
  'unknown',
  'tbd',
  'missing',
  'not specified',
  'other',
  'empty',
  'unspecified',
  'not provided',
]);

export const isNullToken = (cell: string, inCategory: boolean): boolean => {
  const text = cell.trim().toLowerCase();
  return ALWAYS_NULL.has(text) || (!inCategory && SOMETIMES_NULL.has(text));
};

/** `AB-1034`, `acct_000123`, `7927b2df-8bba-…`, `0013000000abcDE`: letters and digits in one unspaced run. */
export const isCode = (cell: string): boolean =>
  cell.length >= 4 &&
  cell.length <= 80 &&
  /^[\p{L}\p{N}_:.\-/#]+$/u.test(cell) &&
  /\d/.test(cell) &&
  /\p{L}/u.test(cell) &&
  !/^\d+(st|nd|rd|th)$/i.test(cell);

/** Letters and digits as classes with run lengths dropped: `acct_000123` → `a_9`. */
export const shapeOf = (cell: string): string => cell.replace(/\p{L}+/gu, 'a').replace(/\d+/g, '9');

export const wordCount = (cell: string): number => tokens(cell).length;
