/**
 * Topic surge: how much faster topic events come now than over the account's own baseline, as a log ratio of daily rates.
 * Reads counts of tables or columns named for topics, intent or keywords: a recent window (nearest to 14 days) against the
 * longest window.
 */
import type { FeatureColumn } from '../../features/types.ts';
import { createScoreModel, type ScoreTerm } from '../shared/score-model.ts';
import type { Model } from '../types.ts';

const TOPIC = /(^|[^a-z])(topics?|intents?|surges?|keywords?)([^a-z]|$)/;
const RECENT_DAYS = 14;
/** Added to counts, so that silence has a rate. */
const SMOOTHING = 0.5;

const namesTopic = (text: string): boolean =>
  TOPIC.test(text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase());

interface TopicCount extends FeatureColumn {
  readonly windowDays: number;
}

const isTopicCount = (column: FeatureColumn): column is TopicCount =>
  column.primitive === 'count' &&
  column.windowDays !== undefined &&
  (column.scope === 'own' || column.scope === 'account') &&
  (namesTopic(column.table) || namesTopic(column.column ?? ''));

export function createIntentModel(): Model {
  return createScoreModel({
    name: 'intent',
    level: 2,
    terms: (columns) => {
      const counts = columns.filter(isTopicCount);
      const sources = [...new Set(counts.map(sourceOf))];
      const terms = sources.flatMap((source) => surgeTerms(counts.filter((c) => sourceOf(c) === source)));
      return terms.length > 0 ? terms : 'no topic table';
    },
  });
}

const sourceOf = (column: FeatureColumn): string =>
  [...column.path.map((step) => `${step.direction} ${step.link}`), column.table].join(' ');

function surgeTerms(counts: readonly TopicCount[]): readonly ScoreTerm[] {
  const byLength = [...counts].sort((a, b) => a.windowDays - b.windowDays);
  const recent = [...byLength].sort((a, b) => farFromRecent(a) - farFromRecent(b))[0];
  const baseline = byLength.at(-1);
  if (!recent || !baseline || recent.windowDays >= baseline.windowDays) return [];
  return [rateTerm(recent, 1), rateTerm(baseline, -1)];
}

const farFromRecent = (column: TopicCount): number => Math.abs(Math.log(column.windowDays / RECENT_DAYS));

const rateTerm = (column: TopicCount, sign: 1 | -1): ScoreTerm => ({
  column: column.name,
  value: (cell) => sign * Math.log((bounded(cell) + SMOOTHING) / column.windowDays),
});

const bounded = (count: number): number => (Number.isNaN(count) ? 0 : Math.max(0, Math.min(1e9, count)));
