/**
 * The aggregations, declared once; checker, descriptions, the label builder and the manual read this table.
 *
 * Rows: linked to the entity, event time in (cutoff + start, cutoff + end], passing the inner WHERE; null cells of the
 * aggregated column are dropped first. Where none is left, `empty` says what follows: `zero` keeps the example with the
 * value 0, `undefined` drops the (entity, cutoff) pair. Conditions are two-valued over (value, defined) pairs:
 * a null cell satisfies no comparison (not even !=) except IS NULL, NOT flips the value, and AND, OR and NOT are defined
 * only where all their operands are. COUNT_DISTINCT of nothing is 0 (the open reference leaves it undefined).
 */
import type { AggregateFn } from './ast.ts';

/** Kind of a single value; how it compares. */
export type ValueKind = 'number' | 'string' | 'boolean' | 'timestamp';

export interface FunctionSpec {
  /** What may stand in the parentheses, in words. */
  readonly input: string;
  readonly accepts: readonly ValueKind[];
  /** `same`: the type of the column. */
  readonly result: 'integer' | 'number' | 'same' | 'list';
  readonly empty: 'zero' | 'undefined';
  readonly level: 'all' | 'trained';
  /** Completes "the …"; % is the column or table. */
  readonly phrase: string;
}

const EVERY: readonly ValueKind[] = ['number', 'string', 'boolean', 'timestamp'];

export const FUNCTIONS: Readonly<Record<AggregateFn, FunctionSpec>> = {
  COUNT: {
    input: 'rows (t.*), or the non-null cells of any column',
    accepts: EVERY,
    result: 'integer',
    empty: 'zero',
    level: 'all',
    phrase: 'number of %',
  },
  SUM: {
    input: 'numbers that are no key; booleans with a warning',
    accepts: ['number', 'boolean'],
    result: 'same',
    empty: 'zero',
    level: 'all',
    phrase: 'sum of %',
  },
  AVG: {
    input: 'numbers that are no key; booleans with a warning',
    accepts: ['number', 'boolean'],
    result: 'number',
    empty: 'undefined',
    level: 'all',
    phrase: 'mean of %',
  },
  MIN: {
    input: 'numbers; trained also timestamps and text; booleans with a warning',
    accepts: EVERY,
    result: 'same',
    empty: 'undefined',
    level: 'all',
    phrase: 'smallest %',
  },
  MAX: {
    input: 'numbers; trained also timestamps and text; booleans with a warning',
    accepts: EVERY,
    result: 'same',
    empty: 'undefined',
    level: 'all',
    phrase: 'largest %',
  },
  COUNT_DISTINCT: {
    input: 'any column that is no key',
    accepts: EVERY,
    result: 'integer',
    empty: 'zero',
    level: 'trained',
    phrase: 'number of distinct values of %',
  },
  FIRST: {
    input: 'any column that is no foreign key; earliest row of the window',
    accepts: EVERY,
    result: 'same',
    empty: 'undefined',
    level: 'trained',
    phrase: 'first %',
  },
  LAST: {
    input: 'any column that is no foreign key; latest row of the window',
    accepts: EVERY,
    result: 'same',
    empty: 'undefined',
    level: 'trained',
    phrase: 'last %',
  },
  LIST_DISTINCT: {
    input: 'a foreign key; trained also categories',
    accepts: ['number', 'string'],
    result: 'list',
    empty: 'undefined',
    level: 'all',
    phrase: 'set of distinct values of %',
  },
};

export const isAggregateFn = (name: string): name is AggregateFn => Object.hasOwn(FUNCTIONS, name);
