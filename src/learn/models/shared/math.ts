/** Probabilities are kept this far from 0 and 1 when taken to log-odds: ±16.1. */
const PROBABILITY_CLIP = 1e-7;

export const sigmoid = (margin: number): number =>
  margin >= 0 ? 1 / (1 + Math.exp(-margin)) : Math.exp(margin) / (1 + Math.exp(margin));

export function logit(probability: number): number {
  const p = clampProbability(probability);
  return Math.log(p / (1 - p));
}

export const clampProbability = (p: number): number =>
  Math.min(1 - PROBABILITY_CLIP, Math.max(PROBABILITY_CLIP, p));

/** −log P(label | margin), stable for any margin. */
export const logisticLoss = (margin: number, label: number): number =>
  Math.max(margin, 0) - margin * label + Math.log1p(Math.exp(-Math.abs(margin)));

/** Class probabilities, rows × classes, of margins laid out alike. */
export function softmaxRows(margins: Float64Array, classes: number): Float32Array {
  const out = new Float32Array(margins.length);
  for (let from = 0; from < margins.length; from += classes) {
    const row = margins.subarray(from, from + classes);
    const top = row.reduce((max, v) => Math.max(max, v), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, v) => total + Math.exp(v - top), 0);
    for (let k = 0; k < classes; k++) out[from + k] = Math.exp(row[k]! - top) / sum;
  }
  return out;
}

/** Each row's margins less their mean, in place. */
export function centreRows(margins: Float64Array, classes: number): Float64Array {
  for (let from = 0; from < margins.length; from += classes) {
    const row = margins.subarray(from, from + classes);
    const mean = row.reduce((sum, v) => sum + v, 0) / classes;
    for (let k = 0; k < classes; k++) row[k]! -= mean;
  }
  return margins;
}

/** Quantile of the standard normal, p in (0, 1): Acklam's rational approximation, relative error below 1.2e-9. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_TOP, q) / (polynomial(TAIL_BOTTOM, q) * q + 1);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(MID_TOP, r) * q) / (polynomial(MID_BOTTOM, r) * r + 1);
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0);

const MID_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const MID_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
];
const TAIL_TOP = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
