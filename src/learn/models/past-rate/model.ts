/**
 * The rate at which it happened before: to this entity where it has a past of its own, else to its group (account,
 * source, owner) whose past tells most, else at the best-telling value of its record. Nothing beyond that one rate.
 */
import type { FeatureColumn } from '../../features/types.ts';
import { logisticLoss, logit } from '../shared/math.ts';
import { type ColumnProfile, learnProfile, profileTerms } from '../shared/profile.ts';
import { checkTrainable, concatSamples } from '../shared/sample.ts';
import { fitScore, restoreScore, type ScoreState, scoreRows, type TermsOf } from '../shared/score-model.ts';
import type { FitContext, Fitted, Model, Sample } from '../types.ts';
import { fitGroupMean, type GroupMeanState, restoreGroupMean } from './group-mean.ts';

/** A column's rate must lower the loss by this share to be taken before the entity's own. */
const WORTH = 0.005;

type RateState =
  | { readonly kind: 'rate'; readonly column: string; readonly missing: number; readonly score: ScoreState }
  | { readonly kind: 'value'; readonly profile: readonly ColumnProfile[]; readonly score: ScoreState }
  | { readonly kind: 'mean'; readonly mean: GroupMeanState };

export function createPastRateModel(): Model {
  return {
    name: 'past-rate',
    level: 0,
    fit: async (context) => {
      checkTrainable(context);
      return restoreRate(fitRate(context));
    },
    load: (saved) => restoreRate(saved as RateState),
  };
}

export const isPastRate = (column: FeatureColumn): boolean =>
  column.family === 'outcome' && column.primitive === 'outcome.rate';

const isOwn = (column: FeatureColumn): boolean => column.path.length === 0 && column.column === undefined;

const isRecordCategory = (column: FeatureColumn): boolean =>
  column.kind === 'categorical' && (column.scope === 'record' || column.scope === 'flat');

function fitRate({ task, train, val }: FitContext): RateState {
  const all = concatSamples(train, val);
  if (task.type !== 'binary') {
    return { kind: 'mean', mean: fitGroupMean(all, task, isRecordCategory) };
  }
  const missing = logit(all.label.reduce((sum, y) => sum + y, 0) / all.label.length);
  const best = all.matrix.columns
    .filter(isPastRate)
    .map((column) => {
      const score = fitScore(all, rateTerms(column.name, missing));
      return { column, score, loss: lossOf(score, rateTerms(column.name, missing), all) };
    })
    .sort(
      (a, b) => a.loss * (isOwn(a.column) ? 1 - WORTH : 1) - b.loss * (isOwn(b.column) ? 1 - WORTH : 1),
    )[0];
  if (best) return { kind: 'rate', column: best.column.name, missing, score: best.score };
  const profile = learnProfile(all, isRecordCategory, 1);
  return { kind: 'value', profile, score: fitScore(all, (columns) => profileTerms(profile, columns)) };
}

const rateTerms =
  (column: string, missing: number): TermsOf =>
  () => [{ column, value: (rate) => (Number.isNaN(rate) ? missing : logit(rate)) }];

function lossOf(state: ScoreState, terms: TermsOf, { matrix, label }: Sample): number {
  const score = scoreRows(terms(matrix.columns), matrix);
  const { slope, offset } = state.platt;
  return score.reduce((sum, s, i) => sum + logisticLoss(offset + slope * s, label[i]!), 0);
}

function restoreRate(state: RateState): Fitted {
  const save = (): RateState => state;
  switch (state.kind) {
    case 'rate':
      return restoreScore(state.score, rateTerms(state.column, state.missing), save);
    case 'value':
      return restoreScore(state.score, (columns) => profileTerms(state.profile, columns), save);
    case 'mean':
      return { ...restoreGroupMean(state.mean), save };
  }
}
