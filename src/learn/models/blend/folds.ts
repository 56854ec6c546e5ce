/**
 * Earlier held-out stretches by which members are weighed too: one validation stretch of a few dozen outcomes cannot tell
 * members apart. Forward by cutoff inside train; by account where rows are undated. The validation rows stay the last.
 */
import { forwardFolds, groupedSplits } from '../shared/folds.ts';
import { hasContrast, takeRows } from '../shared/sample.ts';
import type { Budget, FitContext } from '../types.ts';

const FOLDS: Readonly<Record<Budget, number>> = { quick: 0, normal: 2, best: 4 };
/** Rows a fold trains on and is judged on at most: enough to tell members apart. */
const MAX_FIT = 20_000;
const MAX_JUDGE = 10_000;

/** Contexts whose val is later than their train, oldest first; members are fitted on them in the quick way. */
export function earlierFolds(context: FitContext): readonly FitContext[] {
  const { train, task, seed, budget, horizonDays } = context;
  const wanted = FOLDS[budget];
  if (wanted === 0) return [];
  const forward = forwardFolds(train.cutoff, wanted + 1, horizonDays).slice(-wanted);
  const folds = forward.length > 0 ? forward : groupedSplits(train, seed).slice(0, wanted);
  return folds
    .map((fold) => ({
      ...context,
      train: takeRows(train, thin(fold.train, MAX_FIT)),
      val: takeRows(train, thin(fold.test, MAX_JUDGE)),
      budget: 'quick' as const,
      refit: false,
    }))
    .filter((c) => hasContrast(c.train.label, task) && hasContrast(c.val.label, task));
}

/** Rows at even steps. */
function thin(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}
