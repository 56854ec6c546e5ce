/** compare and score for forecasts: a value and an interval for each window ahead. */

import { LAG } from '../../learn/features/lags/lags.ts';
import { selectRows } from '../../learn/features/screen.ts';
import { clusteredInterval } from '../../learn/metrics/bootstrap.ts';
import { maseMetric, naiveScale, wapeMetric } from '../../learn/metrics/forecast.ts';
import { coverageMetric, maeMetric, rmseMetric } from '../../learn/metrics/regression.ts';
import type { Fitted, Sample } from '../../learn/models/types.ts';
import type { Task } from '../../query/task/types.ts';
import { amountVerdict, judgeAmount } from './amounts.ts';
import type { WorkspaceContext } from './context.ts';
import { type HeldOut, heldOut, noResult } from './evaluate.ts';
import {
  endOf,
  type ForecastTask,
  fitStepRungs,
  prepareForecast,
  type StepRung,
  spread,
  startOf,
  stepLabels,
  stepMatrix,
} from './forecast-steps.ts';
import { newest, versionOf } from './rank-score.ts';
import { type Resolved, taskView } from './resolve.ts';
import { scoredRows } from './scorable.ts';
import { shapeRows } from './shape.ts';
import type {
  CompareDetail,
  CompareReport,
  ForecastStep,
  RungResult,
  Score,
  ScoreReport,
  StepFigures,
  TargetOptions,
} from './types.ts';
import { selectionOf, withheldOf } from './views.ts';

const DEFAULT_RUNG = 'blend';

