/** Newest first: the younger the entity's own row, the higher. What a queue sorted by date already gives. */
import { createScoreModel } from '../shared/score-model.ts';
import type { Model } from '../types.ts';

/** Rows without a creation time rank as if a century old. */
const OLDEST_DAYS = 36_500;

const freshness = (ageDays: number): number =>
  -Math.log1p(Number.isNaN(ageDays) ? OLDEST_DAYS : Math.min(OLDEST_DAYS, Math.max(0, ageDays)));

export function createNewestModel(): Model {
  return createScoreModel({
    name: 'newest',
    level: 0,
    terms: (columns) => {
      const age = columns.find((column) => column.path.length === 0 && column.primitive === 'points.age');
      return age
        ? [{ column: age.name, value: freshness }]
        : 'no creation time, or every case is equally old';
    },
  });
}
