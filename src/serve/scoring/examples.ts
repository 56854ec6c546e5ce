/** A task's snapshots as the rows and labels that derived columns are made for. */
import type { ExampleLabels, ExampleRows } from '../../learn/features/derive/types.ts';
import type { Earlier } from '../../learn/features/prepare.ts';
import { addUnits, DAY_MS } from '../../query/task/calendar.ts';
import type { SplitName, Task } from '../../query/task/types.ts';

/** The snapshots in sid order and, after them, those of `earlier` as they were then. */
export function exampleRows(
  { snapshots }: Pick<Task, 'snapshots'>,
  earlier?: Earlier & { readonly split: SplitName },
): ExampleRows {
  const again = snapshots.split.flatMap((s, i) => (s === earlier?.split ? [i] : []));
  const rows = [...snapshots.split.keys(), ...again];
  const moment = (i: number, at: number): number =>
    at < snapshots.rows || earlier === undefined
      ? snapshots.cutoff[i]!
      : before(snapshots.cutoff[i]!, earlier);
  return {
    entityRow: Int32Array.from(rows, (i) => snapshots.entityRow[i]!),
    entityId: rows.map((i) => snapshots.entityId[i]!),
    cutoff: Float64Array.from(rows, moment),
    population: Int32Array.from(rows, (_, at) => (at < snapshots.rows ? 0 : 1)),
  };
}

const before = (cutoff: number, earlier: Earlier): number =>
  'days' in earlier ? cutoff - earlier.days * DAY_MS : Math.min(cutoff, earlier.notAfter);

/** Train and validation labels of the first `rows` snapshots, known from the moment their window has closed. */
export function exampleLabels(
  task: Pick<Task, 'snapshots' | 'visible' | 'horizon' | 'type'>,
  rows: number,
): ExampleLabels {
  const value = new Float64Array(rows).fill(Number.NaN);
  value.set(task.visible.values);
  const known = new Float64Array(rows).fill(Number.NaN);
  const { horizon } = task;
  if (horizon !== undefined) {
    task.snapshots.cutoff.forEach((at, i) => {
      if (!Number.isNaN(at)) known[i] = addUnits(at, horizon.end, horizon.unit);
    });
  }
  const type = task.type === 'binary' || task.type === 'multiclass' ? task.type : 'regression';
  return { value, known, type };
}
