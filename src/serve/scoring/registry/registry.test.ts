/** Registered models on a made-up company: the same bytes, the same scores, and the ways in which one may not be used. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../../../../test/support/companies.ts';
import { writeTables } from '../../../../test/support/tables.ts';
import { expectSame, inferredYaml, NOW, type Scored } from '../../../../test/support/workspaces.ts';
import type { TargetOptions } from '../types.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const SEED = 20_260_401;
const AT = '2023-10-02';
const LATER = '2023-11-13';
const TABLES = plainCompany(SEED, 100);
/** A quick rung where the registry is what is tested. */
const ASKED: TargetOptions = { query: PLAIN_QUERY, budget: 'quick', at: AT, rungs: ['logistic'] };
const LIMIT = 180_000;

let yaml = '';
const folders: string[] = [];

function folderOf(tables = TABLES, text = yaml): string {
  const dir = mkdtempSync(join(tmpdir(), 'leadlight-models-'));
  folders.push(dir);
  writeTables(join(dir, 'data'), tables);
  writeFileSync(join(dir, 'leadlight.yaml'), text);
  return dir;
}

async function within<T>(dir: string, use: (w: Workspace) => Promise<T>, threads = 1): Promise<T> {
  const workspace = await openWorkspace(dir, { now: NOW, threads });
  try {
    return await use(workspace);
  } finally {
    await workspace.close();
  }
}

/** Notes of training stand in the card and are not repeated with each score. */
const answer = ({ model, cutoff, scores }: Scored): Scored => ({ model, cutoff, scores });

const filesOf = (dir: string, version: string): ReadonlyMap<string, string> => {
  const at = join(dir, 'models', version);
  return new Map(readdirSync(at).map((name) => [name, readFileSync(join(at, name)).toString('base64')]));
};

const trained = (dir: string, options: TargetOptions = ASKED, threads = 1): Promise<string> =>
  within(dir, async (w) => (await w.train(options)).model.card.version, threads);

beforeAll(async () => {
  yaml = await inferredYaml(TABLES);
});
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

