/** Every figure by the values of a column, and whether a model of its own would serve a segment better. */

import { selectRows } from '../../learn/features/screen.ts';
import { pairedDifference } from '../../learn/metrics/bootstrap.ts';
import { observedOverExpected } from '../../learn/metrics/drift.ts';
import { aurocMetric, liftMetric } from '../../learn/metrics/ranking.ts';
import { clusteredRate } from '../../learn/metrics/rate.ts';
import type { Sample } from '../../learn/models/types.ts';
import type { SegmentRow, SegmentView } from './audit-types.ts';
import { rateRow } from './backtest-figures.ts';
import { estimated, estimateOf } from './backtest-pool.ts';
import type { WorkspaceContext } from './context.ts';
import type { HeldOut } from './evaluate.ts';
import type { Prepared } from './prepare.ts';
import { type FittedRung, fitRungs, type RungOptions } from './rungs.ts';

/** Segments with fewer test cases are shown together. */
const LEAST = 20;
const MOST = 12;
/** Positives in training from which a segment may have a model of its own. */
const OWN_MODEL = 200;
const OTHER = '(other)';
export const MISSING = '(missing)';

export interface SegmentInput {
  readonly column: string;
  readonly cells: ReadonlyMap<number, string>;
  readonly rung: FittedRung;
  readonly prepared: Prepared;
  readonly test: HeldOut;
}

/** Values by frequency in the test rows, then by name; rare ones together. */
export function commonValues(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts]
    .filter(([, n]) => n >= LEAST)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST)
    .map(([v]) => v);
}

export async function segmentView(
  context: WorkspaceContext,
  input: SegmentInput,
  options: RungOptions,
): Promise<SegmentView> {
  const { prepared, test, cells, rung, column } = input;
  const { entityRow } = prepared.task.snapshots;
  const all = Array.from(test.rows, (sid) => cells.get(entityRow[sid]!) ?? MISSING);
  const common = new Set(commonValues(all));
  const values = all.map((v) => (common.has(v) ? v : OTHER));
  const names = [...common, ...(values.includes(OTHER) ? [OTHER] : [])];
  const segments: SegmentRow[] = [];
  for (const name of names) {
    const rows = [...values.keys()].filter((k) => values[k] === name);
    const part = partOf(test, rows);
    const score = Float32Array.from(rows, (k) => rung.prediction![k]!);
    const seed = options.seed;
    segments.push({
      segment: name,
      ...rateRow(clusteredRate(part.label, part.clusters)),
      auroc: estimated(aurocMetric(score, part.label), part.clusters, seed),
      observed_over_expected: estimated(observedOverExpected(score, part.label), part.clusters, seed),
      lift20: estimated(liftMetric(0.2)(score, part.label), part.clusters, seed),
      own_model: name === OTHER ? null : await ownModel(context, input, name, part, score, options),
    });
  }
  return { column, segments, sentence: sentence(column, segments) };
}

export function partOf(test: HeldOut, rows: readonly number[]): HeldOut {
  return {
    rows: Int32Array.from(rows, (k) => test.rows[k]!),
    label: Float32Array.from(rows, (k) => test.label[k]!),
    clusters: {
      account: Int32Array.from(rows, (k) => test.clusters.account[k]!),
      ...(test.clusters.cutoff ? { cutoff: Float64Array.from(rows, (k) => test.clusters.cutoff![k]!) } : {}),
    },
  };
}

async function ownModel(
  context: WorkspaceContext,
  { prepared, cells, rung }: SegmentInput,
  name: string,
  part: HeldOut,
  common: Float32Array,
  options: RungOptions,
): Promise<SegmentRow['own_model']> {
  const { task } = prepared;
  const inside = (split: 'train' | 'val', sample: Sample): Sample => {
    const sids = [...task.snapshots.split.keys()].filter((i) => task.snapshots.split[i] === split);
    const keep = sids.flatMap((sid, k) =>
      (cells.get(task.snapshots.entityRow[sid]!) ?? MISSING) === name ? [k] : [],
    );
    return samplePart(sample, keep);
  };
  const own = { train: inside('train', prepared.train), val: inside('val', prepared.val) };
  const positives = [...own.train.label, ...own.val.label].filter((y) => y > 0.5).length;
  const classes = (label: Float32Array): number => new Set(label).size;
  if (positives < OWN_MODEL || classes(own.train.label) < 2 || classes(own.val.label) < 2) return null;
  const matrix = selectRows(prepared.matrix, part.rows);
  const [fitted] = await fitRungs(context.config, { ...prepared, ...own }, matrix, {
    ...options,
    rungs: [rung.model.name],
  });
  if (!fitted?.prediction) return null;
  const better = pairedDifference(
    aurocMetric(fitted.prediction, part.label),
    aurocMetric(common, part.label),
    part.clusters,
    { seed: options.seed },
  );
  return estimateOf(better);
}

export function samplePart(sample: Sample, keep: readonly number[]): Sample {
  const rows = Int32Array.from(keep);
  return {
    matrix: selectRows(sample.matrix, rows),
    label: Float32Array.from(rows, (k) => sample.label[k]!),
    cutoff: Float64Array.from(rows, (k) => sample.cutoff[k]!),
    cluster: Int32Array.from(rows, (k) => sample.cluster[k]!),
    ...(sample.weight ? { weight: Float32Array.from(rows, (k) => sample.weight![k]!) } : {}),
  };
}

function sentence(column: string, segments: readonly SegmentRow[]): string {
  const tried = segments.filter((s) => s.own_model !== null);
  const better = tried.filter((s) => (s.own_model?.ci?.[0] ?? 0) > 0).map((s) => s.segment);
  if (tried.length === 0)
    return `No segment of ${column} has the ${OWN_MODEL} wins in training that a model of its own takes.`;
  if (better.length === 0)
    return `A model of its own ranks no segment of ${column} better beyond noise (${tried.length} tried): keep one model.`;
  return `A model of its own ranks better beyond noise in ${better.join(', ')} (of ${tried.length} tried, so one in twenty may be chance).`;
}
