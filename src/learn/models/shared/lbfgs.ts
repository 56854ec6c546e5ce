/**
 * L-BFGS (Nocedal & Wright, algorithm 7.5) with a backtracking line search, for smooth convex losses. History 10.
 * The caller's function fills the gradient and returns the value; one call per trial step.
 */

export interface MinimiseOptions {
  readonly maxIterations: number;
  /** Stops when the largest gradient entry falls below this, or the value no longer falls. */
  readonly gradientTolerance: number;
  /** Stops when one iteration lowers the value by less than this share of it. */
  readonly valueTolerance: number;
}

export type Objective = (at: Float64Array, gradient: Float64Array) => number;

const HISTORY = 10;
const MAX_HALVINGS = 25;
const SUFFICIENT_DECREASE = 1e-4;

interface Step {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

export function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions): Float64Array {
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  const history: Step[] = [];
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    if (maxAbs(gradient) < options.gradientTolerance) break;
    const direction = descentDirection(gradient, history);
    const found = lineSearch(objective, x, value, gradient, direction);
    if (!found) {
      if (history.length === 0) break;
      history.length = 0;
      continue;
    }
    remember(history, found.x, x, found.gradient, gradient);
    const gain = value - found.value;
    x = found.x;
    gradient = found.gradient;
    value = found.value;
    if (gain < options.valueTolerance * Math.abs(value)) break;
  }
  return x;
}

function descentDirection(gradient: Float64Array, history: readonly Step[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alpha = new Float64Array(history.length);
  for (let i = history.length - 1; i >= 0; i--) {
    const { s, y, rho } = history[i]!;
    alpha[i] = rho * dot(s, q);
    addScaled(q, -alpha[i]!, y);
  }
  const newest = history.at(-1);
  const scale = newest
    ? 1 / (newest.rho * dot(newest.y, newest.y))
    : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
  for (let j = 0; j < q.length; j++) q[j]! *= scale;
  for (let i = 0; i < history.length; i++) {
    const { s, y, rho } = history[i]!;
    addScaled(q, alpha[i]! - rho * dot(y, q), s);
  }
  return q;
}

function lineSearch(
  objective: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): { readonly x: Float64Array; readonly value: number; readonly gradient: Float64Array } | undefined {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return undefined;
  const nextGradient = new Float64Array(x.length);
  let step = 1;
  for (let trial = 0; trial < MAX_HALVINGS; trial++, step /= 2) {
    const next = Float64Array.from(x);
    addScaled(next, step, direction);
    const nextValue = objective(next, nextGradient);
    if (nextValue <= value + SUFFICIENT_DECREASE * step * slope) {
      return { x: next, value: nextValue, gradient: nextGradient };
    }
  }
  return undefined;
}

function remember(
  history: Step[],
  x: Float64Array,
  before: Float64Array,
  gradient: Float64Array,
  gradientBefore: Float64Array,
): void {
  const s = x.map((v, j) => v - before[j]!);
  const y = gradient.map((v, j) => v - gradientBefore[j]!);
  const curvature = dot(s, y);
  if (curvature <= 1e-12 * dot(y, y)) return;
  history.push({ s, y, rho: 1 / curvature });
  if (history.length > HISTORY) history.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(to: Float64Array, scale: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += scale * from[i]!;
}

const maxAbs = (values: Float64Array): number => values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
