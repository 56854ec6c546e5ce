/**
 * Point scores as marketing teams run them: points for who the person is (fit) and for what they did (engagement).
 * Inputs are the columns whose primitive is `points.…`. A behaviour counts at most five times; where its counts come by
 * window, older ones fade with a half-life of 30 days.
 */
import { DEFAULT_POINT_RULES } from '../../../data/schema/defaults.ts';
import type { PointRule } from '../../../data/schema/types.ts';
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import { type ScoreTerm, scoreRows } from '../shared/score-model.ts';

/** The other common setting: seniority and pricing pages count double. */
export const VARIANT_POINTS: readonly PointRule[] = DEFAULT_POINT_RULES.map((rule) =>
  rule.when === 'title-vp' || rule.when === 'pricing-page' ? { ...rule, points: 2 * rule.points } : rule,
);

const MAX_COUNTED = 5;
const HALF_LIFE_DAYS = 30;
/** Where counts of all time are taken to lie, for the part older than the longest window. */
const OLD_DAYS = 365;

const FIT: ReadonlySet<PointRule['when']> = new Set(['title-vp', 'employees-over', 'personal-email']);

export type PointPart = 'fit' | 'engagement';

export const partOf = (rule: PointRule): PointPart => (FIT.has(rule.when) ? 'fit' : 'engagement');

/** Terms of the rules whose inputs are among the columns. */
export const pointTerms = (
  rules: readonly PointRule[],
  columns: readonly FeatureColumn[],
): readonly ScoreTerm[] => rules.flatMap((rule) => termsOfRule(rule, columns));

function termsOfRule(rule: PointRule, columns: readonly FeatureColumn[]): readonly ScoreTerm[] {
  const inputs = columns.filter((column) => column.primitive === `points.${rule.when}`);
  if (partOf(rule) === 'fit') return fitTerm(rule, inputs);
  const tables = [...new Set(inputs.map((column) => column.table))];
  return tables.flatMap((table) =>
    behaviourTerms(
      rule,
      inputs.filter((column) => column.table === table),
    ),
  );
}

/** The entity's own field before a parent's: a title is on the person, a size on the company. */
function fitTerm({ points }: PointRule, inputs: readonly FeatureColumn[]): readonly ScoreTerm[] {
  const nearest = [...inputs].sort((a, b) => a.path.length - b.path.length)[0];
  return nearest ? [{ column: nearest.name, value: (cell) => (cell > 0 ? points : 0) }] : [];
}

/**
 * Counts of nested windows, shortest first: the n-th adds what happened since, weighted by the age of its stretch.
 * Σ weight(k) × (count(k) − count(k−1)) is written as one term a column: (weight(k) − weight(k+1)) × count(k).
 */
function behaviourTerms({ points }: PointRule, inputs: readonly FeatureColumn[]): readonly ScoreTerm[] {
  const windows = [...inputs].sort((a, b) => windowOf(a) - windowOf(b));
  const weights = windows.map((column, k) =>
    windows.length === 1 ? 1 : fade(k === 0 ? 0 : windowOf(windows[k - 1]!), windowOf(column)),
  );
  return windows.map((column, k) => {
    const weight = weights[k]! - (weights[k + 1] ?? 0);
    return {
      column: column.name,
      value: (cell) => (cell > 0 ? points * weight * Math.min(MAX_COUNTED, cell) : 0),
    };
  });
}

const windowOf = (column: FeatureColumn): number => column.windowDays ?? Number.POSITIVE_INFINITY;

const fade = (fromDays: number, toDays: number): number =>
  0.5 ** ((fromDays + Math.min(toDays, Math.max(fromDays, OLD_DAYS))) / 2 / HALF_LIFE_DAYS);

export interface PointScores {
  readonly fit: Float64Array;
  readonly engagement: Float64Array;
  readonly total: Float64Array;
  /** Cell of the fit × engagement grid, `A1` (best) to `D4`. */
  readonly cell: readonly string[];
}

/** Points of each row, for people to read. */
export function scorePoints(
  matrix: FeatureMatrix,
  rules: readonly PointRule[] = DEFAULT_POINT_RULES,
): PointScores {
  const part = (wanted: PointPart): readonly PointRule[] => rules.filter((rule) => partOf(rule) === wanted);
  const fit = scoreRows(pointTerms(part('fit'), matrix.columns), matrix);
  const engagement = scoreRows(pointTerms(part('engagement'), matrix.columns), matrix);
  const bestFit = attainable(part('fit'), 1);
  const bestEngagement = attainable(part('engagement'), MAX_COUNTED);
  return {
    fit,
    engagement,
    total: fit.map((points, i) => points + engagement[i]!),
    cell: Array.from(
      fit,
      (points, i) => `${'ABCD'[quarter(points, bestFit)]}${quarter(engagement[i]!, bestEngagement) + 1}`,
    ),
  };
}

const attainable = (rules: readonly PointRule[], times: number): number =>
  rules.reduce((sum, rule) => sum + Math.max(0, rule.points) * times, 0);

/** 0: at least three quarters of what can be had; 3: less than one. */
const quarter = (points: number, best: number): number =>
  best > 0 ? 3 - Math.max(0, Math.min(3, Math.floor((4 * points) / best))) : 3;
