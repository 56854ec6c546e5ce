/**
 * How strongly to draw coefficients to zero: a falling path of penalties, each fit started from the last, judged by the
 * loss on held-out rows. Validation rows always judge; while the table is small, folds inside train judge too, because a
 * few dozen outcomes cannot choose a penalty alone. Large tables walk the path on evenly spread blocks of rows.
 * A penalty P is in rows, λ = P / (weight of the rows fitted), so that it means the same on a part and on the whole;
 * scikit-learn's C is 1 / P.
 */
import type { RunControl } from '../../../util/progress.ts';
import { checkpoint } from '../shared/control.ts';
import { type MinimiseOptions, minimise } from '../shared/lbfgs.ts';
import { BLOCK, createObjective, parametersPerOutput } from './objective.ts';
import type { Fold, LinearProblem } from './problem.ts';

/** Per row of the fold. */
const LAMBDAS = [1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5];
const MIN_PENALTY = 0.3;
/** Where nothing can be held out. */
const BLIND_LAMBDA = 0.1;
const MAX_WORSE_STEPS = 2;

export interface PathOptions extends MinimiseOptions {
  /** Cells of the design that the path walks over at most; one step costs some 20 passes. */
  readonly cells: number;
}

export interface ChosenPenalty {
  readonly penalty: number;
  /** Parameters of the first fold at that penalty, near enough to start from; the start when there is no fold. */
  readonly parameters: Float64Array;
  /** Summed over held-out rows; infinite when there are none. */
  readonly loss: number;
}

export async function choosePenalty(
  problem: LinearProblem,
  folds: readonly Fold[],
  start: Float64Array,
  options: PathOptions,
  control: RunControl,
): Promise<ChosenPenalty> {
  const path = folds.map(() => start);
  const fits = folds.map(({ fit }) => thinBlocks(fit, options.cells / parametersPerOutput(problem.design)));
  const mass = totalWeight(fits[0] ?? new Float64Array());
  let best: ChosenPenalty = {
    penalty: BLIND_LAMBDA * problem.label.length,
    parameters: start,
    loss: Number.POSITIVE_INFINITY,
  };
  let worse = 0;
  for (const [step, lambda] of (folds.length > 0 ? LAMBDAS : []).entries()) {
    control.progress?.({ stage: 'logistic', done: step, total: LAMBDAS.length, unit: 'penalties' });
    if (worse >= MAX_WORSE_STEPS || (lambda < 1 && lambda * mass < MIN_PENALTY)) break;
    let loss = 0;
    for (let f = 0; f < folds.length; f++) {
      await checkpoint(control);
      path[f] = minimise(createObjective({ ...problem, weight: fits[f]!, lambda }), path[f]!, options);
      loss += heldOutLoss(problem, folds[f]!.judge, path[f]!);
    }
    worse = loss < best.loss ? 0 : worse + 1;
    if (worse > 0) continue;
    best = { penalty: lambda * mass, parameters: path[0]!, loss };
  }
  return best;
}

/** Minimum on the rows with weight, at a penalty in rows. */
export function solveAt(
  problem: LinearProblem,
  weight: Float64Array,
  { penalty, parameters }: Pick<ChosenPenalty, 'penalty' | 'parameters'>,
  options: MinimiseOptions,
): Float64Array {
  const lambda = penalty / totalWeight(weight);
  return minimise(createObjective({ ...problem, weight, lambda }), parameters, options);
}

const totalWeight = (weight: Float64Array): number => weight.reduce((sum, w) => sum + w, 0);

/** Drops whole blocks (the objective skips them) until about `rows` rows are left. */
function thinBlocks(weight: Float64Array, rows: number): Float64Array {
  const step = Math.floor(weight.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0) / rows);
  return step < 2 ? weight : weight.map((w, row) => (Math.floor(row / BLOCK) % step === 0 ? w : 0));
}

/** Summed over the judged weight, so that larger folds count for more. */
function heldOutLoss(problem: LinearProblem, weight: Float64Array, at: Float64Array): number {
  const mean = createObjective({ ...problem, weight, lambda: 0 })(at, new Float64Array(at.length));
  return totalWeight(weight) * mean;
}
