/**
 * Calibrated average of dissimilar members. Members are fitted on train; their held-out predictions of the validation
 * rows choose the weights and fit the calibration; the members that predict have since been refitted on both.
 *
 * The calibrated log-odds are an increasing function of the averaged ones, not a linear one, so a row's attributions
 * are the averaged ones times (calibrated − calibrated base) ÷ (averaged − base): signs and shares stay, and the sum is
 * exact.
 */
import type { RunControl } from '../../../util/progress.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import {
  type BetaCalibration,
  calibrateMargin,
  fitBetaCalibration,
  IDENTITY_CALIBRATION,
} from '../shared/calibration.ts';
import { withValidation } from '../shared/folds.ts';
import { logit, sigmoid } from '../shared/math.ts';
import { type ColumnFilter, checkTrainable, rarerClassRows } from '../shared/sample.ts';
import { boundsAt, fitVennAbers, type VennAbers } from '../shared/venn-abers.ts';
import type { Attribution, FitContext, Fitted, Interval, Model, ModelTask } from '../types.ts';
import { average, averageLoss, toAveraged, toProbabilities } from './average.ts';
import { refitShift, trailingShift } from './base-rate.ts';
import { chooseWeights } from './weights.ts';

export interface BlendMember {
  readonly model: Model;
  /** Weight before evidence, relative to the other members, by the number of outcomes (rows of the rarer class). */
  readonly prior: (outcomes: number) => number;
}

export interface BlendOptions {
  readonly name: string;
  readonly level: number;
  readonly members: readonly BlendMember[];
  /** One of these must be there, or the rung does not apply; `missing` says what is not. */
  readonly needs?: { readonly columns: ColumnFilter; readonly missing: string };
}

interface BlendState {
  readonly task: ModelTask;
  readonly members: readonly { readonly name: string; readonly weight: number; readonly state: unknown }[];
  readonly calibration: BetaCalibration;
  /** Of calibrated held-out log-odds. Absent without validation rows. */
  readonly bounds?: VennAbers;
  /** Added to calibrated log-odds: what brings the refitted members to the level of the held-out ones; the trend. */
  readonly refit: number;
  readonly trailing: number;
}

interface FittedMember {
  readonly name: string;
  readonly weight: number;
  readonly fitted: Fitted;
}

export function createBlendModel({ name, level, members, needs }: BlendOptions): Model {
  const runnable = (context: FitContext): readonly BlendMember[] =>
    members.filter(({ model }) => model.inapplicable?.(context) === undefined);
  return {
    name,
    level,
    inapplicable: (context) => {
      if (needs && !context.train.matrix.columns.some(needs.columns))
        return `not applicable: ${needs.missing}`;
      return runnable(context).length > 0 ? undefined : members[0]?.model.inapplicable?.(context);
    },
    fit: (context) => fitBlend(context, runnable(context)),
    load: (saved) => {
      const state = saved as BlendState;
      const fitted = state.members.map(({ name, weight, state }) => {
        const model = members.find((member) => member.model.name === name)!.model;
        return { name, weight, fitted: model.load(state) };
      });
      return restoreBlend(state, fitted);
    },
  };
}

