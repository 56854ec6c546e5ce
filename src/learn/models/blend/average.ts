/**
 * Averages of members' margins (log-odds for yes/no, centred margins for classes, values for amounts), and the loss of an
 * average on held-out rows, by which weights are chosen.
 */
import type { RunControl } from '../../../util/progress.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import { centreRows, logit, softmaxRows } from '../shared/math.ts';
import { newtonLogistic } from '../shared/newton.ts';
import type { Fitted, ModelTask } from '../types.ts';

/** A member's margins; of one that has none, those of its predictions. */
export const marginOf = async (
  fitted: Fitted,
  matrix: FeatureMatrix,
  type: ModelTask['type'],
  control?: RunControl,
): Promise<Float64Array> =>
  fitted.margin
    ? fitted.margin(matrix, control)
    : toMargins(await fitted.predict(matrix, control), matrix.rows, type);

export function toMargins(prediction: Float32Array, rows: number, type: ModelTask['type']): Float64Array {
  switch (type) {
    case 'binary':
      return Float64Array.from(prediction, logit);
    case 'multiclass': {
      const logs = Float64Array.from(prediction, (p) => Math.log(Math.max(p, 1e-7)));
      return rows === 0 ? logs : centreRows(logs, prediction.length / rows);
    }
    case 'regression':
      return Float64Array.from(prediction);
  }
}

export function average(members: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(members[0]!.length);
  members.forEach((values, m) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += weights[m]! * values[i]!;
  });
  return sum;
}

/** Held-out loss of an average. Yes/no: after the best slope and offset, for calibration comes later. */
export function averageLoss(averaged: Float64Array, label: Float32Array, task: ModelTask): number {
  if (task.type === 'binary') return refittedLogLoss(averaged, label);
  if (task.type === 'regression') {
    return averaged.reduce((sum, value, i) => sum + (value - label[i]!) ** 2, 0);
  }
  const p = softmaxRows(averaged, task.classes);
  return label.reduce((sum, k, i) => sum - Math.log(Math.max(1e-7, p[i * task.classes + k]!)), 0);
}

function refittedLogLoss(margin: Float64Array, label: Float32Array): number {
  const target = Float64Array.from(label);
  const columns = [new Float64Array(margin.length).fill(1), margin];
  const [offset, slope] = newtonLogistic({ columns, target, prior: [0, 1], strength: [1e-6, 1] });
  return margin.reduce((sum, m, i) => {
    const shifted = offset! + slope! * m;
    return sum + Math.max(shifted, 0) - shifted * label[i]! + Math.log1p(Math.exp(-Math.abs(shifted)));
  }, 0);
}
