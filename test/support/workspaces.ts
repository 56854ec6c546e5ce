/** Workspaces over tables of a test: inferred once, then opened over changed copies of the same files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ScoreReport, TargetOptions } from '../../src/serve/scoring/types.ts';
import { initWorkspace, openWorkspace, type Workspace } from '../../src/serve/scoring/workspace.ts';
import { type FileTable, writeTables } from './tables.ts';

export const NOW = new Date('2024-01-01T00:00:00Z');

export async function inTempFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'leadlight-test-'));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** leadlight.yaml as inferred from these tables. */
export const inferredYaml = (tables: readonly FileTable[]): Promise<string> =>
  inTempFolder(async (dir) => {
    writeTables(join(dir, 'data'), tables);
    const { file } = await initWorkspace([join(dir, 'data')], dir);
    return readFileSync(file, 'utf8');
  });

export const withWorkspace = <T>(
  tables: readonly FileTable[],
  yaml: string,
  use: (workspace: Workspace) => Promise<T>,
  threads = 1,
): Promise<T> =>
  inTempFolder(async (dir) => {
    writeTables(join(dir, 'data'), tables);
    writeFileSync(join(dir, 'leadlight.yaml'), yaml);
    const workspace = await openWorkspace(dir, { now: NOW, threads });
    try {
      return await use(workspace);
    } finally {
      await workspace.close();
    }
  });

/** What must not change: model, cutoff and every field of every score. */
export type Scored = Pick<ScoreReport, 'model' | 'cutoff' | 'scores'>;

export const scored = (
  tables: readonly FileTable[],
  yaml: string,
  options: TargetOptions,
  threads = 1,
): Promise<Scored> =>
  withWorkspace(
    tables,
    yaml,
    async (workspace) => {
      const { model, cutoff, scores } = await workspace.score({ budget: 'quick', ...options });
      return { model, cutoff, scores };
    },
    threads,
  );

/** Byte for byte; the first score that differs is shown rather than all. */
export function expectSame(after: Scored, before: Scored): void {
  const { scores, ...head } = before;
  expect({ ...after, scores: after.scores.length }).toEqual({ ...head, scores: scores.length });
  const at = scores.findIndex((s, i) => JSON.stringify(s) !== JSON.stringify(after.scores[i]));
  expect(after.scores[at]).toEqual(scores[at]);
}
