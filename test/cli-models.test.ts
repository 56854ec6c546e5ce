/** leadlight models over a registry that answers from memory: what it prints, what it passes on, what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OUTPUT_SCHEMAS } from '../src/serve/cli/output-schemas.ts';
import { fakeLibrary, type Ran, runFake } from './support/fake-cli.ts';
import { fakeRegistry, SAMPLE_MODEL } from './support/sample-model.ts';

const { version } = SAMPLE_MODEL.card;
let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'leadlight-cli-models-'));
  writeFileSync(join(cwd, 'leadlight.yaml'), 'version: 1\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const models = (...argv: readonly string[]): Promise<Ran> => runFake(['models', ...argv], { cwd });

test.each([
  ['models list', []],
  ['models show', ['show', version]],
  ['models compare', ['compare', version, version]],
  ['models show', ['promote', version]],
  ['models show', ['rollback']],
] as const)('%s --json is what its schema says (%j)', async (schema, argv) => {
  const { code, out, err } = await models(...argv, '--json');
  expect(code, err).toBe(0);
  OUTPUT_SCHEMAS[schema].parse(JSON.parse(out));
});

test('list and show say what a version learned from and how it did, with the number of cases', async () => {
  const list = (await models()).out;
  expect(list).toContain(`${version}  champion`);
  expect(list).toContain('2,400');
  expect(list).toContain('400 cases');
  const card = (await models('show', version)).out;
  expect(card).toContain('2,000 training, 400 validation; 241 positive (10.0 %)');
  expect(card).toMatch(/held out +AUROC 0.760 \[0.730, 0.790\].*400 cases, 80 positive/);
  expect(card).toContain('withheld leads.stage');
});

test('compare says that there is nobody to compare on, and who moves', async () => {
  const { out } = await models('compare', version, version);
  expect(out).toContain('Not judged on the same cases: The versions were judged on different cases.');
  expect(out).toContain('on 2 rows: rank correlation 1.000');
});

test('a change passes its reason on', async () => {
  const calls: unknown[] = [];
  const note = (name: string) => async (of?: string, why?: string) => {
    calls.push([name, of, why]);
    return SAMPLE_MODEL;
  };
  const registry = {
    ...fakeRegistry(),
    promote: note('promote'),
    shadow: note('shadow'),
    rollBack: note('rollBack'),
  };
  const { library } = fakeLibrary({ models: registry });
  for (const argv of [['promote', version], ['shadow', version], ['rollback']])
    expect((await runFake(['models', ...argv, '--why', 'as agreed'], { cwd }, library)).code).toBe(0);
  expect(calls).toEqual([
    ['promote', version, 'as agreed'],
    ['shadow', version, 'as agreed'],
    ['rollBack', undefined, 'as agreed'],
  ]);
});

test.each([
  [['frobnicate'], 'models cannot frobnicate'],
  [['toString'], 'models cannot toString'],
  [['show'], 'Expected one version, got 0'],
  [['promote', 'a', 'b'], 'Expected one version, got 2'],
  [['compare', 'a'], 'Expected two versions to compare, got 1'],
] as const)('%j is refused with what is expected', async (argv, message) => {
  const { code, err } = await models(...argv);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
