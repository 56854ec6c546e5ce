/** compare: all rungs on the same rows with the same splits, judged on held-out labels, and a plain verdict. */
import { LeadlightError } from '../../errors.ts';
import { selectRows } from '../../learn/features/screen.ts';
import { resolveAffordable } from './afford.ts';
import { amountVerdict, judgeAmount } from './amounts.ts';
import { breakdowns, segmentColumn } from './breakdowns.ts';
import type { WorkspaceContext } from './context.ts';
import { lastCredible } from './context.ts';
import { differenceOf, type HeldOut, heldOut, judge, noResult } from './evaluate.ts';
import { compareForecast } from './forecast.ts';
import { pointsInUse } from './points-in-use.ts';
import { type Prepared, prepare } from './prepare.ts';
import { comparePairs, isPairTask } from './rank.ts';
import { type Resolved, taskView } from './resolve.ts';
import { type FittedRung, fitRungs } from './rungs.ts';
import { shapeRows } from './shape.ts';
import type { CompareDetail, CompareOptions, CompareReport, RungResult, Score } from './types.ts';
import { type VerdictRung, verdictOf } from './verdict.ts';
import { selectionOf, using, withheldOf } from './views.ts';

/** Scores with reasons listed in reports. */
const TOP = 10;

export async function compare(context: WorkspaceContext, options: CompareOptions): Promise<CompareDetail> {
  const seed = options.seed ?? 1;
  const budget = options.budget ?? 'normal';
  const resolved = await resolveAffordable(context, options, 'compare');
  const { task } = resolved;
  const test = heldOut(task);
  checkJudgeable(test);
  const segment = await segmentColumn(context, task, options);
  if (isPairTask(task)) return comparePairs(context, options, resolved);
  if (task.type === 'forecast') return compareForecast(context, options, resolved);
  const prepared = await prepare(
    { ...context, lastCredible: lastCredible(context), budget, seed, ...using(resolved) },
    task,
    options,
  );
  const matrix = selectRows(prepared.matrix, test.rows);
  const settings = { ...options, seed, budget, threads: context.threads };
  const rungs = await fitRungs(context.config, prepared, matrix, settings);
  const points = await pointsInUse(context, prepared, test);
  const results = [
    ...rungs.map((r) =>
      r.prediction
        ? judgeRung(r, r.prediction, prepared, test, seed)
        : noResult(r.model.name, r.model.level, r.note ?? 'not applicable'),
    ),
    ...(points ? [pointsResult(points, prepared, test, seed)] : []),
  ].sort((a, b) => a.level - b.level);
  const predictions = Object.fromEntries([
    ...rungs.flatMap((r) => (r.prediction ? [[r.model.name, r.prediction] as const] : [])),
    ...(points ? [['points-in-use', points.prediction] as const] : []),
  ]);
  const report: CompareReport = {
    task: taskView(resolved),
    snapshots: {
      train: counts(task, 'train'),
      val: counts(task, 'val'),
      test: counts(task, 'test'),
    },
    rungs: results,
    ...(await breakdowns(context, { prepared, test, rungs, results, predictions, segment }, settings)),
    verdict: verdict(prepared, results, predictions, test, seed),
    warnings: [...resolved.warnings, ...prepared.warnings],
    withheld: withheldOf(prepared),
    ...selectionOf(prepared),
  };
  return {
    report,
    outcomes: test.label,
    predictions,
    ...(points ? { points: Float32Array.from(points.score) } : {}),
    entityIds: Array.from(test.rows, (i) => task.snapshots.entityId[i]!),
    cutoffs: Float64Array.from(test.rows, (i) => task.snapshots.cutoff[i]!),
    accounts: test.clusters.account,
    top: await topScores(context, prepared, rungs, results, test),
  };
}

