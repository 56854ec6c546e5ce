/** The numbers one fit works on: train rows, then validation rows, in one design; folds are row weights over it. */
import type { FeatureMatrix } from '../../features/types.ts';
import { forwardFolds, groupedFolds } from '../shared/folds.ts';
import { weightsOf } from '../shared/sample.ts';
import type { Budget, FitContext } from '../types.ts';
import type { Encoder } from './encode.ts';
import { type LossSpec, parametersPerOutput } from './objective.ts';
import { buildDesign } from './terms.ts';

export interface LinearProblem extends Omit<LossSpec, 'weight' | 'lambda'> {
  /** A predicted value is labelMean + labelScale × margin (regression; else 0 and 1). */
  readonly labelMean: number;
  readonly labelScale: number;
}

/** Fit on the rows with `fit` weight, judged on the rows with `judge` weight. */
export interface Fold {
  readonly fit: Float64Array;
  readonly judge: Float64Array;
}

/** Tables up to this many cells also judge the penalty by folds inside train. */
const FOLD_CELLS: Readonly<Record<Budget, number>> = { quick: 3e5, normal: 2e6, best: 1e7 };
const INNER_FOLDS = 3;

export function createProblem(
  { train, val, task }: FitContext,
  encoders: readonly Encoder[],
  parts: readonly FeatureMatrix[],
): LinearProblem {
  const label = new Float32Array(train.label.length + val.label.length);
  label.set(train.label);
  label.set(val.label, train.label.length);
  const outputs = task.type === 'multiclass' ? task.classes : 1;
  const shared = { design: buildDesign(encoders, parts), type: task.type, outputs };
  if (task.type !== 'regression') return { ...shared, label, labelMean: 0, labelScale: 1 };
  const labelMean = label.reduce((sum, y) => sum + y, 0) / label.length;
  const variance = label.reduce((sum, y) => sum + (y - labelMean) ** 2, 0) / label.length;
  const labelScale = variance > 0 ? Math.sqrt(variance) : 1;
  return { ...shared, label: label.map((y) => (y - labelMean) / labelScale), labelMean, labelScale };
}

/** Coefficients zero, intercepts at the base rates. Half a row is added to each class, so that none is impossible. */
export function startParameters({ design, label, type, outputs }: LinearProblem): Float64Array {
  const size = parametersPerOutput(design);
  const start = new Float64Array(size * outputs);
  if (type === 'regression') return start;
  const counts = new Float64Array(Math.max(2, outputs)).fill(0.5);
  for (const y of label) counts[y]!++;
  if (type === 'binary') start[0] = Math.log(counts[1]! / counts[0]!);
  else for (let k = 0; k < outputs; k++) start[k * size] = Math.log(counts[k]! / label.length);
  return start;
}

/** Sample weight of every train and validation row. */
export function allWeights({ train, val }: FitContext): Float64Array {
  const weight = new Float64Array(train.label.length + val.label.length);
  weight.set(weightsOf(train));
  weight.set(weightsOf(val), train.label.length);
  return weight;
}

/** Train → validation first; then, in small tables, folds inside train: forward by cutoff, else by account. */
export function penaltyFolds(context: FitContext, problem: LinearProblem): readonly Fold[] {
  const { train, val, budget } = context;
  const weight = allWeights(context);
  const rows = train.label.length;
  const masked = (keep: (row: number) => boolean): Float64Array =>
    weight.map((w, row) => (keep(row) ? w : 0));
  const main = { fit: masked((row) => row < rows), judge: masked((row) => row >= rows) };
  const cells = rows * parametersPerOutput(problem.design) * problem.outputs;
  const inner =
    val.label.length > 0 && cells > FOLD_CELLS[budget]
      ? []
      : innerFolds(context).map((fold) => ({
          fit: masked((row) => row < rows && fold[row] === FIT),
          judge: masked((row) => row < rows && fold[row] === JUDGE),
        }));
  return [main, ...inner].filter(({ fit, judge }) => fit.some(isPositive) && judge.some(isPositive));
}

const isPositive = (w: number): boolean => w > 0;
const FIT = 1;
const JUDGE = 2;

/** Role of each train row in each fold: FIT, JUDGE or neither. */
function innerFolds({ train, seed, horizonDays }: FitContext): readonly Uint8Array[] {
  const forward = forwardFolds(train.cutoff, INNER_FOLDS, horizonDays).slice(1);
  if (forward.length > 0) {
    return forward.map((fold) => {
      const role = new Uint8Array(train.label.length);
      for (const row of fold.train) role[row] = FIT;
      for (const row of fold.test) role[row] = JUDGE;
      return role;
    });
  }
  const fold = groupedFolds(train.cluster, INNER_FOLDS, seed);
  return Array.from({ length: INNER_FOLDS }, (_, f) => fold.map((g) => (g === f ? JUDGE : FIT)));
}
