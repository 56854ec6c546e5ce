/** One origin after another: task, features, rungs, and the predictions of its test block under each regime. */
import { KNOWN, ROW } from '../../data/schema/types.ts';
import { as, col, gt, select, table, ts } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { ladder } from '../../learn/models/ladder.ts';
import type { Budget } from '../../learn/models/types.ts';
import { printMoment } from '../../query/task/calendar.ts';
import { resplitTask } from '../../query/task/resplit.ts';
import type { Task } from '../../query/task/types.ts';
import { affordable } from './afford.ts';
import { type Block, queryBlocks, rowsOfBlock, tableBlocks } from './backtest-origins.ts';
import type { BacktestOptions, Regime } from './backtest-types.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type HeldOut, heldOut } from './evaluate.ts';
import { pointsInUse } from './points-in-use.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type Resolved, resolveTask } from './resolve.ts';
import { type FittedRung, fitRungs, ladderOptions } from './rungs.ts';
import type { CompareReport } from './types.ts';
import { using, withheldOf } from './views.ts';

export interface RungRun {
  readonly name: string;
  readonly level: number;
  /** Set when it did not run, or when it takes no part in the verdict. */
  readonly note?: string;
  readonly predictions: Readonly<Partial<Record<Regime, Float32Array>>>;
}

export interface OriginRun {
  readonly block: Block;
  readonly train: number;
  readonly val: number;
  readonly test: HeldOut;
  readonly entityId: readonly string[];
  readonly rungs: readonly RungRun[];
  readonly warnings: readonly string[];
  readonly withheld: CompareReport['withheld'];
}

export interface OriginRuns {
  readonly resolved: Resolved;
  /** Oldest first. */
  readonly runs: readonly OriginRun[];
  readonly warnings: readonly string[];
}

const ORIGINS: Readonly<Record<Budget, number>> = { quick: 3, normal: 6, best: 12 };
/** What a quick backtest fits: the orders in use today, flat models and the one that scores. */
const QUICK_RUNGS = ['newest', 'past-rate', 'rules', 'points-in-use', 'logistic', 'flat-trees', 'blend'];

export async function runOrigins(
  context: WorkspaceContext,
  options: BacktestOptions,
  regimes: readonly Regime[],
): Promise<OriginRuns> {
  const budget = options.budget ?? 'normal';
  const wanted = options.origins ?? ORIGINS[budget];
  const { trainTo, valAt, ...free } = options;
  const resolved = await resolveTask(context, free, 'compare');
  const { task } = resolved;
  checkBinary(task);
  const account = accountsOf(task);
  const origins = task.static
    ? [{ task: () => Promise.resolve(resolved) }]
    : task.source === 'task-table'
      ? tableOrigins(context, resolved, wanted, options.seed ?? 1)
      : queryOrigins(context, resolved, free, wanted);
  const runs: OriginRun[] = [];
  const skipped: string[] = [];
  for (const [done, origin] of origins.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.({ stage: 'origins', done, total: origins.length, unit: 'origins' });
    const at = await taskOr(origin.task, skipped);
    if (at) runs.push(await runOrigin(context, at, options, regimes, account));
  }
  if (runs.length === 0) throw nothingToTest(skipped);
  return {
    resolved,
    runs: runs.reverse(),
    warnings: [...fewOrigins(task, runs.length, wanted), ...maturity(task), ...skipped],
  };
}

interface Origin {
  readonly task: () => Promise<Resolved>;
}

function queryOrigins(
  context: WorkspaceContext,
  { task }: Resolved,
  options: BacktestOptions,
  wanted: number,
): readonly Origin[] {
  const { blocks, stepDays } = queryBlocks(task, options.stepDays, wanted);
  return blocks.map(({ first, last }) => ({
    task: () =>
      resolveTask(
        context,
        {
          ...options,
          testAt: printMoment(first),
          testTo: printMoment(last),
          ...(stepDays === undefined ? {} : { stepDays }),
        },
        'compare',
      ),
  }));
}

function tableOrigins(
  context: WorkspaceContext,
  resolved: Resolved,
  wanted: number,
  seed: number,
): readonly Origin[] {
  const { blocks } = tableBlocks(resolved.task, wanted);
  return blocks.map((block) => ({
    task: async () => {
      const { rows, split, validation } = rowsOfBlock(resolved.task, block, seed);
      const task = await resplitTask(context.engine, resolved.task, rows, split, validation);
      return { ...resolved, task };
    },
  }));
}

/** An origin whose block or history holds one class only teaches nothing: it is left out and named. */
async function taskOr(make: () => Promise<Resolved>, skipped: string[]): Promise<Resolved | undefined> {
  try {
    return await make();
  } catch (thrown) {
    if (!(thrown instanceof LeadlightError) || !thrown.code.startsWith('TASK_')) throw thrown;
    skipped.push(`An origin was left out: ${thrown.message}`);
    return undefined;
  }
}

