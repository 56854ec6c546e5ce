/** The parts of --json that rankings, several labels and forecasts add. */
import { z } from 'zod';
import type { ForecastStep, RankingFacts, ScoredItem, StepFigures } from '../scoring/types.ts';

const range = z.exactOptional(z.tuple([z.number(), z.number()])).describe('95 % interval');
const figure = (text: string) => z.exactOptional(z.number()).describe(text);

const stepFigures: z.ZodType<StepFigures> = z.strictObject({
  step: z.number(),
  cases: z.number(),
  mean_value: z.number().describe('mean of the predictions'),
  mean_outcome: z.number().describe('mean of what came'),
  mean_low: figure('mean lower bound of the 80 % interval'),
  mean_high: figure('mean upper bound'),
  mae: z.number(),
  rmse: z.number(),
  mase: z.exactOptional(z.number()),
  wape: z.exactOptional(z.number()),
  coverage: figure('share of outcomes within the 80 % interval'),
});

/** Figures of a rung. */
export const severalFigures = {
  map: figure('rankings: mean average precision of the first k'),
  map_ci: range,
  recall: figure('rankings: share of the true items among the first k'),
  recall_ci: range,
  hit: figure('rankings: share of rows with a true item among the first k'),
  hit_ci: range,
  ndcg: figure('rankings: normalised discounted cumulative gain'),
  ndcg_ci: range,
  catalogue_share: figure('rankings: share of all items listed for anyone'),
  mase: figure('forecasts: MAE over that of the last value in the training rows'),
  wape: figure('forecasts: share of the volume that is missed'),
  wape_ci: range,
  steps: z.exactOptional(z.array(stepFigures)).describe('forecasts: by step'),
  macro_ap: figure('multilabel: average precision, mean over the items'),
  macro_ap_ci: range,
  micro_ap: figure('multilabel: average precision over all cells'),
  micro_ap_ci: range,
  micro_f1: figure('multilabel: F1 from one half on, over all cells'),
};

export const rankingFacts: z.ZodType<RankingFacts> = z.strictObject({
  k: z.number().describe('items listed'),
  items: z.number().describe('items known'),
  candidates_per_row: z.number(),
  candidate_recall: z.number().describe('share of the items that came that were candidates'),
  true_items_per_row: z.number(),
});

export const scoredItem: z.ZodType<ScoredItem> = z.strictObject({
  item: z.string(),
  probability: z.number(),
  reasons: z.array(
    z.strictObject({
      signal: z.string(),
      share: z.number().describe('the shares of one item add to 1'),
      direction: z.enum(['up', 'down']),
      sentence: z.string(),
    }),
  ),
});

export const forecastStep: z.ZodType<ForecastStep> = z.strictObject({
  step: z.number().describe('1 for the next window'),
  from: z.string(),
  to: z.string(),
  value: z.number(),
  median: z.exactOptional(z.number()),
  low: figure('10 % quantile'),
  high: figure('90 % quantile'),
});
