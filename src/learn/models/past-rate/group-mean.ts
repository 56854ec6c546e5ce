/**
 * Mean value, or class shares, of the rows that share a value of one categorical column, each drawn to the overall mean as
 * if 20 more rows had it. The column is the one that explains most of the spread; none when none explains 1 %.
 */
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import { columnIndexes, weightsOf } from '../shared/sample.ts';
import type { Fitted, ModelTask, Sample } from '../types.ts';

const PRIOR_ROWS = 20;
const MIN_EXPLAINED = 0.01;

export interface GroupMeanState {
  readonly outputs: number;
  /** Overall mean of each output. */
  readonly overall: readonly number[];
  readonly column?: string;
  /** Text of a category → mean of each output. */
  readonly means: readonly (readonly [text: string, means: readonly number[]])[];
}

export function fitGroupMean(
  sample: Sample,
  task: ModelTask,
  filter: (column: FeatureColumn) => boolean,
): GroupMeanState {
  const outputs = task.type === 'multiclass' ? task.classes : 1;
  const target =
    task.type === 'multiclass'
      ? (row: number, k: number) => (sample.label[row] === k ? 1 : 0)
      : (row: number) => sample.label[row]!;
  const overall = meansBy(sample, outputs, target, () => 0, 1)[0]!;
  const candidates = sample.matrix.columns.flatMap((column, c) =>
    filter(column) ? [candidate(column, sample.matrix.data[c]!)] : [],
  );
  const best = candidates.sort((a, b) => b.explained - a.explained)[0];
  if (!best || best.explained < MIN_EXPLAINED) return { outputs, overall, means: [] };
  return { outputs, overall, column: best.column, means: best.means };

  function candidate({ name, categories = [] }: FeatureColumn, data: Float32Array) {
    const group = (row: number): number => (data[row]! >= 0 ? data[row]! : categories.length);
    const means = meansBy(sample, outputs, target, group, categories.length + 1, overall);
    let before = 0;
    let after = 0;
    data.forEach((_, row) => {
      for (let k = 0; k < outputs; k++) {
        before += (target(row, k) - overall[k]!) ** 2;
        after += (target(row, k) - means[group(row)]![k]!) ** 2;
      }
    });
    return {
      column: name,
      explained: before > 0 ? 1 - after / before - categories.length / data.length : 0,
      means: categories.map((text, c) => [text, means[c]!] as const),
    };
  }
}

function meansBy(
  sample: Sample,
  outputs: number,
  target: (row: number, output: number) => number,
  group: (row: number) => number,
  groups: number,
  prior?: readonly number[],
): readonly (readonly number[])[] {
  const weight = weightsOf(sample);
  const mass = new Float64Array(groups);
  const sums = new Float64Array(groups * outputs);
  for (let row = 0; row < weight.length; row++) {
    mass[group(row)]! += weight[row]!;
    for (let k = 0; k < outputs; k++) sums[group(row) * outputs + k]! += weight[row]! * target(row, k);
  }
  const extra = prior ? PRIOR_ROWS : 0;
  return Array.from(mass, (m, g) =>
    Array.from(
      { length: outputs },
      (_, k) => (sums[g * outputs + k]! + extra * (prior?.[k] ?? 0)) / (m + extra),
    ),
  );
}

export function restoreGroupMean({ outputs, overall, column, means }: GroupMeanState): Omit<Fitted, 'save'> {
  const known = new Map(means);
  const predict = async (matrix: FeatureMatrix): Promise<Float32Array> => {
    const out = new Float32Array(matrix.rows * outputs);
    const at = column === undefined ? undefined : columnIndexes(matrix, [column])[0];
    const texts = at === undefined ? [] : (matrix.columns[at]!.categories ?? []);
    const byCode = texts.map((text) => known.get(text) ?? overall);
    for (let row = 0; row < matrix.rows; row++) {
      const code = at === undefined ? -1 : matrix.data[at]![row]!;
      out.set(byCode[code] ?? overall, row * outputs);
    }
    return out;
  };
  return { predict };
}
