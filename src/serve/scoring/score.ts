/** score, train, explain: one rung fitted on everything matured by the cutoff, applied to the population at it. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN, ROW } from '../../data/schema/types.ts';
import { addInterval, and, as, col, eq, innerJoin, le, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import type { Fitted } from '../../learn/models/types.ts';
import type { Task } from '../../query/task/types.ts';
import { using } from './compare.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type Prepared, prepare, rowsOf } from './prepare.ts';
import { type Resolved, resolveTask, taskView } from './resolve.ts';
import { chooseRungs, fitContext, ladderOptions } from './rungs.ts';
import { shapeRows } from './shape.ts';
import type { Score, ScoreReport, TargetOptions } from './types.ts';

const DEFAULT_RUNG = 'blend';
const RECORD_RUNG = 'icp';
const TREND_DAYS = 14;
/** Population up to which the trend is computed: it takes the features a second time. */
const MAX_TREND_ROWS = 20_000;

export interface TrainedRung {
  readonly resolved: Resolved;
  readonly prepared: Prepared;
  readonly fitted: Fitted;
  readonly record?: Fitted;
  readonly model: ScoreReport['model'];
  readonly saved: unknown;
}

export async function trainRung(context: WorkspaceContext, options: TargetOptions): Promise<TrainedRung> {
  const budget = options.budget ?? 'normal';
  const resolved = await resolveTask(context, options, 'score');
  const input = {
    ...context,
    lastCredible: lastCredible(context),
    budget,
    ...using(resolved),
    ...(hasTrend(resolved.task) ? { earlier: { split: 'predict' as const, days: TREND_DAYS } } : {}),
  };
  const prepared = await prepare(input, resolved.task, options);
  const settings = { ...options, budget, seed: options.seed ?? 1, threads: context.threads };
  const ladder = ladderOptions(context.config, prepared);
  const [model] = chooseRungs([options.rungs?.[0] ?? DEFAULT_RUNG], ladder);
  const fit = fitContext(prepared, settings);
  const unable = model!.inapplicable?.(fit);
  if (unable !== undefined) {
    throw new LeadlightError('USAGE', {
      problem: `Rung ${model!.name}: ${unable}`,
      remedy: 'Choose another with --rungs.',
    });
  }
  const fitted = await model!.fit(fit);
  const [icp] = chooseRungs([RECORD_RUNG], ladder);
  const record =
    prepared.model.type === 'binary' && icp!.inapplicable?.(fit) === undefined
      ? await icp!.fit(fit)
      : undefined;
  const saved = {
    rung: model!.name,
    plan: prepared.plan,
    columns: prepared.matrix.columns.map((c) => c.name),
    state: fitted.save(),
  };
  const { counts } = resolved.task;
  return {
    resolved,
    prepared,
    fitted,
    ...(record ? { record } : {}),
    saved,
    model: {
      rung: model!.name,
      version: createHash('sha256').update(JSON.stringify(saved, plainly)).digest('hex').slice(0, 12),
      trained_rows: counts.train.rows + counts.val.rows,
      positives: prepared.model.type === 'binary' ? counts.train.positives + counts.val.positives : 0,
    },
  };
}

/** Sets print as arrays, so that a plan serialises. */
const plainly = (_: string, value: unknown): unknown => (value instanceof Set ? [...value].sort() : value);

export async function score(context: WorkspaceContext, options: TargetOptions): Promise<ScoreReport> {
  const trained = await trainRung(context, options);
  const rows = rowsToScore(trained);
  const earlier = await earlierPrediction(context, trained, rows, options);
  const { prepared, fitted, record } = trained;
  const shaped = await shapeRows(
    context,
    prepared,
    { fitted, record, rows, ...(earlier ? { earlier } : {}) },
    options,
  );
  const scores = prepared.task.source === 'query' ? [...shaped].sort((a, b) => order(b) - order(a)) : shaped;
  return { ...reportHead(trained, rows), scores };
}

const order = (s: Score): number => s.value ?? s.probability;

