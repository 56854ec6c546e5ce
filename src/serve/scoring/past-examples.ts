/** Training and validation examples with the moment from which their outcome was complete. */
import type { PastExamples } from '../../learn/explain/similar.ts';
import { selectRows } from '../../learn/features/screen.ts';
import { addUnits } from '../../query/task/calendar.ts';
import type { Task } from '../../query/task/types.ts';
import { type Prepared, rowsOf } from './prepare.ts';

/** Undefined unless the task is binary. */
export function pastExamples({ task, model, matrix }: Prepared): PastExamples | undefined {
  if (model.type !== 'binary') return undefined;
  const rows = Int32Array.from([...rowsOf(task, 'train'), ...rowsOf(task, 'val')]);
  const { cutoff, entityId } = task.snapshots;
  return {
    matrix: selectRows(matrix, rows),
    label: Float32Array.from(rows, (i) => task.visible.values[i]!),
    entityId: Array.from(rows, (i) => entityId[i]!),
    cutoff: Float64Array.from(rows, (i) => cutoff[i]!),
    known: Float64Array.from(rows, (i) => knownAt(task, cutoff[i]!)),
  };
}

const knownAt = ({ horizon }: Task, cutoff: number): number =>
  horizon === undefined || Number.isNaN(cutoff) ? Number.NaN : addUnits(cutoff, horizon.end, horizon.unit);
