import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../../data/schema/types.ts';
import { compileQuery } from './compile.ts';
import { describeQuery } from './describe.ts';
import { formatDiagnostics } from './diagnostic.ts';
import { parseQuery } from './parse.ts';

const SEED = 20260731;

const schema: Schema = {
  tables: ['a', 'b'].map((name) => ({
    name,
    origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
    key: name === 'a' ? ['id'] : [],
    role: 'event',
    time: 't',
    columns: [
      { name: 'id', type: 'integer', semantic: 'key' },
      { name: 'x', type: 'number', semantic: 'numeric' },
      { name: 's', type: 'text', semantic: 'categorical' },
      { name: 't', type: 'timestamp', semantic: 'timestamp' },
    ],
  })),
  links: [{ name: 'b.id', from: 'b', columns: ['id'], to: 'a' }],
  derivedLinks: [],
};

/** Pieces that make near-queries, so that deep places of the parser are reached. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'PREDICT',
      'FOR EACH',
      'FOR',
      'WHERE',
      'ASSUMING',
      'COUNT',
      'SUM',
      'LIST_DISTINCT',
      'a.id',
      'a.x',
      'b.*',
      'b.x',
    ],
    ...[
      '(',
      ')',
      ',',
      '=',
      '!=',
      '<',
      '<>',
      '==',
      'IN',
      'IS',
      'IS NOT',
      'NOT',
      'AND',
      'OR',
      'LIKE',
      'NOT LIKE',
    ],
    ...[
      '0',
      '7',
      '-7',
      '1.5',
      '1e9',
      '2024-01-01',
      '12:00:00',
      "'x'",
      '"%y%"',
      'NULL',
      'true',
      '-INF',
      'days',
      'day',
    ],
    ...[
      'RANK',
      'TOP',
      'CLASSIFY',
      'FORECAST',
      'TIMEFRAMES',
      'BOOL',
      'EXISTS',
      'BETWEEN',
      'USING',
      'VIA',
      'a',
      'b.id',
    ],
    ...[
      'EXPLAIN',
      ';',
      '#',
      '--',
      '/*',
      '`',
      "'",
      '\\',
      'COUNT(b.*, 0, 7) > 0',
      'FOR EACH a.id',
      'PREDICT a.x',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const nearQuery = fc
  .record({
    head: fc.constantFrom('', 'PREDICT ', 'PREDICT COUNT(b.*, 0, 7) '),
    pieces: fc.array(piece, { maxLength: 25 }),
  })
  .map(({ head, pieces }) => head + pieces.join(' '));

test(`any text gives a query or errors inside the text, and never throws (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.oneof(nearQuery, fc.string({ unit: 'binary' })), (text) => {
      for (const mode of ['strict', 'lenient'] as const) {
        const result = compileQuery(text, schema, { mode, level: 'rfm' });
        const errors = result.diagnostics.filter((d) => d.severity === 'error');
        expect(errors.length > 0).toBe(result.checked === undefined);
        for (const { span } of errors) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
        if (result.query) expect(describeQuery(result.query).length).toBeGreaterThan(0);
        expect(formatDiagnostics(text, result.diagnostics)).toBeTypeOf('string');
      }
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

const scope = ' FOR EACH a.id';

test.each([
  ['parentheses', `PREDICT ${'('.repeat(50_000)}a.x = 1`],
  ['negations', `PREDICT ${'NOT '.repeat(20_000)}a.x = 1${scope}`],
  ['conditions', `PREDICT ${Array.from({ length: 5_000 }, () => 'a.x = 1').join(' AND ')}${scope}`],
  ['nested filters', `PREDICT ${'COUNT(b.* WHERE '.repeat(5_000)}`],
  ['length', `PREDICT a.x${scope}${' '.repeat(100_001)}`],
])('too many %s are refused, not overflowed', (_, text) => {
  expect(parseQuery(text).diagnostics.map((d) => d.code)).toEqual(['P25']);
});

test('what is accepted can be checked, printed and described without overflow', () => {
  const conditions = Array.from({ length: 400 }, () => 'a.x = 1').join(' OR ');
  const { checked } = compileQuery(`PREDICT ${conditions}${scope}`, schema);
  expect(describeQuery(checked!).length).toBeGreaterThan(2);
  expect(parseQuery(checked!.text, { mode: 'strict' }).query).toBeDefined();
});

test('precedence: NOT over AND over OR, left to right', () => {
  const { checked } = compileQuery(
    `PREDICT NOT a.x = 1 AND a.x = 2 OR a.x IN (3, 4) OR a.x = 5${scope}`,
    schema,
  );
  const expected = '(((NOT (a.x = 1)) AND (a.x = 2)) OR (a.x IN (3, 4))) OR (a.x = 5)';
  expect(checked!.text).toBe(`PREDICT ${expected}${scope}`);
});

test('upstream keywords need one case and one blank; names are case-sensitive', () => {
  const accepts = (text: string): boolean => parseQuery(text, { mode: 'strict' }).query !== undefined;
  expect(accepts('predict a.x for each a.id')).toBe(true);
  expect(accepts('predict a.x FOR EACH a.id')).toBe(true);
  expect(accepts('predict a.x For Each a.id')).toBe(false);
  expect(accepts('predict a.x for  each a.id')).toBe(false);
  expect(accepts('predict a.x = True for each a.id')).toBe(true);
  expect(accepts('predict a.x = tRue for each a.id')).toBe(false);
});

test('the playground reads prefixes in strict mode', () => {
  const { query } = parseQuery('EVALUATE PREDICT a.x FOR EACH a.id', { mode: 'strict', playground: true });
  expect(query?.prefix).toBe('evaluate');
});

test('a 64-bit id keeps its digits', () => {
  const { query } = parseQuery('PREDICT a.x FOR a.id = 9223372036854775807');
  expect(query?.ids).toMatchObject({ digits: '9223372036854775807' });
});

test('a table without a key is named by its row number', () => {
  const { checked } = compileQuery('PREDICT b.x FOR EACH b', schema);
  expect(checked?.entity).toMatchObject({ table: 'b', column: 'row' });
});

test('a named target stays unresolved without a workspace, and an error with one', () => {
  const text = 'PREDICT converts FOR a';
  expect(parseQuery(text).query).toMatchObject({ namedTarget: 'converts', target: { table: '' } });
  expect(parseQuery(text, { targets: [] }).diagnostics.at(-1)?.code).toBe('N1');
});

test('a fault inside a declared target is reported at its name', () => {
  const targets = [{ name: 'converts', table: 'a', predicate: 'COUNT(b.* 0, 7) > 0' }];
  const { diagnostics } = parseQuery('PREDICT converts FOR EACH a.id', { targets });
  expect(diagnostics.at(-1)).toMatchObject({ code: 'P7', span: { start: 8, end: 16 } });
});
