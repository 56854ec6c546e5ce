/** The figures a comparison table prints for one model on one set of rows. */
import { brierMetric, calibrationErrorOfRanked, logLossMetric } from './calibration.ts';
import { accuracyMetric, macroF1Metric, mrrMetric } from './multiclass.ts';
import { rankDescending } from './ranked.ts';
import { aurocOfRanked, averagePrecisionOfRanked, capturedOfRanked, liftOfRanked } from './ranking.ts';

export interface BinarySummary {
  readonly auroc: number;
  readonly averagePrecision: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly calibrationError: number;
  readonly lift10: number;
  readonly lift20: number;
  readonly captured20: number;
}

/** NaN where a figure is undefined (ranking with one class, anything with no rows). */
export function summariseBinary(probability: ArrayLike<number>, label: ArrayLike<number>): BinarySummary {
  const ranked = rankDescending(probability, label);
  return {
    auroc: aurocOfRanked(ranked)(),
    averagePrecision: averagePrecisionOfRanked(ranked)(),
    brier: brierMetric(probability, label)(),
    logLoss: logLossMetric(probability, label)(),
    calibrationError: calibrationErrorOfRanked(ranked)(),
    lift10: liftOfRanked(ranked, 0.1)(),
    lift20: liftOfRanked(ranked, 0.2)(),
    captured20: capturedOfRanked(ranked, 0.2)(),
  };
}

export interface MulticlassSummary {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly mrr: number;
}

export const summariseMulticlass = (
  probability: ArrayLike<number>,
  label: ArrayLike<number>,
  classes: number,
): MulticlassSummary => ({
  accuracy: accuracyMetric(probability, label, classes)(),
  macroF1: macroF1Metric(probability, label, classes)(),
  mrr: mrrMetric(probability, label, classes)(),
});
