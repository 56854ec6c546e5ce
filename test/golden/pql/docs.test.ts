import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../../src/query/pql/codes.ts';
import { FUNCTIONS } from '../../../src/query/pql/functions.ts';

const manual = readFileSync(new URL('../../../docs/reference-pql.md', import.meta.url), 'utf8');
const rows = manual.split('\n').filter((line) => line.startsWith('| '));

test('the manual lists every aggregation as it is declared', () => {
  for (const [name, { input, result, empty, level }] of Object.entries(FUNCTIONS)) {
    const none = empty === 'zero' ? '0' : 'dropped';
    expect(rows).toContain(`| \`${name}\` | ${input} | ${result} | ${none} | ${level} |`);
  }
});

test('the manual lists every code with its meaning, and no other', () => {
  const listed = rows.filter((row) => /^\| [A-Z]\d+ \| [^|]+ \|$/.test(row));
  const declared = Object.entries(DIAGNOSTIC_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  expect(listed).toEqual(declared);
});

test('every code is raised somewhere', () => {
  const golden = ['reject-parse', 'reject-check', 'rules', 'extensions', 'accept']
    .map((file) => readFileSync(new URL(`./${file}.txt`, import.meta.url), 'utf8'))
    .join('\n');
  const heads = golden.split('\n').filter((line) => line.startsWith('## '));
  const raised = new Set(heads.flatMap((head) => head.match(/\b[A-Z]\d+\b/g) ?? []));
  const silent = Object.keys(DIAGNOSTIC_CODES).filter((code) => !raised.has(code));
  expect(silent).toEqual(['P25', 'U1', 'I6']);
});