async function fitBlend(given: FitContext, members: readonly BlendMember[]): Promise<Fitted> {
  checkTrainable(given);
  const context = withValidation(given);
  const { task, train, val } = context;
  const fitted: Fitted[] = [];
  for (const { model } of members) fitted.push(await model.fit(context));
  const prior = priorWeights(members, train.label, task);
  const held = await Promise.all(
    fitted.map(async (member) => toAveraged(member.heldOut ?? (await member.predict(val.matrix)), task.type)),
  );
  const outcomes = outcomesOf(val.label, task);
  const weights =
    val.label.length === 0
      ? prior
      : chooseWeights((w) => averageLoss(average(held, w), val.label, task), prior, outcomes);
  const uncalibrated = { task, calibration: IDENTITY_CALIBRATION, refit: 0, trailing: 0 };
  const weighted = members.map(({ model }, m) => ({
    name: model.name,
    weight: weights[m]!,
    fitted: fitted[m]!,
  }));
  if (task.type !== 'binary' || val.label.length === 0) return restoreBlend(uncalibrated, weighted);
  const honest = average(held, weights);
  const calibration = fitBetaCalibration(honest, val.label, val.weight);
  const calibrate = (m: number): number => calibrateMargin(calibration, m);
  const bounds = fitVennAbers(honest.map(calibrate), val.label, val.weight);
  const refit = refitShift((await averaged(weighted, val.matrix, task)).map(calibrate), val);
  return restoreBlend({ task, calibration, bounds, refit, trailing: trailingShift(context) }, weighted);
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

function restoreBlend(state: Omit<BlendState, 'members'>, members: readonly FittedMember[]): Fitted {
  const { task, calibration, bounds, refit, trailing } = state;
  const final = (margin: number): number => trailing + refit + calibrateMargin(calibration, margin);
  const fitted: Fitted = {
    predict: async (matrix, control) => {
      const values = await averaged(members, matrix, task, control);
      if (task.type === 'multiclass') return toProbabilities(values, task.classes);
      return Float32Array.from(values, task.type === 'binary' ? (m) => sigmoid(final(m)) : (v) => v);
    },
    save: () => ({
      ...state,
      members: members.map((m) => ({ name: m.name, weight: m.weight, state: m.fitted.save() })),
    }),
    ...(bounds
      ? {
          interval: async (matrix, control) =>
            intervalOf(bounds, trailing, (await averaged(members, matrix, task, control)).map(final)),
        }
      : {}),
  };
  if (members.some((member) => !member.fitted.attribute)) return fitted;
  return {
    ...fitted,
    attribute: async (matrix, control) => {
      const parts: Attribution[] = [];
      for (const { fitted } of members) parts.push(await fitted.attribute!(matrix, control));
      const sum = averageAttributions(
        parts,
        members.map(({ weight }) => weight),
        matrix,
      );
      if (task.type !== 'binary') return sum;
      const margins = (await averaged(members, matrix, task, control)).map(final);
      return rescale(sum, final(sum.base), margins);
    },
  };
}

/** Bounds move with the trend as the probability does, and hold it: calibration is smooth where they are steps. */
function intervalOf(bounds: VennAbers, trailing: number, margins: Float64Array): Interval {
  const low = new Float32Array(margins.length);
  const high = new Float32Array(margins.length);
  const moved = (p: number): number => (p <= 0 || p >= 1 ? p : sigmoid(logit(p) + trailing));
  margins.forEach((margin, i) => {
    const [below, above] = boundsAt(bounds, margin - trailing);
    const p = sigmoid(margin);
    low[i] = Math.min(moved(below), p);
    high[i] = Math.max(moved(above), p);
  });
  return { cases: bounds.cases, low, high };
}

async function averaged(
  members: readonly FittedMember[],
  matrix: FeatureMatrix,
  task: ModelTask,
  control?: RunControl,
): Promise<Float64Array> {
  const values: Float64Array[] = [];
  for (const { fitted } of members) values.push(toAveraged(await fitted.predict(matrix, control), task.type));
  return average(
    values,
    members.map(({ weight }) => weight),
  );
}

function averageAttributions(
  parts: readonly Attribution[],
  weights: readonly number[],
  matrix: FeatureMatrix,
): Attribution {
  const values = matrix.columns.map((_, c) => {
    const sum = new Float32Array(matrix.rows);
    parts.forEach((part, m) => {
      const from = part.values[c]!;
      for (let i = 0; i < sum.length; i++) sum[i]! += weights[m]! * from[i]!;
    });
    return sum;
  });
  return { base: parts.reduce((sum, part, m) => sum + weights[m]! * part.base, 0), values };
}

/** Scales each row's values so that base + their sum is the row's margin. */
function rescale({ values }: Attribution, base: number, margins: Float64Array): Attribution {
  const sums = new Float64Array(margins.length);
  for (const column of values) for (let i = 0; i < sums.length; i++) sums[i]! += column[i]!;
  const scale = margins.map((margin, i) => (Math.abs(sums[i]!) > 1e-9 ? (margin - base) / sums[i]! : 1));
  return { base, values: values.map((column) => column.map((v, i) => v * scale[i]!)) };
}
