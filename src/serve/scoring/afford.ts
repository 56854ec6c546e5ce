/** Training snapshots that a plan has time and memory for, before anything is computed from them. */
import { planFeatures } from '../../learn/features/plan.ts';
import { createSnapshots } from '../../learn/features/prepare.ts';
import { AMPLE, affordableSnapshots, sampleSnapshots } from '../../learn/features/snapshot-sample.ts';
import { keepRows } from '../../query/task/keep-rows.ts';
import type { Task } from '../../query/task/types.ts';
import { hash32 } from '../../util/hash.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { LIMITS, planInputOf, rowsOf } from './prepare.ts';
import type { Mode, Resolved } from './resolve.ts';
import { resolveTask } from './resolve.ts';
import type { TargetOptions } from './types.ts';
import { using } from './views.ts';

/** The task as it is asked, with no more training snapshots than its plan can afford; what is judged stays whole. */
export async function resolveAffordable(
  context: WorkspaceContext,
  options: TargetOptions,
  mode: Mode,
): Promise<Resolved> {
  return affordable(context, await resolveTask(context, options, mode), options);
}

export async function affordable(
  context: WorkspaceContext,
  resolved: Resolved,
  options: TargetOptions,
  limits = LIMITS[options.budget ?? 'normal'].limits,
): Promise<Resolved> {
  const { task } = resolved;
  const mayGo = sparable(task);
  if (task.counts.train.rows <= AMPLE || mayGo.length === 0) return resolved;
  const { engine } = context;
  const budget = options.budget ?? 'normal';
  const input = { ...context, lastCredible: lastCredible(context), budget, ...using(resolved) };
  await createSnapshots(engine, { moment: input.lastCredible });
  const whole = { ...planInputOf(input, task, new Set(Object.keys(task.withheld))), limits: {} };
  const { estimate } = await planFeatures(engine, whole, options);
  const training = task.counts.train.rows;
  const without = training - affordableSnapshots(estimate, training, limits);
  if (without === 0) return resolved;
  const left = leftOut(task, mayGo, without, options.seed ?? 1);
  const rows = Int32Array.from({ length: task.snapshots.rows }, (_, i) => i).filter((i) => !left.has(i));
  const note = `left out: ${left.size} of ${training} training snapshots, old ones rather than new (all: ${estimate.seconds} s and ${estimate.memoryMb} MB estimated; limits ${limits.seconds} s and ${limits.memoryMb} MB)`;
  return {
    ...resolved,
    task: await keepRows(engine, task, rows),
    whole: task,
    warnings: [...resolved.warnings, note],
  };
}

/** Training rows at cutoffs where nothing is scored: among rows of one cutoff places are taken, so those stay whole. */
function sparable(task: Task): Int32Array {
  const { cutoff, split } = task.snapshots;
  const scored = new Set(cutoff.filter((_, i) => split[i] === 'test' || split[i] === 'predict'));
  return rowsOf(task, 'train').filter((i) => !Number.isNaN(cutoff[i]!) && !scored.has(cutoff[i]!));
}

function leftOut(task: Task, mayGo: Int32Array, without: number, seed: number): ReadonlySet<number> {
  const { entityId, cutoff } = task.snapshots;
  const drawn = sampleSnapshots(
    {
      entity: Int32Array.from(mayGo, (i) => hash32(entityId[i]!)),
      cutoff: Float64Array.from(mayGo, (i) => cutoff[i]!),
    },
    Math.max(0, mayGo.length - without),
    seed,
  );
  const kept = new Set(drawn);
  return new Set(mayGo.filter((_, k) => !kept.has(k)));
}
