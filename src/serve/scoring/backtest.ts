/**
 * backtest: the same models fitted again and again at origins going back in time, each on labels matured by then and
 * judged on the cutoffs that follow, under one or both regimes, with what changes over time.
 */
import { pairedDifference } from '../../learn/metrics/bootstrap.ts';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import { printMoment } from '../../query/task/calendar.ts';
import { baseRate, rungFigures } from './backtest-figures.ts';
import { estimateOf, type Pool, pooledPrediction, poolOf, subPool, withinOrigins } from './backtest-pool.ts';
import { type OriginRun, runOrigins } from './backtest-run.ts';
import type {
  BacktestDetail,
  BacktestOptions,
  BacktestRung,
  Estimate,
  OriginView,
  Regime,
  RegimeReport,
} from './backtest-types.ts';
import type { WorkspaceContext } from './context.ts';
import { taskView } from './resolve.ts';
import type { CompareReport } from './types.ts';
import { verdictOf } from './verdict.ts';

const REGIMES: Readonly<Record<Regime | 'both', readonly Regime[]>> = {
  rolling: ['rolling'],
  frozen: ['frozen'],
  both: ['rolling', 'frozen'],
};

export async function backtest(context: WorkspaceContext, options: BacktestOptions): Promise<BacktestDetail> {
  const seed = options.seed ?? 1;
  const regimes = REGIMES[options.regime ?? 'rolling'];
  const { resolved, runs, warnings } = await runOrigins(context, options, regimes);
  const pool = poolOf(runs);
  const names = runs.map(nameOf);
  const predictions = Object.fromEntries(regimes.map((r) => [r, predictionsOf(runs, pool, r)]));
  const reports = regimes.map((regime) =>
    regimeReport(runs, pool, predictions[regime]!, regime, names, seed),
  );
  const { account, cutoff } = pool.clusters;
  return {
    report: {
      task: taskView(resolved),
      origins: runs.map(originView),
      rows: pool.rows,
      positives: pool.label.reduce((a, b) => a + b, 0),
      regimes: reports,
      regime_difference: regimes.length === 2 ? regimeDifference(reports, predictions, pool, seed) : null,
      base_rate: baseRate(pool.label, cutoff, account),
      warnings: [...new Set([...warnings, ...runs.flatMap((r) => r.warnings)])],
      withheld: withheldAnywhere(runs),
    },
    outcomes: pool.label,
    predictions,
    entityIds: runs.flatMap((r) => r.entityId),
    cutoffs: cutoff,
  };
}

const nameOf = ({ block }: OriginRun): string =>
  Number.isFinite(block.first) ? printMoment(block.first) : 'undated';

function originView(run: OriginRun): OriginView {
  const { block, test, train, val } = run;
  return {
    origin: nameOf(run),
    to: Number.isFinite(block.last) ? printMoment(block.last) : 'undated',
    cutoffs: new Set(test.clusters.cutoff ? Array.from(test.clusters.cutoff) : []).size,
    train,
    val,
    rows: test.rows.length,
    positives: test.label.reduce((a, b) => a + b, 0),
  };
}

type Predictions = Readonly<Record<string, Float32Array>>;

const predictionsOf = (runs: readonly OriginRun[], pool: Pool, regime: Regime): Predictions =>
  Object.fromEntries(rungNames(runs).map((name) => [name, pooledPrediction(runs, pool, name, regime)]));

/** By level, then as the ladder lists them. */
function rungNames(runs: readonly OriginRun[]): readonly string[] {
  const levels = new Map(runs.flatMap((r) => r.rungs.map((g) => [g.name, g.level] as const)));
  return [...levels].sort((a, b) => a[1] - b[1]).map(([name]) => name);
}

function regimeReport(
  runs: readonly OriginRun[],
  pool: Pool,
  predictions: Predictions,
  regime: Regime,
  origins: readonly string[],
  seed: number,
): RegimeReport {
  const rungs = rungNames(runs).map((name) => {
    const found = runs.flatMap((r) => r.rungs.filter((g) => g.name === name));
    const note = found.find((g) => g.note !== undefined)?.note;
    const { level } = found[0]!;
    return rungFigures(
      pool,
      { name, level, ...(note === undefined ? {} : { note }), score: predictions[name]! },
      origins,
      seed,
    );
  });
  return { regime, rungs, verdict: verdict(rungs, predictions, pool, seed) };
}

