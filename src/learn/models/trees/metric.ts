/**
 * Metrics for early stopping; lower is better (AUROC is negated). Log loss is taken after the best shift of the
 * intercept, found by Newton steps from the last one: validation rows are later than training rows, and a change of
 * the base rate must not stop training early.
 */
import type { Objective, TreeMetric, TreeParams } from './types.ts';

export interface EarlyMetric {
  /** margins: outputs × rows, output-major. */
  evaluate(margins: Float64Array): number;
}

interface Target {
  readonly label: Float32Array;
  readonly weight: Float32Array | undefined;
}

export function createMetric(
  { objective, metric, quantile }: Pick<TreeParams, 'objective' | 'metric' | 'quantile'>,
  outputs: number,
  target: Target,
): EarlyMetric {
  if (objective === 'softmax') return { evaluate: (margins) => softmaxLoss(margins, outputs, target) };
  switch (metric ?? defaultMetric(objective)) {
    case 'logloss':
      return shiftedLogLoss(target);
    case 'auroc':
      return { evaluate: (margins) => -auroc(margins, target.label) };
    case 'rmse':
      return { evaluate: (margins) => Math.sqrt(meanError(margins, target, (e) => e * e)) };
    case 'pinball':
      return { evaluate: (margins) => meanError(margins, target, (e) => pinball(e, quantile)) };
  }
}

function defaultMetric(objective: Objective): TreeMetric {
  return objective === 'logistic' ? 'logloss' : objective === 'quantile' ? 'pinball' : 'rmse';
}

/** Twice the pinball loss of an error (prediction − label): at the median the absolute error. */
const pinball = (error: number, level: number): number =>
  error > 0 ? 2 * (1 - level) * error : -2 * level * error;

function meanError(margins: Float64Array, { label, weight }: Target, cost: (e: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight?.[i] ?? 1;
    sum += w * cost(margins[i]! - label[i]!);
    total += w;
  }
  return sum / total;
}

const MOST_SHIFT = 5;
const MOST_STEPS = 8;

function shiftedLogLoss({ label, weight }: Target): EarlyMetric {
  let shift = 0;
  const step = (margins: Float64Array): number => {
    let g = 0;
    let h = 1e-9;
    for (let i = 0; i < label.length; i++) {
      const p = 1 / (1 + Math.exp(-margins[i]! - shift));
      const w = weight?.[i] ?? 1;
      g += w * (p - label[i]!);
      h += w * p * (1 - p);
    }
    const move = Math.max(-1, Math.min(1, g / h));
    shift = Math.max(-MOST_SHIFT, Math.min(MOST_SHIFT, shift - move));
    return Math.abs(move);
  };
  return {
    evaluate(margins) {
      for (let k = 0; k < MOST_STEPS && step(margins) > 1e-3; k++);
      let sum = 0;
      let total = 0;
      for (let i = 0; i < label.length; i++) {
        const m = margins[i]! + shift;
        const w = weight?.[i] ?? 1;
        // log(1 + e^m) − y m, without overflow
        sum += w * (Math.max(m, 0) + Math.log1p(Math.exp(-Math.abs(m))) - label[i]! * m);
        total += w;
      }
      return sum / total;
    },
  };
}

function softmaxLoss(margins: Float64Array, classes: number, { label, weight }: Target): number {
  const rows = label.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const own = margins[label[i]! * rows + i]!;
    let z = 0;
    for (let k = 0; k < classes; k++) z += Math.exp(margins[k * rows + i]! - own);
    const w = weight?.[i] ?? 1;
    sum += w * Math.log(z);
    total += w;
  }
  return sum / total;
}

/** Area under the ROC curve, ties counted half. NaN with one class only. O(n log n). */
export function auroc(scores: ArrayLike<number>, label: Float32Array): number {
  const order = Uint32Array.from(label, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    let tiedPositives = 0;
    while (j < order.length && scores[order[j]!] === scores[order[i]!]) tiedPositives += label[order[j++]!]!;
    const tiedNegatives = j - i - tiedPositives;
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    i = j;
  }
  return wins / (positives * negatives);
}
