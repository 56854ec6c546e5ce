/** Members fitted, weighed on held-out stretches, calibrated on the newest of them. */
import { calibrateMargin, fitBetaCalibration, IDENTITY_CALIBRATION } from '../shared/calibration.ts';
import { fitClassCalibration, identityClasses } from '../shared/class-calibration.ts';
import { checkpoint } from '../shared/control.ts';
import { withValidation } from '../shared/folds.ts';
import { checkTrainable, rarerClassRows } from '../shared/sample.ts';
import { fitVennAbers } from '../shared/venn-abers.ts';
import type { FitContext, Fitted, Model, ModelTask, Sample } from '../types.ts';
import { average, averageLoss, marginOf, toMargins } from './average.ts';
import { expectedShift } from './base-rate.ts';
import { averagedMargins, type BlendLink, type FittedMember, restoreBlend } from './fitted.ts';
import { earlierFolds } from './folds.ts';
import { chooseWeights } from './weights.ts';

export interface BlendMember {
  readonly model: Model;
  /** Weight before evidence, relative to the other members, by the number of outcomes (rows of the rarer class). */
  readonly prior: (outcomes: number) => number;
}

/** A held-out stretch: each member's margins of it, made without its labels. */
interface HeldOut {
  readonly sample: Sample;
  readonly margins: readonly Float64Array[];
}

export async function fitBlend(given: FitContext, members: readonly BlendMember[]): Promise<Fitted> {
  checkTrainable(given);
  const context = withValidation(given);
  const { task, train, val } = context;
  const fitted = await fitMembers(context, members);
  const prior = priorWeights(members, train.label, task);
  const named = (weights: readonly number[]): readonly FittedMember[] =>
    members.map(({ model }, m) => ({ name: model.name, weight: weights[m]!, fitted: fitted[m]! }));
  if (val.label.length === 0) return restoreBlend(untouched(task), named(prior));
  const held = [...(await heldOutEarlier(context, members)), await heldOut(context, fitted)];
  const weights = weigh(held, prior, task);
  return restoreBlend(await calibrate(context, held, named(weights)), named(weights));
}

async function fitMembers(context: FitContext, members: readonly BlendMember[]): Promise<readonly Fitted[]> {
  const fitted: Fitted[] = [];
  for (const { model } of members) fitted.push(await model.fit(context));
  return fitted;
}

async function heldOut({ val, task }: FitContext, fitted: readonly Fitted[]): Promise<HeldOut> {
  const margins: Float64Array[] = [];
  for (const member of fitted) {
    margins.push(
      member.heldOut
        ? toMargins(member.heldOut, val.matrix.rows, task.type)
        : await marginOf(member, val.matrix, task.type),
    );
  }
  return { sample: val, margins };
}

/** Nothing to weigh, no folds. */
async function heldOutEarlier(
  context: FitContext,
  members: readonly BlendMember[],
): Promise<readonly HeldOut[]> {
  const held: HeldOut[] = [];
  for (const fold of members.length > 1 ? earlierFolds(context) : []) {
    await checkpoint(context);
    held.push(await heldOut(fold, await fitMembers(fold, members)));
  }
  return held;
}

function weigh(held: readonly HeldOut[], prior: readonly number[], task: ModelTask): readonly number[] {
  const outcomes = held.reduce((sum, { sample }) => sum + outcomesOf(sample.label, task), 0);
  const loss = (weights: readonly number[]): number =>
    held.reduce(
      (sum, { margins, sample }) => sum + averageLoss(average(margins, weights), sample.label, task),
      0,
    );
  return chooseWeights(loss, prior, outcomes);
}

/**
 * Yes/no: the shape of the calibration is that of the newest stretch, drawn to that of the one before, and so on to the
 * identity; its level is what the newest stretch and the history of base rates make likely for later rows.
 */
async function calibrate(
  { task, train }: FitContext,
  held: readonly HeldOut[],
  members: readonly FittedMember[],
): Promise<BlendLink> {
  const weights = members.map((m) => m.weight);
  const newest = held.at(-1)!;
  const { label, weight, matrix } = newest.sample;
  const honest = average(newest.margins, weights);
  if (task.type === 'regression') return untouched(task);
  if (task.type === 'multiclass') {
    return { type: 'multiclass', calibration: fitClassCalibration(honest, label, task.classes, weight) };
  }
  const calibration = held.reduce(
    (shape, { margins, sample }) =>
      fitBetaCalibration(average(margins, weights), sample.label, sample.weight, shape),
    IDENTITY_CALIBRATION,
  );
  const calibrated = honest.map((m) => calibrateMargin(calibration, m));
  const refitted = (await averagedMargins(task.type, members, matrix)).map((m) =>
    calibrateMargin(calibration, m),
  );
  return {
    type: 'binary',
    calibration,
    bounds: fitVennAbers(calibrated, label, weight),
    ...expectedShift(train, newest.sample, { calibrated, untouched: honest, refitted }),
  };
}

function untouched(task: ModelTask): BlendLink {
  switch (task.type) {
    case 'binary':
      return { type: 'binary', calibration: IDENTITY_CALIBRATION, refit: 0, trend: 0 };
    case 'multiclass':
      return { type: 'multiclass', calibration: identityClasses(task.classes) };
    case 'regression':
      return { type: 'regression' };
  }
}

const outcomesOf = (label: Float32Array, task: ModelTask): number =>
  task.type === 'binary' ? rarerClassRows(label) : label.length / 10;

function priorWeights(
  members: readonly BlendMember[],
  label: Float32Array,
  task: ModelTask,
): readonly number[] {
  const raw = members.map(({ prior }) => prior(outcomesOf(label, task)));
  const total = raw.reduce((sum, w) => sum + w, 0);
  return raw.map((w) => w / total);
}
