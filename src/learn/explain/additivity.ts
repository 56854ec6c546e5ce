/**
 * Reasons are shares of the margin, so they must add up to it. Predictions come in single precision: what that hides of
 * a probability is no fault of the attributions.
 */
import { LeadlightError } from '../../errors.ts';
import type { Attribution, ModelTask } from '../models/types.ts';

/** Largest error of the margin (log-odds; the value for regression), relative where the margin is above 1. */
export const ADDITIVITY = 1e-6;
const SINGLE = 2 ** -23;

/**
 * @throws LeadlightError REASONS_NOT_ADDITIVE naming the worst row. `prediction`: as `Fitted.predict`, rows of the
 * attribution. Multiclass attributions are not checked: no margin of theirs is a single number.
 */
export function checkAdditivity(
  attribution: Attribution,
  prediction: ArrayLike<number>,
  type: ModelTask['type'],
): void {
  if (type === 'multiclass') return;
  const excess = type === 'binary' ? excessOfProbability : excessOfValue;
  const margins = marginsOf(attribution, prediction.length);
  margins.forEach((margin, row) => {
    const over = excess(margin, prediction[row]!);
    if (over > 0) throw new LeadlightError('REASONS_NOT_ADDITIVE', { row, over: over.toPrecision(2) });
  });
}

/** base + the sum over columns, per row. */
export function marginsOf(attribution: Attribution, rows: number): Float64Array {
  const sums = new Float64Array(rows).fill(attribution.base);
  for (const column of attribution.values) for (let row = 0; row < rows; row++) sums[row]! += column[row]!;
  return sums;
}

export const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** By how much the error passes what is allowed. */
function excessOfProbability(margin: number, p: number): number {
  const slope = p * (1 - p);
  const allowed = ADDITIVITY * Math.max(1, Math.abs(margin)) * slope + SINGLE * p;
  return Math.abs(logistic(margin) - p) - allowed;
}

const excessOfValue = (margin: number, value: number): number =>
  Math.abs(margin - value) - (ADDITIVITY * Math.max(1, Math.abs(margin)) + SINGLE * Math.abs(value));
