/** How true probabilities are. Labels are 0 or 1, predictions in [0, 1]. */
import { type Ranked, rankDescending, type Slice, sliceEqualMass, type WeightedMetric } from './ranked.ts';
import type { MetricFactory } from './ranking.ts';

/** Probabilities are kept this far from 0 and 1 in log loss, so that one sure miss costs at most 16.1. */
export const LOG_LOSS_CLIP = 1e-7;

/** Bins of the calibration error and the calibration curve: equal in rows, not in width. */
export const CALIBRATION_BINS = 10;

/** Mean squared error of the probability. */
export const brierMetric: MetricFactory = (probability, label) =>
  weightedMean(label.length, (i) => (probability[i]! - label[i]!) ** 2);

/** Mean −log of the probability given to what happened, natural logarithm. */
export const logLossMetric: MetricFactory = (probability, label) =>
  weightedMean(label.length, (i) => {
    const p = Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, probability[i]!));
    return label[i]! > 0.5 ? -Math.log(p) : -Math.log1p(-p);
  });

/** Expected calibration error: mean |predicted − observed| over ten bins of equal mass. */
export const calibrationErrorMetric: MetricFactory = (probability, label) =>
  calibrationErrorOfRanked(rankDescending(probability, label));

export function calibrationErrorOfRanked(ranked: Ranked): WeightedMetric {
  return (weight) => {
    let error = 0;
    let mass = 0;
    for (const slice of sliceEqualMass(ranked, CALIBRATION_BINS, weight)) {
      error += Math.abs(slice.score - slice.positive);
      mass += slice.mass;
    }
    return mass > 0 ? error / mass : Number.NaN;
  };
}

export interface CalibrationPoint {
  readonly predicted: number;
  readonly observed: number;
  readonly rows: number;
}

/** Mean prediction against the observed rate, lowest bin first; empty bins are left out. */
export function calibrationCurve(
  probability: ArrayLike<number>,
  label: ArrayLike<number>,
  bins = CALIBRATION_BINS,
): readonly CalibrationPoint[] {
  return sliceEqualMass(rankDescending(probability, label), bins)
    .filter((slice) => slice.mass > 0)
    .map(toPoint)
    .reverse();
}

const toPoint = ({ mass, positive, score }: Slice): CalibrationPoint => ({
  predicted: score / mass,
  observed: positive / mass,
  rows: mass,
});

/** Σ w·term ÷ Σ w with the terms worked out once. */
export function weightedMean(rows: number, term: (row: number) => number): WeightedMetric {
  const terms = Float64Array.from({ length: rows }, (_, i) => term(i));
  return (weight) => {
    let sum = 0;
    let mass = 0;
    for (let i = 0; i < rows; i++) {
      const w = weight ? weight[i]! : 1;
      sum += w * terms[i]!;
      mass += w;
    }
    return mass > 0 ? sum / mass : Number.NaN;
  };
}
