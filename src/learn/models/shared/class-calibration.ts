/**
 * Class probabilities that are true: softmax(slope × margin + offset of the class), one slope for all classes (temperature
 * scaling, Guo et al. 2017) and one offset each. Drawn to the identity as if that had been seen in a few outcomes. Linear
 * in the margins, so attributions scale with it exactly.
 */
import { minimise } from './lbfgs.ts';

export interface ClassCalibration {
  readonly slope: number;
  /** One per class; they add to 0. */
  readonly offsets: readonly number[];
}

export const identityClasses = (classes: number): ClassCalibration => ({
  slope: 1,
  offsets: Array.from({ length: classes }, () => 0),
});

const SLOPE_PRIOR = 20;
const OFFSET_PRIOR = 2;
const MIN_SLOPE = 0.05;

/** `margins`: rows × classes, row-major; `label`: class of each row. */
export function fitClassCalibration(
  margins: Float64Array,
  label: Float32Array,
  classes: number,
  weight?: Float32Array,
): ClassCalibration {
  const start = new Float64Array(classes + 1);
  start[0] = 1;
  const p = new Float64Array(classes);
  const objective = (at: Float64Array, gradient: Float64Array): number => {
    const slope = at[0]!;
    let loss = (SLOPE_PRIOR / 2) * (slope - 1) ** 2;
    gradient[0] = SLOPE_PRIOR * (slope - 1);
    for (let k = 0; k < classes; k++) {
      const offset = at[k + 1]!;
      loss += (OFFSET_PRIOR / 2) * offset ** 2;
      gradient[k + 1] = OFFSET_PRIOR * offset;
    }
    for (let i = 0; i < label.length; i++) {
      const w = weight ? weight[i]! : 1;
      const row = margins.subarray(i * classes, (i + 1) * classes);
      const logSum = softmaxInto(p, row, slope, at);
      const own = label[i]!;
      loss += w * (logSum - slope * row[own]! - at[own + 1]!);
      for (let k = 0; k < classes; k++) {
        const residual = w * (p[k]! - (k === own ? 1 : 0));
        gradient[0]! += residual * row[k]!;
        gradient[k + 1]! += residual;
      }
    }
    return loss;
  };
  const at = minimise(objective, start, {
    maxIterations: 100,
    gradientTolerance: 1e-9,
    valueTolerance: 1e-12,
  });
  const mean = at.subarray(1).reduce((sum, v) => sum + v, 0) / classes;
  return { slope: Math.max(MIN_SLOPE, at[0]!), offsets: [...at.subarray(1)].map((v) => v - mean) };
}

/** Probabilities to `p`; returns the log of the sum. */
function softmaxInto(p: Float64Array, row: Float64Array, slope: number, at: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < p.length; k++) {
    p[k] = slope * row[k]! + at[k + 1]!;
    top = Math.max(top, p[k]!);
  }
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += Math.exp(p[k]! - top);
  const logSum = top + Math.log(sum);
  for (let k = 0; k < p.length; k++) p[k] = Math.exp(p[k]! - logSum);
  return logSum;
}

export function calibrateClasses({ slope, offsets }: ClassCalibration, margins: Float64Array): Float64Array {
  return margins.map((m, i) => slope * m + offsets[i % offsets.length]!);
}
