/**
 * Which cutoffs are replayed and which split each belongs to. Pure arithmetic on times.
 *
 * Cutoffs walk back from the last moment at which labels are complete. The newest are test. Labels of validation and
 * train mature before the first test cutoff, those of train before the first validation cutoff; with under four horizons
 * of history there is no room for that, and validation rows are drawn by account from the train cutoffs instead.
 */
import { LeadlightError } from '../../errors.ts';
import type { TimeUnit } from '../pql/ast.ts';
import { addUnits, DAY_MS, floorTo, printMoment, unitDays } from './calendar.ts';
import type { SplitName } from './types.ts';

export interface CutoffRequest {
  readonly horizon: { readonly end: number; readonly unit: TimeUnit };
  /** First and last moment of credible history, ms. */
  readonly from: number;
  readonly to: number;
  readonly mode: 'compare' | 'score';
  readonly stepDays?: number;
  readonly trainTo?: number;
  readonly valAt?: number;
  readonly testAt?: number;
  /** With testAt: the last test cutoff; those between lie a step apart, counted back from it. */
  readonly testTo?: number;
  /** Score mode: where predictions are made; default `to`. */
  readonly at?: number;
}

export interface PlannedCutoff {
  readonly at: number;
  readonly split: SplitName;
}

export interface CutoffPlan {
  /** Newest first. */
  readonly cutoffs: readonly PlannedCutoff[];
  readonly validation: 'time' | 'grouped-folds';
  readonly warnings: readonly string[];
}

const MAX_CUTOFFS = 60;
/** Replayed cutoffs wanted where history allows. */
const WANTED = 10;
const STEPS_DAYS = [28, 14, 7, 1] as const;

export function planCutoffs(request: CutoffRequest): CutoffPlan {
  const predict = request.mode === 'score' ? [request.at ?? request.to] : [];
  const known = Math.min(request.to, ...predict);
  const test = request.mode === 'compare' ? testCutoffs(request) : [];
  const plan = trainAndValidation(request, test.at(-1) ?? known);
  const cutoffs = (
    [
      ['predict', predict],
      ['test', test],
      ['val', plan.val],
      ['train', plan.train.slice(0, MAX_CUTOFFS)],
    ] as const
  ).flatMap(([split, ats]) => ats.map((at) => ({ at, split })));
  return { cutoffs, validation: plan.grouped ? 'grouped-folds' : 'time', warnings: plan.warnings };
}

function testCutoffs(request: CutoffRequest): readonly number[] {
  const { horizon, to } = request;
  const newest = lastMature(to, horizon);
  if (request.testAt === undefined) {
    const grid = walkBack(newest, request);
    const inOneHorizon = Math.floor(horizonDays(horizon) / stepDays(request));
    return grid.slice(0, Math.max(1, Math.min(Math.round(grid.length / 10), inOneHorizon)));
  }
  const last = Math.max(request.testAt, request.testTo ?? request.testAt);
  if (addUnits(last, horizon.end, horizon.unit) > to)
    throw new LeadlightError('TASK_EMPTY', {
      problem: `Labels at the test cutoff ${printMoment(last)} are not complete: history ends ${printMoment(to)}, the label window is ${horizon.end} ${horizon.unit}`,
      remedy: `Choose a test cutoff up to ${printMoment(newest)}, or a shorter window.`,
    });
  const first = request.testAt;
  const between = walkBack(last, request).filter((at) => at > first);
  return [...between, first];
}

interface Earlier {
  readonly val: readonly number[];
  readonly train: readonly number[];
  readonly grouped: boolean;
  readonly warnings: readonly string[];
}

/** `limit`: by then labels of train and validation are mature. */
function trainAndValidation(request: CutoffRequest, limit: number): Earlier {
  const { horizon, from, valAt, trainTo } = request;
  const roomy = addUnits(from, 3 * horizon.end, horizon.unit) <= limit;
  const newest = lastMature(limit, horizon);
  const val = valAt ?? newest;
  const train = walkBack(trainTo ?? lastMature(val, horizon), request);
  const warnings = overlaps(request, limit, val);
  if ((roomy || valAt !== undefined) && train.length > 0 && (trainTo ?? 0) < val)
    return { val: [val], train, grouped: false, warnings };
  const replayed = walkBack(trainTo ?? newest, request);
  if (replayed.length === 0) throw tooShort(request);
  const short = `History from ${printMoment(from)} to ${printMoment(request.to)} is under four label windows of ${horizon.end} ${horizon.unit}: validation rows are whole accounts drawn from the training cutoffs, not later in time.`;
  return { val: [], train: replayed, grouped: true, warnings: [...warnings, short] };
}

