/**
 * Outcomes as history: `feat.outcome` (erow, known, y), a label counted from the moment it was complete.
 *
 * Query tasks know their horizon: known = cutoff + horizon. A task table does not say when its labels were complete;
 * only where the label is a column of undated rows (each row is its own event, dated by its cutoff) is the outcome taken
 * as known to rows with a later cutoff, and the output says so.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { LeakFinding } from '../../data/quality/leaks.ts';
import { ROW, type WorkspaceConfig } from '../../data/schema/types.ts';
import { as, cast, col, createTableAs, isNotNull, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { addUnits } from '../../query/task/calendar.ts';
import type { Task } from '../../query/task/types.ts';
import { type UploadColumn, uploadRows } from '../../query/task/upload.ts';

export interface Outcomes {
  readonly available: boolean;
  readonly warnings: readonly string[];
}

interface Outcome {
  readonly row: number;
  readonly known: number;
  readonly y: number;
}

export async function createOutcomes(
  engine: Engine,
  config: WorkspaceConfig,
  task: Task,
  leaks: readonly LeakFinding[],
): Promise<Outcomes> {
  const none = { available: false, warnings: [] };
  if (task.static || task.type !== 'binary') return none;
  if (task.horizon !== undefined) {
    await store(engine, maturedLabels(task, task.horizon));
    return { available: true, warnings: [] };
  }
  const entity = config.schema.tables.find((t) => t.name === task.entityTable);
  const twin = leaks.find((l) => l.kind === 'twin' && l.column.startsWith(`${task.entityTable}.`));
  if (!twin || entity?.time !== undefined) return none;
  const column = twin.column.slice(task.entityTable.length + 1);
  await store(engine, await twinOutcomes(engine, task, column));
  const warning = `Outcomes in ${twin.column} count as known to rows with a later cutoff (${task.entityTable} has no dates of its own).`;
  return { available: true, warnings: [warning] };
}

/** A label counts from the moment its window has closed, in calendar units. */
export function maturedLabels(
  task: Pick<Task, 'snapshots' | 'visible'>,
  { end, unit }: NonNullable<Task['horizon']>,
): readonly Outcome[] {
  const { entityRow, cutoff } = task.snapshots;
  return Array.from(task.visible.values).flatMap((y, i) =>
    Number.isNaN(y) || entityRow[i]! < 0
      ? []
      : [{ row: entityRow[i]!, known: addUnits(cutoff[i]!, end, unit), y }],
  );
}

/** The column's value as an outcome: mapped to the label it stands for in most visible rows; a row's own label is never read. */
async function twinOutcomes(engine: Engine, task: Task, column: string): Promise<readonly Outcome[]> {
  const query = select({
    columns: [as(col(ROW), 'erow'), as(cast(col(column), 'text'), 'value')],
    from: table(task.entityTable, undefined, 'data'),
    where: isNotNull(col(column)),
  });
  const cellOf = new Map<number, string>();
  for (const r of await engine.rows(toSql(query, engine.dialect)))
    cellOf.set(Number(r.erow), String(r.value));
  const { entityRow, cutoff } = task.snapshots;
  const votes = new Map<string, number>();
  task.visible.values.forEach((y, i) => {
    const value = cellOf.get(entityRow[i]!);
    if (value !== undefined && !Number.isNaN(y))
      votes.set(value, (votes.get(value) ?? 0) + (y > 0.5 ? 1 : -1));
  });
  return Array.from(entityRow).flatMap((row, i) => {
    const vote = votes.get(cellOf.get(row) ?? '');
    return vote === undefined ? [] : [{ row, known: cutoff[i]! + 1, y: vote > 0 ? 1 : 0 }];
  });
}

async function store(engine: Engine, outcomes: readonly Outcome[]): Promise<void> {
  const columns: readonly UploadColumn[] = [
    { name: 'erow', type: 'bigint', cell: (i) => String(outcomes[i]!.row) },
    {
      name: 'known',
      type: 'timestamp',
      cell: (i) => new Date(outcomes[i]!.known).toISOString().replace('T', ' ').replace('Z', ''),
    },
    { name: 'y', type: 'double', cell: (i) => String(outcomes[i]!.y) },
  ];
  await uploadRows(engine, 'outcome_rows', outcomes.length, columns);
  const copy = select({
    columns: [col('erow'), col('known'), col('y')],
    from: table('outcome_rows', undefined, 'task'),
  });
  await engine.run(toSql(createTableAs('outcome', copy, 'feat'), engine.dialect));
}
