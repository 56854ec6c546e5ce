/** The learned rungs for amounts, in the place of those for yes/no outcomes. */
import { createLogisticModel } from '../logistic/model.ts';
import { rememberFits } from '../shared/memo.ts';
import type { ColumnFilter } from '../shared/sample.ts';
import { createTreesModel } from '../trees/model.ts';
import type { Model } from '../types.ts';
import { createAmountBlend, HIGH, LOW } from './blend.ts';
import {
  createLastValueModel,
  createPastMeanModel,
  createPastMedianModel,
  createSeasonalModel,
} from './constants.ts';
import { createHurdleModel } from './hurdle.ts';
import { createLogTargetModel } from './log-target.ts';
import { createQuantileModel } from './quantile-model.ts';

export interface AmountRungs {
  readonly past: readonly Model[];
  readonly flat: readonly Model[];
  readonly relational: readonly Model[];
}

export function amountRungs(flat: ColumnFilter, learnable: ColumnFilter): AmountRungs {
  const treesOf = (name: string): Model => createTreesModel({ name, level: 4, columns: learnable });
  const trees = rememberFits(treesOf('trees'));
  const hurdle = rememberFits(
    createHurdleModel({
      name: 'hurdle',
      level: 4,
      whether: treesOf('whether'),
      amount: createLogTargetModel(treesOf('amount'), 'amount', true),
    }),
  );
  const linear = createLogisticModel({ name: 'relational-linear', level: 4, columns: learnable });
  const median = rememberFits(createQuantileModel(treesOf('median'), 'median', 0.5));
  const pastMean = createPastMeanModel();
  const equal = (): number => 1;
  const blend = createAmountBlend({
    name: 'blend',
    level: 5,
    members: [pastMean, trees, hurdle, linear, createLogTargetModel(linear, 'log-linear')].map((model) => ({
      model,
      prior: equal,
    })),
    low: createQuantileModel(treesOf('low'), 'low', LOW),
    median,
    high: createQuantileModel(treesOf('high'), 'high', HIGH),
  });
  return {
    past: [pastMean, createPastMedianModel()],
    flat: [
      createLogisticModel({ name: 'linear', level: 3, columns: flat }),
      createTreesModel({ name: 'flat-trees', level: 3, columns: flat }),
    ],
    relational: [trees, hurdle, median, blend],
  };
}

/** Rungs for forecasts: rows are (snapshot, step). */
export function forecastRungs(): readonly Model[] {
  const { past, relational } = amountRungs(
    () => false,
    () => true,
  );
  return [createLastValueModel(), createSeasonalModel(), ...past, ...relational];
}
