import { expect, test } from 'vitest';
import { formatDiagnostics, locate } from './diagnostic.ts';
import { parseQuery } from './parse.ts';

test('rows count from 1, columns from 0', () => {
  expect(locate('ab\ncd', 4)).toEqual({ row: 2, column: 1, line: 'cd' });
  expect(locate('', 0)).toEqual({ row: 1, column: 0, line: '' });
});

test('an error shows its place, line, carets, expectation and remedy', () => {
  const text = 'PREDICT COUNT(t.*, 0, 7)\nFOR EACH t.id WHERE t.x == 5';
  expect(formatDiagnostics(text, parseQuery(text).diagnostics)).toBe(
    [
      'error P11 at row 2, column 24: There is no operator ==.',
      '  FOR EACH t.id WHERE t.x == 5',
      '                          ^^',
      '  try: =',
    ].join('\n'),
  );
});

test('errors come before notes, and long lines are cut around the place', () => {
  const text = `PREDICT t.x FOR EACH t.id WHERE t.x <> 1 AND ${'t.x = 1 AND '.repeat(20)}t.x = y`;
  const [error, note] = formatDiagnostics(text, parseQuery(text).diagnostics).split('\n\n');
  expect(error).toMatch(/^error P12 at row 1, column 291/);
  expect(error!.split('\n')[1]!.length).toBeLessThan(110);
  expect(error!.split('\n')[2]!.trimStart()).toBe('^');
  expect(note).toMatch(/^info E6 .*\n.*\n.*\n {2}strict spelling: !=$/);
});

test('messages hold no literals', () => {
  const secret = 'jane.doe@example.com';
  for (const text of [
    `PREDICT t.x FOR EACH t.id WHERE t.x LIKE '${secret}'`,
    `PREDICT t.x FOR '${secret}'`,
  ]) {
    const { diagnostics } = parseQuery(text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify(diagnostics)).not.toContain(secret);
  }
});
