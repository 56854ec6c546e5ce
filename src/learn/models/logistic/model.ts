/**
 * Ridge-penalised logistic regression (softmax for classes, least squares for amounts) on normal scores, value levels
 * and missing flags; where that lowers the held-out loss, with bends in the columns whose relation is curved. The penalty
 * is chosen on held-out rows, then the model is refitted on train and validation.
 * Attributions are exact: coefficient × (term − its training mean), the intercept and the means in the base.
 */
import type { FeatureMatrix } from '../../features/types.ts';
import { checkpoint } from '../shared/control.ts';
import { withValidation } from '../shared/folds.ts';
import { type ColumnFilter, checkTrainable, selectColumns } from '../shared/sample.ts';
import type { Budget, FitContext, Fitted, Model } from '../types.ts';
import { type Encoder, fitEncoders } from './encode.ts';
import { fitHinges } from './hinges.ts';
import { type ChosenPenalty, choosePenalty, solveAt } from './penalty.ts';
import {
  allWeights,
  createProblem,
  type Fold,
  type LinearProblem,
  penaltyFolds,
  startParameters,
} from './problem.ts';
import { type LogisticState, restoreLogistic } from './state.ts';

export interface LogisticOptions {
  readonly name: string;
  readonly level: number;
  /** Columns it may see; default all. */
  readonly columns?: ColumnFilter;
}

const PATH_ITERATIONS: Readonly<Record<Budget, number>> = { quick: 10, normal: 30, best: 60 };
const PATH_CELLS: Readonly<Record<Budget, number>> = { quick: 1e6, normal: 6e6, best: 12e6 };
const FINAL_ITERATIONS: Readonly<Record<Budget, number>> = { quick: 30, normal: 120, best: 250 };

export function createLogisticModel({ name, level, columns = () => true }: LogisticOptions): Model {
  return {
    name,
    level,
    inapplicable: ({ train }) =>
      train.matrix.columns.some(columns) ? undefined : 'not applicable: no columns of the kind it reads',
    fit: (context) => fitLogistic(context, columns),
    load: (saved) => restoreLogistic(saved as LogisticState),
  };
}

async function fitLogistic(given: FitContext, columns: ColumnFilter): Promise<Fitted> {
  checkTrainable(given);
  const context = withValidation(given);
  const { train, val, task, budget } = context;
  const parts = [selectColumns(train.matrix, columns), selectColumns(val.matrix, columns)];
  const plain = fitEncoders(
    parts[0]!.columns,
    parts[0]!.columns.map((_, c) => parts.map((part) => part.data[c]!)),
  );
  const straight = await choose(context, plain, parts);
  const bends = fitHinges(context, plain, parts[0]!);
  const bent = bends.length === 0 ? undefined : await choose(context, [...plain, ...bends], parts);
  const best = bent && bent.chosen.loss < straight.chosen.loss ? bent : straight;
  const { encoders, problem, folds, chosen } = best;
  const exact = { maxIterations: FINAL_ITERATIONS[budget], gradientTolerance: 1e-7, valueTolerance: 1e-6 };
  const early = context === given && folds[0] ? solveAt(problem, folds[0].fit, chosen, exact) : undefined;
  await checkpoint(context);
  const restore = (at: Float64Array): Fitted =>
    restoreLogistic({
      type: task.type,
      outputs: problem.outputs,
      encoders,
      parameters: splitOutputs(at, problem.outputs),
      labelMean: problem.labelMean,
      labelScale: problem.labelScale,
    });
  if (early && context.refit === false) return restore(early);
  const started = early ? { ...chosen, parameters: early } : chosen;
  const parameters = solveAt(problem, allWeights(context), started, exact);
  const heldOut = early && (await restore(early).predict(val.matrix));
  return { ...restore(parameters), ...(heldOut ? { heldOut } : {}) };
}

/** The penalty of a model of these terms, and what it costs on held-out rows. */
async function choose(
  context: FitContext,
  encoders: readonly Encoder[],
  parts: readonly FeatureMatrix[],
): Promise<{
  readonly encoders: readonly Encoder[];
  readonly problem: LinearProblem;
  readonly folds: readonly Fold[];
  readonly chosen: ChosenPenalty;
}> {
  const problem = createProblem(context, encoders, parts);
  const folds = penaltyFolds(context, problem);
  const options = {
    maxIterations: PATH_ITERATIONS[context.budget],
    cells: PATH_CELLS[context.budget],
    gradientTolerance: 1e-6,
    valueTolerance: 1e-5,
  };
  const chosen = await choosePenalty(problem, folds, startParameters(problem), options, context);
  return { encoders, problem, folds, chosen };
}

function splitOutputs(at: Float64Array, outputs: number): readonly (readonly number[])[] {
  const size = at.length / outputs;
  return Array.from({ length: outputs }, (_, k) => [...at.subarray(k * size, (k + 1) * size)]);
}
