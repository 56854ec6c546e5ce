/** Some rows of a task, everything else as it is: the others are no examples any more. */
import type { Engine } from '../../data/engine/types.ts';
import { countSplits, uploadSnapshots } from './finish.ts';
import { allLabels } from './resplit.ts';
import type { Labels, Task } from './types.ts';

/** The task of these rows (ascending sids), numbered anew; they become `task.snapshots` in the engine. */
export async function keepRows(engine: Engine, task: Task, rows: Int32Array): Promise<Task> {
  const { entityRow, entityId, cutoff, split, cluster } = task.snapshots;
  const listed = <T>(of: readonly T[]): readonly T[] => Array.from(rows, (i) => of[i]!);
  const snapshots = {
    rows: rows.length,
    entityRow: Int32Array.from(rows, (i) => entityRow[i]!),
    entityId: listed(entityId),
    cutoff: numbers(cutoff, rows),
    split: listed(split),
    cluster: Int32Array.from(rows, (i) => cluster[i]!),
  };
  const labels = (of: Labels): Labels => ({
    splits: of.splits,
    values: numbers(of.values, rows),
    ...(of.steps ? { steps: of.steps.map((step) => numbers(step, rows)) } : {}),
    ...(of.items ? { items: listed(of.items) } : {}),
  });
  await uploadSnapshots(engine, snapshots);
  const counted = { type: task.type, split: snapshots.split, cutoff: snapshots.cutoff };
  return {
    ...task,
    snapshots,
    visible: labels(task.visible),
    heldOut: labels(task.heldOut),
    counts: countSplits(counted, numbers(allLabels(task), rows)),
  };
}

const numbers = (of: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => of[i]!);
