/** The command that writes a simulated company: files, figures, refusals, and stopping it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