async function runOrigin(
  context: WorkspaceContext,
  asked: Resolved,
  options: BacktestOptions,
  regimes: readonly Regime[],
  account: (entityRow: number) => number,
): Promise<OriginRun> {
  const resolved = await affordable(context, asked, options);
  const { task } = resolved;
  const budget = options.budget ?? 'normal';
  const seed = options.seed ?? 1;
  const test = heldOutOf(task, account);
  const cutoffs = Array.from(test.clusters.cutoff ?? []);
  const block = { first: Math.min(...new Set(cutoffs)), last: Math.max(...new Set(cutoffs)) };
  const frozen = regimes.includes('frozen') && !task.static;
  const input = {
    ...context,
    lastCredible: lastCredible(context),
    budget,
    seed,
    ...using(resolved),
    ...(frozen ? { earlier: { split: 'test' as const, notAfter: block.first } } : {}),
  };
  const prepared = await prepare(input, task, options);
  const matrix = selectRows(prepared.matrix, test.rows);
  const fitted = await fitRungs(context.config, prepared, matrix, {
    ...options,
    ...rungsOf(context, prepared, options),
    seed,
    budget,
    threads: context.threads,
  });
  const cut = frozen ? await frozenMatrix(context, prepared, test, block.first) : undefined;
  const rungs: RungRun[] = [];
  for (const rung of fitted) rungs.push(await rungRun(rung, regimes, cut));
  const points = await pointsInUse(context, prepared, test);
  if (points) {
    const { prediction, note } = points;
    const predictions = Object.fromEntries(regimes.map((r) => [r, prediction]));
    rungs.push({ name: 'points-in-use', level: 2, note, predictions });
  }
  return {
    block,
    train: task.counts.train.rows,
    val: task.counts.val.rows,
    test,
    entityId: Array.from(test.rows, (i) => task.snapshots.entityId[i]!),
    rungs: rungs.sort((a, b) => a.level - b.level),
    warnings: [...resolved.warnings, ...prepared.warnings],
    withheld: withheldOf(prepared),
  };
}

/** Clusters are numbered anew at each origin: the account an entity has in the newest numbering holds for all. */
function accountsOf({ snapshots }: Task): (entityRow: number) => number {
  const known = new Map<number, number>();
  snapshots.entityRow.forEach((row, i) => {
    if (row >= 0) known.set(row, snapshots.cluster[i]!);
  });
  const past = snapshots.cluster.reduce((a, b) => Math.max(a, b), -1) + 1;
  return (row) => known.get(row) ?? past + row;
}

function heldOutOf(task: Task, account: (entityRow: number) => number): HeldOut {
  const test = heldOut(task);
  const own = test.clusters.account;
  const clusters = {
    ...test.clusters,
    account: Int32Array.from(test.rows, (sid, k) => {
      const row = task.snapshots.entityRow[sid]!;
      return row < 0 ? -1 - own[k]! : account(row);
    }),
  };
  return { ...test, clusters };
}

function rungsOf(
  context: WorkspaceContext,
  prepared: Prepared,
  { rungs, budget }: BacktestOptions,
): { readonly rungs?: readonly string[] } {
  if (rungs !== undefined || budget !== 'quick') return rungs === undefined ? {} : { rungs };
  const all = ladder(ladderOptions(context.config, prepared)).map((m) => m.name);
  return { rungs: all.filter((name) => QUICK_RUNGS.includes(name)) };
}

async function rungRun(
  rung: FittedRung,
  regimes: readonly Regime[],
  cut: FeatureMatrix | undefined,
): Promise<RungRun> {
  const { model, fitted, prediction, note } = rung;
  const head = { name: model.name, level: model.level, ...(note === undefined ? {} : { note }) };
  if (!fitted || !prediction) return { ...head, predictions: {} };
  return {
    ...head,
    predictions: {
      ...(regimes.includes('rolling') ? { rolling: prediction } : {}),
      ...(regimes.includes('frozen') ? { frozen: cut ? await fitted.predict(cut) : prediction } : {}),
    },
  };
}

/** The labelled test rows as they stood at the split; of an entity not known by then, nothing is. */
async function frozenMatrix(
  context: WorkspaceContext,
  prepared: Prepared,
  test: HeldOut,
  split: number,
): Promise<FeatureMatrix> {
  const { task } = prepared;
  const place = new Map<number, number>();
  task.snapshots.split.forEach((s, sid) => {
    if (s === 'test') place.set(sid, place.size);
  });
  const matrix = selectRows(
    prepared.earlier!,
    Int32Array.from(test.rows, (sid) => place.get(sid)!),
  );
  const unknown = await bornAfter(context, task.entityTable, split);
  test.rows.forEach((sid, k) => {
    if (unknown.has(task.snapshots.entityRow[sid]!)) for (const column of matrix.data) column[k] = Number.NaN;
  });
  return matrix;
}

async function bornAfter(
  context: WorkspaceContext,
  entityTable: string,
  moment: number,
): Promise<ReadonlySet<number>> {
  const query = select({
    columns: [as(col('e', ROW), 'row')],
    from: table(entityTable, 'e', 'data'),
    where: gt(col('e', KNOWN), ts(moment)),
  });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Set(rows.map((r) => Number(r.row)));
}

function checkBinary(task: Task): void {
  if (task.type === 'binary') return;
  throw new LeadlightError('USAGE', {
    problem: `A backtest judges yes-or-no targets by decile and month; this target is ${task.type}`,
    remedy: 'Ask a yes-or-no question, e.g. COUNT(...) > 0, or judge it once with `leadlight compare`.',
  });
}

const nothingToTest = (skipped: readonly string[]): LeadlightError =>
  new LeadlightError('TASK_EMPTY', {
    problem: `No origin could be tested${skipped.length > 0 ? ` (${skipped[0]})` : ''}`,
    remedy: 'Use a shorter window, or add older data; `leadlight labels` shows what there is.',
  });

function fewOrigins(task: Task, ran: number, wanted: number): readonly string[] {
  if (task.static)
    return ['This task has no cutoffs: one split by account or age is judged, which is no rolling backtest.'];
  if (ran >= wanted) return [];
  return [
    `History has room for ${ran} of the ${wanted} origins asked for: change over time is judged on these.`,
  ];
}

const maturity = (task: Task): readonly string[] =>
  task.source === 'task-table' && !task.static && task.horizon === undefined
    ? [
        'Without --horizon a label of the task table counts as known to every later origin: training may peek, and results flatter.',
      ]
    : [];