describe('a registered model', () => {
  let dir = '';
  let version = '';
  beforeAll(async () => {
    dir = folderOf();
    version = await trained(dir);
  }, LIMIT);

  it('is the same bytes when trained again, with other threads, in another folder', {
    timeout: LIMIT,
  }, async () => {
    const other = folderOf();
    expect(await trained(other, ASKED, 2)).toBe(version);
    expect(filesOf(other, version)).toEqual(filesOf(dir, version));
  });

  it('scores as the training process does, reasons and all', { timeout: LIMIT }, async () => {
    const fresh = await within(dir, (w) => w.score({ ...ASKED, fresh: true }));
    const kept = await within(dir, (w) => w.score({ query: PLAIN_QUERY, at: AT }), 2);
    expect(fresh.model.status).toBeNull();
    expect(kept.model).toMatchObject({ version, status: 'champion', data_cutoff: `${AT}T00:00:00.000Z` });
    expectSame({ ...answer(kept), model: fresh.model }, answer(fresh));
    const { champion: _, ...third } = kept.scores[3]!;
    const explained = await within(dir, (w) => w.explain({ query: PLAIN_QUERY, at: AT, id: third.entity }));
    expect(explained).toMatchObject(third);
  });

  it('scores later cutoffs without training, and refuses earlier ones', { timeout: LIMIT }, async () => {
    const later = await within(dir, (w) => w.score({ query: PLAIN_QUERY, at: LATER }));
    expect(later.model).toMatchObject({ version, data_cutoff: `${AT}T00:00:00.000Z` });
    expect(later.scores.length).toBeGreaterThan(70);
    await expect(within(dir, (w) => w.score({ query: PLAIN_QUERY, at: '2023-09-01' }))).rejects.toMatchObject(
      {
        code: 'MODEL_UNFIT',
      },
    );
  });

  it('is trained anew, and says so, when other settings are asked for', { timeout: LIMIT }, async () => {
    const report = await within(dir, (w) => w.score({ ...ASKED, seed: 2 }));
    expect(report.model.status).toBeNull();
    expect(report.warnings[0]).toContain('seed 1, not 2');
    await expect(within(dir, (w) => w.score({ ...ASKED, seed: 2, model: version }))).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('has a card with what it learned from and how it did on outcomes held back', {
    timeout: LIMIT,
  }, async () => {
    const { card, status } = await within(dir, (w) => w.models.show(version));
    expect(status).toBe('champion');
    expect(card.held_out?.rows).toBeGreaterThan(50);
    expect(card.held_out?.figures.auroc_ci).not.toBeNull();
    expect(card.training.positives).toBeGreaterThan(20);
    expect(card.features.length).toBeGreaterThan(20);
  });

  it('moves from candidate over shadow to champion and back', { timeout: LIMIT }, async () => {
    const second = await trained(dir, { ...ASKED, seed: 2 });
    expect(second).not.toBe(version);
    await within(dir, async (w) => {
      expect((await w.models.show(second)).status).toBe('candidate');
      expect((await w.models.shadow(second, 'looks good')).status).toBe('shadow');
      const shadowed = await w.score({ query: PLAIN_QUERY, at: AT });
      expect(shadowed.model.version).toBe(version);
      expect(shadowed.shadows[0]).toMatchObject({ version: second, against: version });
      expect(shadowed.shadows[0]!.rank_correlation).toBeGreaterThan(0.5);
      expect((await w.models.promote(second)).status).toBe('champion');
      expect((await w.score({ query: PLAIN_QUERY, at: AT })).model.version).toBe(second);
      const compared = await w.models.compare([second, version], { at: AT });
      expect(compared.held_out?.metrics[0]).toMatchObject({ metric: 'AUROC' });
      expect(compared.held_out!.metrics[0]!.interval![0]).toBeLessThan(
        compared.held_out!.metrics[0]!.interval![1],
      );
      expect(compared.moves.movers.length).toBeGreaterThan(0);
      expect(compared.moves.movers[0]!.signals.length).toBeGreaterThan(0);
      expect((await w.models.rollBack()).card.version).toBe(version);
      expect((await w.models.list()).map((m) => m.status)).toEqual(['champion', 'candidate']);
    });
    const journal = readFileSync(join(dir, 'models', 'journal.ndjson'), 'utf8');
    expect(journal).toContain('looks good');
    await expect(within(dir, (w) => w.models.rollBack())).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is refused when its question, its name or its files are not what they should be', {
    timeout: LIMIT,
  }, async () => {
    const other = PLAIN_QUERY.replace(/\d+, days\)/, '45, days)');
    expect(other).not.toBe(PLAIN_QUERY);
    await expect(
      within(dir, (w) => w.score({ ...ASKED, query: other, model: version })),
    ).rejects.toMatchObject({
      code: 'MODEL_UNFIT',
    });
    for (const name of ['../../etc', 'ffffffffffff', '']) {
      await expect(within(dir, (w) => w.models.show(name))).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      });
    }
    const state = join(dir, 'models', version, 'state.json.gz');
    const bytes = readFileSync(state);
    writeFileSync(state, bytes.subarray(0, bytes.length - 20));
    await expect(
      within(dir, (w) => w.score({ query: PLAIN_QUERY, at: AT, model: version })),
    ).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
    writeFileSync(state, bytes);
    const card = join(dir, 'models', version, 'card.json');
    const text = readFileSync(card, 'utf8');
    writeFileSync(card, text.replace('"positives": ', '"positives": 1'));
    await expect(within(dir, (w) => w.models.list())).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    writeFileSync(card, text);
  });

  it('names what changed in the schema', { timeout: LIMIT }, async () => {
    const before = readFileSync(join(dir, 'leadlight.yaml'), 'utf8');
    const changed = before.replace(/labelTime: closed_at/, 'labelTime: opened_at');
    expect(changed).not.toBe(before);
    writeFileSync(join(dir, 'leadlight.yaml'), changed);
    const asked = { query: PLAIN_QUERY, at: AT, model: version };
    await expect(within(dir, (w) => w.score(asked))).rejects.toThrow(/labelTime|another question/);
    writeFileSync(join(dir, 'leadlight.yaml'), before);
  });
});

describe('other ways to ask', () => {
  it('the whole blend, dates without clocks: the saved model scores as the fresh one', {
    timeout: LIMIT,
  }, async () => {
    const tables = forceCompany(SEED, 200);
    const dir = folderOf(tables, await inferredYaml(tables));
    const asked: TargetOptions = { query: FORCE_QUERY, budget: 'quick', at: AT };
    await trained(dir, asked);
    const fresh = await within(dir, (w) => w.score({ ...asked, fresh: true }));
    const kept = await within(dir, (w) => w.score(asked));
    expect(kept.model.status).toBe('champion');
    expectSame({ ...answer(kept), model: fresh.model }, answer(fresh));
  });
});