function reportHead(trained: TrainedRung, rows: Int32Array): Omit<ScoreReport, 'scores'> {
  const cutoffs = trained.prepared.task.snapshots.cutoff;
  const newest = rows.reduce(
    (m, i) => (Number.isNaN(cutoffs[i]!) ? m : Math.max(m, cutoffs[i]!)),
    Number.NEGATIVE_INFINITY,
  );
  return {
    task: taskView(trained.resolved),
    model: trained.model,
    cutoff: Number.isFinite(newest) ? new Date(newest).toISOString() : null,
    warnings: [...trained.resolved.warnings, ...trained.prepared.warnings],
  };
}

/** The population at the cutoff; for a task table its test and blank-label rows, in file order. */
function rowsToScore({ resolved }: TrainedRung): Int32Array {
  const { task } = resolved;
  const rows = new Set([
    ...rowsOf(task, 'predict'),
    ...(task.source === 'task-table' ? rowsOf(task, 'test') : []),
  ]);
  if (rows.size === 0) {
    throw new LeadlightError('TASK_EMPTY', {
      problem: 'There is nobody to score',
      remedy:
        'Check the population with `leadlight labels`; a task table needs rows with split test or a blank label.',
    });
  }
  return Int32Array.from([...rows].sort((a, b) => a - b));
}

/** Scores of a dated population can be compared with what they would have been two weeks before. */
const hasTrend = (task: Task): boolean =>
  task.source === 'query' &&
  !task.static &&
  task.type === 'binary' &&
  task.counts.predict.rows <= MAX_TREND_ROWS;

/** Predictions for the same entities 14 days earlier; NaN for entities that were not there yet. */
async function earlierPrediction(
  context: WorkspaceContext,
  { prepared, fitted }: TrainedRung,
  rows: Int32Array,
  options: TargetOptions,
): Promise<Float32Array | undefined> {
  if (!prepared.earlier) return undefined;
  const prediction = Float32Array.from(await fitted.predict(prepared.earlier, options));
  const there = await presentEarlier(context, prepared.task.entityTable);
  rows.forEach((sid, k) => {
    if (!there.has(sid)) prediction[k] = Number.NaN;
  });
  return prediction;
}

async function presentEarlier(context: WorkspaceContext, entityTable: string): Promise<ReadonlySet<number>> {
  const before = addInterval(col('s', 'cutoff'), -TREND_DAYS, 'day');
  const query = select({
    columns: [as(col('s', 'sid'), 'sid')],
    from: table('snapshots', 's', 'task'),
    joins: [
      innerJoin(
        table(entityTable, 'e', 'data'),
        and(eq(col('e', ROW), col('s', 'erow')), le(col('e', KNOWN), before)),
      ),
    ],
  });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Set(rows.map((r) => Number(r.sid)));
}

export async function train(
  context: WorkspaceContext,
  options: TargetOptions,
): Promise<ScoreReport['model'] & { readonly path: string }> {
  const trained = await trainRung(context, options);
  const folder = join(context.dir, 'models');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${trained.model.version}.json`);
  const card = { ...trained.model, task: taskView(trained.resolved), warnings: trained.prepared.warnings };
  await writeFile(path, JSON.stringify({ card, ...(trained.saved as object) }, plainly));
  return { ...trained.model, path };
}

export async function explain(
  context: WorkspaceContext,
  options: TargetOptions & { readonly id: string },
): Promise<Score> {
  const trained = await trainRung(context, options);
  const rows = rowsToScore(trained);
  const { entityId } = trained.prepared.task.snapshots;
  const places = Array.from(rows).flatMap((sid, k) => (entityId[sid] === options.id ? [k] : []));
  const place = places.at(-1);
  if (place === undefined) {
    const example = rows.length > 0 ? entityId[rows[0]!] : undefined;
    throw new LeadlightError('UNKNOWN_ENTITY', {
      problem: `${trained.prepared.task.entityTable} ${options.id} is not among the ${rows.length} scored`,
      remedy: `Give the id as printed by \`leadlight score\`, e.g. ${example}; an entity outside the query's population has no score.`,
    });
  }
  const earlier = await earlierPrediction(context, trained, rows, options);
  const { prepared, fitted, record } = trained;
  const [found] = await shapeRows(
    context,
    prepared,
    { fitted, record, rows, only: [place], ...(earlier ? { earlier } : {}) },
    options,
  );
  return found!;
}
