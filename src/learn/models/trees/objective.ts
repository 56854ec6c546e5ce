/** Starting margins, and leaf values that are not −G / (H + λ). */
import { LeadlightError } from '../../../errors.ts';
import type { Leaf } from './grow.ts';
import type { Session } from './session.ts';
import type { TreeData, TreeParams } from './types.ts';

/**
 * The constant, one per output, that minimises the loss on top of the initial score (for the log losses with an initial
 * score: 0). Throws TASK_ONE_CLASS where there is nothing to tell apart.
 */
export function baseMargins(params: TreeParams, { label, weight, rows, initScore }: TreeData): Float64Array {
  const classes = { logistic: 2, softmax: params.classes, l2: 0, quantile: 0 }[params.objective];
  if (classes > 0) {
    const weights = classWeights(classes, label, weight, rows);
    if (initScore) return new Float64Array(params.objective === 'softmax' ? classes : 1);
    return params.objective === 'softmax' ? softmaxBase(weights) : logisticBase(weights);
  }
  const residual = Float64Array.from(label.subarray(0, rows), (y, i) => y - (initScore?.[i] ?? 0));
  if (params.objective === 'l2') return Float64Array.of(mean(residual, weight));
  return Float64Array.of(weightedQuantile(residual, params.quantile, (i) => weight?.[i] ?? 1));
}

function classWeights(
  classes: number,
  label: Float32Array,
  weight: Float32Array | undefined,
  rows: number,
): Float64Array {
  const weights = new Float64Array(classes);
  for (let i = 0; i < rows; i++) weights[label[i]!]! += weight?.[i] ?? 1;
  const present = [...weights.keys()].filter((k) => weights[k]! > 0);
  if (present.length < 2) {
    const value = classes > 2 ? `class ${present[0] ?? 0}` : present[0] === 1 ? 'true' : 'false';
    throw new LeadlightError('TASK_ONE_CLASS', { rows, split: 'training', value });
  }
  return weights;
}

function logisticBase(weights: Float64Array): Float64Array {
  return Float64Array.of(Math.log(weights[1]! / weights[0]!));
}

function softmaxBase(weights: Float64Array): Float64Array {
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => Math.log(Math.max(w / total, 1e-6)));
}

function mean(values: Float64Array, weight: Float32Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weight?.[i] ?? 1;
    sum += w * values[i]!;
    total += w;
  }
  return total > 0 ? sum / total : 0;
}

/** The least value that at least the share `level` of the weight does not exceed. 0 without values. */
export function weightedQuantile(
  values: ArrayLike<number>,
  level: number,
  weightOf: (i: number) => number,
): number {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let total = 0;
  for (const i of order) total += weightOf(i);
  let sum = 0;
  for (const i of order) {
    sum += weightOf(i);
    if (sum >= total * level) return values[i]!;
  }
  return 0;
}

/** As weightedQuantile with equal weights; sorts in place, without a comparison function, which is ten times as fast. */
function quantileOf(values: Float64Array, level: number): number {
  values.sort();
  return values[Math.max(0, Math.ceil(values.length * level) - 1)] ?? 0;
}

/** A leaf's value is the weighted quantile of its residuals. */
export function leafQuantiles(
  { views, train }: Session,
  leaves: readonly Leaf[],
  level: number,
): Float64Array {
  return Float64Array.from(leaves, ({ start, count }) => {
    const rows = views.index.subarray(start, start + count);
    const residuals = Float64Array.from(rows, (row) => views.label[row]! - views.score[row]!);
    if (!train.weight) return quantileOf(residuals, level);
    return weightedQuantile(residuals, level, (i) => train.weight?.[rows[i]!] ?? 1);
  });
}
