/**
 * Hurdle model of amounts that are often zero (Cragg 1971): P(> 0) × E(amount | > 0). Whether is learned on all rows, how
 * much on the rows with an amount. Attributions split the product as its two factors' Shapley values, each then by the
 * factor's own attributions, so that they are exact.
 */
import type { FeatureMatrix } from '../../features/types.ts';
import { rescale } from '../shared/attribution.ts';
import { sigmoid } from '../shared/math.ts';
import { takeRows } from '../shared/sample.ts';
import type { Attribution, FitContext, Fitted, Model, Sample } from '../types.ts';
import { AMOUNTS_ONLY } from './constants.ts';
import { isZeroHeavy } from './shape.ts';

export interface HurdleOptions {
  readonly name: string;
  readonly level: number;
  /** Yes/no model of whether there is an amount. */
  readonly whether: Model;
  /** Model of the amount where there is one. */
  readonly amount: Model;
}

interface HurdleState {
  readonly whether: unknown;
  readonly amount: unknown;
}

export function createHurdleModel({ name, level, whether, amount }: HurdleOptions): Model {
  return {
    name,
    level,
    inapplicable: (context) => {
      if (context.task.type !== 'regression') return AMOUNTS_ONLY;
      if (!isZeroHeavy(context.train.label))
        return 'not applicable: too few amounts are zero, or too few are not';
      return whether.inapplicable?.(context) ?? amount.inapplicable?.(context);
    },
    fit: async (context) => {
      const some = await whether.fit(whetherContext(context));
      const much = await amount.fit(amountContext(context));
      const fitted = restoreHurdle(some, much);
      const p = some.heldOut ?? (await some.predict(context.val.matrix, context));
      const m = much.heldOut ?? (await much.predict(context.val.matrix, context));
      return { ...fitted, heldOut: p.map((share, i) => share * m[i]!) };
    },
    load: (saved) => {
      const state = saved as HurdleState;
      return restoreHurdle(whether.load(state.whether), amount.load(state.amount));
    },
  };
}

const whetherLabels = (sample: Sample): Sample => ({
  ...sample,
  label: sample.label.map((y) => (y > 0 ? 1 : 0)),
});

const whetherContext = (context: FitContext): FitContext => ({
  ...context,
  task: { type: 'binary' },
  train: whetherLabels(context.train),
  val: whetherLabels(context.val),
});

/**
 * Training rows with an amount. Validation rows without one stay with weight 0: they do not judge, but get a held-out
 * prediction. None at all where no validation row has an amount.
 */
function amountContext(context: FitContext): FitContext {
  const { train, val } = context;
  const rows = [...train.label.keys()].filter((i) => train.label[i]! > 0);
  const weight = val.label.map((y, i) => (y > 0 ? (val.weight?.[i] ?? 1) : 0));
  const judged = weight.some((w) => w > 0) ? { ...val, weight } : takeRows(val, []);
  return { ...context, train: takeRows(train, rows), val: judged };
}

function restoreHurdle(whether: Fitted, amount: Fitted): Fitted {
  const fitted: Fitted = {
    predict: async (matrix, control) => {
      const p = await whether.predict(matrix, control);
      const m = await amount.predict(matrix, control);
      return p.map((share, i) => share * m[i]!);
    },
    save: () => ({ whether: whether.save(), amount: amount.save() }),
  };
  if (!whether.attribute || !amount.attribute) return fitted;
  return {
    ...fitted,
    attribute: async (matrix, control) => {
      const odds = await whether.attribute!(matrix, control);
      const much = await amount.attribute!(matrix, control);
      const p = await whether.predict(matrix, control);
      const m = await amount.predict(matrix, control);
      return product(
        matrix,
        { of: odds, value: p, base: sigmoid(odds.base) },
        { of: much, value: m, base: much.base },
      );
    },
  };
}

interface Factor {
  readonly of: Attribution;
  readonly value: Float32Array;
  readonly base: number;
}

/** p·m − p₀·m₀ = (p − p₀)(m + m₀)/2 + (m − m₀)(p + p₀)/2. */
function product(matrix: FeatureMatrix, p: Factor, m: Factor): Attribution {
  const part = (own: Factor, other: Factor): Attribution =>
    rescale(
      own.of,
      0,
      Float64Array.from(own.value, (v, i) => ((v - own.base) * (other.value[i]! + other.base)) / 2),
    );
  const [first, second] = [part(p, m), part(m, p)];
  const values = matrix.columns.map((_, c) => first.values[c]!.map((v, i) => v + second.values[c]![i]!));
  return { base: p.base * m.base, values };
}
