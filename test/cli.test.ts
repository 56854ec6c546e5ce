/** The commands over a library that answers from memory: options, output, exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LeadlightError } from '../src/errors.ts';
import { COMMANDS } from '../src/serve/cli/commands.ts';
import { OUTPUT_SCHEMAS } from '../src/serve/cli/output-schemas.ts';
import { fakeLibrary, runFake } from './support/fake-cli.ts';
import { SAMPLE_REPORT } from './support/sample-detail.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'leadlight-cli-'));
  writeFileSync(join(cwd, 'leadlight.yaml'), 'version: 1\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const TARGET = ['--target', 'will_convert'];

test.each([
  ['init', '.'],
  ['schema'],
  ['check'],
  ['labels', ...TARGET],
  ['plan', ...TARGET],
  ['sql', ...TARGET],
  ['explain-query', 'PREDICT x'],
  ['compare', ...TARGET],
  ['compare', '--ranks', ...TARGET],
  ['ceiling', '--truth', 'truth.csv', ...TARGET],
  ['audit', '--reps', '3', '--calls', '40', ...TARGET],
  ['priority', '--capacity', '2', ...TARGET],
  ['backtest', '--regime', 'both', ...TARGET],
  ['train', ...TARGET],
  ['score', ...TARGET],
  ['score', '--frame', 'pql', ...TARGET],
  ['explain', '--id', 'L1', ...TARGET],
  ['what-if', '--id', 'L1', '--set', 'leads.industry=Finance', '--set', 'leads.size=3', ...TARGET],
  ['signals', ...TARGET],
  ['playbook-test', ...TARGET],
])('%s %s --json prints one object and nothing else on standard output', async (...argv) => {
  const { code, out } = await runFake([...argv, '--json'], { cwd });
  expect(code).toBe(0);
  expect(typeof JSON.parse(out)).toBe('object');
  expect(Array.isArray(JSON.parse(out))).toBe(false);
});

test('warnings and progress go to standard error', async () => {
  const { library } = fakeLibrary({
    check: async (control) => {
      control?.progress?.({ stage: 'reading', done: 0 });
      return { findings: [] };
    },
  });
  expect(await runFake(['check'], { cwd }, library)).toEqual({
    code: 0,
    out: 'Nothing found.\n',
    err: 'reading …\n',
  });
  expect((await runFake(['check', '--quiet'], { cwd }, library)).err).toBe('');
  expect((await runFake(['score', ...TARGET, '--json'], { cwd })).err).toContain(
    'Warning: 3 ids have no row',
  );
});

test('options reach the library under their own names', async () => {
  const { library, calls, closed } = fakeLibrary();
  const argv = ['compare', '--task-table', 'tasks/a.csv', '--entity', 'leads.id', '--rungs', 'trees, blend'];
  await runFake([...argv, '--budget', 'quick', '--seed', '7', '--step', '7', '--json'], { cwd }, library);
  expect(calls[0]).toMatchObject({
    taskTable: join(cwd, 'tasks/a.csv'),
    entity: 'leads.id',
    rungs: ['trees', 'blend'],
    budget: 'quick',
    seed: 7,
    stepDays: 7,
  });
  expect(closed()).toBe(1);
});

test('compare prints cases, one line a model, what was withheld, and the verdict', async () => {
  const { out } = await runFake(['compare', ...TARGET], { cwd });
  expect(out).toContain('train 2,000 (200 positive, 10.0 %)');
  expect(out).toMatch(/5 {6}blend {5}0\.760 {2}\[0\.730, 0\.790\]/);
  expect(out).toContain('intent: not applicable: no topic table');
  expect(out).toContain('leads.stage  filled only after the outcome');
  expect(out).toContain(`Verdict: ${SAMPLE_REPORT.verdict}`);
});

test('several named targets are one call, in one object and one page', async () => {
  const argv = ['compare', '--target', 'won, opened', '--entity', 'leads', '--json', '--html', 'two.html'];
  const { out } = await runFake(argv, { cwd });
  const { targets } = OUTPUT_SCHEMAS.compare.parse(JSON.parse(out)) as { targets: { target: string }[] };
  expect(targets.map((t) => t.target)).toEqual(['won', 'opened']);
  expect(readFileSync(join(cwd, 'two.html'), 'utf8')).toContain('leads: opened');
  const audited = await runFake(['audit', ...argv.slice(1, 6)], { cwd });
  expect(OUTPUT_SCHEMAS.audit.parse(JSON.parse(audited.out))).toHaveProperty('targets');
});

test('compare --ranks sets points against the model on the newest cutoff', async () => {
  const { out } = await runFake(['compare', '--ranks', '--json', ...TARGET], { cwd });
  const { ranks } = JSON.parse(out) as {
    ranks: { cutoff: string; score: number; score_rank: number; points_rank: number }[];
  };
  expect(ranks).toHaveLength(200);
  expect(new Set(ranks.map((r) => r.cutoff))).toEqual(new Set(['2024-04-14T00:00:00.000Z']));
  expect(ranks.map((r) => r.score_rank)).toEqual(ranks.map((_, i) => i + 1));
  expect(ranks.map((r) => r.score)).toEqual(ranks.map((r) => r.score).sort((a, b) => b - a));
  expect([...ranks].map((r) => r.points_rank).sort((a, b) => a - b)).toEqual(ranks.map((_, i) => i + 1));
});

test('compare --html writes a whole page', async () => {
  await runFake(['compare', '--html', 'out/report.html', ...TARGET], { cwd });
  expect(readFileSync(join(cwd, 'out/report.html'), 'utf8')).toContain('The ladder of models');
});

test('score --out writes one line a row in the order the library gave', async () => {
  const { code, out } = await runFake(['score', '--out', 'scores.csv', ...TARGET], { cwd });
  expect(code).toBe(0);
  expect(out).toContain('Wrote 2 rows to scores.csv.');
  const lines = readFileSync(join(cwd, 'scores.csv'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['entity', 'L1', 'L2']);
});

test('score --out scores.parquet is read back with its types', async () => {
  await runFake(['score', '--out', 'scores.parquet', ...TARGET], { cwd });
  const { openDuckdb } = await import('../src/data/engine/duckdb.ts');
  const engine = await openDuckdb({});
  const rows = await engine.rows(
    `SELECT entity, company, probability, reasons FROM '${join(cwd, 'scores.parquet')}'`,
  );
  await engine.close();
  expect(rows[0]).toMatchObject({ entity: 'L1', company: 'Acme <Corp> & "Sons"', probability: 0.2 });
  expect(JSON.parse(String(rows[0]?.reasons))).toHaveLength(2);
});

test('a table in the terminal shows the best first', async () => {
  const { out } = await runFake(['score', ...TARGET], { cwd });
  expect(out.indexOf('L2')).toBeLessThan(out.indexOf('L1'));
});

test.each([
  [['compare'], 'Nothing says what to predict'],
  [['compare', '--query', 'q', '--target', 't'], 'Expected one of --query, --target and --task-table, got 2'],
  [['score', '--task-table', 'f.csv'], '--task-table needs --entity'],
  [['score', '--out', 'scores.xlsx', ...TARGET], 'ends in .csv or .parquet'],
  [['compare', '--seed', '1.5', ...TARGET], 'Expected a whole number'],
  [['compare', '--budget', 'huge', ...TARGET], 'Allowed choices are quick, normal, best'],
  [['score', '--at', '01/02/2024', ...TARGET], 'Expected a date such as'],
  [['score', '--at', '2024-02-31x', ...TARGET], 'Expected a date such as'],
  [['explain', ...TARGET], 'Nothing says whose score'],
  [['what-if', ...TARGET], 'Nothing says whose score'],
  [['frobnicate'], "unknown command 'frobnicate'"],
  [['compare', '--colour'], "unknown option '--colour'"],
])('%j is a usage error with one message', async (argv, message) => {
  const { code, out, err } = await runFake(argv, { cwd });
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test('without a workspace the message says where it looked', async () => {
  const { code, err } = await runFake(['check'], { cwd: tmpdir() });
  expect(code).toBe(2);
  expect(err).toContain(`looked in ${tmpdir()}, ${join(tmpdir(), 'leadlight')}`);
  expect((await runFake(['check', '--workspace', join(cwd, 'leadlight.yaml')])).code).toBe(0);
});

test('explain-query works with and without a workspace', async () => {
  expect((await runFake(['explain-query', 'PREDICT x'], { cwd })).out).toBe('with tables\n');
  expect((await runFake(['explain-query', 'PREDICT x'], { cwd: tmpdir() })).out).toBe('text alone\n');
  const span = { start: 8, end: 9 };
  const { library } = fakeLibrary({
    explainQuery: async () => ({
      lines: [],
      diagnostics: [{ severity: 'error', code: 'C1', message: 'No such table.', span, suggestion: 'y' }],
    }),
  });
  const failed = await runFake(['explain-query', 'PREDICT x'], { cwd }, library);
  expect(failed.code).toBe(4);
  expect(failed.out).toBe('error C1: No such table. Did you mean y?\n  PREDICT x\n          ^\n');
});

test('a fault of the user is one message with its exit code, a fault of ours says so', async () => {
  const failing = (error: unknown) =>
    fakeLibrary({
      check: async () => {
        throw error;
      },
    }).library;
  const user = new LeadlightError('SOURCE_NOT_FOUND', { path: 'x.csv' });
  const known = await runFake(['check', '--json'], { cwd }, failing(user));
  expect(known.code).toBe(3);
  expect(JSON.parse(known.out)).toEqual({ error: { code: 'SOURCE_NOT_FOUND', message: user.message } });
  expect(known.err).toBe(`Error (SOURCE_NOT_FOUND): ${user.message}\n`);
  const ours = await runFake(['check'], { cwd }, failing(new TypeError('x is undefined')));
  expect(ours.code).toBe(1);
  expect(ours.err).toContain('not your fault: x is undefined');
  expect(ours.err).not.toMatch(/^\s+at /m);
  const debug = await runFake(['check'], { cwd, env: { LEADLIGHT_DEBUG: '1' } }, failing(new TypeError('x')));
  expect(debug.err).toMatch(/^\s+at /m);
});

test('a cancelled command exits with 130 and closes the workspace', async () => {
  const abort = new AbortController();
  const { library, closed } = fakeLibrary({
    check: async (control) => {
      abort.abort();
      control?.signal?.throwIfAborted();
      return { findings: [] };
    },
  });
  const { code, err } = await runFake(['check'], { cwd, signal: abort.signal }, library);
  expect(code).toBe(130);
  expect(err).toContain('Cancelled before it finished');
  expect(closed()).toBe(1);
});

test('init keeps the leadlight.yaml it replaces', async () => {
  const dir = join(cwd, 'again');
  const { library } = fakeLibrary();
  const writing = (text: string) => ({
    ...library,
    initWorkspace: async (paths: readonly string[], to: string) => {
      const made = await library.initWorkspace(paths, to, {});
      const { mkdirSync } = await import('node:fs');
      mkdirSync(to, { recursive: true });
      writeFileSync(made.file, text);
      return made;
    },
  });
  const argv = ['init', '.', '--workspace', 'again'];
  expect((await runFake(argv, { cwd }, writing('one'))).out).not.toContain('.bak');
  expect((await runFake(argv, { cwd }, writing('one'))).out).not.toContain('.bak');
  expect((await runFake(argv, { cwd }, writing('two'))).out).toContain('again/leadlight.yaml.bak');
  expect(readFileSync(join(dir, 'leadlight.yaml.bak'), 'utf8')).toBe('one');
});

test('every command has help with its options and an example', async () => {
  for (const { name, example, options } of COMMANDS) {
    const { code, out } = await runFake([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(example);
    for (const option of options) expect(out).toContain(option.flags);
  }
});
