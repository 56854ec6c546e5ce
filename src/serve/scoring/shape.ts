/** Predictions and attributions of some rows → scores that people read. */
import { checkAdditivity } from '../../learn/explain/additivity.ts';
import type { EarlierRows } from '../../learn/explain/history.ts';
import { type ShapedScore, shapeScores } from '../../learn/explain/shape-scores.ts';
import { wordingOf } from '../../learn/explain/wording.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Attribution, Fitted, ModelTask } from '../../learn/models/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { WorkspaceContext } from './context.ts';
import { amountColumn, expectedValue } from './expected-value.ts';
import { pastExamples } from './past-examples.ts';
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
  /** Prediction for an earlier moment, aligned with `rows` and with `prepared.earlier`; NaN: not there yet. */
  readonly earlier?: Float32Array;
  /** ms; that moment of a row, by its cutoff. Default 14 days before. */
  readonly earlierAt?: (cutoff: number) => number;
}

/** Rows explained in one run; beyond, only the highest get reasons. */
const MAX_EXPLAINED = 5000;
/** Scores that carry evidence rows: more than anyone works through in a day. */
const EVIDENCE_ROWS = 500;
/** Rows whose attributions stand for the population in fit and engagement. */
const POPULATION = 500;
/** Days back that scores are compared with. */
export const TREND_DAYS = 14;
const DAY = 86_400_000;

export async function shapeRows(
  context: WorkspaceContext,
  prepared: Prepared,
  input: ShapeInput,
  control: RunControl = {},
): Promise<readonly Score[]> {
  const { model } = prepared;
  const matrix = selectRows(prepared.matrix, input.rows);
  const prediction = await input.fitted.predict(matrix, control);
  const probability = model.type === 'multiclass' ? bestClass(prediction, model.classes) : prediction;
  const wanted = input.only ?? chosen(probability, input.limit);
  const able = model.type !== 'multiclass' && input.fitted.attribute !== undefined;
  const explained = new Set(able ? highest(probability, wanted, MAX_EXPLAINED) : []);
  const all: Shared = { context, prepared, input, control, matrix, probability };
  const withReasons = await shapePart(
    all,
    wanted.filter((k) => explained.has(k)),
    true,
  );
  const without = await shapePart(
    all,
    wanted.filter((k) => !explained.has(k)),
    false,
  );
  const byRow = new Map([...withReasons, ...without]);
  const median = model.type === 'regression' ? await input.fitted.median?.(matrix, control) : undefined;
  const amount = model.type === 'binary' ? amountColumn(matrix.columns) : undefined;
  return wanted.map((k) => ({
    ...byRow.get(k)!,
    expected_value: expectedValue(matrix, amount, k, probability[k]!),
    ...typed(prepared, prediction, k, median),
  }));
}

interface Shared {
  readonly context: WorkspaceContext;
  readonly prepared: Prepared;
  readonly input: ShapeInput;
  readonly control: RunControl;
  /** All rows scored together. */
  readonly matrix: FeatureMatrix;
  readonly probability: Float32Array;
}

async function shapePart(
  { context, prepared, input, control, matrix, probability }: Shared,
  places: readonly number[],
  reasons: boolean,
): Promise<readonly (readonly [number, ShapedScore])[]> {
  if (places.length === 0) return [];
  const { task, model } = prepared;
  const at = Int32Array.from(places);
  const part = selectRows(matrix, at);
  const pick = (from: Float32Array): Float32Array => Float32Array.from(at, (k) => from[k]!);
  const sids = places.map((k) => input.rows[k]!);
  const binary = model.type === 'binary';
  const shaped = await shapeScores(
    {
      engine: context.engine,
      schema: prepared.plan.input.schema,
      entityTable: task.entityTable,
      entityId: sids.map((i) => task.snapshots.entityId[i]!),
      anchors: sids.map((i) => ({
        entityRow: task.snapshots.entityRow[i]!,
        cutoff: task.snapshots.cutoff[i]!,
      })),
      probability: pick(probability),
      reference: probability,
      matrix: part,
      train: binary ? prepared.train : { matrix: prepared.train.matrix },
      playbook: context.config.playbook,
      ...(reasons
        ? await attributions(input.fitted, model.type, pick(probability), at, matrix, control)
        : {}),
      ...(reasons ? pastOf(prepared, input, places, control) : {}),
      ...(model.type === 'multiclass' || !input.fitted.interval
        ? {}
        : { interval: await input.fitted.interval(part, control) }),
      ...(binary && input.record ? { firmographicOnly: await input.record.predict(part, control) } : {}),
      ...(binary && input.earlier ? { earlier: pick(input.earlier) } : {}),
    },
    { wording: wordingOf(task.entityTable, task.queryText ?? task.description), evidenceRows: EVIDENCE_ROWS },
  );
  return shaped.map((score, i) => [places[i]!, score] as const);
}

/** The rows as they were before, and the examples that history holds. */
function pastOf(
  prepared: Prepared,
  { fitted, rows, earlier, earlierAt }: ShapeInput,
  places: readonly number[],
  control: RunControl,
) {
  const past = pastExamples(prepared);
  const then = prepared.earlier;
  if (!earlier || !then) return past ? { past } : {};
  const { cutoff } = prepared.task.snapshots;
  const at = earlierAt ?? ((ms: number): number => ms - TREND_DAYS * DAY);
  const earlierRows = async (some: readonly number[]): Promise<EarlierRows> => {
    const asked = Int32Array.from(some, (row) => places[row]!);
    const matrix = selectRows(then, asked);
    return {
      matrix,
      attribution: await fitted.attribute!(matrix, control),
      cutoff: Float64Array.from(asked, (k) => at(cutoff[rows[k]!]!)),
      probability: Float32Array.from(asked, (k) => earlier[k]!),
      probabilities: prepared.model.type === 'binary',
    };
  };
  return { earlierRows, ...(past ? { past } : {}) };
}

/** Of the rows at `places`, and of the sample that stands for all; a row that is both is attributed once. */
async function attributions(
  fitted: Fitted,
  type: ModelTask['type'],
  prediction: Float32Array,
  places: Int32Array,
  all: FeatureMatrix,
  control: RunControl,
) {
  const step = Math.max(1, Math.floor(all.rows / POPULATION));
  const sample = Int32Array.from({ length: Math.ceil(all.rows / step) }, (_, i) => i * step);
  const needed = Int32Array.from(new Set([...places, ...sample]));
  const found = await fitted.attribute!(selectRows(all, needed), control);
  const at = new Map(Array.from(needed, (row, i) => [row, i]));
  const take = (rows: Int32Array): Attribution => {
    const from = rows.map((row) => at.get(row)!);
    return { base: found.base, values: found.values.map((column) => gather(column, from)) };
  };
  const attribution = take(places);
  checkAdditivity(attribution, prediction, type);
  return { attribution, population: { attribution: take(sample), rows: sample.length } };
}

function gather(column: Float64Array, from: Int32Array): Float64Array {
  const taken = new Float64Array(from.length);
  for (let i = 0; i < taken.length; i++) taken[i] = column[from[i]!]!;
  return taken;
}

function typed(
  prepared: Prepared,
  prediction: Float32Array,
  row: number,
  median: Float32Array | undefined,
): Pick<Score, 'classes' | 'value' | 'median'> {
  if (prepared.model.type === 'regression')
    return { value: prediction[row]!, ...(median ? { median: median[row]! } : {}) };
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
