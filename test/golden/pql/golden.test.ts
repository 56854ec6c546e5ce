import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../../src/query/pql/ast.ts';
import type { Level } from '../../../src/query/pql/check.ts';
import { compileQuery } from '../../../src/query/pql/compile.ts';
import { describeQuery } from '../../../src/query/pql/describe.ts';
import { parseQuery } from '../../../src/query/pql/parse.ts';
import { printQuery } from '../../../src/query/pql/print.ts';
import { type GoldenCase, readCases, wordOf } from './cases.ts';
import { fixtureSchema, ruleSchema } from './fixture-schema.ts';

const codes = (diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): readonly string[] =>
  [...new Set(diagnostics.filter((d) => d.severity === severity).map((d) => d.code))].sort();
const listed = (list: string): readonly string[] => list.split(',').filter(Boolean).sort();

/** `!L1,Z3` expects these errors, `+E3` acceptance with these notes. */
function expectOutcome(expected: string, accepted: boolean, diagnostics: readonly Diagnostic[]): void {
  const severity = expected.startsWith('!') ? 'error' : 'info';
  expect(accepted, JSON.stringify(diagnostics)).toBe(severity === 'info');
  expect(codes(diagnostics, severity)).toEqual(listed(expected.replaceAll(/[!+]/g, '')));
}

describe('queries to accept, in strict mode', () => {
  test.each(readCases('accept.txt'))('$name', (golden) => {
    const { query } = parseQuery(golden.text, { mode: 'strict' });
    expect(query && printQuery(query)).toBe(golden.canonical);
    for (const [key, level] of [['T', 'trained'], ['R', 'rfm']] as const) {
      const expected = wordOf(golden, key)!;
      if (expected === '-') continue;
      const { checked, diagnostics } = compileQuery(golden.text, fixtureSchema, { mode: 'strict', level });
      if (expected.startsWith('!')) expectOutcome(expected, checked !== undefined, diagnostics);
      else expect(checked?.taskType).toBe(expected);
      if (!expected.startsWith('!')) {
        expect(codes(diagnostics, 'warning')).toEqual(listed(wordOf(golden, 'warn') ?? ''));
      }
    }
  });
});

describe('queries to accept, in lenient mode', () => {
  test.each(readCases('accept.txt'))('$name', (golden) => {
    const { query, diagnostics } = parseQuery(golden.text);
    expect(query && printQuery(query)).toBe(golden.canonical);
    expect(codes(diagnostics, 'info')).toEqual([]);
  });
});

function expectFault(golden: GoldenCase, diagnostics: readonly Diagnostic[], expected: readonly string[]): void {
  expect(codes(diagnostics, 'error')).toEqual([...expected].sort());
  const spans = diagnostics.filter((d) => d.severity === 'error').map((d) => d.span);
  expect(spans[0]).toEqual(golden.span);
}

describe('queries the parser rejects', () => {
  test.each(readCases('reject-parse.txt'))('$name is $words', (golden) => {
    const strict = parseQuery(golden.text, { mode: 'strict' });
    expect(strict.query).toBeUndefined();
    expectFault(golden, strict.diagnostics, [golden.words[0]!]);
    const lenient = parseQuery(golden.text);
    expectOutcome(wordOf(golden, 'lenient')!, lenient.query !== undefined, lenient.diagnostics);
    expect(lenient.query && printQuery(lenient.query)).toBe(golden.canonical);
  });
});

describe('queries the checker rejects', () => {
  test.each(readCases('reject-check.txt'))('$name is $words', (golden) => {
    const level = golden.words[0] === 'rfm' ? 'rfm' : 'trained';
    expect(parseQuery(golden.text, { mode: 'strict' }).query).toBeDefined();
    const strict = compileQuery(golden.text, fixtureSchema, { mode: 'strict', level });
    expect(strict.checked).toBeUndefined();
    expectFault(golden, strict.diagnostics, listed(golden.words[1]!));
    const lenient = compileQuery(golden.text, fixtureSchema);
    expectOutcome(wordOf(golden, 'lenient')!, lenient.checked !== undefined, lenient.diagnostics);
    expect(lenient.checked?.text).toBe(golden.canonical);
  });
});

describe('each remaining rule, in strict mode', () => {
  test.each(readCases('rules.txt'))('$name is $words', (golden) => {
    const [where = '', expected = ''] = golden.words;
    const playground = where === 'playground';
    const level = playground ? 'rfm' : (where as Level);
    const { checked, diagnostics } = compileQuery(golden.text, ruleSchema, { mode: 'strict', level, playground });
    if (expected === 'ok') return expect(diagnostics).toEqual([]);
    const severity = expected.startsWith('~') ? 'warning' : 'error';
    expect(codes(diagnostics, severity)).toEqual(listed(expected.replace('~', '')));
    expect(checked !== undefined, JSON.stringify(diagnostics)).toBe(severity === 'warning');
    if (golden.span) expect(diagnostics.find((d) => d.severity === severity)?.span).toEqual(golden.span);
  });
});

const targets = [
  { name: 'conversion', table: 'leads', predicate: "COUNT(deals.* WHERE deals.stage = 'won', 0, 90, days) > 0" },
  { name: 'conversion', table: 'accounts', predicate: 'EXISTS(deals.*, 0, 90, days)' },
];

describe('extensions', () => {
  test.each(readCases('extensions.txt'))('$name', (golden) => {
    const { checked, diagnostics } = compileQuery(golden.text, fixtureSchema, { targets });
    const expected = golden.words[0]!;
    if (!expected.startsWith('+')) return expectFault(golden, diagnostics, [expected]);
    expectOutcome(expected, checked !== undefined, diagnostics);
    expect(checked?.text).toBe(golden.canonical);
    const again = compileQuery(checked!.text, fixtureSchema);
    expect(again.checked?.text).toBe(golden.canonical);
    expect(compileQuery(golden.text, fixtureSchema, { mode: 'strict', targets }).checked).toBeUndefined();
    const hasStrictText = !/E12|E13|E17/.test(expected);
    expect(parseQuery(checked!.text, { mode: 'strict' }).query !== undefined).toBe(hasStrictText);
  });
});

describe('published tasks', () => {
  test.each(readCases('relbench.txt'))('$name $words', ({ text }) => {
    const { query, diagnostics } = parseQuery(text, { mode: 'strict' });
    expect(diagnostics).toEqual([]);
    const printed = printQuery(query!);
    expect(printQuery(parseQuery(printed, { mode: 'strict' }).query!)).toBe(printed);
  });
});

describe('worked examples', () => {
  test.each(readCases('worked-examples.txt'))('$name', ({ text }) => {
    const { query } = parseQuery(text);
    expect(describeQuery(query!).length).toBeGreaterThan(1);
    expect(parseQuery(text, { mode: 'strict' }).query === undefined).toBe(!text.startsWith('PREDICT SUM'));
  });
});
