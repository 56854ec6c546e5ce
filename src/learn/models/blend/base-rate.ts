/**
 * Which level (base rate) to expect after the validation rows. A change between training and validation is part trend,
 * part chance, part a month of its own; how much of each, the history of base rates tells: a local level model (Harvey
 * 1989; exponential smoothing with a fitted rate), level t = level t−1 + N(0, drift²), observed with sampling error and
 * N(0, oddity²). The same filter then runs over the validation rows' levels *given the refitted members' predictions*, so
 * that what features explain, and what the refit has learned, is not corrected twice. Validation rows that are not later than the training rows
 * (undated, or split at random) are exchangeable with them: no drift, no oddity.
 */
import { logit, sigmoid } from '../shared/math.ts';
import { newtonLogistic } from '../shared/newton.ts';
import { weightsOf } from '../shared/sample.ts';
import { stretches } from '../shared/stretches.ts';
import type { Sample } from '../types.ts';

const TRAIN_PERIODS = 12;
const VAL_PERIODS = 4;
/** Standard deviations in log-odds from period to period, averaged over for drift and oddity; the prior thinks them small. */
const DEVIATIONS = [0, 0.05, 0.1, 0.2, 0.4, 0.8];
const USUAL = 0.2;

interface Level {
  readonly value: number;
  readonly variance: number;
}

interface Dynamics {
  readonly drift: number;
  readonly oddity: number;
}

/** Log-odds of the validation rows. */
export interface ValidationMargins {
  /** Held out, calibrated: at the level of the validation rows. */
  readonly calibrated: Float64Array;
  /** Held out, before calibration: at the level of the training rows. */
  readonly untouched: Float64Array;
  /** Calibrated, of the members that predict: they have been refitted on these rows and have their level in part. */
  readonly refitted: Float64Array;
}

/** What is added to the refitted members' calibrated log-odds. */
export interface LevelShift {
  /** Brings them to the level of the held-out ones. */
  readonly refit: number;
  /** From the level of the validation rows to the one to expect. */
  readonly trend: number;
}

export function expectedShift(train: Sample, val: Sample, margins: ValidationMargins): LevelShift {
  const { calibrated, untouched, refitted } = margins;
  const later = extreme(val, Math.min) > extreme(train, Math.max);
  const before = periodsOf(train, later ? TRAIN_PERIODS : 1).map((rows) => rawLevel(train, rows));
  const after = periodsOf(val, later ? VAL_PERIODS : 1);
  const raw = [...before, ...after.map((rows) => rawLevel(val, rows))];
  const claimed = matchLevel(calibrated, untouched.map(sigmoid));
  const seen = rawLevel(train, allRows(train)).value - rawLevel(val, allRows(val)).value;
  const refit = matchLevel(refitted, calibrated.map(sigmoid));
  const aligned = refitted.map((m) => m + refit);
  const given = after.map((rows) =>
    levelOf(pick(aligned, rows), pick(val.label, rows), pick(weightsOf(val), rows)),
  );
  const start = smaller(claimed, seen);
  const trend = believed(later ? raw : []).reduce((sum, { dynamics, weight }) => {
    const { variance } = filterLevels(before, dynamics).level;
    return sum + weight * filterLevels(given, dynamics, { value: start, variance }).level.value;
  }, 0);
  return { refit, trend };
}

const allRows = ({ label }: Sample): readonly number[] => [...label.keys()];

/**
 * The way back to the level of training, by the members and by the base rates: members may be wrong about training rows
 * too, base rates leave out what features explain. 0 where they disagree.
 */
const smaller = (a: number, b: number): number =>
  a * b <= 0 ? 0 : Math.sign(a) * Math.min(Math.abs(a), Math.abs(b));

/** First or last cutoff; NaN where a row is undated. */
const extreme = ({ cutoff }: Sample, choose: (a: number, b: number) => number): number =>
  cutoff.reduce((a, b) => choose(a, b), cutoff[0] ?? Number.NaN);

/** Added to `margin` so that their mean probability is that of `target`, and how sure that is. */
function levelOf(margin: Float64Array, target: Float64Array, weight: Float64Array): Level {
  const value = matchLevel(margin, target, weight);
  let information = 0;
  margin.forEach((m, i) => {
    const p = sigmoid(m + value);
    information += weight[i]! * p * (1 - p);
  });
  return { value, variance: 1 / Math.max(information, 1e-9) };
}

/** Outcomes that no correction is worth. */
const LEVEL_PRIOR = 1;

/** The shift of log-odds by which they have the level of `target`, in [0, 1]. */
export function matchLevel(margin: Float64Array, target: Float64Array, weight?: ArrayLike<number>): number {
  return newtonLogistic({
    columns: [new Float64Array(margin.length).fill(1)],
    target,
    ...(weight ? { weight: Float32Array.from(weight) } : {}),
    margin,
    prior: [0],
    strength: [LEVEL_PRIOR],
  })[0]!;
}

const pick = (from: ArrayLike<number>, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (row) => from[row]!);

/** Rows of each period, oldest first: cutoffs, joined to at most `most` stretches of about equal rows. */
function periodsOf({ cutoff }: Sample, most: number): readonly (readonly number[])[] {
  const number = stretches(cutoff, most);
  const periods: number[][] = [];
  number.forEach((period, row) => {
    periods[period] ??= [];
    periods[period].push(row);
  });
  return periods;
}

/** Log-odds of the base rate, half a row added to each side. */
function rawLevel(sample: Sample, rows: readonly number[]): Level {
  const weight = pick(weightsOf(sample), rows);
  const mass = weight.reduce((sum, w) => sum + w, 1);
  const positive = weight.reduce((sum, w, k) => sum + w * sample.label[rows[k]!]!, 0.5);
  const p = positive / mass;
  return { value: logit(p), variance: 1 / (mass * p * (1 - p)) };
}

/** Kalman filter of the local level model; without a start, the first observation is it. */
function filterLevels(
  observed: readonly Level[],
  { drift, oddity }: Dynamics,
  start?: Level,
): { readonly level: Level; readonly logLikelihood: number } {
  let level = start;
  let logLikelihood = 0;
  for (const { value, variance } of observed) {
    const noise = variance + oddity ** 2;
    if (!level) {
      level = { value, variance: noise };
      continue;
    }
    const expected = level.variance + drift ** 2;
    const spread = expected + noise;
    const surprise = value - level.value;
    logLikelihood -= 0.5 * (Math.log(spread) + surprise ** 2 / spread);
    const gain = expected / spread;
    level = { value: level.value + gain * surprise, variance: (1 - gain) * expected };
  }
  return { level: level ?? { value: 0, variance: 1 }, logLikelihood };
}

/** How likely the levels make each pair of deviations; only "no drift, no oddity" without levels. Weights add to 1. */
function believed(
  levels: readonly Level[],
): readonly { readonly dynamics: Dynamics; readonly weight: number }[] {
  const tried = levels.length === 0 ? [0] : DEVIATIONS;
  const all = tried.flatMap((drift) => tried.map((oddity) => ({ drift, oddity })));
  const logs = all.map((d) => filterLevels(levels, d).logLikelihood - (d.drift + d.oddity) / USUAL);
  const most = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  return all.map((dynamics, k) => ({ dynamics, weight: Math.exp(logs[k]! - most) / total }));
}
