/**
 * A model of the logarithm of an amount that answers in amounts: log1p(value ÷ typical value), brought back with a
 * smearing factor, since the mean of logs is not the log of the mean (Duan 1983; here the ratio of held-out amounts to
 * held-out predictions, which makes their totals agree). For amounts that are never negative and heavy-tailed.
 */
import type { FeatureMatrix } from '../../features/types.ts';
import { rescale } from '../shared/attribution.ts';
import type { FitContext, Fitted, Model, Sample } from '../types.ts';
import { AMOUNTS_ONLY } from './constants.ts';
import { weightedQuantile } from './quantile.ts';
import { isHeavyTailed } from './shape.ts';

interface LogState {
  readonly scale: number;
  readonly smear: number;
  readonly inner: unknown;
}

/** `always`: also where the tail is not heavy. */
export function createLogTargetModel(inner: Model, name: string, always = false): Model {
  return {
    name,
    level: inner.level,
    inapplicable: (context) => {
      if (context.task.type !== 'regression') return AMOUNTS_ONLY;
      if (!always && !isHeavyTailed(context.train.label))
        return 'not applicable: the amounts are not heavy-tailed';
      return inner.inapplicable?.(context);
    },
    fit: (context) => fitLogTarget(inner, context),
    load: (saved) => {
      const state = saved as LogState;
      return restoreLogTarget(state, inner.load(state.inner));
    },
  };
}

async function fitLogTarget(inner: Model, context: FitContext): Promise<Fitted> {
  const { train, val } = context;
  const positive = train.label.filter((y) => y > 0);
  const scale = positive.length > 0 ? weightedQuantile(positive, 0.5) : 1;
  const toLog = (sample: Sample): Sample => ({
    ...sample,
    label: sample.label.map((y) => Math.log1p(Math.max(0, y) / scale)),
  });
  const fitted = await inner.fit({ ...context, train: toLog(train), val: toLog(val) });
  const judged = val.label.length > 0 ? val : train;
  const logs = (judged === val ? fitted.heldOut : undefined) ?? (await fitted.predict(judged.matrix));
  const smear = smearing(judged, logs, scale);
  const restored = restoreLogTarget({ scale, smear, inner: undefined }, fitted);
  const { heldOut } = fitted;
  return heldOut ? { ...restored, heldOut: heldOut.map((f) => amount(f, scale, smear)) } : restored;
}

function smearing({ label, weight }: Sample, logs: Float32Array, scale: number): number {
  let actual = 0;
  let predicted = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight?.[i] ?? 1;
    actual += w * label[i]!;
    predicted += w * amount(logs[i]!, scale, 1);
  }
  return actual > 0 && predicted > 0 ? actual / predicted : 1;
}

/** Beyond this a log is a runaway extrapolation; e^12 is 160,000 times the typical amount. */
const MOST_LOG = 12;

const amount = (log: number, scale: number, smear: number): number =>
  smear * scale * Math.max(0, Math.expm1(Math.min(log, MOST_LOG)));

function restoreLogTarget({ scale, smear }: LogState, inner: Fitted): Fitted {
  const value = (log: number): number => amount(log, scale, smear);
  const fitted: Fitted = {
    predict: async (matrix, control) => (await inner.predict(matrix, control)).map(value),
    save: () => ({ scale, smear, inner: inner.save() }),
  };
  if (!inner.attribute) return fitted;
  return {
    ...fitted,
    attribute: async (matrix: FeatureMatrix, control) => {
      const logs = await inner.attribute!(matrix, control);
      const values = Float64Array.from(await inner.predict(matrix, control), value);
      return rescale(logs, value(logs.base), values);
    },
  };
}
