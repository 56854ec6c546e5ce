/** Reserved words. A word of two parts is one token: upstream with exactly one blank, leniently with any. */

export type Mode = 'strict' | 'lenient';

export const DOUBLE_KEYWORDS = [
  'FOR EACH',
  'IS NOT',
  'IS IN',
  'NOT LIKE',
  'NOT CONTAINS',
  'STARTS WITH',
  'ENDS WITH',
] as const;

/** Lexed as one token in lenient mode only. */
export const LENIENT_DOUBLE_KEYWORDS = ['NOT IN'] as const;

export const KEYWORDS: ReadonlySet<string> = new Set([
  'PREDICT',
  'FORECAST',
  'TIMEFRAMES',
  'RANK',
  'CLASSIFY',
  'TOP',
  'FOR',
  'WHERE',
  'ASSUMING',
  'AND',
  'OR',
  'NOT',
  'IN',
  'IS',
  'LIKE',
  'CONTAINS',
  'NULL',
]);

export const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months'] as const;

export const COMPARISONS: ReadonlySet<string> = new Set([
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'IS',
  'IS NOT',
  'IN',
  'IS IN',
  'NOT IN',
  'LIKE',
  'NOT LIKE',
  'CONTAINS',
  'NOT CONTAINS',
  'STARTS WITH',
  'ENDS WITH',
]);
