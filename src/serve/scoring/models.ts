/** The models of a workspace: list, show, promote, shadow, roll back; and two versions side by side. */

import { LeadlightError } from '../../errors.ts';
import { pairedDifference } from '../../learn/metrics/bootstrap.ts';
import { aurocMetric, averagePrecisionMetric } from '../../learn/metrics/ranking.ts';
import { replayVersion } from './choose.ts';
import type { WorkspaceContext } from './context.ts';
import { movesOf } from './moves.ts';
import { float32Of } from './registry/bytes.ts';
import { findModel, modelsFolder, readHeldOut } from './registry/store.ts';
import type { HeldOutRows, RegisteredModel } from './registry/types.ts';
import type { Moves, TargetOptions } from './types.ts';

export interface MetricPair {
  readonly metric: string;
  readonly first: number | null;
  readonly second: number | null;
  /** first − second, 95 % interval by accounts and cutoffs drawn together. */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface ModelComparison {
  readonly first: RegisteredModel;
  readonly second: RegisteredModel;
  /** On the cases held out from both. */
  readonly held_out: {
    readonly rows: number;
    readonly positives: number;
    readonly metrics: readonly MetricPair[];
  } | null;
  readonly held_out_missing: string | null;
  /** The first version as against the second on the population now. */
  readonly moves: Moves;
  readonly warnings: readonly string[];
}

export async function compareModels(
  context: WorkspaceContext,
  versions: readonly [string, string],
  options: Omit<TargetOptions, 'rungs' | 'budget' | 'seed'>,
): Promise<ModelComparison> {
  const folder = modelsFolder(context.dir);
  const [first, second] = (await Promise.all(versions.map((v) => findModel(folder, v)))) as [
    RegisteredModel,
    RegisteredModel,
  ];
  if (first.card.question !== second.card.question)
    throw new LeadlightError('MODEL_UNFIT', {
      problem: `${versions[0]} and ${versions[1]} answer different questions: ${asked(first)} and ${asked(second)}`,
      remedy: 'Compare versions of one question (`leadlight models list`)',
    });
  const question = questionOptions(first, options);
  const a = await replayVersion(context, first, question);
  const b = await replayVersion(context, second, question);
  const [rowsA, rowsB] = [await readHeldOut(folder, versions[0]), await readHeldOut(folder, versions[1])];
  const paired = rowsA && rowsB ? sharedRows(rowsA, rowsB) : undefined;
  const judged = first.card.task.type === 'binary' && paired !== undefined && paired.label.length > 0;
  return {
    first,
    second,
    held_out: judged ? metricsOf(paired, first.card.parameters.seed) : null,
    held_out_missing: judged ? null : missing(first, paired),
    moves: await movesOf(a, b, options),
    warnings: [...new Set([...a.warnings, ...b.warnings])],
  };
}

const asked = ({ card }: RegisteredModel): string => card.task.query ?? card.task.description;

function questionOptions({ card }: RegisteredModel, options: TargetOptions): TargetOptions {
  if (card.task.query !== null) {
    const { target: _, taskTable: __, entity: ___, ...rest } = options;
    return { ...rest, query: card.task.query };
  }
  if (options.taskTable !== undefined) return options;
  throw new LeadlightError('USAGE', {
    problem: 'These versions answer the question of a task table',
    remedy: 'Name it with --task-table FILE and --entity COLUMN.',
  });
}

interface Paired {
  readonly label: Float32Array;
  readonly account: Int32Array;
  readonly cutoff: Float64Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Cases that both were judged on, in the order of the first. */
function sharedRows(a: HeldOutRows, b: HeldOutRows): Paired {
  const key = (rows: HeldOutRows, i: number): string => JSON.stringify([rows.entity_id[i], rows.cutoff[i]]);
  const place = new Map(b.entity_id.map((_, i) => [key(b, i), i]));
  const pairs = a.entity_id.flatMap((_, i) => {
    const k = place.get(key(a, i));
    return k === undefined || a.label[i] !== b.label[k] ? [] : [[i, k] as const];
  });
  const [first, second] = [float32Of(a.prediction), float32Of(b.prediction)];
  return {
    label: Float32Array.from(pairs, ([i]) => a.label[i]!),
    account: Int32Array.from(pairs, ([i]) => a.cluster[i]!),
    cutoff: Float64Array.from(pairs, ([i]) => a.cutoff[i] ?? Number.NaN),
    first: Float32Array.from(pairs, ([i]) => first[i]!),
    second: Float32Array.from(pairs, ([, k]) => second[k]!),
  };
}

const METRICS = [
  ['AUROC', aurocMetric],
  ['average precision', averagePrecisionMetric],
] as const;

function metricsOf(
  { label, account, cutoff, first, second }: Paired,
  seed: number,
): NonNullable<ModelComparison['held_out']> {
  return {
    rows: label.length,
    positives: label.reduce((n, y) => n + (y > 0.5 ? 1 : 0), 0),
    metrics: METRICS.map(([metric, make]) => {
      const [a, b] = [make(first, label), make(second, label)];
      const d = pairedDifference(a, b, { account, cutoff }, { seed });
      return {
        metric,
        first: finite(a()),
        second: finite(b()),
        difference: finite(d.estimate),
        interval: Number.isNaN(d.low) ? null : [d.low, d.high],
      };
    }),
  };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

function missing({ card }: RegisteredModel, paired: Paired | undefined): string {
  if (card.task.type !== 'binary') return 'Versions are compared case by case for yes/no questions only.';
  return paired === undefined
    ? 'One of the versions was not judged on held-out outcomes.'
    : 'The versions were judged on different cases.';
}
