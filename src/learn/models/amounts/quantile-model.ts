/** Trees on the pinball loss: the typical amount (the median), and the bounds of an interval. */
import type { Model } from '../types.ts';
import { AMOUNTS_ONLY } from './constants.ts';

/** `trees` fitted to one quantile of the amount instead of its mean. */
export const createQuantileModel = (trees: Model, name: string, quantile: number): Model => ({
  name,
  level: trees.level,
  inapplicable: (context) =>
    context.task.type === 'regression' ? trees.inapplicable?.(context) : AMOUNTS_ONLY,
  fit: (context) => trees.fit({ ...context, task: { type: 'regression', quantile } }),
  load: (saved) => trees.load(saved),
});
