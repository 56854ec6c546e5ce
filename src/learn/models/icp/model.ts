/**
 * Ideal customer profile: how well the static record matches. Declared (leadlight.yaml `icp`): the share of its criteria
 * that hold. Not declared: learned from the wins before the cutoff, the twelve columns that tell most.
 */
import type { FeatureColumn } from '../../features/types.ts';
import { withValidation } from '../shared/folds.ts';
import { type ColumnProfile, learnProfile, profileTerms } from '../shared/profile.ts';
import { checkTrainable, concatSamples } from '../shared/sample.ts';
import {
  createScoreModel,
  fitScore,
  restoreScore,
  type ScoreState,
  type TermsOf,
  YES_NO_ONLY,
} from '../shared/score-model.ts';
import type { FitContext, Fitted, Model } from '../types.ts';
import { type DeclaredProfile, declaredTerms } from './declared.ts';

const MAX_COLUMNS = 12;
/** Ages and texts' lengths are not part of a profile. */
const NOT_PROFILE: ReadonlySet<string> = new Set(['age', 'ageDays', 'textLength', 'calendar']);

const isProfile = (column: FeatureColumn): boolean =>
  (column.scope === 'record' || column.scope === 'flat') &&
  (column.family === 'static' || column.family === 'parents') &&
  !column.primitive.startsWith('points.') &&
  !NOT_PROFILE.has(column.primitive);

export function createIcpModel(declared?: DeclaredProfile): Model {
  if (declared && Object.keys(declared).length > 0) return createDeclaredModel(declared);
  return {
    name: 'icp',
    level: 1,
    inapplicable: ({ task, train }) => {
      if (task.type !== 'binary') return YES_NO_ONLY;
      return train.matrix.columns.some(isProfile) ? undefined : 'not applicable: no profile columns';
    },
    fit: fitLearned,
    load: (saved) => restoreLearned(saved as LearnedState),
  };
}

function createDeclaredModel(declared: DeclaredProfile): Model {
  return createScoreModel({
    name: 'icp',
    level: 1,
    terms: (columns) => {
      const terms = declaredTerms(declared, columns);
      return terms.length > 0 ? terms : 'no column of the declared profile is there';
    },
  });
}

interface LearnedState {
  readonly profile: readonly ColumnProfile[];
  readonly score: ScoreState;
}

/** The probability is fitted on rows the profile has not seen; the profile is then learned anew on all. */
async function fitLearned(given: FitContext): Promise<Fitted> {
  checkTrainable(given);
  const { train, val } = withValidation(given);
  const early = learnProfile(train, isProfile, MAX_COLUMNS);
  const judge = val.label.length > 0 ? val : train;
  const { platt } = fitScore(judge, (columns) => profileTerms(early, columns));
  const all = concatSamples(train, val);
  const profile = learnProfile(all, isProfile, MAX_COLUMNS);
  const { means } = fitScore(all, (columns) => profileTerms(profile, columns));
  return restoreLearned({ profile, score: { platt, means } });
}

function restoreLearned(state: LearnedState): Fitted {
  const terms: TermsOf = (columns) => profileTerms(state.profile, columns);
  return restoreScore(state.score, terms, () => state);
}
