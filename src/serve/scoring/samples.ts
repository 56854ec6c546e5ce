/** Rows of a task with their labels, as models take them. */
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Sample } from '../../learn/models/types.ts';
import type { Task } from '../../query/task/types.ts';

export function sampleOf(task: Task, matrix: FeatureMatrix, rows: Int32Array): Sample {
  const pick = <T extends Float32Array | Float64Array | Int32Array>(to: T, from: ArrayLike<number>): T => {
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    return to;
  };
  return {
    matrix: selectRows(matrix, rows),
    label: pick(new Float32Array(rows.length), task.visible.values),
    cutoff: pick(new Float64Array(rows.length), task.snapshots.cutoff),
    cluster: pick(new Int32Array(rows.length), task.snapshots.cluster),
  };
}
