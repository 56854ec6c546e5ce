import { describe, expect, it } from 'vitest';
import { contractColumn, contractSample, describeModel } from '../../../../test/contract/model.ts';
import { DEFAULT_POINT_RULES } from '../../../data/schema/defaults.ts';
import type { FeatureColumn, Scope } from '../../features/types.ts';
import type { FitContext } from '../types.ts';
import { createRulesFitModel, createRulesModel } from './model.ts';
import { scorePoints, VARIANT_POINTS } from './points.ts';
import { createPointsInUseModel } from './points-column.ts';

const input = (when: string, scope: Scope, more: Partial<FeatureColumn> = {}): FeatureColumn => ({
  ...contractColumn(`points.${when}${more.windowDays ?? ''}`, scope),
  primitive: `points.${when}`,
  ...more,
});

const FIT = [input('title-vp', 'record'), input('employees-over', 'flat'), input('personal-email', 'record')];
const BEHAVIOUR = [input('pricing-page', 'own'), input('email-open', 'own'), input('whitepaper', 'own')];
const SCORE: FeatureColumn = { ...contractColumn('t.score', 'record'), column: 'score', primitive: 'number' };
const ALL = [...FIT, ...BEHAVIOUR];

describeModel(createRulesFitModel(), { tasks: ['binary'], columns: FIT, auroc: 0, refusesOneClass: false });
describeModel(createRulesModel(), { tasks: ['binary'], columns: ALL, auroc: 0, refusesOneClass: false });
describeModel(createPointsInUseModel('t.score'), {
  tasks: ['binary'],
  columns: [SCORE],
  auroc: 0,
  refusesOneClass: false,
});

const rows = (...cells: number[][]) => ({
  rows: cells.length,
  columns: ALL,
  data: ALL.map((_, c) => Float32Array.from(cells, (row) => row[c]!)),
});

describe('points', () => {
  // A VP of Engineering at a company of over 1,000: pricing page twice, three e-mails opened.
  const vp = [1, 1, 0, 2, 3, 0];
  const developer = [0, 0, 1, 0, 0, 0];

  it('add up as published', () => {
    const scores = scorePoints(rows(vp, developer));
    expect([...scores.fit]).toEqual([25, -10]);
    expect([...scores.engagement]).toEqual([25, 0]);
    expect([...scores.total]).toEqual([50, -10]);
    expect([...scorePoints(rows(vp), VARIANT_POINTS).total]).toEqual([10 + 25 + 35]);
  });

  it('place a row on the fit × engagement grid', () => {
    const all = [1, 1, 0, 5, 5, 5];
    expect(scorePoints(rows(vp, developer, all)).cell).toEqual(['A3', 'D4', 'A1']);
  });

  it('count a behaviour five times at most, and nothing for missing', () => {
    expect([...scorePoints(rows([0, 0, 0, 900, 0, 0])).total]).toEqual([25]);
    expect([...scorePoints(rows(Array(6).fill(Number.NaN))).total]).toEqual([0]);
  });

  it('fade with the age of the window', () => {
    const windows = [
      input('pricing-page', 'own', { windowDays: 30 }),
      input('pricing-page', 'own', { windowDays: 90 }),
    ];
    const matrix = { rows: 2, columns: windows, data: [Float32Array.of(1, 0), Float32Array.of(1, 1)] };
    const [fresh, old] = scorePoints(matrix).total;
    expect(fresh).toBeCloseTo(5 * 0.5 ** (15 / 30), 12);
    expect(old).toBeCloseTo(5 * 0.5 ** (60 / 30), 12);
  });

  it('are ranked in their order by the rung, and attributed exactly to their columns', async () => {
    const context = (columns: readonly FeatureColumn[]): FitContext => ({
      task: { type: 'binary' },
      train: contractSample(columns, { type: 'binary' }, 300, 1),
      val: contractSample(columns, { type: 'binary' }, 100, 2, 28),
      seed: 1,
      budget: 'quick',
      threads: 1,
    });
    const fitted = await createRulesModel().fit(context(ALL));
    const matrix = rows(vp, developer, [0, 1, 0, 0, 0, 0]);
    const p = await fitted.predict(matrix);
    expect(p[0]).toBeGreaterThan(p[2]!);
    expect(p[2]).toBeGreaterThan(p[1]!);
    const { values } = await fitted.attribute!(matrix);
    const perPoint = (values[0]![0]! - values[0]![1]!) / 10;
    expect(values[1]![0]! - values[1]![1]!).toBeCloseTo(15 * perPoint, 5);
    expect(createRulesModel().inapplicable?.(context(FIT))).toMatch(/^not applicable: no pricing page/);
    expect(createRulesFitModel().inapplicable?.(context(BEHAVIOUR))).toMatch(/^not applicable: no job title/);
    expect(createPointsInUseModel('t.other').inapplicable?.(context([SCORE]))).toMatch(/^not applicable/);
    expect(DEFAULT_POINT_RULES.map((rule) => rule.points)).toEqual([10, 15, 5, 5, 5, -10]);
  });
});
