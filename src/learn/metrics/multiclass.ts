/**
 * Metrics of class probabilities: rows × classes, row-major; labels are class indexes. Ties take the expected value over
 * the orders of the tied classes (reciprocal rank: of the mean rank).
 */
import { weightedMean } from './calibration.ts';
import type { WeightedMetric } from './ranked.ts';

export type MulticlassMetricFactory = (
  probability: ArrayLike<number>,
  label: ArrayLike<number>,
  classes: number,
) => WeightedMetric;

export const accuracyMetric: MulticlassMetricFactory = (probability, label, classes) =>
  weightedMean(label.length, (i) => {
    const { above, tied } = placeOfTruth(probability, label[i]!, i, classes);
    return above > 0 ? 0 : 1 / tied;
  });

/** Mean reciprocal rank of the true class: what a list of classes offers a reader. */
export const mrrMetric: MulticlassMetricFactory = (probability, label, classes) =>
  weightedMean(label.length, (i) => {
    const { above, tied } = placeOfTruth(probability, label[i]!, i, classes);
    return 1 / (above + (tied + 1) / 2);
  });

/** Unweighted mean over the classes that occur, in labels or predictions, of F1. The first of tied classes is taken. */
export const macroF1Metric: MulticlassMetricFactory = (probability, label, classes) => {
  const predicted = Uint16Array.from(label, (_, i) => argmax(probability, i, classes));
  return (weight) => {
    const hit = new Float64Array(classes);
    const claimed = new Float64Array(classes);
    const actual = new Float64Array(classes);
    for (let i = 0; i < label.length; i++) {
      const w = weight ? weight[i]! : 1;
      claimed[predicted[i]!]! += w;
      actual[label[i]!]! += w;
      if (predicted[i] === label[i]) hit[label[i]!]! += w;
    }
    const seen = [...actual.keys()].filter((c) => actual[c]! + claimed[c]! > 0);
    return seen.reduce((sum, c) => sum + (2 * hit[c]!) / (actual[c]! + claimed[c]!), 0) / seen.length;
  };
};

function placeOfTruth(
  probability: ArrayLike<number>,
  truth: number,
  row: number,
  classes: number,
): { readonly above: number; readonly tied: number } {
  const own = probability[row * classes + truth]!;
  let above = 0;
  let tied = 0;
  for (let c = 0; c < classes; c++) {
    const p = probability[row * classes + c]!;
    if (p > own) above++;
    else if (p === own) tied++;
  }
  return { above, tied };
}

function argmax(probability: ArrayLike<number>, row: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if (probability[row * classes + c]! > probability[row * classes + best]!) best = c;
  }
  return best;
}
