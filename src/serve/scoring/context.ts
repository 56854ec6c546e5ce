/** What an open workspace holds: configuration, engine, loaded tables. */
import { availableParallelism } from 'node:os';
import type { Engine } from '../../data/engine/types.ts';
import type { LoadReport } from '../../data/load/types.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';

export interface WorkspaceContext {
  readonly dir: string;
  readonly config: WorkspaceConfig;
  readonly engine: Engine;
  readonly load: LoadReport;
  /** ms; the clock, or what stands for it. */
  readonly now: number;
  readonly threads: number;
}

export const defaultThreads = (): number => Math.max(1, Math.min(4, availableParallelism()));

/** ms; the newest moment history speaks for. */
export const lastCredible = (context: WorkspaceContext): number =>
  context.load.lastCredibleTime ?? context.now;
