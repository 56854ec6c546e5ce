/**
 * Forecasts as amounts over (snapshot, step) rows: one model for all steps, which sees the step, its calendar and the
 * target's past (direct forecasting, pooled over steps). Held-out labels are not read here.
 */
import { LeadlightError } from '../../errors.ts';
import { LAG, LAG_MEAN, LAG_MEDIAN, SEASON } from '../../learn/features/lags/lags.ts';
import type { FeatureColumn, FeatureMatrix } from '../../learn/features/types.ts';
import { forecastRungs } from '../../learn/models/amounts/ladder.ts';
import type { FitContext, Interval, Model, Sample } from '../../learn/models/types.ts';
import { addUnits } from '../../query/task/calendar.ts';
import type { PastTarget } from '../../query/task/past-target.ts';
import { pastTargetOf } from '../../query/task/past-target.ts';
import type { Labels, Task } from '../../query/task/types.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type Prepared, prepare, rowsOf, type Selected } from './prepare.ts';
import type { Resolved } from './resolve.ts';
import { type FittedRung, fitContext } from './rungs.ts';
import type { TargetOptions } from './types.ts';
import { using } from './views.ts';

export interface ForecastTask {
  readonly context: WorkspaceContext;
  readonly task: Task;
  readonly prepared: Prepared & Selected;
  readonly target: PastTarget;
  /** Columns of the snapshot that every step sees, and one a step of the season before. */
  readonly base: FeatureMatrix;
  readonly seasons: readonly Float32Array[];
}

/** Columns beside the lags; cells of all steps at most. */
const MAX_CARRIED = 80;
const MAX_ROWS = 150_000;

const isLag = ({ primitive }: FeatureColumn): boolean => [LAG, LAG_MEAN, LAG_MEDIAN].includes(primitive);

