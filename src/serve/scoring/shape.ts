/** Predictions and attributions of some rows → scores that people read. */

import { shapeScores } from '../../learn/explain/shape-scores.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { Fitted } from '../../learn/models/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { WorkspaceContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { Score } from './types.ts';

export interface ShapeInput {
  readonly fitted: Fitted;
  /** Fitted rung that sees the record only. */
  readonly record?: Fitted | undefined;
  /** sids scored together: percentiles compare them. */
  readonly rows: Int32Array;
  /** Only the highest so many are returned, best first; default all, in order of `rows`. */
  readonly limit?: number;
  /** Only these positions in `rows` are returned, in this order. */
  readonly only?: readonly number[];
  /** Prediction 14 days earlier, aligned with `rows`. */
  readonly earlier?: Float32Array;
}

/** Rows explained in one run; beyond, only the highest get reasons. */
const MAX_EXPLAINED = 5000;

export async function shapeRows(
  context: WorkspaceContext,
  prepared: Prepared,
  input: ShapeInput,
  control: RunControl = {},
): Promise<readonly Score[]> {
  const { task, model } = prepared;
  const matrix = selectRows(prepared.matrix, input.rows);
  const prediction = await input.fitted.predict(matrix, control);
  const probability = model.type === 'multiclass' ? bestClass(prediction, model.classes) : prediction;
  const wanted = input.only ?? chosen(probability, input.limit);
  const explained = wanted.length > MAX_EXPLAINED ? highest(probability, wanted, MAX_EXPLAINED) : wanted;
  const canExplain = model.type !== 'multiclass' && input.fitted.attribute !== undefined;
  const part = selectRows(matrix, Int32Array.from(explained));
  const partial = canExplain ? await input.fitted.attribute!(part, control) : undefined;
  const attribution = partial && {
    base: partial.base,
    values: partial.values.map((v) => spread(v, explained, matrix.rows)),
  };
  const firmographicOnly =
    model.type === 'binary' && input.record ? await input.record.predict(matrix, control) : undefined;
  const shaped = await shapeScores(
    {
      engine: context.engine,
      schema: context.config.schema,
      entityTable: task.entityTable,
      entityId: Array.from(input.rows, (i) => task.snapshots.entityId[i]!),
      anchors: Array.from(input.rows, (i) => ({
        entityRow: task.snapshots.entityRow[i]!,
        cutoff: task.snapshots.cutoff[i]!,
      })),
      probability,
      matrix,
      train: model.type === 'binary' ? prepared.train : { matrix: prepared.train.matrix },
      playbook: context.config.playbook,
      ...(attribution ? { attribution } : {}),
      ...(firmographicOnly ? { firmographicOnly } : {}),
      ...(input.earlier ? { earlier: input.earlier } : {}),
    },
    { rows: wanted },
  );
  return shaped.map((s, k) => ({ ...s, ...typed(prepared, prediction, wanted[k]!) }));
}

function typed(prepared: Prepared, prediction: Float32Array, row: number): Pick<Score, 'classes' | 'value'> {
  if (prepared.model.type === 'regression') return { value: prediction[row]! };
  if (prepared.model.type !== 'multiclass') return {};
  const { classes } = prepared.model;
  const names = prepared.task.classes ?? [];
  return {
    classes: Object.fromEntries(
      Array.from({ length: classes }, (_, k) => [names[k] ?? String(k), prediction[row * classes + k]!]),
    ),
  };
}

const bestClass = (prediction: Float32Array, classes: number): Float32Array =>
  Float32Array.from({ length: prediction.length / classes }, (_, i) =>
    Math.max(...prediction.subarray(i * classes, (i + 1) * classes)),
  );

function chosen(probability: Float32Array, limit: number | undefined): readonly number[] {
  const all = Array.from(probability, (_, i) => i);
  return limit === undefined ? all : highest(probability, all, limit);
}

const highest = (probability: Float32Array, rows: readonly number[], limit: number): readonly number[] =>
  [...rows].sort((a, b) => probability[b]! - probability[a]! || a - b).slice(0, limit);

/** Attributions of some rows back at their places; other rows keep zeros. */
function spread(values: Float32Array, rows: readonly number[], length: number): Float32Array {
  const full = new Float32Array(length);
  rows.forEach((row, k) => {
    full[row] = values[k]!;
  });
  return full;
}
