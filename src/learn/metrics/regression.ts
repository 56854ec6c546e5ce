/** Errors of predicted amounts, in the unit of the label. */
import { weightedMean } from './calibration.ts';
import type { MetricFactory } from './ranking.ts';

export const maeMetric: MetricFactory = (value, label) =>
  weightedMean(label.length, (i) => Math.abs(value[i]! - label[i]!));

export const rmseMetric: MetricFactory = (value, label) => {
  const meanSquare = weightedMean(label.length, (i) => (value[i]! - label[i]!) ** 2);
  return (weight) => Math.sqrt(meanSquare(weight));
};
