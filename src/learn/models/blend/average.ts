/**
 * Averages of members' predictions: log-odds for yes/no, log-probabilities for classes, values for amounts; and the loss
 * of an average on held-out rows, by which weights are chosen.
 */
import { logit } from '../shared/math.ts';
import { newtonLogistic } from '../shared/newton.ts';
import type { ModelTask } from '../types.ts';

/** What members' predictions are averaged as. Same layout as the predictions. */
export function toAveraged(prediction: Float32Array, type: ModelTask['type']): Float64Array {
  switch (type) {
    case 'binary':
      return Float64Array.from(prediction, logit);
    case 'multiclass':
      return Float64Array.from(prediction, (p) => Math.log(Math.max(p, 1e-7)));
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

/** Class probabilities, rows × classes, of averaged log-probabilities. */
export function toProbabilities(logs: Float64Array, classes: number): Float32Array {
  const out = new Float32Array(logs.length);
  for (let from = 0; from < logs.length; from += classes) {
    const row = logs.subarray(from, from + classes);
    const top = row.reduce((max, v) => Math.max(max, v), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, v) => total + Math.exp(v - top), 0);
    for (let k = 0; k < classes; k++) out[from + k] = Math.exp(row[k]! - top) / sum;
  }
  return out;
}

/** Held-out loss of an average. Yes/no: after the best slope and offset, for calibration comes later. */
export function averageLoss(averaged: Float64Array, label: Float32Array, task: ModelTask): number {
  if (task.type === 'binary') return refittedLogLoss(averaged, label);
  if (task.type === 'regression') {
    return averaged.reduce((sum, value, i) => sum + (value - label[i]!) ** 2, 0);
  }
  const p = toProbabilities(averaged, task.classes);
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
