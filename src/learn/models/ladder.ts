/**
 * All rungs, lowest first (DESIGN.md §6). Learned rungs never see the inputs of point scores: those repeat other columns.
 * Learned rungs are calibrated on the newest rows all in the same way, a single model as a blend of one, so that a
 * difference between them is one of knowledge. Members are shared: a rung and the blend that holds its model train once.
 */
import type { PointRule } from '../../data/schema/types.ts';
import type { FeatureColumn, Scope } from '../features/types.ts';
import { amountRungs } from './amounts/ladder.ts';
import { type BlendMember, createBlendModel } from './blend/model.ts';
import type { DeclaredProfile } from './icp/declared.ts';
import { createIcpModel } from './icp/model.ts';
import { createIntentModel } from './intent/model.ts';
import { createLogisticModel } from './logistic/model.ts';
import { createNewestModel } from './newest/model.ts';
import { createPastRateModel } from './past-rate/model.ts';
import { createRulesFitModel, createRulesModel } from './rules/model.ts';
import { createPointsInUseModel } from './rules/points-column.ts';
import { rememberFits } from './shared/memo.ts';
import { createTreesModel } from './trees/model.ts';
import type { Model } from './types.ts';

export interface LadderOptions {
  /** Default: DEFAULT_POINT_RULES. */
  readonly pointRules?: readonly PointRule[];
  /** Declared ideal customer profile; absent: learned. */
  readonly icp?: DeclaredProfile;
  /** Rungs for amounts in the place of those for yes/no outcomes and classes. */
  readonly amounts?: boolean;
  /** `table.column` of a points score in use: adds the rung `points-in-use`. */
  readonly points?: string;
}

type Filter = (column: FeatureColumn) => boolean;

const learnable: Filter = (column) => !column.primitive.startsWith('points.');
const sees =
  (...scopes: readonly Scope[]): Filter =>
  (column) =>
    learnable(column) && scopes.includes(column.scope);

/** What a linear model may read: it cannot follow a column whose meaning turns round. */
const lasting =
  (filter: Filter): Filter =>
  (column) =>
    filter(column) && !column.turned;

const flat = sees('record', 'flat');
const account = sees('record', 'flat', 'account');

/** Few outcomes: the linear member leads; thousands: the trees do. Of the trees' part a third is the extra-trees'. */
const treesPrior = (outcomes: number): number => (outcomes < 300 ? 0.35 : outcomes > 2000 ? 0.65 : 0.5);
const boostedPrior = (outcomes: number): number => (treesPrior(outcomes) * 2) / 3;
const randomPrior = (outcomes: number): number => treesPrior(outcomes) / 3;
const linearPrior = (outcomes: number): number => 1 - treesPrior(outcomes);

const calibrated = (model: Model): Model =>
  createBlendModel({ name: model.name, level: model.level, members: [{ model, prior: () => 1 }] });

export function ladder(options: LadderOptions = {}): readonly Model[] {
  const rules = options.pointRules?.length ? options.pointRules : undefined;
  const trees = rememberFits(createTreesModel({ name: 'trees', level: 4, columns: learnable }));
  const accountMembers: readonly BlendMember[] = [
    { model: createTreesModel({ name: 'account-trees', level: 3.5, columns: account }), prior: treesPrior },
    {
      model: createLogisticModel({ name: 'account-logistic', level: 3.5, columns: lasting(account) }),
      prior: linearPrior,
    },
  ];
  const blendMembers: readonly BlendMember[] = [
    { model: trees, prior: boostedPrior },
    {
      model: createTreesModel({ name: 'extra-trees', level: 4, columns: learnable, extraTrees: true }),
      prior: randomPrior,
    },
    {
      model: createLogisticModel({ name: 'relational-logistic', level: 4, columns: lasting(learnable) }),
      prior: linearPrior,
    },
  ];
  const amounts = options.amounts ? amountRungs(flat, learnable) : undefined;
  return [
    createNewestModel(),
    ...(amounts?.past ?? [createPastRateModel()]),
    createRulesFitModel(rules),
    createIcpModel(options.icp),
    createRulesModel(rules),
    createIntentModel(),
    ...(options.points ? [createPointsInUseModel(options.points)] : []),
    ...(amounts?.flat ?? [
      calibrated(createLogisticModel({ name: 'logistic', level: 3, columns: lasting(flat) })),
      calibrated(createTreesModel({ name: 'flat-trees', level: 3, columns: flat })),
    ]),
    createBlendModel({
      name: 'account',
      level: 3.5,
      members: accountMembers,
      needs: { columns: (column) => column.scope === 'account', missing: 'no account totals' },
    }),
    ...(amounts?.relational ?? [
      calibrated(trees),
      createBlendModel({ name: 'blend', level: 5, members: blendMembers }),
    ]),
  ];
}

/** Outcomes (rows of the rarer class) at which rules and what is learned weigh the same. */
const RULES_OUTCOMES = 100;
const rulesPrior = (outcomes: number): number => RULES_OUTCOMES / (outcomes + RULES_OUTCOMES);

/** Rungs for particular circumstances, not compared: a blend held close to the rules while outcomes are few. */
export function reserve(options: LadderOptions = {}): readonly Model[] {
  const rules = options.pointRules?.length ? options.pointRules : undefined;
  const learned = (outcomes: number): number => (1 - rulesPrior(outcomes)) / 2;
  const members: readonly BlendMember[] = [
    { model: createRulesModel(rules), prior: (n) => rulesPrior(n) / 2 },
    { model: createIcpModel(options.icp), prior: (n) => rulesPrior(n) / 2 },
    { model: createTreesModel({ name: 'trees', level: 4, columns: learnable }), prior: learned },
    {
      model: createLogisticModel({ name: 'relational-logistic', level: 4, columns: lasting(learnable) }),
      prior: learned,
    },
  ];
  return [createBlendModel({ name: 'blend-with-rules', level: 5, members })];
}
