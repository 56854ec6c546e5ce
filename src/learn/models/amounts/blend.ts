/**
 * The rung `blend` for amounts. Value: the mean, averaged over dissimilar models with weights from held-out rows. Beside
 * it the median and the 10 % and 90 % quantiles, by trees on the pinball loss; the interval is widened or narrowed on
 * held-out rows until it holds 80 % of them (conformalised quantile regression).
 */
import { type BlendMember, createBlendModel } from '../blend/model.ts';
import { rescale } from '../shared/attribution.ts';
import { withValidation } from '../shared/folds.ts';
import type { FitContext, Fitted, Interval, Model } from '../types.ts';
import { AMOUNTS_ONLY } from './constants.ts';
import { conformalShift } from './quantile.ts';
import { isNonNegative } from './shape.ts';

export const LOW = 0.1;
export const HIGH = 0.9;

export interface AmountBlendOptions {
  readonly name: string;
  readonly level: number;
  readonly members: readonly BlendMember[];
  readonly low: Model;
  readonly median: Model;
  readonly high: Model;
}

interface BlendState {
  readonly mean: unknown;
  readonly low: unknown;
  readonly median: unknown;
  readonly high: unknown;
  readonly shift: number;
  readonly cases: number;
  readonly nonNegative: boolean;
}

interface Parts {
  readonly mean: Fitted;
  readonly low: Fitted;
  readonly median: Fitted;
  readonly high: Fitted;
}

type Facts = Pick<BlendState, 'shift' | 'cases' | 'nonNegative'>;

export function createAmountBlend(options: AmountBlendOptions): Model {
  const { name, level, members, low, median, high } = options;
  const mean = createBlendModel({ name, level, members });
  return {
    name,
    level,
    inapplicable: (context) =>
      context.task.type === 'regression' ? mean.inapplicable?.(context) : AMOUNTS_ONLY,
    fit: async (given) => {
      const context = withValidation(given);
      const parts = {
        mean: await mean.fit(context),
        low: await low.fit(context),
        median: await median.fit(context),
        high: await high.fit(context),
      };
      return restore(parts, await calibrate(context, parts));
    },
    load: (saved) => {
      const state = saved as BlendState;
      const parts = {
        mean: mean.load(state.mean),
        low: low.load(state.low),
        median: median.load(state.median),
        high: high.load(state.high),
      };
      return restore(parts, state);
    },
  };
}

async function calibrate({ train, val }: FitContext, { low, high }: Parts): Promise<Facts> {
  const below = low.heldOut ?? (await low.predict(val.matrix));
  const above = high.heldOut ?? (await high.predict(val.matrix));
  return {
    shift: conformalShift(below, above, val.label, HIGH - LOW),
    cases: val.label.length,
    nonNegative: isNonNegative(train.label) && isNonNegative(val.label),
  };
}

function restore(parts: Parts, facts: Facts): Fitted {
  const { mean, low, median, high } = parts;
  const { shift, cases, nonNegative } = facts;
  const legal = (v: number): number => (nonNegative ? Math.max(0, v) : v);
  const predict: Fitted['predict'] = async (matrix, control) =>
    (await mean.predict(matrix, control)).map(legal);
  const fitted: Fitted = {
    predict,
    median: async (matrix, control) => (await median.predict(matrix, control)).map(legal),
    interval: async (matrix, control): Promise<Interval> => {
      const value = await predict(matrix, control);
      const below = await low.predict(matrix, control);
      const above = await high.predict(matrix, control);
      return {
        cases,
        low: below.map((v, i) => Math.min(legal(v - shift), value[i]!)),
        high: above.map((v, i) => Math.max(legal(v + shift), value[i]!)),
      };
    },
    save: () => ({
      mean: mean.save(),
      low: low.save(),
      median: median.save(),
      high: high.save(),
      shift,
      cases,
      nonNegative,
    }),
  };
  if (!mean.attribute) return fitted;
  return {
    ...fitted,
    attribute: async (matrix, control) => {
      const attribution = await mean.attribute!(matrix, control);
      return rescale(attribution, attribution.base, Float64Array.from(await predict(matrix, control)));
    },
  };
}
