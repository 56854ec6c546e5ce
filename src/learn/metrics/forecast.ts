/** Errors of forecasts that can be compared between series of different size; no unit. */
import { weightedMean } from './calibration.ts';
import type { WeightedMetric } from './ranked.ts';
import type { MetricFactory } from './ranking.ts';

/** Σ|error| ÷ Σ|label|: the share of the volume that is missed. NaN where nothing happened. */
export const wapeMetric: MetricFactory = (value, label) => {
  const error = weightedMean(label.length, (i) => Math.abs(value[i]! - label[i]!));
  const volume = weightedMean(label.length, (i) => Math.abs(label[i]!));
  return (weight) => (volume(weight) > 0 ? error(weight) / volume(weight) : Number.NaN);
};

/** Mean absolute scaled error (Hyndman & Koehler 2006) with one scale for all series: `naiveScale` of the training rows. */
export const maseMetric = (
  value: ArrayLike<number>,
  label: ArrayLike<number>,
  scale: number,
): WeightedMetric => {
  const error = weightedMean(label.length, (i) => Math.abs(value[i]! - label[i]!));
  return (weight) => (scale > 0 ? error(weight) / scale : Number.NaN);
};

/** Mean |value − value one window before| over the lags of the training rows (newest first); NaN without two in a row. */
export function naiveScale(lags: readonly ArrayLike<number>[]): number {
  let sum = 0;
  let pairs = 0;
  for (let k = 1; k < lags.length; k++) {
    for (let i = 0; i < lags[k]!.length; i++) {
      const step = Math.abs(lags[k - 1]![i]! - lags[k]![i]!);
      if (Number.isNaN(step)) continue;
      sum += step;
      pairs++;
    }
  }
  return sum / pairs;
}