/** Two rungs on the origins where both ran. */
function difference(a: Float32Array, b: Float32Array, pool: Pool, seed: number) {
  const both = new Set(
    pool.parts.filter((p) => !Number.isNaN(a[p.from]!) && !Number.isNaN(b[p.from]!)).map((p) => p.origin),
  );
  const { pool: part, rows } = subPool(pool, (o) => both.has(o));
  const on = (score: Float32Array) =>
    withinOrigins(
      aurocMetric,
      Float32Array.from(rows, (i) => score[i]!),
      part,
    );
  return pairedDifference(on(a), on(b), part.clusters, { seed });
}

function verdict(rungs: readonly BacktestRung[], predictions: Predictions, pool: Pool, seed: number): string {
  const text = verdictOf({
    rungs: rungs.flatMap((r) =>
      r.auroc.value === null
        ? []
        : [{ name: r.name, level: r.level, auroc: r.auroc.value, competes: r.note === undefined }],
    ),
    rows: pool.rows,
    positives: pool.label.reduce((a, b) => a + b, 0),
    difference: (a, b) => difference(predictions[a]!, predictions[b]!, pool, seed),
  });
  return [text, ...overOrigins(rungs), ...overTime(rungs)].join(' ');
}

/** In how many origins the highest rung leads the best order that learns nothing. */
function overOrigins(rungs: readonly BacktestRung[]): readonly string[] {
  const lead = leadOf(rungs);
  const plain = rungs.filter((r) => r.note === undefined && r.level < 1 && r.auroc.value !== null);
  const best = [...plain].sort((a, b) => b.auroc.value! - a.auroc.value!)[0];
  if (!lead || !best || lead === best || lead.origins < 2) return [];
  const other = new Map(best.by_origin.map((o) => [o.origin, o.auroc.value]));
  const shared = lead.by_origin.filter(
    (o) => o.auroc.value !== null && (other.get(o.origin) ?? null) !== null,
  );
  const ahead = shared.filter((o) => o.auroc.value! > other.get(o.origin)!).length;
  return [`${lead.name} is ahead of ${best.name} at ${ahead} of ${shared.length} origins.`];
}

function overTime(rungs: readonly BacktestRung[]): readonly string[] {
  const lead = leadOf(rungs);
  const rank = lead?.auroc_change;
  if (!lead || rank?.value === null || rank?.value === undefined || rank.ci === null) return [];
  const [low, high] = rank.ci;
  const range = `${rank.value >= 0 ? '+' : '−'}${Math.abs(rank.value).toFixed(3)} AUROC, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}`;
  if (high < 0) return [`${lead.name} ranks worse in the later origins than in the earlier (${range}).`];
  if (low > 0) return [`${lead.name} ranks better in the later origins than in the earlier (${range}).`];
  return [`Its ranking holds over time within noise (later half against earlier: ${range}).`];
}

/** The rung that scoring would use: the highest that competes. */
export const leadOf = (rungs: readonly BacktestRung[]): BacktestRung | undefined =>
  rungs
    .filter((r) => r.note === undefined && r.origins > 0)
    .reduce<BacktestRung | undefined>((a, b) => (a === undefined || b.level >= a.level ? b : a), undefined);

function regimeDifference(
  reports: readonly RegimeReport[],
  predictions: Readonly<Record<string, Predictions>>,
  pool: Pool,
  seed: number,
): Estimate | null {
  const lead = leadOf(reports[0]!.rungs);
  if (!lead) return null;
  const of = (regime: Regime): Float32Array => predictions[regime]![lead.name]!;
  return estimateOf(difference(of('rolling'), of('frozen'), pool, seed));
}

function withheldAnywhere(runs: readonly OriginRun[]): CompareReport['withheld'] {
  const newestLast = new Map(runs.flatMap((r) => r.withheld.map((w) => [w.column, w] as const)));
  return [...newestLast.values()].sort((a, b) => (a.column < b.column ? -1 : a.column > b.column ? 1 : 0));
}
