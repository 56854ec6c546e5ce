/** From all columns to those that models are given: screening, drift, families; by training and validation rows only. */
import { type Dropped, screen, selectColumns } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Budget, ModelTask } from '../../learn/models/types.ts';
import { markTurned, type Selection, selectFeatures } from '../../learn/selection/select.ts';
import type { Task } from '../../query/task/types.ts';
import type { RunControl } from '../../util/progress.ts';
import { exampleLabels } from './examples.ts';
import { sampleOf } from './samples.ts';
import type { SelectionView } from './types.ts';

export interface NarrowInput extends RunControl {
  readonly task: Task;
  readonly model: ModelTask;
  readonly full: FeatureMatrix;
  readonly train: Int32Array;
  readonly val: Int32Array;
  readonly seed: number;
  readonly budget: Budget;
  readonly threads: number;
}

export interface Narrowed {
  readonly matrix: FeatureMatrix;
  readonly dropped: readonly Dropped[];
  readonly selection: Selection;
  readonly notes: readonly string[];
}

export async function narrowColumns(input: NarrowInput): Promise<Narrowed> {
  const { full, task, model, train, val } = input;
  const { kept, dropped } = screen(full, train, val);
  const screened = selectColumns(full, kept);
  const { known } = exampleLabels(task, full.rows);
  const selection = await selectFeatures({
    ...input,
    task: model,
    train: sampleOf(task, screened, train),
    val: sampleOf(task, screened, val),
    known: Float64Array.from([...train, ...val], (r) => known[r]!),
    forward: isForward(task, train, val),
  });
  const matrix = selectColumns(screened, selection.kept);
  return {
    matrix: { ...matrix, columns: markTurned(matrix.columns, selection.turned) },
    dropped: [
      ...dropped,
      ...selection.drifting.map((name) => ({ name, reason: 'drift' as const })),
      ...selection.unhelpful.map((name) => ({ name, reason: 'family' as const })),
    ],
    selection,
    notes: notesOf(selection),
  };
}

function isForward(task: Task, train: Int32Array, val: Int32Array): boolean {
  const { cutoff } = task.snapshots;
  if (task.static || train.length === 0 || val.length === 0) return false;
  const newest = train.reduce((at, r) => Math.max(at, cutoff[r]!), Number.NEGATIVE_INFINITY);
  return val.every((r) => cutoff[r]! >= newest);
}

/** What a comparison tells of it, with the cases it rests on. */
export function selectionView({ turned, adversarial, families }: Selection): SelectionView {
  return {
    adversarial_auc: adversarial.auc,
    adversarial_rows: adversarial.rows,
    turned,
    note: families.note ?? null,
    folds: families.folds,
    rows: families.rows,
    groups: families.trials,
  };
}

function notesOf({ drifting, turned, adversarial, families }: Selection): readonly string[] {
  const gone = families.trials.filter((t) => !t.kept);
  const columns = gone.reduce((n, t) => n + t.columns, 0);
  const notes = [
    `Validation rows can be told from training rows (area ${adversarial.auc.toFixed(2)}, ${adversarial.rows} rows); columns left out because they say nothing else: ${drifting.length} (${listed(drifting)}).`,
    `Columns that order labels the other way round in validation than in training, which linear models do not read: ${turned.length} (${listed(turned)}).`,
    `Groups of columns left out because they did not help on ${families.folds} earlier folds (${families.rows} rows): ${gone.length}, with ${columns} columns (${listed(gone.map((t) => t.group))}).`,
  ];
  return notes.filter((_, i) => [drifting, turned, gone][i]!.length > 0);
}

const SHOWN = 3;

const listed = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join('; ')}; …` : names.join('; ');
