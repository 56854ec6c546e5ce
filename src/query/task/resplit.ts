/** Some rows of a task under other splits: the same examples judged from another origin. */
import type { Engine } from '../../data/engine/types.ts';
import { finishTask } from './finish.ts';
import type { SplitName, Task } from './types.ts';

/** Labels of all rows of a task whatever their split, NaN where there is none: for moving rows between splits only. */
export function allLabels(task: Task): Float64Array {
  return task.visible.values.map((v, k) => (Number.isNaN(v) ? task.heldOut.values[k]! : v));
}

/**
 * `rows` of `task` with split[k] for rows[k]; they become `task.snapshots` in the engine.
 * @throws LeadlightError TASK_EMPTY, TASK_ONE_CLASS as any task does.
 */
export function resplitTask(
  engine: Engine,
  task: Task,
  rows: readonly number[],
  split: readonly SplitName[],
  validation: Task['validation'],
): Promise<Task> {
  const { entityRow, entityId, cutoff, cluster } = task.snapshots;
  const values = allLabels(task);
  const { classes, snapshots, visible, heldOut, counts, ...rest } = task;
  const label = Float64Array.from(rows, (i) => values[i]!);
  return finishTask(engine, {
    ...rest,
    validation,
    entityRow: Int32Array.from(rows, (i) => entityRow[i]!),
    entityId: rows.map((i) => entityId[i]!),
    cutoff: Float64Array.from(rows, (i) => cutoff[i]!),
    cluster: Int32Array.from(rows, (i) => cluster[i]!),
    split,
    labels: [classes ? Array.from(label, (v) => classes[v] ?? null) : label],
  });
}
