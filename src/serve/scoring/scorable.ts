/**
 * A fitted model with the rows it is to score. It comes from training just now or from a saved state, and looks the same
 * either way: scores and reasons read nothing of training but what a saved model carries along.
 */
import { KNOWN, ROW } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  col,
  eq,
  innerJoin,
  le,
  least,
  select,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import type { Earlier } from '../../learn/features/prepare.ts';
import { selectRows } from '../../learn/features/screen.ts';

import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Fitted } from '../../learn/models/types.ts';
import { DAY_MS } from '../../query/task/calendar.ts';
import type { SplitName, Task } from '../../query/task/types.ts';
import type { WorkspaceContext } from './context.ts';
import { type Prepared, rowsOf } from './prepare.ts';
import { withReference } from './registry/reference.ts';
import type { ModelState } from './registry/types.ts';
import type { Resolved } from './resolve.ts';
import { sampleOf } from './samples.ts';
import { TREND_DAYS } from './shape.ts';
import type { ScoreReport, TargetOptions } from './types.ts';

export interface Scorable {
  readonly resolved: Resolved;
  /** Task and matrix hold the scored rows, then the reference as training rows. */
  readonly prepared: Prepared;
  /** sids of the scored rows: 0, 1, … */
  readonly rows: Int32Array;
  readonly fitted: Fitted;
  readonly record?: Fitted;
  readonly model: ScoreReport['model'];
  readonly warnings: readonly string[];
}

/** What the scored rows are cut out of: the whole task when training, the population alone when replaying. */
export interface ScoredRows {
  readonly task: Task;
  readonly rows: Int32Array;
  /** Features of `rows`, in that order; the model's columns. */
  readonly matrix: FeatureMatrix;
  readonly unscreened: Prepared['unscreened'];
}

/** Of all columns, the rows at these places. */
export const unscreenedAt = (
  { matrix, rows }: Prepared['unscreened'],
  places: Int32Array,
): Prepared['unscreened'] => ({
  matrix: selectRows(matrix, places),
  rows: {
    entityRow: places.map((i) => rows.entityRow[i]!),
    entityId: Array.from(places, (i) => rows.entityId[i]!),
    cutoff: Float64Array.from(places, (i) => rows.cutoff[i]!),
    population: places.map((i) => rows.population[i]!),
  },
});

/** Splits that are scored: the population at the cutoff; of a task table its test and blank-label rows. */
export const scoredSplits = ({ source }: Task): readonly SplitName[] =>
  source === 'task-table' ? ['predict', 'test'] : ['predict'];

export function scoredRows(task: Task): Int32Array {
  const rows = scoredSplits(task).flatMap((split) => [...rowsOf(task, split)]);
  if (rows.length === 0) {
    throw new LeadlightError('TASK_EMPTY', {
      problem: 'There is nobody to score',
      remedy:
        'Check the population with `leadlight labels`; a task table needs rows with split test or a blank label.',
    });
  }
  return Int32Array.from(rows).sort();
}

/** The scored rows beside the reference of `state`, as if only these had been prepared. */
export function besideReference(
  prepared: Omit<Prepared, 'task' | 'matrix' | 'unscreened' | 'train' | 'val'>,
  { task, rows, matrix, unscreened }: ScoredRows,
  state: ModelState,
): Pick<Scorable, 'prepared' | 'rows'> {
  const named = state.classes === null ? task : { ...task, classes: state.classes };
  const both = withReference(named, rows, matrix, state.reference, state.columns);
  return {
    prepared: {
      ...prepared,
      ...both,
      unscreened,
      train: sampleOf(both.task, both.matrix, rowsOf(both.task, 'train')),
      val: sampleOf(both.task, both.matrix, new Int32Array(0)),
    },
    rows: Int32Array.from(rows, (_, i) => i),
  };
}

/** Population up to which the trend is computed: it takes the features a second time. */
const MAX_TREND_ROWS = 20_000;

/** Scores of a dated population can be compared with what they would have been two weeks before, or since a moment. */
export const trendRows = (
  task: Task,
  { since }: Pick<TargetOptions, 'since'>,
): (Earlier & { readonly split: 'predict' }) | undefined =>
  task.source === 'query' &&
  !task.static &&
  task.type === 'binary' &&
  task.counts.predict.rows <= MAX_TREND_ROWS
    ? { split: 'predict', ...earlierOf(since) }
    : undefined;

const earlierOf = (since: string | undefined): Earlier =>
  since === undefined ? { days: TREND_DAYS } : { notAfter: Date.parse(withZone(since)) };

/** Without a clock or a zone: midnight, UTC. */
const withZone = (text: string): string =>
  /Z$/.test(text) || text.length <= 10 ? text : `${text.replace(' ', 'T')}Z`;

/** ms; the moment that a row of this cutoff is compared with. */
export function earlierMoment(cutoff: number, since: string | undefined): number {
  const earlier = earlierOf(since);
  return 'days' in earlier ? cutoff - earlier.days * DAY_MS : Math.min(cutoff, earlier.notAfter);
}

/** Predictions for the same entities as of the earlier moment; NaN for entities that were not there yet. */
export async function earlierPrediction(
  context: WorkspaceContext,
  { prepared, fitted, rows }: Scorable,
  options: TargetOptions,
): Promise<Float32Array | undefined> {
  if (!prepared.earlier) return undefined;
  const prediction = Float32Array.from(await fitted.predict(prepared.earlier, options));
  const { entityRow } = prepared.task.snapshots;
  const there = await presentEarlier(context, prepared.task.entityTable, options.since);
  rows.forEach((sid, k) => {
    if (!there.has(entityRow[sid]!)) prediction[k] = Number.NaN;
  });
  return prediction;
}

/** Rows of the entities to predict that were known at the earlier moment. */
async function presentEarlier(
  context: WorkspaceContext,
  entityTable: string,
  since: string | undefined,
): Promise<ReadonlySet<number>> {
  const earlier = earlierOf(since);
  const cutoff = col('s', 'cutoff');
  const before =
    'days' in earlier ? addInterval(cutoff, -earlier.days, 'day') : least(cutoff, ts(earlier.notAfter));
  const query = select({
    columns: [as(col('s', 'erow'), 'erow')],
    from: table('snapshots', 's', 'task'),
    joins: [
      innerJoin(
        table(entityTable, 'e', 'data'),
        and(eq(col('e', ROW), col('s', 'erow')), le(col('e', KNOWN), before)),
      ),
    ],
    where: eq(col('s', 'split'), 'predict'),
  });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Set(rows.map((r) => Number(r.erow)));
}
