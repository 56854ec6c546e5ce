/** Command-line options → what the library takes: the target, and the folder of the workspace. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { TargetOptions } from '../scoring/types.ts';
import type { Workspace } from '../scoring/workspace.ts';
import type { CommandContext } from './command.ts';

const CONFIG_FILE = 'leadlight.yaml';

/** The workspace's folder: the one named, else the current one, else ./leadlight. */
export function findWorkspace(cwd: string, named: string | undefined): string {
  const candidates = named === undefined ? [cwd, join(cwd, 'leadlight')] : [asFolder(resolve(cwd, named))];
  const found = candidates.find((folder) => existsSync(join(folder, CONFIG_FILE)));
  if (found === undefined) throw new LeadlightError('WORKSPACE_NOT_FOUND', { looked: candidates.join(', ') });
  return found;
}

const asFolder = (path: string): string =>
  basename(path) === CONFIG_FILE && existsSync(path) && statSync(path).isFile() ? dirname(path) : path;

/** Opens the workspace for one piece of work and closes it whatever happens. */
export async function withWorkspace<T>(
  { io, library, options }: CommandContext,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await library.openWorkspace(findWorkspace(io.cwd, options.workspace), {
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(options.memory !== undefined && { memoryLimitMb: options.memory }),
  });
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
}

export function targetOptions(context: CommandContext): TargetOptions {
  requireOneTarget(context.options);
  return modelTargetOptions(context);
}

/** The same where a registered model may say what is asked. */
export function modelTargetOptions({ io, options, control }: CommandContext): TargetOptions {
  const { query, target, entity, at, rungs, budget, seed, strict, step, horizon, trainTo, valAt, testAt } =
    options;
  return {
    ...control,
    ...(query !== undefined && { query }),
    ...(target !== undefined && { target }),
    ...(options.taskTable !== undefined && { taskTable: resolve(io.cwd, options.taskTable) }),
    ...(entity !== undefined && { entity }),
    ...(at !== undefined && { at }),
    ...(options.since !== undefined && { since: options.since }),
    ...(rungs !== undefined && { rungs }),
    ...(budget !== undefined && { budget }),
    ...(seed !== undefined && { seed }),
    ...(options.exclude !== undefined && { exclude: options.exclude }),
    ...(strict !== undefined && { strict }),
    ...(options.fresh !== undefined && { fresh: options.fresh }),
    ...(options.model !== undefined && { model: options.model }),
    ...(step !== undefined && { stepDays: step }),
    ...(horizon !== undefined && { horizonDays: horizon }),
    ...(trainTo !== undefined && { trainTo }),
    ...(valAt !== undefined && { valAt }),
    ...(testAt !== undefined && { testAt }),
  };
}

/** `--target a,b` asks each; a target whose own name has the comma is one. */
export function eachTarget<T extends TargetOptions>(
  options: T,
  { targets }: Pick<WorkspaceConfig, 'targets'>,
): readonly T[] {
  const { target } = options;
  if (target === undefined || targets.some((t) => t.name === target)) return [options];
  const names = [...new Set(target.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  return names.length < 2 ? [options] : names.map((name) => ({ ...options, target: name }));
}

function requireOneTarget(options: CommandContext['options']): void {
  const given = [options.query, options.target, options.taskTable].filter(
    (text) => text !== undefined,
  ).length;
  if (given === 0)
    throw new LeadlightError('USAGE', {
      problem: 'Nothing says what to predict',
      remedy:
        'Pass one of --query "PQL", --target NAME (see targets in leadlight.yaml) or --task-table FILE.',
    });
  if (given > 1)
    throw new LeadlightError('USAGE', {
      problem: `Expected one of --query, --target and --task-table, got ${given}`,
      remedy: 'Keep the one you mean.',
    });
  if (options.taskTable !== undefined && options.entity === undefined)
    throw new LeadlightError('USAGE', {
      problem: '--task-table needs --entity',
      remedy: 'Say whose rows the file lists, for example --entity leads.id.',
    });
}
