/**
 * Rungs that score by a given rule, with nothing learned but the map from score to probability (Platt, on all labelled
 * rows). A score is a sum of terms, one a column, so its attribution is exact: slope × (term − its mean when fitted).
 */
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import type { Attribution, Fitted, Model, Sample } from '../types.ts';
import { applyPlatt, fitPlatt, type Platt, plattMargins } from './calibration.ts';
import { checkLabelled, columnIndexes, concatSamples } from './sample.ts';

/** What a column adds to the score. Finite for every value, missing included. */
export interface ScoreTerm {
  readonly column: string;
  readonly value: (cell: number) => number;
}

export type TermsOf = (columns: readonly FeatureColumn[]) => readonly ScoreTerm[];

export interface ScoreRule {
  readonly name: string;
  readonly level: number;
  /** What the rule reads among these columns, or the words that say why it cannot run. */
  readonly terms: (columns: readonly FeatureColumn[]) => readonly ScoreTerm[] | string;
}

export interface ScoreState {
  readonly platt: Platt;
  /** Mean of what each column adds, over the rows fitted. */
  readonly means: readonly (readonly [column: string, mean: number])[];
}

export function createScoreModel({ name, level, terms }: ScoreRule): Model {
  const termsOf: TermsOf = (columns) => {
    const found = terms(columns);
    return typeof found === 'string' ? [] : found;
  };
  return {
    name,
    level,
    inapplicable: ({ task, train }) => {
      if (task.type !== 'binary') return YES_NO_ONLY;
      const found = terms(train.matrix.columns);
      return typeof found === 'string' ? `not applicable: ${found}` : undefined;
    },
    fit: async (context) => {
      checkLabelled(context);
      const all = concatSamples(context.train, context.val);
      return restoreScore(fitScore(all, termsOf), termsOf);
    },
    load: (saved) => restoreScore(saved as ScoreState, termsOf),
  };
}

export const YES_NO_ONLY = 'not applicable: it ranks yes/no outcomes only';

export function fitScore(sample: Sample, termsOf: TermsOf): ScoreState {
  const { matrix, label, weight } = sample;
  const terms = termsOf(matrix.columns);
  const means = new Map<string, number>();
  for (const term of terms) {
    const score = scoreRows([term], matrix);
    const mean = score.reduce((sum, points) => sum + points, 0) / score.length;
    means.set(term.column, (means.get(term.column) ?? 0) + mean);
  }
  return { platt: fitPlatt(scoreRows(terms, matrix), label, weight), means: [...means] };
}

export function restoreScore(state: ScoreState, termsOf: TermsOf, save: () => unknown = () => state): Fitted {
  const restored = (matrix: FeatureMatrix): readonly ScoreTerm[] =>
    termsOf(columnIndexes(matrix, names(state)).map((index) => matrix.columns[index]!));
  return {
    predict: async (matrix) => applyPlatt(state.platt, scoreRows(restored(matrix), matrix)),
    margin: async (matrix) => plattMargins(state.platt, scoreRows(restored(matrix), matrix)),
    attribute: async (matrix) => attributeScore(state, restored(matrix), matrix),
    save,
  };
}

export function scoreRows(terms: readonly ScoreTerm[], matrix: FeatureMatrix): Float64Array {
  const score = new Float64Array(matrix.rows);
  columnsOf(terms, matrix).forEach((data, t) => {
    for (let i = 0; i < score.length; i++) score[i]! += terms[t]!.value(data[i]!);
  });
  return score;
}

const columnsOf = (terms: readonly ScoreTerm[], matrix: FeatureMatrix): readonly Float32Array[] =>
  columnIndexes(
    matrix,
    terms.map((term) => term.column),
  ).map((index) => matrix.data[index]!);

function attributeScore(state: ScoreState, terms: readonly ScoreTerm[], matrix: FeatureMatrix): Attribution {
  const { platt, means } = state;
  const values = matrix.columns.map(() => new Float64Array(matrix.rows));
  columnIndexes(matrix, names(state)).forEach((index, n) => {
    const [column, mean] = means[n]!;
    const own = terms.filter((term) => term.column === column);
    values[index]!.set(scoreRows(own, matrix).map((points) => platt.slope * (points - mean)));
  });
  const base = platt.offset + platt.slope * means.reduce((sum, [, mean]) => sum + mean, 0);
  return { base, values };
}

const names = ({ means }: ScoreState): readonly string[] => means.map(([column]) => column);
