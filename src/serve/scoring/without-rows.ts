/**
 * A prediction as if some rows had never been: they are deleted inside a transaction, the features of the one snapshot
 * are computed again over what is left, and everything is rolled back. Exact for whatever the plan reads; columns that
 * are made from other rows of the population (places among them, likeness) keep their value.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import { fkColumn, ROW } from '../../data/schema/types.ts';
import { as, col, deleteRows, inList, lit, select, table, ts } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { createFeatureTable } from '../../learn/features/prepare.ts';
import { computeFeatures } from '../../learn/features/run.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { WorkspaceContext } from './context.ts';
import type { Scorable } from './scorable.ts';

/** Table → `__row` of rows that are to be gone. */
export type Hidden = ReadonlyMap<string, readonly number[]>;

/** The snapshot's features without the rows: same columns as the scored matrix, one row. */
export async function featuresWithout(
  { engine }: WorkspaceContext,
  { prepared }: Scorable,
  sid: number,
  hidden: Hidden,
  control: RunControl,
): Promise<FeatureMatrix> {
  const { task, plan, outcomes, matrix } = prepared;
  const cutoff = task.snapshots.cutoff[sid]!;
  const at = ts(Number.isNaN(cutoff) ? plan.input.asOf : cutoff);
  const erow = lit(task.snapshots.entityRow[sid]!);
  const snapshot = select({ columns: [as(lit(0), 'sid'), as(erow, 'erow'), as(at, 'cutoff')] });
  await engine.run('BEGIN TRANSACTION');
  try {
    for (const [name, rows] of hidden) await hide(engine, name, rows);
    await createFeatureTable(engine, 'snap', snapshot);
    const { signal } = control;
    const found = await computeFeatures(engine, plan, 1, { outcomes, ...(signal ? { signal } : {}) });
    return aligned(found, selectRows(matrix, Int32Array.of(sid)));
  } finally {
    await engine.run('ROLLBACK');
  }
}

const BATCH = 5000;

async function hide(engine: Engine, name: string, rows: readonly number[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    await engine.run(toSql(deleteRows(name, inList(col(ROW), batch), 'data'), engine.dialect));
  }
}

/** The model's columns; those the plan does not compute as they were, categories by the codes the model knows. */
function aligned(found: FeatureMatrix, before: FeatureMatrix): FeatureMatrix {
  const place = new Map(found.columns.map((c, i) => [c.name, i]));
  const data = before.columns.map((c, i) => {
    const at = place.get(c.name);
    return at === undefined ? before.data[i]! : found.data[at]!;
  });
  return { rows: 1, columns: before.columns, data };
}

const DEPTH = 3;

/** A row and the rows below it: those that name it, those that name these, down to three links. */
export async function rowsBelow(
  engine: Engine,
  schema: Schema,
  name: string,
  row: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, Set<number>>([[name, new Set([row])]]);
  let front: ReadonlyMap<string, readonly number[]> = new Map([[name, [row]]]);
  for (let depth = 0; depth < DEPTH && front.size > 0; depth++) {
    const next = new Map<string, number[]>();
    for (const link of schema.links) {
      const above = front.get(link.to);
      if (!above || above.length === 0) continue;
      const known = found.get(link.from) ?? new Set<number>();
      for (const below of await naming(engine, link.from, fkColumn(link), above)) {
        if (known.has(below)) continue;
        known.add(below);
        next.set(link.from, [...(next.get(link.from) ?? []), below]);
      }
      found.set(link.from, known);
    }
    front = next;
  }
  return new Map([...found].filter(([, rows]) => rows.size > 0).map(([t, rows]) => [t, [...rows]]));
}

async function naming(
  engine: Engine,
  from: string,
  key: string,
  rows: readonly number[],
): Promise<readonly number[]> {
  const query = select({
    columns: [as(col(ROW), 'r')],
    from: table(from, undefined, 'data'),
    where: inList(col(key), rows),
  });
  return (await engine.rows(toSql(query, engine.dialect))).map((r) => Number(r.r));
}
