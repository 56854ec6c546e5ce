/**
 * The training rows that a model carries along: enough to say what is usual among those with and without the outcome,
 * and which earlier ones are alike. Taken at equal distances in the task's own order.
 */
import { selectRows } from '../../../learn/features/screen.ts';
import type { FeatureColumn, FeatureMatrix } from '../../../learn/features/types.ts';
import type { Task } from '../../../query/task/types.ts';
import type { Prepared } from '../prepare.ts';
import { rowsOf } from '../prepare.ts';
import { float32Of, float64Of, toBase64 } from './bytes.ts';
import type { SavedReference } from './types.ts';

/** About 5 MB of floats; at least so many rows whatever their width. */
const CELLS = 1_200_000;
const LEAST_ROWS = 2000;

export function saveReference({ task, matrix }: Pick<Prepared, 'task' | 'matrix'>): SavedReference {
  const train = rowsOf(task, 'train');
  const most = Math.max(LEAST_ROWS, Math.floor(CELLS / Math.max(1, matrix.columns.length)));
  const step = Math.max(1, Math.ceil(train.length / most));
  const rows = train.filter((_, i) => i % step === 0);
  const { entityId, cutoff, cluster } = task.snapshots;
  return {
    entity_id: Array.from(rows, (i) => entityId[i]!),
    cutoff: toBase64(Float64Array.from(rows, (i) => cutoff[i]!)),
    cluster: Array.from(rows, (i) => cluster[i]!),
    label: toBase64(Float64Array.from(rows, (i) => task.visible.values[i]!)),
    data: selectRows(matrix, rows).data.map(toBase64),
  };
}

/** A task and its matrix whose first rows are scored and whose others are the reference, as training rows. */
export interface WithReference {
  readonly task: Task;
  readonly matrix: FeatureMatrix;
}

/**
 * `rows`: the scored sids of `task`, whose features are the rows of `matrix`. Entities of the reference that the present
 * tables do not hold have row −1.
 */
export function withReference(
  task: Task,
  rows: Int32Array,
  matrix: FeatureMatrix,
  reference: SavedReference,
  columns: readonly FeatureColumn[],
): WithReference {
  const { snapshots } = task;
  const rowOf = new Map(snapshots.entityId.map((id, i) => [id, snapshots.entityRow[i]!]));
  const cutoff = float64Of(reference.cutoff);
  const label = float64Of(reference.label);
  const scored = Array.from(rows);
  const data = reference.data.map(float32Of);
  return {
    task: {
      ...task,
      snapshots: {
        rows: rows.length + cutoff.length,
        entityRow: joined(
          Int32Array,
          scored.map((i) => snapshots.entityRow[i]!),
          reference.entity_id.map((id) => rowOf.get(id) ?? -1),
        ),
        entityId: [...scored.map((i) => snapshots.entityId[i]!), ...reference.entity_id],
        cutoff: joined(
          Float64Array,
          scored.map((i) => snapshots.cutoff[i]!),
          cutoff,
        ),
        split: [
          ...scored.map((i) => snapshots.split[i]!),
          ...reference.entity_id.map(() => 'train' as const),
        ],
        cluster: joined(
          Int32Array,
          scored.map((i) => snapshots.cluster[i]!),
          reference.cluster,
        ),
      },
      visible: {
        splits: ['train'],
        values: joined(
          Float64Array,
          scored.map(() => Number.NaN),
          label,
        ),
      },
      heldOut: { splits: [], values: new Float64Array(rows.length + cutoff.length).fill(Number.NaN) },
    },
    matrix: {
      rows: rows.length + cutoff.length,
      columns,
      data: matrix.data.map((values, c) => joined(Float32Array, values, data[c]!)),
    },
  };
}

interface ArrayType<T> {
  new (length: number): T & { set(from: ArrayLike<number>, at?: number): void };
}

function joined<T>(type: ArrayType<T>, head: ArrayLike<number>, tail: ArrayLike<number>): T {
  const all = new type(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
