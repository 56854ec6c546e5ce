/** What the amounts of the training rows look like: which models apply to them. */

/** Skewness from which the few largest amounts rule a squared error; a log-normal of log-sd ½ has 1.75. */
const HEAVY_SKEWNESS = 2;
const ZERO_SHARE = 0.1;
const MIN_POSITIVES = 50;

export const isNonNegative = (label: Float32Array): boolean => label.every((y) => y >= 0);

export function isHeavyTailed(label: Float32Array): boolean {
  const rows = label.length;
  if (rows < 3 || !isNonNegative(label)) return false;
  const mean = label.reduce((sum, y) => sum + y, 0) / rows;
  let second = 0;
  let third = 0;
  for (const y of label) {
    second += (y - mean) ** 2;
    third += (y - mean) ** 3;
  }
  return second > 0 && third / rows / (second / rows) ** 1.5 > HEAVY_SKEWNESS;
}

/** Never negative, often nothing, and often enough something: two questions, whether and how much. */
export function isZeroHeavy(label: Float32Array): boolean {
  const positives = label.reduce((n, y) => n + (y > 0 ? 1 : 0), 0);
  const zeros = label.length - positives;
  return isNonNegative(label) && zeros >= ZERO_SHARE * label.length && positives >= MIN_POSITIVES;
}
