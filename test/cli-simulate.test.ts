/** Simulated companies from the command line: written, refused, stopped, and held against their true probabilities. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { OUTPUT_SCHEMAS } from '../src/serve/cli/output-schemas.ts';
import { runFake } from './support/fake-cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'leadlight-simulate-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const SMALL = ['--accounts', '30', '--months', '6'];

test('writes tables, says how many rows, and names the next commands', async () => {
  const { code, out } = await runFake(['simulate', '--out', 'plain', '--truth', 'none', ...SMALL], { cwd });
  expect(code).toBe(0);
  expect(out).toMatch(/accounts +\d+/);
  expect(out).toContain('No true probabilities.');
  expect(out).toContain('leadlight init plain/tables --workspace plain/leadlight');
  expect(readdirSync(join(cwd, 'plain/tables'))).toContain('accounts.csv');
});

test('--json says what was planted and when the truth is known', async () => {
  const argv = ['simulate', '--out', 'dirty', '--dirt', '0.6', '--shape', 'hubspot', '--json', ...SMALL];
  const { out } = await runFake([...argv, '--truth', '2024-03-01'], { cwd });
  const report = OUTPUT_SCHEMAS.simulate.parse(JSON.parse(out));
  expect(report.truthAt).toEqual(['2024-03-01']);
  expect(report.planted.length).toBeGreaterThan(0);
  expect(readFileSync(join(cwd, 'dirty/truth.csv'), 'utf8')).toContain('2024-03-01,opened,');
});

test.each([
  [['--dirt', '1.5'], 'Expected a number from 0 to 1.'],
  [['--truth', '1999-01-01'], 'expected dates from 2024-01-01 to 2024-07-01 or none, got 1999-01-01'],
  [['--shape', 'fax'], 'Allowed choices are plain, salesforce, hubspot, product'],
])('refuses %s', async (argv, message) => {
  const { code, err } = await runFake(['simulate', '--out', 'none', ...SMALL, ...argv], { cwd });
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('stops when told to', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  const argv = ['simulate', '--out', 'stopped', '--accounts', '400', '--months', '18'];
  const { code, err } = await runFake(argv, { cwd, signal: stop.signal });
  expect(code).toBe(130);
  expect(err).toContain('CANCELLED');
  expect(existsSync(join(cwd, 'stopped/company.json'))).toBe(false);
});

test('the ceiling shows each model beside the true probabilities, as text, object and page', async () => {
  writeFileSync(join(cwd, 'leadlight.yaml'), 'version: 1\n');
  const argv = ['ceiling', '--truth', 'plain/truth.csv', '--target', 'will_convert'];
  const { out, err } = await runFake([...argv, '--html', 'ceiling.html'], { cwd });
  expect(out).toMatch(/^true probabilities +0\.900/m);
  expect(out).toContain('80 came, 78.5 were to be expected');
  expect(err).toContain('A note <of> the file.');
  const page = readFileSync(join(cwd, 'ceiling.html'), 'utf8');
  expect(page).toContain('Beside the true probabilities');
  expect(page).toContain('A note &lt;of&gt; the file.');
  const json = await runFake([...argv, '--json'], { cwd });
  expect(OUTPUT_SCHEMAS.ceiling.parse(JSON.parse(json.out)).ceiling.without_truth).toBe(3);
});

test('the ceiling needs the file', async () => {
  writeFileSync(join(cwd, 'leadlight.yaml'), 'version: 1\n');
  const { code, err } = await runFake(['ceiling', '--target', 'will_convert'], { cwd });
  expect(code).toBe(2);
  expect(err).toContain('Pass --truth FILE');
});
