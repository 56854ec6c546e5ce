/**
 * The points score in use (`points:` in leadlight.yaml) where its value as of the cutoff is not known: its row says so
 * and takes no part in the verdict. Where it is known it is a feature, and the rung of the same name competes.
 */
import { applyPlatt, fitPlatt } from '../../learn/models/shared/calibration.ts';
import type { WorkspaceContext } from './context.ts';
import { cellsByEntity } from './entity-cells.ts';
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
  const cells = await cellsByEntity(context, prepared.task.entityTable, named);
  if (!cells) return undefined;
  const pointsOf = (row: number): number => {
    const points = Number(cells.get(row) ?? 0);
    return Number.isNaN(points) ? 0 : points;
  };
  const { entityRow } = prepared.task.snapshots;
  const of = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => pointsOf(entityRow[i]!));
  const train = rowsOf(prepared.task, 'train');
  const score = of(test.rows);
  const platt = fitPlatt(
    of(train),
    Float32Array.from(train, (i) => prepared.task.visible.values[i]!),
  );
  return { score, prediction: applyPlatt(platt, score), note: AS_EXPORTED };
}