export async function compareForecast(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<CompareDetail> {
  const { task } = resolved;
  const seed = options.seed ?? 1;
  const forecast = await prepareForecast(context, options, resolved);
  const test = stepTest(forecast);
  const { rungs, train } = await fitStepRungs(
    forecast,
    options,
    options.rungs,
    stepMatrix(forecast, test.sids),
  );
  const results = rungs.map((rung) => resultOf(forecast, rung, test, train, seed));
  const predictions = Object.fromEntries(
    rungs.flatMap((r) => (r.prediction ? [[r.model.name, r.prediction] as const] : [])),
  );
  const report: CompareReport = {
    task: taskView(resolved),
    snapshots: { train: countsOf(task, 'train'), val: countsOf(task, 'val'), test: countsOf(task, 'test') },
    rungs: results,
    verdict: amountVerdict(results, predictions, test, seed),
    warnings: [...resolved.warnings, ...forecast.prepared.warnings],
    withheld: withheldOf(forecast.prepared),
    ...selectionOf(forecast.prepared),
  };
  const { steps } = forecast.target;
  const sidOf = (i: number): number => test.sids[Math.floor(i / steps)]!;
  return {
    report,
    outcomes: test.label,
    predictions,
    entityIds: Array.from(test.label, (_, i) => task.snapshots.entityId[sidOf(i)]!),
    cutoffs: Float64Array.from(test.label, (_, i) => task.snapshots.cutoff[sidOf(i)]!),
    accounts: test.clusters.account,
    top: [],
  };
}

const countsOf = (task: Task, split: 'train' | 'val' | 'test') => ({
  rows: task.counts[split].rows,
  positives: task.counts[split].positives,
});

interface StepTest extends HeldOut {
  /** Snapshots; `rows`, `label` and `clusters` have one entry a (snapshot, step). */
  readonly sids: Int32Array;
}

function stepTest({ task, target }: ForecastTask): StepTest {
  const { rows: sids } = heldOut(task);
  const length = sids.length * target.steps;
  return {
    sids,
    rows: Int32Array.from({ length }, (_, i) => i),
    label: stepLabels(task.heldOut, sids, target.steps),
    clusters: {
      account: spread(task.snapshots.cluster, sids, target.steps, new Int32Array(length)),
      cutoff: spread(task.snapshots.cutoff, sids, target.steps, new Float64Array(length)),
    },
  };
}

function resultOf(
  forecast: ForecastTask,
  { model, prediction, interval, seconds, note }: StepRung,
  test: StepTest,
  train: Sample,
  seed: number,
): RungResult {
  if (!prediction) return noResult(model.name, model.level, note ?? 'not applicable');
  const { steps } = forecast.target;
  const lags = train.matrix.columns.flatMap((c, at) => (c.primitive === LAG ? [train.matrix.data[at]!] : []));
  const scale = naiveScale(lags);
  const head = { name: model.name, level: model.level, seconds };
  const value = { value: prediction, ...(interval ? { interval } : {}) };
  const wape = wapeMetric(prediction, test.label);
  const { low, high } = clusteredInterval(wape, test.clusters, { seed });
  const ofStep = (step: number): StepFigures => {
    const rows = test.rows.filter((i) => i % steps === step);
    const pick = (from: ArrayLike<number>): Float32Array => Float32Array.from(rows, (i) => from[i]!);
    const [own, label] = [pick(prediction), pick(test.label)];
    return {
      step: step + 1,
      cases: rows.length,
      mean_value: meanOf(own),
      mean_outcome: meanOf(label),
      mae: maeMetric(own, label)(),
      rmse: rmseMetric(own, label)(),
      ...defined('mase', maseMetric(own, label, scale)()),
      ...defined('wape', wapeMetric(own, label)()),
      ...(interval
        ? {
            coverage: coverageMetric(pick(interval.low), pick(interval.high), label)(),
            mean_low: meanOf(pick(interval.low)),
            mean_high: meanOf(pick(interval.high)),
          }
        : {}),
    };
  };
  return {
    ...judgeAmount(head, value, test, train.label, seed),
    ...defined('mase', maseMetric(prediction, test.label, scale)()),
    ...defined('wape', wape()),
    ...(Number.isFinite(low) ? { wape_ci: [low, high] as const } : {}),
    steps: Array.from({ length: steps }, (_, step) => ofStep(step)),
  };
}

const meanOf = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

const defined = <K extends string>(name: K, value: number): Partial<Record<K, number>> =>
  Number.isFinite(value) ? ({ [name]: value } as Record<K, number>) : {};

export async function scoreForecast(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<ScoreReport> {
  const { task } = resolved;
  const sids = scoredRows(task);
  const forecast = await prepareForecast(context, options, resolved);
  const matrix = stepMatrix(forecast, sids);
  const { rungs } = await fitStepRungs(forecast, options, [options.rungs?.[0] ?? DEFAULT_RUNG], matrix);
  const [rung] = rungs;
  const fitted = rung!.fitted!;
  const shaped = await shapeFirst(forecast, fitted, sids, options);
  const median = await fitted.median?.(matrix, options);
  const { interval, prediction } = rung!;
  const stepAt = (row: number, step: number): ForecastStep => {
    const i = row * forecast.target.steps + step;
    const cutoff = task.snapshots.cutoff[sids[row]!]!;
    return {
      step: step + 1,
      from: new Date(startOf(forecast.target, cutoff, step)).toISOString(),
      to: new Date(endOf(forecast.target, cutoff, step)).toISOString(),
      value: prediction![i]!,
      ...(median ? { median: median[i]! } : {}),
      ...(interval ? { low: interval.low[i]!, high: interval.high[i]! } : {}),
    };
  };
  const scores = shaped.map(
    (score, row): Score => ({
      ...score,
      steps: Array.from({ length: forecast.target.steps }, (_, step) => stepAt(row, step)),
    }),
  );
  return {
    task: taskView(resolved),
    model: {
      rung: rung!.model.name,
      version: versionOf(fitted),
      status: null,
      data_cutoff: null,
      trained_rows: task.counts.train.rows + task.counts.val.rows,
      positives: 0,
    },
    cutoff: newest(task.snapshots.cutoff, sids),
    scores: scores.sort((a, b) => (b.value ?? 0) - (a.value ?? 0)),
    shadows: [],
    warnings: [...resolved.warnings, ...forecast.prepared.warnings],
  };
}

/** Names, percentile and reasons come from the first step. */
async function shapeFirst(
  forecast: ForecastTask,
  fitted: Fitted,
  sids: Int32Array,
  options: TargetOptions,
): Promise<readonly Score[]> {
  const { context, prepared, target, task } = forecast;
  const all = Int32Array.from({ length: task.snapshots.rows }, (_, sid) => sid);
  const first = (rows: Int32Array): Int32Array => rows.map((_, i) => i * target.steps);
  const matrix = selectRows(stepMatrix(forecast, all), first(all));
  const train = { ...prepared.train, matrix: selectRows(matrix, trainRows(task)) };
  return shapeRows(
    context,
    { ...prepared, model: { type: 'regression' }, matrix, train },
    { fitted, rows: sids },
    options,
  );
}

const trainRows = (task: Task): Int32Array =>
  Int32Array.from(task.snapshots.split.flatMap((s, i) => (s === 'train' ? [i] : [])));
