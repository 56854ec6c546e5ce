/** How well scores order rows. Labels are 0 or 1. All are unchanged by any increasing map of the scores. */
import { type GroupSums, type Ranked, rankDescending, sumGroups, type WeightedMetric } from './ranked.ts';

export type MetricFactory = (prediction: ArrayLike<number>, label: ArrayLike<number>) => WeightedMetric;

/** P(score of a positive > score of a negative) + ½ P(equal). NaN with one class. */
export const aurocMetric: MetricFactory = (score, label) => aurocOfRanked(rankDescending(score, label));

export const auroc = (score: ArrayLike<number>, label: ArrayLike<number>): number =>
  aurocMetric(score, label)();

export function aurocOfRanked(ranked: Ranked): WeightedMetric {
  return (weight) => {
    const { mass, positive, totalMass, totalPositive } = sumGroups(ranked, weight);
    const totalNegative = totalMass - totalPositive;
    let below = totalNegative;
    let pairs = 0;
    for (let g = 0; g < mass.length; g++) {
      const negative = mass[g]! - positive[g]!;
      below -= negative;
      pairs += positive[g]! * (below + negative / 2);
    }
    return totalPositive > 0 && totalNegative > 0 ? pairs / (totalPositive * totalNegative) : Number.NaN;
  };
}

/** Σ (recall step) × precision over distinct thresholds, without interpolation. NaN without positives. */
export const averagePrecisionMetric: MetricFactory = (score, label) =>
  averagePrecisionOfRanked(rankDescending(score, label));

export function averagePrecisionOfRanked(ranked: Ranked): WeightedMetric {
  return (weight) => {
    const { mass, positive, totalPositive } = sumGroups(ranked, weight);
    let taken = 0;
    let found = 0;
    let area = 0;
    for (let g = 0; g < mass.length; g++) {
      taken += mass[g]!;
      found += positive[g]!;
      if (taken > 0) area += (positive[g]! * found) / taken;
    }
    return totalPositive > 0 ? area / totalPositive : Number.NaN;
  };
}

/** Share of all positives among the top `share` of rows; a tie across the edge counts in proportion. */
export const capturedMetric =
  (share: number): MetricFactory =>
  (score, label) =>
    capturedOfRanked(rankDescending(score, label), share);

export function capturedOfRanked(ranked: Ranked, share: number): WeightedMetric {
  return (weight) => {
    const sums = sumGroups(ranked, weight);
    return sums.totalPositive > 0 ? positivesInTop(sums, share) / sums.totalPositive : Number.NaN;
  };
}

/** Rate of positives in the top `share` over the rate in all rows. */
export const liftMetric =
  (share: number): MetricFactory =>
  (score, label) =>
    liftOfRanked(rankDescending(score, label), share);

export function liftOfRanked(ranked: Ranked, share: number): WeightedMetric {
  const captured = capturedOfRanked(ranked, share);
  return (weight) => captured(weight) / share;
}

function positivesInTop(sums: GroupSums, share: number): number {
  let room = share * sums.totalMass;
  let found = 0;
  for (let g = 0; g < sums.mass.length && room > 0; g++) {
    const mass = sums.mass[g]!;
    if (mass > 0) found += sums.positive[g]! * Math.min(1, room / mass);
    room -= mass;
  }
  return found;
}
