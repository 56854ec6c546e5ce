/** A points column already in use, as a rung: the ranking people work by today. */
import { createScoreModel } from '../shared/score-model.ts';
import type { Model } from '../types.ts';

/** `column`: `table.column` in the schema. Missing counts as zero points. */
export function createPointsInUseModel(column: string): Model {
  return createScoreModel({
    name: 'points-in-use',
    level: 2,
    terms: (columns) => {
      const found = columns.find(
        (c) =>
          c.kind === 'numeric' &&
          c.path.length === 0 &&
          c.primitive === 'number' &&
          `${c.table}.${c.column}` === column,
      );
      return found
        ? [{ column: found.name, value: (cell) => (Number.isFinite(cell) ? cell : 0) }]
        : `no value of ${column} as of the cutoff`;
    },
  });
}
