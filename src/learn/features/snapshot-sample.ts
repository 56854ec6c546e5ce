/**
 * How many training snapshots a plan can afford, and which: the newest are favoured, an entity's or a day's snapshots
 * have no privilege. Weighted sampling without replacement (Efraimidis and Spirakis 2006): every snapshot draws a key
 * from its entity, cutoff and the seed alone, so that neither the order of rows nor the number of threads matters.
 */
import { createRandom } from '../../util/random.ts';
import type { PlanEstimate, PlanLimits } from './cost.ts';

const MB = 2 ** 20;
/** More examples than this teach little for what they cost. */
const ENOUGH = 1_000_000;
/** Fewer are never drawn: where they cost too much still, columns are left out instead. */
export const AMPLE = 20_000;

/** Training snapshots to keep so that the plan stays within the limits; never fewer than are ample while there are that many. */
export function affordableSnapshots(estimate: PlanEstimate, training: number, limits: PlanLimits): number {
  const seconds = limits.seconds === undefined ? 1 : limits.seconds / Math.max(estimate.seconds, 1e-9);
  const matrixMb = (estimate.snapshots * estimate.columns * 4) / MB;
  const memory = limits.memoryMb === undefined ? 1 : limits.memoryMb / 2 / Math.max(matrixMb, 1e-9);
  const share = Math.min(1, seconds, memory);
  const affordable = Math.floor(estimate.snapshots * share) - (estimate.snapshots - training);
  return Math.min(training, ENOUGH, Math.max(AMPLE, affordable));
}

export interface SampledSnapshots {
  /** Hash of the entity's key: its row number would follow the order of the file. */
  readonly entity: Int32Array;
  /** ms */
  readonly cutoff: Float64Array;
}

/** Places of `keep` of the snapshots, ascending. A snapshot's chance halves over half the span of all cutoffs. */
export function sampleSnapshots(snapshots: SampledSnapshots, keep: number, seed: number): Int32Array {
  const n = snapshots.cutoff.length;
  if (keep >= n) return Int32Array.from({ length: n }, (_, i) => i);
  const newest = snapshots.cutoff.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const oldest = snapshots.cutoff.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const halfLife = Math.max(1, (newest - oldest) / 2);
  const random = createRandom(seed);
  const keys = Float64Array.from(snapshots.cutoff, (cutoff, i) => {
    const weight = 2 ** ((cutoff - newest) / halfLife);
    const drawn = random
      .fork(snapshots.entity[i]!)
      .fork(Math.floor(cutoff / 60_000))
      .next();
    return -Math.log(1 - drawn) / weight;
  });
  const order = Int32Array.from({ length: n }, (_, i) => i);
  return order
    .sort((a, b) => keys[a]! - keys[b]! || a - b)
    .slice(0, keep)
    .sort();
}
