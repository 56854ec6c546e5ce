import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTruth } from './truth-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'truth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(...lines: readonly string[]): string {
  const file = join(folder, 'truth.csv');
  writeFileSync(file, ['table,id,at,target,probability,standard_error', ...lines].join('\n'));
  return file;
}

it('finds the probability of a case by id and day', async () => {
  const file = written(
    'a,"x,""1""",2024-03-01,won,0.25,0.01',
    'a,x2,2024-02-01,won,0.5,',
    'b,x2,2024-02-01,won,0.9,',
  );
  const truth = await readTruth(file, 'a', undefined);
  expect(truth.outcome).toBe('won');
  expect(truth.dates).toEqual([Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)]);
  expect(truth.of('x,"1"', Date.UTC(2024, 2, 1))).toEqual({ probability: 0.25, standardError: 0.01 });
  expect(truth.of('x2', Date.UTC(2024, 2, 1))).toBeUndefined();
});

it.each([
  ['c', undefined, 'has no true probabilities for c'],
  ['a', undefined, 'several outcomes. Pass --outcome with one of won, opened'],
  ['a', 'lost', 'no outcome lost'],
])('says what is missing for %s %s', async (table, outcome, message) => {
  const file = written('a,x,2024-03-01,won,0.25,', 'a,x,2024-03-01,opened,0.25,');
  await expect(readTruth(file, table, outcome)).rejects.toThrow(message);
});

it('names the line of a probability that is none', async () => {
  await expect(readTruth(written('a,x,2024-03-01,won,1.25,'), 'a', 'won')).rejects.toThrow(
    'line 2: expected a date and a probability',
  );
});
