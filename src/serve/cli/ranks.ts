/**
 * Points against learning, row by row: the point score and the model's score of the same rows, each with its rank
 * (1 is best, equal scores share the better rank), beside what happened. Rows are those of the newest test cutoff.
 */
import { leadRung } from '../report/rung-facts.ts';
import type { CompareDetail } from '../scoring/types.ts';
import { fixed } from './number-text.ts';
import { printTable } from './text-table.ts';

export interface RankRow {
  readonly entity: string;
  readonly cutoff: string | null;
  readonly points: number | null;
  readonly points_rank: number | null;
  readonly score: number;
  readonly score_rank: number;
  readonly outcome: number;
}

/** Rungs that stand for the points in use, the first that ran. */
const POINT_RUNGS = ['points-in-use', 'rules', 'rules-fit'];

export function rankRows(detail: CompareDetail): readonly RankRow[] {
  const { report, predictions, entityIds, cutoffs, outcomes } = detail;
  const model = predictions[leadRung(report) ?? ''];
  if (model === undefined) return [];
  const pointRung = POINT_RUNGS.find((name) => predictions[name] !== undefined);
  const points = detail.points ?? (pointRung === undefined ? undefined : predictions[pointRung]);
  const newest = cutoffs.reduce((a, b) => Math.max(a, Number.isNaN(b) ? a : b), Number.NEGATIVE_INFINITY);
  const rows = entityIds.map((_, i) => i).filter((i) => cutoffs[i] === newest || Number.isNaN(cutoffs[i]));
  const modelRank = ranksOf(rows, model);
  const pointRank = points === undefined ? undefined : ranksOf(rows, points);
  return rows
    .map((i) => ({
      entity: entityIds[i] ?? '',
      cutoff: Number.isNaN(cutoffs[i]) ? null : new Date(cutoffs[i] ?? 0).toISOString(),
      points: points?.[i] ?? null,
      points_rank: pointRank?.get(i) ?? null,
      score: model[i] ?? Number.NaN,
      score_rank: modelRank.get(i) ?? 0,
      outcome: outcomes[i] ?? Number.NaN,
    }))
    .sort((a, b) => a.score_rank - b.score_rank);
}

function ranksOf(rows: readonly number[], values: ArrayLike<number>): ReadonlyMap<number, number> {
  const sorted = [...rows].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const ranks = new Map<number, number>();
  sorted.forEach((row, place) => {
    const above = sorted[place - 1];
    const tied = above !== undefined && values[above] === values[row];
    ranks.set(row, tied ? (ranks.get(above) ?? place + 1) : place + 1);
  });
  return ranks;
}

export function printRanks(rows: readonly RankRow[]): string {
  return printTable(rows, [
    { title: 'entity', value: (r) => r.entity, maxWidth: 32 },
    { title: 'points', value: (r) => fixed(r.points, 2), align: 'right' },
    { title: 'rank', value: (r) => String(r.points_rank ?? '–'), align: 'right' },
    { title: 'score', value: (r) => fixed(r.score, 3), align: 'right' },
    { title: 'rank', value: (r) => String(r.score_rank), align: 'right' },
    { title: 'outcome', value: (r) => String(r.outcome), align: 'right' },
  ]);
}
