import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import { as, col, createTableAs, eq, lit, maxBy, select, subquery, table } from '../../src/data/sql/build.ts';
import { toSql } from '../../src/data/sql/print.ts';

const HOSTILE = [
  "'",
  "''",
  '"',
  '""',
  '`',
  '\\',
  "\\'",
  ';',
  '--',
  '/*',
  '*/',
  '\0',
  '\n',
  '\r\n',
  '\t',
  '$$',
  '?',
  '$1',
  ':x',
  '%',
  'é',
  '漢字',
  '👩‍💻',
  '\u202e',
  "'; DROP TABLE t; --",
  '" AS x FROM t; --',
  'x'.repeat(10_000),
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 8 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const hostileName = hostile.map((s) => s.replaceAll('\0', '')).filter((s) => s !== '');
const PARAMETERS = { seed: 20240501, numRuns: 300 };

describe('hostile text in generated SQL (seed 20240501)', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
  });
  afterAll(() => engine.close());

  it('strings come back as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const query = select({ columns: [as(text, 'v'), as(eq(lit(text), text), 'same')] });
        expect(await engine.rows(toSql(query, 'duckdb'))).toEqual([{ v: text, same: true }]);
      }),
      PARAMETERS,
    );
  });

  it('names of tables, columns and aliases come back as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(hostileName, hostileName, hostile, async (tableName, column, text) => {
        await engine.run(toSql(createTableAs(tableName, select({ columns: [as(text, column)] })), 'duckdb'));
        const inner = select({ columns: [as(col(tableName, column), column)], from: table(tableName) });
        const query = select({
          columns: [as(maxBy(col(column, column), [lit(1), lit(2)]), column)],
          from: subquery(inner, column),
        });
        expect(await engine.rows(toSql(query, 'duckdb'))).toEqual([{ [column]: text }]);
        await engine.run(`${toSql({ kind: 'dropTable', table: { name: tableName } }, 'duckdb')}`);
      }),
      PARAMETERS,
    );
  });

  it('never leaves the quotes in Spark text', () => {
    fc.assert(
      fc.property(hostile, hostileName, (text, name) => {
        expect(unquoteSpark(toSql(lit(text), 'spark'))).toBe(text);
        const identifier = toSql(col(name), 'spark');
        expect(identifier).toMatch(/^`([^`]|``)*`$/s);
        expect(identifier.slice(1, -1).replaceAll('``', '`')).toBe(name);
      }),
      PARAMETERS,
    );
  });

  it('refuses names no dialect can hold', () => {
    expect(() => toSql(col('a\0b'), 'duckdb')).toThrow(RangeError);
    expect(() => toSql(col(''), 'spark')).toThrow(RangeError);
  });
});

/** Reads one literal by Spark's rules; throws when a quote ends it early. */
function unquoteSpark(literal: string): string {
  expect(literal).toMatch(/^'([^'\\]|\\.)*'$/s);
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
  return literal
    .slice(1, -1)
    .replace(/\\(u0000|.)/gs, (_, c: string) => (c === 'u0000' ? '\0' : (named[c] ?? c)));
}
