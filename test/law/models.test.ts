/**
 * A kept model obeys the law of time as training does: scores at a cutoff, its own or a later one, do not depend on rows
 * and cells known after it; neither does the version, which is the hash of all that was learned.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkspace } from '../../src/serve/scoring/workspace.ts';
import { PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { cellsChangedAfter, changedAfter, type FileTable, writeTables } from '../support/tables.ts';
import { expectSame, inferredYaml, NOW, type Scored } from '../support/workspaces.ts';

const SEED = 20_260_402;
const TRAINED_AT = '2023-10-02';
const LATER = '2023-11-13';
const TABLES = plainCompany(SEED, 90);

const root = mkdtempSync(join(tmpdir(), 'leadlight-law-models-'));
let yaml = '';
let version = '';
let models = '';
let folders = 0;

/** Scores at `at` by the model kept, over these tables. */
async function scoredWith(tables: readonly FileTable[], at: string): Promise<Scored> {
  const dir = join(root, `w${folders++}`);
  writeTables(join(dir, 'data'), tables);
  writeFileSync(join(dir, 'leadlight.yaml'), yaml);
  if (models === '') mkdirSync(join(dir, 'models'));
  else cpSync(models, join(dir, 'models'), { recursive: true });
  const workspace = await openWorkspace(dir, { now: NOW, threads: 1 });
  try {
    if (models === '') {
      version = (
        await workspace.train({ query: PLAIN_QUERY, budget: 'quick', at: TRAINED_AT, rungs: ['logistic'] })
      ).model.card.version;
      models = join(dir, 'models');
    }
    const { model, cutoff, scores } = await workspace.score({ query: PLAIN_QUERY, at });
    return { model, cutoff, scores };
  } finally {
    await workspace.close();
  }
}

const before = new Map<string, Scored>();
beforeAll(async () => {
  yaml = await inferredYaml(TABLES);
  for (const at of [TRAINED_AT, LATER]) before.set(at, await scoredWith(TABLES, at));
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each(
  [TRAINED_AT, LATER].flatMap((at) =>
    (['remove', 'alter', 'add'] as const).map((change) => [at, change] as const),
  ),
)('a kept model scores the same at %s when later rows change: %s', async (at, change) => {
  const cutoff = Date.parse(at);
  const changed = changedAfter(cellsChangedAfter(TABLES, cutoff, SEED), cutoff, change, SEED);
  const was = before.get(at)!;
  expect(was.model).toMatchObject({ version, status: 'champion' });
  expect(was.scores.length).toBeGreaterThan(60);
  expectSame(await scoredWith(changed, at), was);
});

it('what is learned is the same when rows after the cutoff are gone', async () => {
  const kept = models;
  const known = version;
  models = '';
  const cutoff = Date.parse(TRAINED_AT);
  await scoredWith(changedAfter(TABLES, cutoff, 'remove', SEED), TRAINED_AT);
  expect(version).toBe(known);
  models = kept;
});
