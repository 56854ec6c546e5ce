/**
 * Ways to hold rows out. Grouped: a cluster (account) is wholly in one fold. Forward: each fold is a stretch of cutoffs,
 * tested by a model of earlier cutoffs only. `withValidation` guarantees the models a validation set with contrast.
 */
import { createRandom } from '../../../util/random.ts';
import type { FitContext, Sample } from '../types.ts';
import { concatSamples, hasContrast, takeRows } from './sample.ts';
import { stretches } from './stretches.ts';

/** Fold number 0…k−1 of each row. Depends on cluster ids, not on row order. */
export function groupedFolds(cluster: ArrayLike<number>, k: number, seed: number): Uint8Array {
  const ids = [...new Set(Array.from(cluster))].sort((a, b) => a - b);
  const random = createRandom(seed);
  for (let i = ids.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [ids[i], ids[j]] = [ids[j]!, ids[i]!];
  }
  const fold = new Map(ids.map((id, position) => [id, position % k]));
  return Uint8Array.from(cluster, (id) => fold.get(id)!);
}

export interface ForwardFold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

const DAY_MS = 86_400_000;

/**
 * At most k folds, oldest first: the distinct cutoffs are cut into k + 1 stretches of about equal rows, and each but the
 * first is tested on the rows before it whose labels were known when it began, `horizonDays` after their cutoff. Empty
 * with fewer than two cutoffs (static tasks).
 */
export function forwardFolds(cutoff: Float64Array, k: number, horizonDays = 0): readonly ForwardFold[] {
  const stretch = stretches(cutoff, k + 1);
  const last = stretch.reduce((max, s) => Math.max(max, s), 0);
  return Array.from({ length: last }, (_, index) => {
    const test = rowsWhere(stretch, (s) => s === index + 1);
    const begin = test.reduce((first, row) => Math.min(first, cutoff[row]!), Number.POSITIVE_INFINITY);
    const known = (row: number): boolean => cutoff[row]! + horizonDays * DAY_MS <= begin;
    return { train: rowsWhere(stretch, (s, row) => s <= index && known(row)), test };
  }).filter(({ train }) => train.length > 0);
}

function rowsWhere(values: Uint8Array, keep: (value: number, row: number) => boolean): Uint32Array {
  const rows: number[] = [];
  values.forEach((value, row) => {
    if (keep(value, row)) rows.push(row);
  });
  return Uint32Array.from(rows);
}

/**
 * The context itself when its validation rows differ in label; else train and validation rows together, split anew:
 * the newest fifth by cutoff, or a fifth of the accounts. Validation is left empty when no split has contrast.
 */
export function withValidation(context: FitContext): FitContext {
  if (hasContrast(context.val.label, context.task)) return context;
  const all = concatSamples(context.train, context.val);
  const folds = [
    ...forwardFolds(all.cutoff, 4, context.horizonDays).slice(-1),
    ...groupedSplits(all, context.seed),
  ];
  const fold = folds.find(
    ({ train, test }) =>
      hasContrast(pickLabels(all, train), context.task) && hasContrast(pickLabels(all, test), context.task),
  );
  return fold
    ? { ...context, train: takeRows(all, fold.train), val: takeRows(all, fold.test) }
    : { ...context, train: all, val: takeRows(all, []) };
}

/** Five splits, each with a fifth of the accounts to judge. */
export function groupedSplits(all: Sample, seed: number): readonly ForwardFold[] {
  const k = 5;
  const fold = groupedFolds(all.cluster, k, seed);
  return Array.from({ length: k }, (_, f) => ({
    train: rowsWhere(fold, (value) => value !== f),
    test: rowsWhere(fold, (value) => value === f),
  }));
}

const pickLabels = (sample: Sample, rows: Uint32Array): Float32Array =>
  Float32Array.from(rows, (row) => sample.label[row]!);
