/** score for rankings and multilabel tasks: the best items of each entity with probabilities and reasons. */
import { createHash } from 'node:crypto';
import { phraseOf } from '../../learn/explain/phrase.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Attribution, Fitted } from '../../learn/models/types.ts';
import type { WorkspaceContext } from './context.ts';
import { CONDITIONAL } from './rank.ts';
import {
  bestOf,
  eachBatch,
  fitPairRungs,
  type PairTask,
  pairMatrix,
  preparePairs,
  stretches,
} from './rank-pairs.ts';
import { type Resolved, taskView } from './resolve.ts';
import { scoredRows } from './scorable.ts';
import { shapeRows } from './shape.ts';
import type { ItemReason, Score, ScoredItem, ScoreReport, TargetOptions } from './types.ts';

const DEFAULT_RUNG = 'trees';
/** Reasons given for each item. */
const REASONS = 3;
/** Items listed for a multilabel task: all that are likelier than not worth naming. */
const LABELS_LISTED = 20;

export async function scorePairs(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<ScoreReport> {
  const { task } = resolved;
  const rows = scoredRows(task);
  const pairTask = await preparePairs(context, options, resolved);
  const [rung] = await fitPairRungs(pairTask, options, [options.rungs?.[0] ?? DEFAULT_RUNG]);
  const listed = await listItems(pairTask, rung!.fitted, rows, options);
  const top = Float32Array.from(rows, (sid) => listed.get(sid)?.[0]?.probability ?? 0);
  const shaped = await shapeRows(
    context,
    { ...pairTask.prepared, model: { type: 'binary' } },
    { fitted: { predict: async () => top, save: () => null }, rows },
    options,
  );
  const scores = shaped.map((score, i): Score => ({ ...score, items: listed.get(rows[i]!) ?? [] }));
  return {
    task: taskView(resolved),
    model: {
      rung: rung!.model.name,
      version: versionOf(rung!.fitted),
      status: null,
      data_cutoff: null,
      trained_rows: task.counts.train.rows + task.counts.val.rows,
      positives: 0,
    },
    cutoff: newest(task.snapshots.cutoff, rows),
    scores: scores.sort((a, b) => b.probability - a.probability),
    shadows: [],
    warnings: [...resolved.warnings, ...pairTask.prepared.warnings, CONDITIONAL],
  };
}

export const versionOf = (fitted: Fitted): string =>
  createHash('sha256').update(JSON.stringify(fitted.save())).digest('hex').slice(0, 12);

export function newest(cutoff: Float64Array, rows: Int32Array): string | null {
  const last = rows.reduce((m, i) => Math.max(m, cutoff[i]!), Number.NEGATIVE_INFINITY);
  return Number.isFinite(last) ? new Date(last).toISOString() : null;
}

/** Of each snapshot its best items, best first. */
async function listItems(
  pairTask: PairTask,
  fitted: Fitted,
  rows: Int32Array,
  options: TargetOptions,
): Promise<ReadonlyMap<number, readonly ScoredItem[]>> {
  const { task, items } = pairTask;
  const k = task.type === 'multilabel' ? LABELS_LISTED : pairTask.k;
  const listed = new Map<number, readonly ScoredItem[]>();
  await eachBatch(pairTask, rows, options, async (pairs) => {
    const matrix = await pairMatrix(pairTask, pairs);
    const probability = await fitted.predict(matrix, options);
    const best = stretches(pairs.sid).map(([from, end]) => bestOf(probability, pairs, from, end, k));
    const kept = Int32Array.from(best.flat());
    const part = selectRows(matrix, kept);
    const attribution = await fitted.attribute?.(part, options);
    let at = 0;
    for (const places of best) {
      const own = places.map((place): ScoredItem => {
        const row = at++;
        return {
          item: items[pairs.item[place]!]!,
          probability: probability[place]!,
          reasons: attribution ? reasonsOf(part, attribution, row) : [],
        };
      });
      if (places.length > 0) listed.set(pairs.sid[places[0]!]!, own);
    }
  });
  return listed;
}

/** The columns that moved the log-odds most; their shares add to 1. */
function reasonsOf(
  { columns, data }: FeatureMatrix,
  { values }: Attribution,
  row: number,
): readonly ItemReason[] {
  const strongest = [...columns.keys()]
    .filter((c) => values[c]![row]! !== 0)
    .sort((a, b) => Math.abs(values[b]![row]!) - Math.abs(values[a]![row]!) || a - b)
    .slice(0, REASONS);
  const total = strongest.reduce((sum, c) => sum + Math.abs(values[c]![row]!), 0);
  return strongest.map((c) => {
    const direction = values[c]![row]! > 0 ? 'up' : 'down';
    return {
      signal: columns[c]!.signal,
      share: Math.abs(values[c]![row]!) / total,
      direction,
      sentence: phraseOf({ column: columns[c]!, value: data[c]![row]!, direction, currency: '' }),
    };
  });
}
