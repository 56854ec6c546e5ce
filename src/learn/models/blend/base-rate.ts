/**
 * Two corrections of the level of calibrated log-odds.
 *
 * Trailing: calibration is fitted on the newest cutoffs alone, often one. Where the history has many, half of the step from their
 * base rate to the trailing one (each earlier cutoff counting 0.7 of the next) is taken: enough to forget one odd
 * month, not enough to miss a trend.
 *
 * Refit: the members that predict have also learned from the validation rows, so part of the step between the two base
 * rates is in them already; without the correction it would be made twice.
 */
import { logit } from '../shared/math.ts';
import { newtonLogistic } from '../shared/newton.ts';
import { weightsOf } from '../shared/sample.ts';
import type { FitContext, Sample } from '../types.ts';

const MIN_CUTOFFS = 6;
const DECAY = 0.7;
const STEP = 0.5;
const MAX_SHIFT = 0.5;

interface Tally {
  readonly mass: number;
  readonly positive: number;
}

/** Added to the calibrated log-odds; 0 with few cutoffs or none. */
export function trailingShift({ train, val }: FitContext): number {
  const byCutoff = new Map<number, Tally>();
  for (const sample of [train, val]) tallyInto(byCutoff, sample);
  const cutoffs = [...byCutoff.keys()].sort((a, b) => b - a);
  if (cutoffs.length < MIN_CUTOFFS || cutoffs.some(Number.isNaN)) return 0;
  const trailing = rate(
    cutoffs.map((cutoff, age) => {
      const { mass, positive } = byCutoff.get(cutoff)!;
      return { mass: mass * DECAY ** age, positive: positive * DECAY ** age };
    }),
  );
  const newest = new Map<number, Tally>();
  tallyInto(newest, val);
  const shift = STEP * (logit(trailing) - logit(rate([...newest.values()])));
  return Math.max(-MAX_SHIFT, Math.min(MAX_SHIFT, shift));
}

/** Outcomes that no correction is worth. */
const LEVEL_PRIOR = 2;

/** Added so that the refitted members' calibrated log-odds of the validation rows have those rows' base rate. */
export function refitShift(margin: Float64Array, { label, weight }: Sample): number {
  return newtonLogistic({
    columns: [new Float64Array(margin.length).fill(1)],
    target: Float64Array.from(label),
    ...(weight ? { weight } : {}),
    margin,
    prior: [0],
    strength: [LEVEL_PRIOR],
  })[0]!;
}

function tallyInto(tallies: Map<number, Tally>, sample: Sample): void {
  const weight = weightsOf(sample);
  sample.cutoff.forEach((cutoff, row) => {
    const { mass, positive } = tallies.get(cutoff) ?? { mass: 0, positive: 0 };
    tallies.set(cutoff, {
      mass: mass + weight[row]!,
      positive: positive + weight[row]! * sample.label[row]!,
    });
  });
}

/** With half a row added to each side. */
const rate = (tallies: readonly Tally[]): number =>
  (tallies.reduce((sum, t) => sum + t.positive, 0) + 0.5) / (tallies.reduce((sum, t) => sum + t.mass, 0) + 1);
