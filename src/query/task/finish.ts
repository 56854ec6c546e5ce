/**
 * Last step of every task: labels to numbers, test labels apart from the visible ones, counts, and the snapshots in
 * the engine. What cannot be learned from (no rows, one class) stops here with the remedy.
 */
import type { Engine } from '../../data/engine/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { TaskType } from '../pql/ast.ts';
import { printMoment } from './calendar.ts';
import type { Labels, SplitCount, SplitName, Task } from './types.ts';
import { uploadRows } from './upload.ts';

export const SPLITS: readonly SplitName[] = ['train', 'val', 'test', 'predict'];

export interface Draft
  extends Pick<
    Task,
    | 'type'
    | 'entityTable'
    | 'description'
    | 'source'
    | 'static'
    | 'dropped'
    | 'warnings'
    | 'withheld'
    | 'validation'
  > {
  readonly queryText?: string;
  /** Scoring goes on with outcomes of one kind only: rules need none. */
  readonly mode?: 'compare' | 'score';
  readonly horizonDays?: number;
  readonly horizon?: NonNullable<Task['horizon']>;
  readonly entityRow: Int32Array;
  readonly entityId: readonly string[];
  readonly cutoff: Float64Array;
  readonly split: readonly SplitName[];
  readonly cluster: Int32Array;
  /** One per step; NaN or null where there is none. Text for multiclass. */
  readonly labels: readonly (Float64Array | readonly (string | null)[])[];
  readonly items?: readonly (readonly string[])[];
  /** What to do when a class or a split is missing, after the default advice. */
  readonly remedy?: string;
}

export async function finishTask(engine: Engine, draft: Draft): Promise<Task> {
  const { labels, items, remedy, mode, entityRow, entityId, cutoff, split, cluster, ...rest } = draft;
  const first = labels[0]!;
  const classes = first instanceof Float64Array ? undefined : classesOf(first, split);
  const steps = labels.map((l) => (l instanceof Float64Array ? l : encode(l, classes!)));
  const counts = countSplits(draft, steps[0]!);
  refuseUnlearnable(draft, counts, steps[0]!);
  const snapshots = { rows: split.length, entityRow, entityId, cutoff, split, cluster };
  await uploadSnapshots(engine, snapshots);
  const only = (splits: readonly SplitName[]): Labels => ({
    splits,
    values: masked(steps[0]!, split, splits),
    ...(steps.length > 1 ? { steps: steps.map((s) => masked(s, split, splits)) } : {}),
    ...(items ? { items: items.map((list, k) => (splits.includes(split[k]!) ? list : [])) } : {}),
  });
  return {
    ...rest,
    ...(classes ? { classes } : {}),
    snapshots,
    visible: only(['train', 'val']),
    heldOut: only(counts.test.rows > 0 ? ['test'] : []),
    counts,
  };
}

/** Classes seen in train or validation by frequency, then those only a test row has. */
function classesOf(labels: readonly (string | null)[], split: readonly SplitName[]): readonly string[] {
  const seen = new Map<string, number>();
  labels.forEach((label, k) => {
    if (label === null) return;
    const visible = split[k] === 'train' || split[k] === 'val';
    seen.set(label, (seen.get(label) ?? 0) + (visible ? 1 : 0));
  });
  return [...seen].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

function encode(labels: readonly (string | null)[], classes: readonly string[]): Float64Array {
  const index = new Map(classes.map((name, k) => [name, k]));
  return Float64Array.from(labels, (label) => (label === null ? Number.NaN : index.get(label)!));
}

const masked = (
  values: Float64Array,
  split: readonly SplitName[],
  keep: readonly SplitName[],
): Float64Array => values.map((v, k) => (keep.includes(split[k]!) ? v : Number.NaN));

/** Positives: labels equal to 1 for binary tasks, above zero for amounts, all labelled rows of other kinds. */
export function countSplits(
  draft: Pick<Draft, 'type' | 'split' | 'cutoff'>,
  values: Float64Array,
): Task['counts'] {
  const tally = SPLITS.map((name): [SplitName, SplitCount] => {
    const rows = [...draft.split.keys()].filter((k) => draft.split[k] === name);
    const times = new Set(rows.map((k) => draft.cutoff[k]!).filter((t) => !Number.isNaN(t)));
    const sorted = [...times].sort((a, b) => a - b);
    const span = sorted.length ? { from: printMoment(sorted[0]!), to: printMoment(sorted.at(-1)!) } : {};
    const positives = rows.filter((k) => isPositive(draft.type, values[k]!)).length;
    return [name, { rows: rows.length, positives, cutoffs: sorted.length, ...span }];
  });
  return Object.fromEntries(tally) as Record<SplitName, SplitCount>;
}

const isPositive = (type: TaskType, value: number): boolean =>
  type === 'multiclass' ? !Number.isNaN(value) : value > 0;

function refuseUnlearnable(
  { type, split, remedy, mode }: Draft,
  counts: Task['counts'],
  values: Float64Array,
): void {
  const advice = remedy ?? 'Check the target, the window and the population (`leadlight labels`)';
  if (counts.train.rows === 0)
    throw new LeadlightError('TASK_EMPTY', { problem: 'No row is left to train on', remedy: `${advice}.` });
  if (type !== 'binary' && type !== 'multiclass') return;
  for (const name of ['train', 'test'] as const) {
    const found = new Set(values.filter((v, k) => split[k] === name && !Number.isNaN(v)));
    if (found.size !== 1 || counts[name].rows < 2) continue;
    const [value] = found;
    // Nothing won yet still leaves rules to score by; what always happens needs no score.
    if (type === 'binary' && mode === 'score' && value === 0) continue;
    throw new LeadlightError('TASK_ONE_CLASS', {
      rows: counts[name].rows,
      split: name,
      value: type === 'binary' ? (value === 1 ? 'true' : 'false') : 'the same class',
      ...(remedy ? { remedy: `${remedy}.` } : {}),
    });
  }
}

export function uploadSnapshots(engine: Engine, s: Task['snapshots']): Promise<void> {
  const texts = new Map<number, string>();
  for (const at of new Set(s.cutoff))
    texts.set(at, Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, -1));
  return uploadRows(engine, 'snapshots', s.rows, [
    { name: 'sid', type: 'bigint', cell: String },
    { name: 'erow', type: 'bigint', cell: (k) => String(s.entityRow[k]) },
    { name: 'cutoff', type: 'timestamp', cell: (k) => texts.get(s.cutoff[k]!)! },
    { name: 'split', type: 'text', cell: (k) => s.split[k]! },
  ]);
}

/** A fifth of the clusters, the same for the same seed whatever the row order. */
export function inFold(cluster: number, seed: number): boolean {
  let h = Math.imul(cluster ^ Math.imul(seed + 1, 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % 5 === 0;
}
