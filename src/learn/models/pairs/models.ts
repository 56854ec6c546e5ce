/** The rungs that rank items for an entity: what is popular, what it took before, and trees over all pair features. */
import { createBlendModel } from '../blend/model.ts';
import { createScoreModel, type ScoreTerm } from '../shared/score-model.ts';
import { createTreesModel } from '../trees/model.ts';
import type { Model } from '../types.ts';

/** Rates below this are alike: one taker in a million. */
const LEAST_RATE = 1e-6;

const popularity = (share: number): ScoreTerm => ({
  column: 'pair.item.rate.long',
  value: (rate) => share * Math.log(Math.max(LEAST_RATE, Number.isNaN(rate) ? 0 : rate)),
});

/** By how often lately, then whether ever, then by popularity: each step is larger than all below it. */
const HABIT: readonly ScoreTerm[] = [
  { column: 'pair.own.count.long', value: (n) => n },
  { column: 'pair.own.count', value: (n) => (n > 0 ? 0.5 : 0) },
  popularity(0.01),
];

export const pairRungs = (): readonly Model[] => [
  createScoreModel({ name: 'popular', level: 0, terms: () => [popularity(1)] }),
  createScoreModel({ name: 'own-repeat', level: 0, terms: () => HABIT }),
  createBlendModel({
    name: 'trees',
    level: 4,
    members: [{ model: createTreesModel({ name: 'trees', level: 4 }), prior: () => 1 }],
  }),
];
