/**
 * Simulated companies with and without dirt: a score as of a day is the same, bit for bit, from an export made that
 * morning and from one made months later; threads change nothing.
 */
import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { initWorkspace, openWorkspace } from '../../src/serve/scoring/workspace.ts';
import { evenDirt } from '../../src/simulate/dirt/soil.ts';
import type { Dirt } from '../../src/simulate/dirt/types.ts';
import { type ExportOptions, exportCompany } from '../../src/simulate/export.ts';
import { MECHANISMS } from '../../src/simulate/mechanisms.ts';
import { SHAPES, type ShapeName } from '../../src/simulate/shapes/shapes.ts';
import { DAY } from '../../src/simulate/types.ts';
import { expectSame, type Scored } from '../support/workspaces.ts';

const PATIENCE_MS = 240_000;
const FROM = Date.UTC(2024, 0, 1);
const SCORED_AT = FROM + 270 * DAY;
const ENTITIES: Readonly<Record<ShapeName, string>> = {
  plain: 'accounts',
  salesforce: 'Account',
  hubspot: 'companies',
  product: 'accounts',
};

const root = await mkdtemp(join(tmpdir(), 'simulated-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

async function exported(options: Partial<ExportOptions>): Promise<string> {
  const folder = join(root, String(folders++));
  await exportCompany(folder, {
    ...{ seed: 1, accounts: 150, from: FROM, to: FROM + 360 * DAY, mechanisms: MECHANISMS, truthAt: [] },
    ...options,
  });
  return folder;
}

/** With the schema inferred from `inferredFrom`, that both exports have the same; at the same place beside the tables. */
async function scored(folder: string, inferredFrom: string, shape: ShapeName, threads = 1): Promise<Scored> {
  const dir = join(folder, 'workspace');
  const { file } = await initWorkspace([join(inferredFrom, 'tables')], join(inferredFrom, 'workspace'));
  await mkdir(dir, { recursive: true });
  if (folder !== inferredFrom) await copyFile(file, join(dir, 'leadlight.yaml'));
  const workspace = await openWorkspace(dir, { threads, now: new Date(FROM + 370 * DAY) });
  try {
    const { model, cutoff, scores } = await workspace.score({
      target: 'will_convert',
      entity: ENTITIES[shape],
      at: new Date(SCORED_AT).toISOString().slice(0, 10),
      rungs: ['trees'],
      budget: 'quick',
    });
    return { model, cutoff, scores };
  } finally {
    await workspace.close();
  }
}

describe('a score as of a day', () => {
  it.each(SHAPES)(
    'is the same from an export of that morning and a later one: %s',
    async (shape) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0, 0.6), async (seed, level) => {
          const dirt: Dirt = { ...evenDirt(level), backdated: 0, snapshots: 0 };
          const late = await exported({ seed, shape, dirt });
          const early = await exported({ seed, shape, dirt, until: SCORED_AT });
          const before = await scored(early, late, shape);
          expect(before.scores.length).toBeGreaterThan(50);
          expectSame(await scored(late, late, shape), before);
        }),
        { numRuns: 1, seed: 20_260_611, endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );

  it(
    'does not change with threads',
    async () => {
      const folder = await exported({ shape: 'plain', dirt: evenDirt(0.4) });
      expectSame(await scored(folder, folder, 'plain', 2), await scored(folder, folder, 'plain', 1));
    },
    PATIENCE_MS,
  );
});
