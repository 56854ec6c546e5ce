/** compare for rankings and multilabel tasks: the lists each rung makes for the test rows, judged on what came. */
import { clusteredInterval, pairedDifference } from '../../learn/metrics/bootstrap.ts';
import type { WeightedMetric } from '../../learn/metrics/ranked.ts';
import {
  f1Metric,
  type LabelGrid,
  type ListOutcome,
  listMetric,
  macroAveragePrecision,
  microAveragePrecision,
} from '../../learn/metrics/recommendation.ts';
import type { Task } from '../../query/task/types.ts';
import type { WorkspaceContext } from './context.ts';
import { EMPTY, type HeldOut, heldOut } from './evaluate.ts';
import {
  bestOf,
  eachBatch,
  type FittedPairs,
  fitPairRungs,
  type PairTask,
  pairMatrix,
  preparePairs,
  stretches,
  truthOf,
} from './rank-pairs.ts';
import { type Resolved, taskView } from './resolve.ts';
import type { CompareDetail, CompareReport, RankingFacts, RungResult, TargetOptions } from './types.ts';
import { selectionOf, withheldOf } from './views.ts';

export const isPairTask = ({ type }: Task): boolean => type === 'ranking' || type === 'multilabel';

export async function comparePairs(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<CompareDetail> {
  const { task } = resolved;
  const test = heldOut(task);
  const seed = options.seed ?? 1;
  const pairTask = await preparePairs(context, options, resolved);
  const fitted = await fitPairRungs(pairTask, options, options.rungs);
  const judged = await judgeLists(pairTask, fitted, test, options);
  const results = fitted.map((f, r) => resultOf(pairTask, f, judged, r, test, seed));
  const report: CompareReport = {
    task: taskView(resolved),
    snapshots: {
      train: countsOf(task, 'train'),
      val: countsOf(task, 'val'),
      test: countsOf(task, 'test'),
    },
    rungs: results,
    ranking: judged.facts,
    verdict: verdictOf(pairTask, results, judged, test, seed),
    warnings: [...resolved.warnings, ...pairTask.prepared.warnings, CONDITIONAL],
    withheld: withheldOf(pairTask.prepared),
    ...selectionOf(pairTask.prepared),
  };
  return {
    report,
    outcomes: test.label,
    predictions: {},
    entityIds: Array.from(test.rows, (i) => task.snapshots.entityId[i]!),
    cutoffs: Float64Array.from(test.rows, (i) => task.snapshots.cutoff[i]!),
    accounts: test.clusters.account,
    top: [],
  };
}

export const CONDITIONAL =
  'An empty list is no label: probabilities are those of entities that will have at least one item.';

const countsOf = (task: Task, split: 'train' | 'val' | 'test') => ({
  rows: task.counts[split].rows,
  positives: task.counts[split].positives,
});

interface Judged {
  /** By rung, then test row. */
  readonly lists: readonly (readonly ListOutcome[])[];
  /** Items listed for anyone, by rung. */
  readonly listed: readonly ReadonlySet<number>[];
  /** Multilabel: all items of all rows, by rung. */
  readonly grids: readonly LabelGrid[];
  readonly facts: RankingFacts;
}

async function judgeLists(
  pairTask: PairTask,
  fitted: readonly FittedPairs[],
  test: HeldOut,
  options: TargetOptions,
): Promise<Judged> {
  const { task, items, k } = pairTask;
  const truths = Array.from(test.rows, (sid) => truthOf(task.heldOut, sid));
  const rowOf = new Map(Array.from(test.rows, (sid, row) => [sid, row]));
  const lists = fitted.map(() => truths.map((t): ListOutcome => ({ hits: [], truths: t.size })));
  const listed = fitted.map(() => new Set<number>());
  const labels = task.type === 'multilabel' ? await offeredItems(pairTask, test.rows, options) : [];
  const cellOf = new Map(labels.map((item, cell) => [item, cell]));
  const grids = fitted.map(() =>
    emptyGrid(
      truths,
      labels.map((item) => items[item]!),
    ),
  );
  let candidates = 0;
  let reachable = 0;
  await eachBatch(pairTask, test.rows, options, async (pairs) => {
    candidates += pairs.sid.length;
    pairs.sid.forEach((sid, i) => {
      if (truths[rowOf.get(sid)!]!.has(items[pairs.item[i]!]!)) reachable++;
    });
    const matrix = await pairMatrix(pairTask, pairs);
    for (const [r, { fitted: model }] of fitted.entries()) {
      const probability = await model.predict(matrix, options);
      for (const [from, end] of stretches(pairs.sid)) {
        const row = rowOf.get(pairs.sid[from]!)!;
        const best = bestOf(probability, pairs, from, end, k);
        for (const i of best) listed[r]!.add(pairs.item[i]!);
        const hits = best.map((i) => truths[row]!.has(items[pairs.item[i]!]!));
        lists[r]![row] = { hits, truths: truths[row]!.size };
        for (const i of labels.length > 0 ? best : [])
          grids[r]!.probability[row * labels.length + cellOf.get(pairs.item[i]!)!] = probability[i]!;
      }
    }
  });
  const all = truths.reduce((sum, t) => sum + t.size, 0);
  return {
    lists,
    listed,
    grids,
    facts: {
      k,
      items: items.length,
      candidates_per_row: candidates / Math.max(1, test.rows.length),
      candidate_recall: all > 0 ? reachable / all : 0,
      true_items_per_row: all / Math.max(1, test.rows.length),
    },
  };
}

/** Items that are a candidate of any of the rows. */
async function offeredItems(
  pairTask: PairTask,
  sids: Int32Array,
  options: TargetOptions,
): Promise<readonly number[]> {
  const seen = new Set<number>();
  await eachBatch(pairTask, sids, options, async ({ item }) => {
    for (const i of item) seen.add(i);
  });
  return [...seen].sort((a, b) => a - b);
}

const emptyGrid = (truths: readonly ReadonlySet<string>[], labels: readonly string[]): LabelGrid => ({
  rows: truths.length,
  items: labels.length,
  probability: new Float32Array(truths.length * labels.length),
  truth: Uint8Array.from(truths.flatMap((t) => labels.map((label) => (t.has(label) ? 1 : 0)))),
});

function resultOf(
  { task, items, k }: PairTask,
  { model, seconds }: FittedPairs,
  judged: Judged,
  rung: number,
  test: HeldOut,
  seed: number,
): RungResult {
  const ci = (metric: WeightedMetric): readonly [number, number] => {
    const { low, high } = clusteredInterval(metric, test.clusters, { seed });
    return [low, high];
  };
  const head = { name: model.name, level: model.level, seconds, ...EMPTY };
  if (task.type === 'multilabel') {
    const grid = judged.grids[rung]!;
    const [macro, micro] = [macroAveragePrecision(grid), microAveragePrecision(grid)];
    return {
      ...head,
      macro_ap: macro(),
      macro_ap_ci: ci(macro),
      micro_ap: micro(),
      micro_ap_ci: ci(micro),
      micro_f1: f1Metric(grid, 'micro')(),
      macro_f1: f1Metric(grid, 'macro')(),
    };
  }
  const of = (figure: Parameters<typeof listMetric>[2]) => listMetric(judged.lists[rung]!, k, figure);
  return {
    ...head,
    map: of('averagePrecision')(),
    map_ci: ci(of('averagePrecision')),
    recall: of('recall')(),
    recall_ci: ci(of('recall')),
    hit: of('hit')(),
    hit_ci: ci(of('hit')),
    mrr: of('reciprocalRank')(),
    ndcg: of('ndcg')(),
    ndcg_ci: ci(of('ndcg')),
    catalogue_share: judged.listed[rung]!.size / Math.max(1, items.length),
  };
}

function verdictOf(
  { task, k }: PairTask,
  results: readonly RungResult[],
  judged: Judged,
  test: HeldOut,
  seed: number,
): string {
  const multilabel = task.type === 'multilabel';
  const name = multilabel ? 'micro average precision' : `MAP@${k}`;
  const value = (r: RungResult): number => (multilabel ? r.micro_ap : r.map) ?? Number.NaN;
  const metric = (r: RungResult): WeightedMetric => {
    const at = results.indexOf(r);
    return multilabel
      ? microAveragePrecision(judged.grids[at]!)
      : listMetric(judged.lists[at]!, k, 'averagePrecision');
  };
  const ordered = [...results].sort((a, b) => value(b) - value(a) || a.level - b.level);
  const best = ordered[0];
  const naive = ordered.find((r) => r.level < 1);
  if (!best || Number.isNaN(value(best))) return 'No rung could be judged.';
  const reach = `the candidates hold ${(100 * judged.facts.candidate_recall).toFixed(1)} % of the items that came`;
  const head = `Best: ${best.name} with ${name} ${value(best).toFixed(3)} on ${test.rows.length} test rows; ${reach}.`;
  if (!naive) return head;
  if (naive === best) return `${head} Nothing does better than this rule.`;
  const d = pairedDifference(metric(best), metric(naive), test.clusters, { seed });
  const gap = `${d.estimate.toFixed(3)} (95 % interval ${d.low.toFixed(3)} to ${d.high.toFixed(3)})`;
  return d.low > 0
    ? `${head} It beats ${naive.name} (${value(naive).toFixed(3)}) by ${gap}.`
    : `${head} That is no better than ${naive.name} (${value(naive).toFixed(3)}) beyond noise: ${gap}.`;
}
