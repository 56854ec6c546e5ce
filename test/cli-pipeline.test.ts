/** The commands over the real library on a small wholesaler: every --json object is what its schema says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { library } from '../src/serve/cli/library-loader.ts';
import { OUTPUT_SCHEMAS } from '../src/serve/cli/output-schemas.ts';
import type { CompareReport, ScoreReport } from '../src/serve/scoring/types.ts';
import { type Ran, runFake } from './support/fake-cli.ts';
import { keepWhere, readExample, sameNames, writeExample } from './support/renamed-example.ts';

const QUERY =
  'PREDICT COUNT(invoices.*, 0, 30, days) > 0 FOR EACH customers.CustomerID WHERE COUNT(invoices.*, -90, 0, days) > 0';
const ASKED = ['--query', QUERY, '--budget', 'quick', '--threads', '2'];

let cwd = '';
const run = (argv: readonly string[]): Promise<Ran> => runFake([...argv, '--quiet'], { cwd }, library);

async function json<T>(argv: readonly string[], schema: keyof typeof OUTPUT_SCHEMAS): Promise<T> {
  const { code, out, err } = await run([...argv, '--json']);
  expect(code, err).toBe(0);
  OUTPUT_SCHEMAS[schema].parse(JSON.parse(out));
  return JSON.parse(out) as T;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'leadlight-cli-'));
  const everyFourth = keepWhere(readExample('wholesale'), 'CustomerID', (id) => Number(id) % 4 === 0);
  const kept = new Set(
    everyFourth.find((t) => t.name === 'invoices')?.lines.map((l) => l.split(',')[0] ?? ''),
  );
  const sample = keepWhere(everyFourth, 'InvoiceNo', (id) => kept.has(id));
  writeExample(join(cwd, 'exports'), sample, sameNames(sample));
  await json(['init', 'exports'], 'init');
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('schema and check describe the workspace that init wrote', async () => {
  await json(['schema', '--svg', 'map.svg'], 'schema');
  expect(readFileSync(join(cwd, 'map.svg'), 'utf8')).toContain('invoices');
  expect((await run(['schema', '--mermaid'])).out).toContain('erDiagram');
  await json(['check'], 'check');
});

test('a query is explained, counted, planned and printed as SQL', async () => {
  await json(['explain-query', QUERY], 'explain-query');
  await json(['labels', '--query', QUERY], 'labels');
  const plan = await json<{ readonly columns: readonly { readonly sentence: string }[] }>(
    ['plan', ...ASKED],
    'plan',
  );
  expect(plan.columns.every((column) => column.sentence.length > 3)).toBe(true);
  const { statements } = await json<{ readonly statements: readonly { readonly name: string }[] }>(
    ['sql', ...ASKED],
    'sql',
  );
  expect(statements.map((s) => s.name)).toEqual(expect.arrayContaining(['population', 'labels', 'static']));
});

test('compare, train, score and explain agree on the question', { timeout: 120_000 }, async () => {
  const rungs = ['--rungs', 'newest,logistic,trees'];
  const report = await json<CompareReport>(['compare', ...ASKED, ...rungs, '--ranks'], 'compare');
  expect(report.rungs.map((r) => r.name)).toEqual(['newest', 'logistic', 'trees']);
  await json(['train', ...ASKED, '--rungs', 'logistic'], 'train');
  const asked = [...ASKED, '--rungs', 'logistic'];
  const scored = await json<ScoreReport>(['score', ...asked, '--out', 'scores.csv'], 'score');
  await json(['score', ...asked, '--frame', 'pql'], 'score --frame pql');
  const lines = readFileSync(join(cwd, 'scores.csv'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(scored.scores.length + 1);
  const [first] = scored.scores;
  const explained = await json<ScoreReport['scores'][number]>(
    ['explain', ...asked, '--id', first?.entity ?? ''],
    'explain',
  );
  expect(explained.probability).toBeCloseTo(first?.probability ?? Number.NaN, 5);
});

test('score --task-table answers each test or blank row, in file order', { timeout: 120_000 }, async () => {
  const ids = readFileSync(join(cwd, 'exports/customers.csv'), 'utf8').split('\n').slice(1, 401);
  const rows = ids.map((line, i) => {
    const id = line.split(',')[0] ?? '';
    const label = i % 5 === 0 ? '' : String(Number(id) % 3 === 0 ? 1 : 0);
    return { id, label, split: i % 5 < 2 ? 'test' : i % 5 === 2 ? 'val' : 'train' };
  });
  const text = rows.map((r) => `${r.id},2011-09-01,${r.label},${r.split}`).join('\n');
  writeFileSync(join(cwd, 'task.csv'), `entity_id,cutoff,label,split\n${text}\n`);
  const argv = ['score', '--task-table', 'task.csv', '--entity', 'customers.CustomerID', '--budget', 'quick'];
  const { code, err } = await run([...argv, '--rungs', 'logistic', '--out', 'task-scores.csv']);
  expect(code, err).toBe(0);
  const answered = readFileSync(join(cwd, 'task-scores.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(answered.map((line) => line.split(',')[0])).toEqual(
    rows.filter((r) => r.label === '' || r.split === 'test').map((r) => r.id),
  );
});
