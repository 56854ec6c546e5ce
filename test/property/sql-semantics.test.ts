import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Cell, Engine } from '../../src/data/engine/types.ts';
import {
  addInterval,
  and,
  as,
  call,
  cast,
  col,
  diffDays,
  diffMicros,
  div,
  eq,
  extract,
  gt,
  inList,
  maxBy,
  minBy,
  minusInfinity,
  mod,
  negate,
  not,
  or,
  select,
  sub,
  truncDay,
  tryCast,
  ts,
  type Value,
  values,
} from '../../src/data/sql/build.ts';
import { toSql } from '../../src/data/sql/print.ts';

describe('the SQL tree means in DuckDB what it promises', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
  });
  afterAll(() => engine.close());

  const evaluate = async (value: Value): Promise<Cell> =>
    (await engine.rows(toSql(select({ columns: [as(value, 'v')] }), 'duckdb')))[0]!.v!;

  it.each<[string, Value, Cell]>([
    ['a fraction from whole numbers', div(1, 4), 0.25],
    ['null from a division by zero', div(1, cast(0, 'double')), null],
    ['null from a remainder by zero', mod(5, sub(1, 1)), null],
    ['whole division towards zero', call('int_div', -7, 2), -3],
    ['null from the logarithm of zero', call('ln', 0), null],
    ['null from the root of a negative', call('sqrt', -1), null],
    ['nested signs', negate(negate(-3)), -3],
    ['precedence kept', not(and(true, or(false, eq(sub(5, sub(3, 1)), 3)))), false],
    ['no value in an empty list', inList(1, []), false],
    ['month ends clamped', addInterval(ts('2024-03-31'), -1, 'month'), new Date('2024-02-29')],
    ['Sunday as 7', extract('dow', ts('2024-06-30')), 7],
    ['days with fraction', diffDays(ts('2024-01-02T12:00:00'), ts('2024-01-01')), 1.5],
    ['no difference to infinity', diffMicros(ts(0), minusInfinity), null],
    ['midnight', truncDay(ts('2024-01-02T12:34:56.000001')), new Date('2024-01-02')],
    ['infinity before all', gt(ts('0001-01-01'), minusInfinity), true],
    ['null from what does not convert', tryCast('x', 'bigint'), null],
    ['a null that swallows a concatenation', call('concat', 'a', null), null],
    ['a stable hash', call('hash31', 'abc'), 268521624],
    ['not a number', Number.NaN, Number.NaN],
  ])('%s', async (_, value, expected) => {
    expect(await evaluate(value)).toEqual(expected);
  });

  it('max_by and min_by compare keys in order and skip nulls', async () => {
    const rows = values(
      [
        ['a', 1, 9],
        ['b', 2, 1],
        ['c', 2, 2],
        [null, 3, 3],
        ['d', null, 4],
      ].map((r) => r as Value[]),
      ['v', 'k', 'n'],
      't',
    );
    const keys = [col('k'), col('n')];
    const columns = [
      as(maxBy(col('v'), keys), 'last'),
      as(minBy(col('v'), keys), 'first'),
      as(maxBy(col('v'), [col('n')], { filter: eq(col('k'), 2) }), 'filtered'),
    ];
    const result = await engine.rows(toSql(select({ columns, from: rows }), 'duckdb'));
    expect(result).toEqual([{ last: 'c', first: 'a', filtered: 'c' }]);
  });

  it('refuses moments outside the calendar', () => {
    expect(() => ts('2024-1-1')).toThrow(RangeError);
    expect(() => ts(Number.NaN)).toThrow(RangeError);
  });
});
