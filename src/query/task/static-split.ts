/** Splits of a task without cutoffs: by the entity's own time where it has one, else by account. */
import { inFold } from './finish.ts';
import type { SplitName } from './types.ts';

/** `born` in ms, NaN undated; oldest 60 % train, next 20 % validation, newest 20 % test. */
export function staticSplits(
  options: { readonly mode: 'compare' | 'score'; readonly seed: number },
  born: readonly number[],
  cluster: readonly number[],
): readonly SplitName[] {
  const folded = (seed: number, k: number): boolean => inFold(cluster[k]!, seed);
  if (options.mode === 'score') return born.map((_, k) => (folded(options.seed, k) ? 'val' : 'train'));
  const dated = born.filter((t) => !Number.isNaN(t));
  if (dated.length < born.length * 0.9 || new Set(dated).size < 10)
    return born.map((_, k) =>
      folded(options.seed, k) ? 'test' : folded(options.seed + 1, k) ? 'val' : 'train',
    );
  return timeSplits(born);
}

/** By time, 60/20/20 of the rows; rows of one moment stay together; undated rows go to train. */
export function timeSplits(times: readonly number[]): readonly SplitName[] {
  const sorted = times.filter((t) => !Number.isNaN(t)).sort((a, b) => a - b);
  const [valFrom, testFrom] = [0.6, 0.8].map((share) => sorted[Math.floor(sorted.length * share)]!);
  return times.map((t) => (t >= testFrom! ? 'test' : t >= valFrom! ? 'val' : 'train'));
}
