/** Rows and columns of samples: selecting, joining, and the checks every learner needs. */
import { LeadlightError } from '../../../errors.ts';
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import type { FitContext, ModelTask, Sample } from '../types.ts';

export type ColumnFilter = (column: FeatureColumn) => boolean;

export function selectColumns(matrix: FeatureMatrix, filter: ColumnFilter): FeatureMatrix {
  const kept = matrix.columns.flatMap((column, index) => (filter(column) ? [index] : []));
  return {
    rows: matrix.rows,
    columns: kept.map((index) => matrix.columns[index]!),
    data: kept.map((index) => matrix.data[index]!),
  };
}

export function takeRows(sample: Sample, rows: ArrayLike<number>): Sample {
  const pick = <T extends Float32Array | Float64Array | Int32Array>(from: T, to: T): T => {
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    return to;
  };
  const { matrix, label, weight, cutoff, cluster } = sample;
  return {
    matrix: {
      rows: rows.length,
      columns: matrix.columns,
      data: matrix.data.map((column) => pick(column, new Float32Array(rows.length))),
    },
    label: pick(label, new Float32Array(rows.length)),
    ...(weight ? { weight: pick(weight, new Float32Array(rows.length)) } : {}),
    cutoff: pick(cutoff, new Float64Array(rows.length)),
    cluster: pick(cluster, new Int32Array(rows.length)),
  };
}

/** `a` above `b`; both have the columns of `a`, in its order. */
export function concatSamples(a: Sample, b: Sample): Sample {
  if (b.matrix.rows === 0) return a;
  const rows = a.matrix.rows + b.matrix.rows;
  const join = <T extends Float32Array | Float64Array | Int32Array>(head: T, tail: T, to: T): T => {
    to.set(head);
    to.set(tail, head.length);
    return to;
  };
  const weighted = a.weight ?? b.weight;
  return {
    matrix: {
      rows,
      columns: a.matrix.columns,
      data: a.matrix.data.map((column, c) => join(column, b.matrix.data[c]!, new Float32Array(rows))),
    },
    label: join(a.label, b.label, new Float32Array(rows)),
    ...(weighted ? { weight: join(weightsOf(a), weightsOf(b), new Float32Array(rows)) } : {}),
    cutoff: join(a.cutoff, b.cutoff, new Float64Array(rows)),
    cluster: join(a.cluster, b.cluster, new Int32Array(rows)),
  };
}

export const weightsOf = (sample: Sample): Float32Array =>
  sample.weight ?? new Float32Array(sample.label.length).fill(1);

/** Rows of the rarer side of a yes/no label: what capacity and trust depend on. */
export function rarerClassRows(label: Float32Array): number {
  const positives = label.reduce((sum, y) => sum + (y > 0.5 ? 1 : 0), 0);
  return Math.min(positives, label.length - positives);
}

/** Whether labels differ in the way the task needs; regression can use any row. */
export function hasContrast(label: Float32Array, task: ModelTask): boolean {
  return task.type === 'regression' ? label.length > 0 : new Set(label).size > 1;
}

/** TASK_EMPTY without rows: enough for a given rule, which stands though nothing was won yet. */
export function checkLabelled({ train }: FitContext): void {
  if (train.label.length > 0) return;
  throw new LeadlightError('TASK_EMPTY', {
    problem: 'There are no training rows with a label',
    remedy: 'Check the population and the cutoffs (`leadlight labels`).',
  });
}

/** TASK_EMPTY without rows, TASK_ONE_CLASS when a yes/no or class label never varies. */
export function checkTrainable(context: FitContext): void {
  const { train, val, task } = context;
  checkLabelled(context);
  if (hasContrast(train.label, task) || hasContrast(concatLabels(train, val), task)) return;
  throw new LeadlightError('TASK_ONE_CLASS', {
    rows: train.label.length,
    split: 'training',
    value: train.label[0],
  });
}

function concatLabels(a: Sample, b: Sample): Float32Array {
  const label = new Float32Array(a.label.length + b.label.length);
  label.set(a.label);
  label.set(b.label, a.label.length);
  return label;
}

/** The columns with these names in the matrix, by position where it has not changed. SCHEMA_MISMATCH when one is gone. */
export function columnIndexes(matrix: FeatureMatrix, names: readonly string[]): readonly number[] {
  const index = new Map(matrix.columns.map((column, i) => [column.name, i]));
  return names.map((name) => {
    const at = index.get(name);
    if (at !== undefined) return at;
    throw new LeadlightError('SCHEMA_MISMATCH', {
      where: 'features to score',
      expected: `the column ${name} the model was trained on`,
      found: `${matrix.columns.length} columns without it`,
      remedy: 'Train again on the present tables.',
    });
  });
}