export async function prepareForecast(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<ForecastTask> {
  const { task, checked } = resolved;
  const target = pastTargetOf(checked);
  if (!target)
    throw new LeadlightError('USAGE', {
      problem: 'A forecast needs an aggregation over a window',
      remedy: 'For example SUM(orders.amount, 0, 1, months) FORECAST 3 TIMEFRAMES.',
    });
  const prepared = await prepare(
    {
      ...context,
      lastCredible: lastCredible(context),
      budget: options.budget ?? 'normal',
      seed: options.seed ?? 1,
      ...using(resolved),
    },
    task,
    options,
  );
  const all = prepared.unscreened.matrix;
  const places = (keep: (column: FeatureColumn) => boolean): readonly number[] =>
    [...all.columns.keys()].filter((c) => keep(all.columns[c]!));
  const lags = places(isLag);
  const carried = prepared.matrix.columns
    .map((column, c) => ({ column, data: prepared.matrix.data[c]! }))
    .filter(({ column }) => column.family !== 'outcome')
    .slice(0, MAX_CARRIED);
  return {
    context,
    task,
    prepared,
    target,
    base: {
      rows: task.snapshots.rows,
      columns: [...lags.map((c) => all.columns[c]!), ...carried.map((c) => c.column)],
      data: [...lags.map((c) => all.data[c]!), ...carried.map((c) => c.data)],
    },
    seasons: places((c) => c.primitive === SEASON).map((c) => all.data[c]!),
  };
}

const stepColumn = (primitive: string, sentence: string, table: string): FeatureColumn => ({
  name: `step.${primitive}`,
  kind: 'numeric',
  family: 'calendar',
  scope: 'record',
  signal: 'timing',
  path: [],
  table,
  primitive: `step.${primitive}`,
  sentence,
});

/** Rows sid × step, step by step within a sid. */
export function stepMatrix(forecast: ForecastTask, sids: Int32Array): FeatureMatrix {
  const { base, seasons, target, task } = forecast;
  const { steps } = target;
  const rows = sids.length * steps;
  const each = (cell: (sid: number, step: number) => number): Float32Array =>
    Float32Array.from({ length: rows }, (_, i) => cell(sids[Math.floor(i / steps)]!, i % steps));
  const starts = (sid: number, step: number): Date =>
    new Date(startOf(target, task.snapshots.cutoff[sid]!, step));
  const { entityTable } = task;
  return {
    rows,
    columns: [
      ...base.columns,
      {
        ...stepColumn('season', 'the same season before', entityTable),
        family: 'outcome',
        primitive: SEASON,
      },
      stepColumn('number', 'steps ahead', entityTable),
      stepColumn('month', 'month of the step', entityTable),
      stepColumn('day', 'day of the month of the step', entityTable),
      stepColumn('weekday', 'weekday of the step', entityTable),
    ],
    data: [
      ...base.data.map((column) => each((sid) => column[sid]!)),
      each((sid, step) => seasons[step]?.[sid] ?? Number.NaN),
      each((_, step) => step + 1),
      each((sid, step) => starts(sid, step).getUTCMonth() + 1),
      each((sid, step) => starts(sid, step).getUTCDate()),
      each((sid, step) => starts(sid, step).getUTCDay()),
    ],
  };
}

/** ms: where the window of a step begins, and where it ends. */
export const startOf = ({ window }: PastTarget, cutoff: number, step: number): number =>
  addUnits(cutoff, (window.start ?? 0) + step * window.end, window.unit);
export const endOf = ({ window }: PastTarget, cutoff: number, step: number): number =>
  addUnits(cutoff, (step + 1) * window.end, window.unit);

export const stepLabels = (labels: Labels, sids: Int32Array, steps: number): Float32Array => {
  const all = labels.steps ?? [labels.values];
  return Float32Array.from(
    { length: sids.length * steps },
    (_, i) => all[i % steps]![sids[Math.floor(i / steps)]!]!,
  );
};

/** One entry a (sid, step) row. */
export const spread = <T extends Float64Array | Int32Array>(
  of: T,
  sids: Int32Array,
  steps: number,
  to: T,
): T => {
  for (let i = 0; i < to.length; i++) to[i] = of[sids[Math.floor(i / steps)]!]!;
  return to;
};

function stepSample(forecast: ForecastTask, sids: Int32Array): Sample {
  const { task, target } = forecast;
  const rows = sids.length * target.steps;
  const { cutoff, cluster } = task.snapshots;
  return {
    matrix: stepMatrix(forecast, sids),
    label: stepLabels(task.visible, sids, target.steps),
    cutoff: spread(cutoff, sids, target.steps, new Float64Array(rows)),
    cluster: spread(cluster, sids, target.steps, new Int32Array(rows)),
  };
}

/** The newest snapshots, as many as their steps have room for. */
function newestOf({ task, target }: ForecastTask, split: 'train' | 'val'): Int32Array {
  const { cutoff } = task.snapshots;
  const rows = rowsOf(task, split);
  const most = Math.max(1, Math.floor(MAX_ROWS / target.steps));
  if (rows.length <= most) return rows;
  return Int32Array.from([...rows].sort((a, b) => cutoff[b]! - cutoff[a]! || a - b).slice(0, most)).sort();
}

export interface StepRung extends FittedRung {
  readonly interval?: Interval;
}

export async function fitStepRungs(
  forecast: ForecastTask,
  options: TargetOptions,
  names: readonly string[] | undefined,
  scored: FeatureMatrix,
): Promise<{ readonly rungs: readonly StepRung[]; readonly train: Sample }> {
  const train = stepSample(forecast, newestOf(forecast, 'train'));
  const { seed = 1, budget = 'normal' } = options;
  const { threads } = forecast.context;
  const fit: FitContext = {
    ...fitContext(forecast.prepared, { ...options, seed, budget, threads }),
    task: { type: 'regression' },
    train,
    val: stepSample(forecast, newestOf(forecast, 'val')),
  };
  const models = chooseStepRungs(names);
  const rungs: StepRung[] = [];
  for (const [done, model] of models.entries()) {
    options.progress?.({ stage: `rung ${model.name}`, done, total: models.length, unit: 'rungs' });
    const note = model.inapplicable?.(fit);
    if (note !== undefined) {
      rungs.push({ model, seconds: 0, note });
      continue;
    }
    const start = performance.now();
    const fitted = await model.fit(fit);
    const prediction = await fitted.predict(scored, fit);
    const interval = await fitted.interval?.(scored, fit);
    const seconds = Math.round((performance.now() - start) / 10) / 100;
    rungs.push({ model, fitted, prediction, seconds, ...(interval ? { interval } : {}) });
  }
  return { rungs, train };
}

function chooseStepRungs(names: readonly string[] | undefined): readonly Model[] {
  const all = forecastRungs();
  return (names ?? all.map((m) => m.name)).map((name) => {
    const model = all.find((m) => m.name === name);
    if (!model) throw new LeadlightError('UNKNOWN_RUNG', { name, known: all.map((m) => m.name).join(', ') });
    return model;
  });
}
