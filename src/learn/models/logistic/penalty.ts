/**
 * How strongly to draw coefficients to zero: a falling path of λ, each fit started from the last, judged by the loss on
 * held-out rows. Validation rows always judge; while the table is small, folds inside train judge too, because a few
 * dozen outcomes cannot choose a penalty alone. λ is per row: scikit-learn's C is 1 / (λ · rows).
 */
import type { RunControl } from '../../../util/progress.ts';
import { checkpoint } from '../shared/control.ts';
import { type MinimiseOptions, minimise } from '../shared/lbfgs.ts';
import { createObjective } from './objective.ts';
import type { Fold, LinearProblem } from './problem.ts';

const LAMBDAS = [1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5];

/** Weaker than this many rows' worth is never tried. */
const MIN_LAMBDA_ROWS = 0.3;
/** Where nothing can be held out. */
const BLIND_LAMBDA = 0.1;
const MAX_WORSE_STEPS = 2;

export interface ChosenPenalty {
  readonly lambda: number;
  /** Parameters of the first fold at that λ; the start when there is no fold. */
  readonly parameters: Float64Array;
}

export async function choosePenalty(
  problem: LinearProblem,
  folds: readonly Fold[],
  start: Float64Array,
  options: MinimiseOptions,
  control: RunControl,
): Promise<ChosenPenalty> {
  const path = folds.map(() => start);
  if (!folds[0]) return { lambda: BLIND_LAMBDA, parameters: start };
  const rows = folds[0].fit.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  let best: ChosenPenalty | undefined;
  let bestLoss = Number.POSITIVE_INFINITY;
  let worse = 0;
  for (const lambda of LAMBDAS) {
    if (best && (lambda * rows < MIN_LAMBDA_ROWS || worse >= MAX_WORSE_STEPS)) break;
    let loss = 0;
    for (let f = 0; f < folds.length; f++) {
      await checkpoint(control);
      const objective = createObjective({ ...problem, weight: folds[f]!.fit, lambda });
      path[f] = minimise(objective, path[f]!, options);
      loss += heldOutLoss(problem, folds[f]!.judge, path[f]!);
    }
    if (loss < bestLoss) {
      best = { lambda, parameters: path[0]! };
      bestLoss = loss;
      worse = 0;
    } else worse++;
  }
  return best ?? { lambda: LAMBDAS[0]!, parameters: path[0]! };
}

/** Summed over the judged weight, so that larger folds count for more. */
function heldOutLoss(problem: LinearProblem, weight: Float64Array, at: Float64Array): number {
  const total = weight.reduce((sum, w) => sum + w, 0);
  const mean = createObjective({ ...problem, weight, lambda: 0 })(at, new Float64Array(at.length));
  return total * mean;
}
