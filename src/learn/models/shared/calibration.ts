/**
 * Maps from a score to a probability, both increasing.
 *
 * Platt: logit p = offset + slope × score, fitted with the smoothed targets of Platt (1999); the slope is kept above a
 * small floor so that the ranking survives even when it runs against the outcomes.
 *
 * Beta (Kull, Silva Filho & Flach 2017): logit q = c + a·ln p − b·ln(1 − p) with a, b ≥ 0. Drawn to the identity
 * (a = b = 1, c = 0) as if that had been seen in a few outcomes, so that little data changes little.
 */
import { clampProbability, sigmoid } from './math.ts';
import { newtonLogistic } from './newton.ts';

export interface Platt {
  readonly slope: number;
  readonly offset: number;
}

/** Log-odds per standard deviation of the score that the slope never falls under. */
const MIN_SLOPE = 0.02;

export function fitPlatt(score: Float64Array, label: Float32Array, weight?: Float32Array): Platt {
  const rows = score.length;
  const positives = label.reduce((sum, y) => sum + y, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (rows - positives + 2);
  const { mean, deviation } = moments(score);
  const z = score.map((s) => (s - mean) / deviation);
  const target = Float64Array.from(label, (y) => (y > 0.5 ? high : low));
  const [offset, slope] = newtonLogistic({
    columns: [new Float64Array(rows).fill(1), z],
    target,
    ...(weight ? { weight } : {}),
    prior: [0, 0],
    strength: [1e-6, 1e-3],
  });
  const kept = Math.max(slope!, MIN_SLOPE);
  // The offset that fits the kept slope: the base rate is right even when the ranking is not.
  const level =
    kept === slope
      ? offset!
      : newtonLogistic({
          columns: [new Float64Array(rows).fill(1)],
          target,
          ...(weight ? { weight } : {}),
          margin: z.map((v) => v * kept),
          prior: [0],
          strength: [1e-6],
        })[0]!;
  return { slope: kept / deviation, offset: level - (kept * mean) / deviation };
}

export const plattMargins = ({ offset, slope }: Platt, score: Float64Array): Float64Array =>
  score.map((s) => offset + slope * s);

export const applyPlatt = (platt: Platt, score: Float64Array): Float32Array =>
  Float32Array.from(plattMargins(platt, score), sigmoid);

export interface BetaCalibration {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export const IDENTITY_CALIBRATION: BetaCalibration = { a: 1, b: 1, c: 0 };

/** Outcomes the identity is worth: for the shape (a, b) and for the level (c). */
const SHAPE_PRIOR = 20;
const LEVEL_PRIOR = 2;

/** `shape`: whose a and b it is drawn to. */
export function fitBetaCalibration(
  margin: Float64Array,
  label: Float32Array,
  weight?: Float32Array,
  shape: BetaCalibration = IDENTITY_CALIBRATION,
): BetaCalibration {
  const logs = [...margin].map((m) => betaLogs(m));
  const columns = [
    Float64Array.from(logs, ([lnP]) => lnP),
    Float64Array.from(logs, ([, lnQ]) => -lnQ),
    new Float64Array(margin.length).fill(1),
  ];
  const target = Float64Array.from(label);
  const shared = { target, ...(weight ? { weight } : {}) };
  const solved = (kept: readonly number[]): Float64Array =>
    newtonLogistic({
      ...shared,
      columns: kept.map((k) => columns[k]!),
      prior: kept.map((k) => [shape.a, shape.b, 0][k]!),
      strength: kept.map((k) => (k === 2 ? LEVEL_PRIOR : SHAPE_PRIOR)),
    });
  const [a, b, c] = solved([0, 1, 2]);
  if (a! >= 0 && b! >= 0) return { a: a!, b: b!, c: c! };
  const free = a! < 0 ? 1 : 0;
  const [slope, level] = solved([free, 2]);
  const kept = Math.max(0.01, slope!);
  return free === 1 ? { a: 0, b: kept, c: level! } : { a: kept, b: 0, c: level! };
}

/** Log-odds in, log-odds out. */
export function calibrateMargin({ a, b, c }: BetaCalibration, margin: number): number {
  const [lnP, lnQ] = betaLogs(margin);
  return c + a * lnP - b * lnQ;
}

function betaLogs(margin: number): readonly [number, number] {
  const p = clampProbability(sigmoid(margin));
  return [Math.log(p), Math.log(1 - p)];
}

function moments(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
