/**
 * The `trees` rung: bags of boosted trees whose margins are averaged. Rounds are found by early stopping on the
 * validation rows; then, unless the caller wants no refit, each bag is trained anew on training and validation rows together,
 * because the newest rows matter most. After a refit `predict(val)` has seen val's labels: calibrate and weigh on
 * `heldOut` instead.
 */
import { z } from 'zod';
import type { FeatureColumn } from '../../features/types.ts';
import { withValidation } from '../shared/folds.ts';
import { checkTrainable, concatSamples, rarerClassRows, selectColumns } from '../shared/sample.ts';
import type { FitContext, Fitted, Model, ModelTask, Sample } from '../types.ts';
import { openTrainer, type TreeFit } from './boost.ts';
import { type Capacity, chooseCapacity } from './capacity.ts';
import { averageEnsembles } from './ensemble.ts';
import { restoreTrees } from './fitted.ts';
import { loadTrees } from './save.ts';
import { describeColumns } from './select.ts';
import type { Objective, TreeData, TreeParams } from './types.ts';

export interface TreesModelOptions {
  readonly name: string;
  readonly level: number;
  /** Columns it may read; all when absent. */
  readonly columns?: (column: FeatureColumn) => boolean;
  /** Split thresholds drawn at random (extremely randomised trees, Geurts et al. 2006; here boosted). */
  readonly extraTrees?: boolean;
  /** Overrides of the capacity chosen from the data. */
  readonly params?: Partial<TreeParams>;
}

export function createTreesModel(options: TreesModelOptions): Model {
  const filter = options.columns ?? (() => true);
  return {
    name: options.name,
    level: options.level,
    inapplicable: ({ train }) =>
      train.matrix.columns.some(filter) ? undefined : 'not applicable: no columns for it to read',
    fit: (context) => fitModel(options, filter, context),
    load: (saved) => {
      const state = savedModel.parse(saved);
      return restoreTrees(state.columns, loadTrees(state.trees));
    },
  };
}

/** Rounds × learning rate without validation rows to stop on. */
const BLIND_ROUNDS = 5;

const savedModel = z.object({
  columns: z.array(z.object({ name: z.string(), categories: z.array(z.string()).optional() })),
  trees: z.unknown(),
});

async function fitModel(
  options: TreesModelOptions,
  filter: (column: FeatureColumn) => boolean,
  given: FitContext,
): Promise<Fitted> {
  checkTrainable(given);
  const context = withValidation(given);
  const train = narrow(context.train, filter);
  const val = narrow(context.val, filter);
  const capacity = chooseCapacity({
    rows: train.matrix.rows,
    informative: informativeRows(train.label, context.task),
    columns: train.matrix.columns.length,
    budget: context.budget,
    extraTrees: options.extraTrees ?? false,
  });
  const members = memberParams(options, capacity, context).map((params) =>
    val.matrix.rows > 0
      ? params
      : { ...params, rounds: Math.round(BLIND_ROUNDS / (params.learningRate ?? 0.1)) },
  );
  const columns = describeColumns(train.matrix.columns);
  const found = await fitMembers(context, capacity, members, train, val);
  const first = averageEnsembles(found.map((fit) => fit.ensemble));
  if (context.refit === false || val.matrix.rows === 0) return restoreTrees(columns, first);

  const all = concatSamples(train, val);
  const growth = all.matrix.rows / train.matrix.rows;
  const refits = members.map((params, i) => ({
    ...params,
    patience: 0,
    rounds: refitRounds(found[i]!, growth),
  }));
  const second = await fitMembers(context, capacity, refits, all, undefined);
  const heldOut = context === given ? await restoreTrees(columns, first).predict(val.matrix) : undefined;
  const fitted = restoreTrees(columns, averageEnsembles(second.map((fit) => fit.ensemble)));
  return heldOut ? { ...fitted, heldOut } : fitted;
}

/** More rows carry somewhat more rounds. */
const refitRounds = ({ rounds }: TreeFit, growth: number): number =>
  Math.max(1, Math.round(rounds * Math.min(Math.sqrt(growth), 1.25)));

function narrow(sample: Sample, filter: (column: FeatureColumn) => boolean): Sample {
  return { ...sample, matrix: selectColumns(sample.matrix, filter) };
}

function informativeRows(label: Float32Array, task: ModelTask): number {
  if (task.type === 'regression') return label.length / 10;
  if (task.type === 'binary') return rarerClassRows(label);
  const counts = new Float64Array(task.classes);
  for (const k of label) counts[k]! += 1;
  return label.length - Math.max(...counts);
}

function objectiveOf(task: ModelTask): Objective {
  return task.type === 'binary'
    ? 'logistic'
    : task.type === 'multiclass'
      ? 'softmax'
      : task.quantile === undefined
        ? 'l2'
        : 'quantile';
}

function memberParams(
  { extraTrees, params }: TreesModelOptions,
  capacity: Capacity,
  { task, seed }: FitContext,
): (Partial<TreeParams> & Pick<TreeParams, 'leaves'>)[] {
  return Array.from({ length: capacity.bags }, (_, i) => ({
    ...capacity.params,
    objective: objectiveOf(task),
    classes: task.type === 'multiclass' ? task.classes : 2,
    ...(task.type === 'regression' && task.quantile !== undefined ? { quantile: task.quantile } : {}),
    extraTrees: extraTrees ?? false,
    seed: (seed * 1009 + i) >>> 0,
    ...params,
  }));
}

async function fitMembers(
  { task, threads, progress, signal }: FitContext,
  { bins }: Capacity,
  members: readonly (Partial<TreeParams> & Pick<TreeParams, 'leaves'>)[],
  train: Sample,
  val: Sample | undefined,
): Promise<TreeFit[]> {
  const outputs = task.type === 'multiclass' ? task.classes : 1;
  const leaves = Math.max(...members.map((m) => m.leaves));
  const held = val && val.matrix.rows > 0 ? treeData(val) : undefined;
  const trainer = await openTrainer(treeData(train), held, { ...bins, threads, leaves, outputs });
  const fits: TreeFit[] = [];
  try {
    for (const params of members) {
      fits.push(
        await trainer.fit(params, {
          ...(signal ? { signal } : {}),
          progress: ({ done, total = 1 }) =>
            progress?.({
              stage: 'trees',
              done: fits.length + done / total,
              total: members.length,
              unit: 'bags',
            }),
        }),
      );
    }
  } finally {
    await trainer.close();
  }
  return fits;
}

function treeData({ matrix, label, weight }: Sample): TreeData {
  return {
    rows: matrix.rows,
    columns: matrix.data,
    categorical: matrix.columns.map((column) => column.kind === 'categorical'),
    label,
    ...(weight ? { weight } : {}),
  };
}
