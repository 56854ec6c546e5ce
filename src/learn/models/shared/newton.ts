/** Logistic regression in a handful of unknowns by damped Newton steps, with a Gaussian prior on each. */
import { logisticLoss, sigmoid } from './math.ts';

export interface SmallLogistic {
  readonly columns: readonly Float64Array[];
  /** In [0, 1]. */
  readonly target: Float64Array;
  readonly weight?: Float32Array;
  /** Added to every row's log-odds. */
  readonly margin?: Float64Array;
  /** Where each coefficient is drawn to, and how strongly (½·strength·(coefficient − prior)²). */
  readonly prior: readonly number[];
  readonly strength: readonly number[];
}

const MAX_STEPS = 50;

export function newtonLogistic(problem: SmallLogistic): Float64Array {
  let at: Float64Array = Float64Array.from(problem.prior);
  let value = lossAt(problem, at);
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = newtonDirection(problem, at);
    let scale = 1;
    let next = move(at, direction, scale);
    let nextValue = lossAt(problem, next);
    while (!(nextValue <= value) && scale > 1e-6) {
      scale /= 2;
      next = move(at, direction, scale);
      nextValue = lossAt(problem, next);
    }
    if (!(nextValue < value)) break;
    const gain = value - nextValue;
    at = next;
    value = nextValue;
    if (gain < 1e-12 * (1 + Math.abs(value))) break;
  }
  return at;
}

const move = (at: Float64Array, direction: Float64Array, scale: number): Float64Array =>
  at.map((v, j) => v + scale * direction[j]!);

function marginOf({ columns, margin }: SmallLogistic, at: Float64Array, row: number): number {
  let sum = margin ? margin[row]! : 0;
  for (let j = 0; j < columns.length; j++) sum += at[j]! * columns[j]![row]!;
  return sum;
}

function lossAt(problem: SmallLogistic, at: Float64Array): number {
  const { target, weight, prior, strength } = problem;
  let loss = 0;
  for (let i = 0; i < target.length; i++) {
    loss += (weight ? weight[i]! : 1) * logisticLoss(marginOf(problem, at, i), target[i]!);
  }
  for (let j = 0; j < at.length; j++) loss += 0.5 * strength[j]! * (at[j]! - prior[j]!) ** 2;
  return loss;
}

function newtonDirection(problem: SmallLogistic, at: Float64Array): Float64Array {
  const { columns, target, weight, prior, strength } = problem;
  const d = columns.length;
  const gradient = Float64Array.from(at, (v, j) => strength[j]! * (v - prior[j]!));
  const hessian = Array.from({ length: d }, (_, j) => {
    const row = new Float64Array(d);
    row[j] = strength[j]! + 1e-9;
    return row;
  });
  for (let i = 0; i < target.length; i++) {
    const p = sigmoid(marginOf(problem, at, i));
    const w = weight ? weight[i]! : 1;
    const g = w * (p - target[i]!);
    const h = w * p * (1 - p);
    for (let j = 0; j < d; j++) {
      const x = columns[j]![i]!;
      gradient[j]! += g * x;
      for (let k = 0; k <= j; k++) hessian[j]![k]! += h * x * columns[k]![i]!;
    }
  }
  for (let j = 0; j < d; j++) for (let k = j + 1; k < d; k++) hessian[j]![k] = hessian[k]![j]!;
  return solve(
    hessian,
    gradient.map((g) => -g),
  );
}

/** Gaussian elimination with pivoting; the matrix is small and positive definite. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const d = right.length;
  const rows = matrix.map((row, j) => Float64Array.of(...row, right[j]!));
  for (let j = 0; j < d; j++) {
    let pivot = j;
    for (let k = j + 1; k < d; k++) if (Math.abs(rows[k]![j]!) > Math.abs(rows[pivot]![j]!)) pivot = k;
    [rows[j], rows[pivot]] = [rows[pivot]!, rows[j]!];
    for (let k = 0; k < d; k++) {
      if (k === j) continue;
      const factor = rows[k]![j]! / rows[j]![j]!;
      for (let m = j; m <= d; m++) rows[k]![m]! -= factor * rows[j]![m]!;
    }
  }
  return Float64Array.from(rows, (row, j) => row[d]! / row[j]!);
}
