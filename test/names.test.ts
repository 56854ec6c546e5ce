/**
 * General code: no table, column or id of an example or of a data set it is tried on stands in src/, outside the
 * lexicons of general words, the layouts of known exports, and simulated companies.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const ID_ROWS = 50;

/** Plain words that messages to people use as illustrations; elsewhere they may not stand either. */
const ILLUSTRATIONS = ['closed_at', 'customer_id'];

const isDistinctive = (name: string): boolean => /[_ .]|[a-z][A-Z]/.test(name);
const isExempt = (file: string): boolean =>
  /(^|\/)(simulate|layouts)\/|(^|\/)(lexicon[a-z-]*|title)\.ts$|\.(test|fixture|d)\.ts$/.test(file);

const examples = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.csv.gz'))
  .map((file) => ({
    table: file.replace(/^.*\/|\.csv\.gz$/g, ''),
    lines: gunzipSync(readFileSync(join(ROOT, 'examples', file)))
      .toString('utf8')
      .split('\n', ID_ROWS + 1),
  }));

const listed = readFileSync(join(ROOT, 'test/support/data-set-names.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const names = new Set([
  ...listed,
  ...examples.flatMap(({ table, lines }) => [table, ...(lines[0]?.split(',') ?? [])]).filter(isDistinctive),
]);

/** First columns that look like ids: `lead_000001`, `536365`. */
const ids = new Set(
  examples
    .flatMap(({ lines }) => lines.slice(1).map((line) => line.split(',')[0] ?? ''))
    .filter((id) => /\d{5}/.test(id)),
);

const product = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !isExempt(file),
);

test('the lists are not empty', () => {
  expect(examples.length).toBeGreaterThan(10);
  expect(names.size).toBeGreaterThan(200);
  expect(ids.size).toBeGreaterThan(100);
  expect(product.length).toBeGreaterThan(50);
});

test('no name of a data set stands in the program', () => {
  const found = product.flatMap((file) =>
    literalsOf(readFileSync(join(ROOT, 'src', file), 'utf8')).flatMap((literal) =>
      wordsOf(literal)
        .filter((word) => names.has(word) || ids.has(word))
        .filter((word) => !(isMessage(literal) && ILLUSTRATIONS.includes(word)))
        .map((word) => `${file}: ${word}`),
    ),
  );
  expect(found).toEqual([]);
});

test('the search finds a name that does stand there', () => {
  const source =
    "const a = 1; // 'InvoiceNo' in a comment\nconst b = `x.lead_id`; const c = { 'StockCode': '' };";
  expect(
    literalsOf(source)
      .flatMap(wordsOf)
      .filter((word) => names.has(word)),
  ).toEqual(['lead_id', 'StockCode']);
});

/** String and template literals, and the names of properties, without comments. */
function literalsOf(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/.*$/gm, '$1');
  return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    (m) => m[1] ?? m[2] ?? m[3] ?? '',
  );
}

const isMessage = (literal: string): boolean => /[a-z:] ./i.test(literal);

const wordsOf = (literal: string): readonly string[] => [
  ...new Set([literal, ...literal.split(/[^A-Za-z0-9_]+/)]),
];