function overlaps(request: CutoffRequest, limit: number, val: number): readonly string[] {
  const { horizon, trainTo, valAt } = request;
  const ends = (at: number): number => addUnits(at, horizon.end, horizon.unit);
  const late = [
    ...(trainTo !== undefined && ends(trainTo) > limit ? [['training', trainTo] as const] : []),
    ...(valAt !== undefined && ends(valAt) > limit ? [['validation', valAt] as const] : []),
  ];
  const intoVal = trainTo !== undefined && trainTo < val && ends(trainTo) > val;
  return [
    ...late.map(
      ([name, at]) =>
        `Label windows of the ${name} cutoff ${printMoment(at)} run past the cutoff they are judged at (${printMoment(limit)}): results may flatter.`,
    ),
    ...(intoVal
      ? ['Training label windows run into the validation window: early stopping may flatter.']
      : []),
  ];
}

const tooShort = (request: CutoffRequest): LeadlightError =>
  new LeadlightError('TASK_EMPTY', {
    problem: `No label window of ${request.horizon.end} ${request.horizon.unit} has matured for training: credible history runs from ${printMoment(request.from)} to ${printMoment(request.to)}`,
    remedy: 'Use a shorter window, or add older data.',
  });

const horizonDays = (h: CutoffRequest['horizon']): number => unitDays(h.end, h.unit);

/** The last cutoff, on a whole day (hour, minute for shorter windows), whose label window ends by `limit`. */
export function lastMature(limit: number, h: CutoffRequest['horizon']): number {
  const days = horizonDays(h);
  const snap = days >= 1 ? DAY_MS : days >= 1 / 24 ? 3_600_000 : 60_000;
  let at = floorTo(addUnits(limit, -h.end, h.unit), snap) + snap;
  while (addUnits(at, h.end, h.unit) > limit) at -= snap;
  return at;
}

/** Distance between cutoffs in days: the window's length, or less to have enough of them; whole weeks preferred. */
function stepDays(request: CutoffRequest): number {
  if (request.stepDays !== undefined) return request.stepDays;
  const length = horizonDays(request.horizon);
  const wanted = (request.to - request.from) / DAY_MS / WANTED;
  if (length <= Math.max(1, wanted)) return length;
  return STEPS_DAYS.find((d) => d <= Math.min(length, wanted)) ?? 1;
}

function walkBack(newest: number, request: CutoffRequest): readonly number[] {
  const { horizon, from } = request;
  const step = stepDays(request);
  const calendar = request.stepDays === undefined && step === horizonDays(horizon);
  const cutoffs: number[] = [];
  for (let k = 0; cutoffs.length <= MAX_CUTOFFS; k++) {
    const at = calendar ? addUnits(newest, -k * horizon.end, horizon.unit) : newest - k * step * DAY_MS;
    if (at < from) break;
    cutoffs.push(at);
  }
  return cutoffs;
}

/**
 * Share of rows kept at each cutoff so that about `maxRows` remain, newest favoured: weights fall by 5 % a cutoff.
 * `counts` newest first.
 */
export function keepShares(counts: readonly number[], maxRows: number): readonly number[] {
  const kept = (scale: number): number =>
    counts.reduce((sum, n, k) => sum + n * Math.min(1, scale * 0.95 ** k), 0);
  const total = counts.reduce((a, b) => a + b, 0);
  if (total <= maxRows) return counts.map(() => 1);
  let [low, high] = [0, 0.95 ** -counts.length];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (kept(middle) > maxRows) high = middle;
    else low = middle;
  }
  return counts.map((_, k) => Math.min(1, low * 0.95 ** k));
}
