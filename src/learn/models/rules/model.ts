/** Point scores as rungs: who they are (`rules-fit`), and who they are plus what they did (`rules`). */
import { DEFAULT_POINT_RULES } from '../../../data/schema/defaults.ts';
import type { PointRule } from '../../../data/schema/types.ts';
import { createScoreModel } from '../shared/score-model.ts';
import type { Model } from '../types.ts';
import { partOf, pointTerms } from './points.ts';

export function createRulesFitModel(rules: readonly PointRule[] = DEFAULT_POINT_RULES): Model {
  const fit = rules.filter((rule) => partOf(rule) === 'fit');
  return createScoreModel({
    name: 'rules-fit',
    level: 1,
    terms: (columns) => orMissing(pointTerms(fit, columns), 'no job title, company size or e-mail address'),
  });
}

export function createRulesModel(rules: readonly PointRule[] = DEFAULT_POINT_RULES): Model {
  const behaviour = rules.filter((rule) => partOf(rule) === 'engagement');
  return createScoreModel({
    name: 'rules',
    level: 2,
    terms: (columns) =>
      pointTerms(behaviour, columns).length > 0
        ? pointTerms(rules, columns)
        : 'no pricing page, e-mail opening or whitepaper events',
  });
}

const orMissing = <T>(found: readonly T[], problem: string): readonly T[] | string =>
  found.length > 0 ? found : problem;
