/** Errors of predicted amounts, in the unit of the label unless said otherwise. */
import { weightedMean } from './calibration.ts';
import type { WeightedMetric } from './ranked.ts';
import type { MetricFactory } from './ranking.ts';

export const maeMetric: MetricFactory = (value, label) =>
  weightedMean(label.length, (i) => Math.abs(value[i]! - label[i]!));

export const rmseMetric: MetricFactory = (value, label) => {
  const meanSquare = weightedMean(label.length, (i) => (value[i]! - label[i]!) ** 2);
  return (weight) => Math.sqrt(meanSquare(weight));
};

/** The least error that at least half the weight does not exceed. */
export const medianErrorMetric: MetricFactory = (value, label) => {
  const error = Float64Array.from({ length: label.length }, (_, i) => Math.abs(value[i]! - label[i]!));
  const order = Uint32Array.from(error, (_, i) => i).sort((a, b) => error[a]! - error[b]! || a - b);
  return (weight) => {
    let total = 0;
    for (const i of order) total += weight ? weight[i]! : 1;
    let sum = 0;
    for (const i of order) {
      sum += weight ? weight[i]! : 1;
      if (sum > 0 && sum >= total / 2) return error[i]!;
    }
    return Number.NaN;
  };
};

/** 1 − squared error ÷ squared error of the rows' own mean. NaN where all labels are alike; no unit. */
export const r2Metric: MetricFactory = (value, label) => {
  const meanSquare = weightedMean(label.length, (i) => (value[i]! - label[i]!) ** 2);
  const mean = weightedMean(label.length, (i) => label[i]!);
  const square = weightedMean(label.length, (i) => label[i]! ** 2);
  return (weight) => {
    const variance = square(weight) - mean(weight) ** 2;
    return variance > 0 ? 1 - meanSquare(weight) / variance : Number.NaN;
  };
};

/** Mean pinball loss of a predicted quantile (Koenker & Bassett 1978): level·(y − q) above it, (1 − level)·(q − y) below. */
export const pinballMetric = (
  value: ArrayLike<number>,
  label: ArrayLike<number>,
  level: number,
): WeightedMetric =>
  weightedMean(label.length, (i) => {
    const error = label[i]! - value[i]!;
    return error >= 0 ? level * error : (level - 1) * error;
  });

/** Share of labels within [low, high], ends included; no unit. */
export const coverageMetric = (
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  label: ArrayLike<number>,
): WeightedMetric =>
  weightedMean(label.length, (i) => (label[i]! >= low[i]! && label[i]! <= high[i]! ? 1 : 0));

/** Standard deviation of labels: what NMAE divides by (that of the training labels, as RelBench does). */
export function deviationOf(label: ArrayLike<number>): number {
  const values = Float64Array.from(label);
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length;
  return Math.sqrt(values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / values.length);
}