function judgeRung(
  { model, seconds, interval }: FittedRung,
  value: Float32Array,
  prepared: Prepared,
  test: HeldOut,
  seed: number,
): RungResult {
  const head = { name: model.name, level: model.level, seconds };
  return prepared.model.type === 'regression'
    ? judgeAmount(head, { value, ...(interval ? { interval } : {}) }, test, prepared.train.label, seed)
    : judge(head, prepared.model, value, test, seed);
}

const counts = (task: Resolved['task'], split: 'train' | 'val' | 'test') => ({
  rows: task.counts[split].rows,
  positives: task.counts[split].positives,
});

function checkJudgeable(test: HeldOut): void {
  if (test.rows.length === 0) {
    throw new LeadlightError('TASK_EMPTY', {
      problem: 'There are no labelled test rows to judge models on',
      remedy: 'Give the task table rows with split test and labels, or use `leadlight score`.',
    });
  }
}

function pointsResult(
  points: NonNullable<Awaited<ReturnType<typeof pointsInUse>>>,
  prepared: Prepared,
  test: HeldOut,
  seed: number,
): RungResult {
  const result = judge(
    { name: 'points-in-use', level: 2, seconds: 0 },
    prepared.model,
    points.prediction,
    test,
    seed,
  );
  return { ...result, note: points.note };
}

function verdict(
  prepared: Prepared,
  results: readonly RungResult[],
  predictions: Readonly<Record<string, Float32Array>>,
  test: HeldOut,
  seed: number,
): string {
  if (prepared.model.type === 'regression') return amountVerdict(results, predictions, test, seed);
  if (prepared.model.type === 'multiclass') return plainVerdict(results, test);
  const rungs: readonly VerdictRung[] = results.flatMap((r) =>
    r.auroc === null
      ? []
      : [{ name: r.name, level: r.level, auroc: r.auroc, competes: r.note === undefined }],
  );
  const positives = test.label.reduce((n, y) => n + (y > 0.5 ? 1 : 0), 0);
  const difference = (a: string, b: string) => differenceOf(predictions[a]!, predictions[b]!, test, seed);
  return verdictOf({ rungs, rows: test.rows.length, positives, difference });
}

function plainVerdict(results: readonly RungResult[], test: HeldOut): string {
  const judged = results.flatMap((r) =>
    r.accuracy === undefined ? [] : [{ name: r.name, value: r.accuracy }],
  );
  const best = judged.sort((a, b) => b.value - a.value)[0];
  if (!best) return 'No rung could be judged.';
  return `Best: ${best.name} with accuracy ${best.value.toPrecision(4)} on ${test.rows.length} test cases.`;
}

/** The best explaining rung's highest scores at the newest test cutoff. */
async function topScores(
  context: WorkspaceContext,
  prepared: Prepared,
  rungs: readonly FittedRung[],
  results: readonly RungResult[],
  test: HeldOut,
): Promise<readonly Score[]> {
  const merit = new Map(results.map((r) => [r.name, r.rmse === undefined ? (r.auroc ?? 0) : -r.rmse]));
  const able = rungs.filter((r) => r.fitted?.attribute && prepared.model.type !== 'multiclass');
  const best = [...able].sort((a, b) => (merit.get(b.model.name) ?? 0) - (merit.get(a.model.name) ?? 0))[0];
  if (!best?.fitted || !best.prediction) return [];
  const cutoff = prepared.task.snapshots.cutoff;
  const newest = test.rows.reduce((m, i) => Math.max(m, Number.isNaN(cutoff[i]!) ? -1 : cutoff[i]!), -1);
  const rows = test.rows.filter((i) => newest < 0 || cutoff[i] === newest);
  return shapeRows(context, prepared, { fitted: best.fitted, record: recordRung(rungs), rows, limit: TOP });
}

/** The rung that sees record fields only, for `firmographic_only`. */
export const recordRung = (rungs: readonly FittedRung[]): FittedRung['fitted'] =>
  rungs.find((r) => r.model.name === 'icp')?.fitted;
