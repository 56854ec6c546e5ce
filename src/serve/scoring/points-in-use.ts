/**
 * The points score in use (`points:` in leadlight.yaml) where its value as of the cutoff is not known: its row says so
 * and takes no part in the verdict. Where it is known it is a feature, and the rung of the same name competes.
 */
import { fkColumn, ROW } from '../../data/schema/types.ts';
import { as, cast, col, eq, innerJoin, select, table, tryCast } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { applyPlatt, fitPlatt } from '../../learn/models/shared/calibration.ts';
import type { WorkspaceContext } from './context.ts';
import type { HeldOut } from './evaluate.ts';
import { type Prepared, rowsOf } from './prepare.ts';
import { hasPoints } from './rungs.ts';

export interface PointsInUse {
  readonly score: Float64Array;
  readonly prediction: Float32Array;
  readonly note: string;
}

const AS_EXPORTED = 'as exported, may know the outcome';

export async function pointsInUse(
  context: WorkspaceContext,
  prepared: Prepared,
  test: HeldOut,
): Promise<PointsInUse | undefined> {
  const named = context.config.points;
  if (named === undefined || prepared.model.type !== 'binary' || hasPoints(named, prepared)) return undefined;
  const dot = named.lastIndexOf('.');
  const [tableName, columnName] = [named.slice(0, dot), named.slice(dot + 1)];
  const values = await valuesByEntity(context, prepared.task.entityTable, tableName, columnName);
  if (!values) return undefined;
  const { entityRow } = prepared.task.snapshots;
  const of = (rows: Int32Array): Float64Array =>
    Float64Array.from(rows, (i) => values.get(entityRow[i]!) ?? 0);
  const train = rowsOf(prepared.task, 'train');
  const score = of(test.rows);
  const platt = fitPlatt(
    of(train),
    Float32Array.from(train, (i) => prepared.task.visible.values[i]!),
  );
  return { score, prediction: applyPlatt(platt, score), note: AS_EXPORTED };
}

/** Points of each entity row, from its own table or a table it links to. */
async function valuesByEntity(
  context: WorkspaceContext,
  entity: string,
  tableName: string,
  columnName: string,
): Promise<ReadonlyMap<number, number> | undefined> {
  const { schema } = context.config;
  const points = (alias: string) => as(tryCast(cast(col(alias, columnName), 'text'), 'double'), 'points');
  const link = schema.links.find((l) => l.from === entity && l.to === tableName);
  if (tableName !== entity && !link) return undefined;
  const query = link
    ? select({
        columns: [as(col('e', ROW), 'erow'), points('p')],
        from: table(entity, 'e', 'data'),
        joins: [innerJoin(table(tableName, 'p', 'data'), eq(col('p', ROW), col('e', fkColumn(link))))],
      })
    : select({ columns: [as(col('e', ROW), 'erow'), points('e')], from: table(entity, 'e', 'data') });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Map(
    rows.flatMap((r) => (r.points === null ? [] : [[Number(r.erow), Number(r.points)] as const])),
  );
}
