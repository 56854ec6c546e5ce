/** How much a set of columns is worth on forward folds: small boosted trees on columns that are binned once a fold. */
import type { FeatureMatrix } from '../features/types.ts';
import { takeRows } from '../models/shared/sample.ts';
import { openTrainer, type TreeTrainer } from '../models/trees/boost.ts';
import { linkMargins, predictTrees } from '../models/trees/predict.ts';
import type { TreeData } from '../models/trees/types.ts';
import type { FitContext, ModelTask, Sample } from '../models/types.ts';
import { sampleRows } from './sample-rows.ts';

export interface TrialFold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Test rows of all folds, fold after fold. */
export interface Trial {
  readonly rows: number;
  readonly weight: Float32Array;
  readonly cluster: Int32Array;
  /** Loss of each test row when only these columns may be read. Log-loss; squared error for values. */
  losses(columns: readonly number[]): Promise<Float64Array>;
  close(): Promise<void>;
}

const LEAVES = 8;
const PARAMS = { rounds: 40, learningRate: 0.15, leaves: LEAVES, lambda: 5, minDataInLeaf: 20 } as const;
const MAX_BIN = 63;
/** Rows of a fold that are learned from, and judged on. */
const MOST = { train: 8000, test: 8000 } as const;

export async function openTrial(
  all: Sample,
  folds: readonly TrialFold[],
  context: Pick<FitContext, 'task' | 'seed' | 'threads' | 'signal'>,
): Promise<Trial> {
  const { task, seed, threads, signal } = context;
  const outputs = task.type === 'multiclass' ? task.classes : 1;
  const prepared: { readonly trainer: TreeTrainer; readonly test: Sample }[] = [];
  for (const fold of folds) {
    const train = weighted(all, fold.train, task, MOST.train);
    const test = weighted(all, fold.test, task, MOST.test);
    const options = { maxBin: MAX_BIN, threads, leaves: LEAVES, outputs };
    prepared.push({ trainer: await openTrainer(asTreeData(train), undefined, options), test });
  }
  const rows = prepared.reduce((n, p) => n + p.test.matrix.rows, 0);
  return {
    rows,
    weight: Float32Array.from(prepared.flatMap((p) => [...p.test.weight!])),
    cluster: Int32Array.from(prepared.flatMap((p) => [...p.test.cluster])),
    async losses(columns) {
      const out = new Float64Array(rows);
      let at = 0;
      for (const { trainer, test } of prepared) {
        const params = {
          ...PARAMS,
          objective: objectiveOf(task),
          classes: Math.max(2, outputs),
          seed,
          columns,
        };
        const { ensemble } = await trainer.fit(params, signal ? { signal } : {});
        const margins = predictTrees(ensemble, test.matrix.data, test.matrix.rows);
        out.set(lossesOf(linkMargins(ensemble, margins), test.label, task), at);
        at += test.matrix.rows;
      }
      return out;
    },
    async close() {
      for (const { trainer } of prepared) await trainer.close();
    },
  };
}

function weighted(all: Sample, rows: Uint32Array, task: ModelTask, most: number): Sample {
  const picked = sampleRows(all.label, rows, task, most);
  return { ...takeRows(all, picked.rows), weight: picked.weight };
}

const asTreeData = ({ matrix, label, weight }: Sample): TreeData => ({
  rows: matrix.rows,
  columns: matrix.data,
  categorical: categorical(matrix),
  label,
  ...(weight ? { weight } : {}),
});

const categorical = (matrix: FeatureMatrix): readonly boolean[] =>
  matrix.columns.map((c) => c.kind === 'categorical');

const objectiveOf = (task: ModelTask): 'logistic' | 'softmax' | 'l2' =>
  task.type === 'binary' ? 'logistic' : task.type === 'multiclass' ? 'softmax' : 'l2';

const LEAST = 1e-6;

function lossesOf(predicted: ArrayLike<number>, label: Float32Array, task: ModelTask): Float64Array {
  const surprise = (p: number): number => -Math.log(Math.max(LEAST, p));
  return Float64Array.from(label, (y, i) => {
    if (task.type === 'regression') return (predicted[i]! - y) ** 2;
    if (task.type === 'multiclass') return surprise(predicted[i * task.classes + y]!);
    return surprise(y > 0.5 ? predicted[i]! : 1 - predicted[i]!);
  });
}
