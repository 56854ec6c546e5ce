/**
 * Adversarial validation: how well a small model tells training rows from validation rows, and by which columns. A model
 * that leans on such columns has learned the calendar.
 *
 * The rule: while half of the rows tell the other half's side with an area above 0.9, the columns that carry most of
 * the gain are judged by their own label signal. One that orders training labels, and validation labels the same way,
 * stays: it moves but holds. One that orders both, but the other way round, stays and is marked `turned`: what it says
 * depends on the time, which trees can follow and linear models cannot. The others tell the time and nothing else: they go.
 */
import { comparePairs, contrast, everyNth } from '../features/derive/signal.ts';
import type { FeatureColumn, FeatureMatrix } from '../features/types.ts';
import { groupedFolds } from '../models/shared/folds.ts';
import { fitTrees } from '../models/trees/boost.ts';
import { predictTrees } from '../models/trees/predict.ts';
import type { TreeData } from '../models/trees/types.ts';
import type { FitContext, ModelTask, Sample } from '../models/types.ts';

export interface Drift {
  /** Area under the curve with which training and validation rows are told apart, columns that went left out. */
  readonly auc: number;
  readonly rows: number;
  /** Indices of columns that go. */
  readonly dropped: readonly number[];
  /** Indices of columns that stay, but order labels the other way round in validation. */
  readonly turned: readonly number[];
}

const LIMIT = 0.9;
const ROUNDS = 3;
/** Rows of either side. */
const MOST = 3000;
/** Rows of either side without which nothing is judged. */
const ENOUGH = 200;
/** Share of the gain that counts as most of it. */
const CARRIED = 0.5;
/** Standard errors from ½ at which a column orders labels; more for `turned`, which all columns are asked. */
const SIGNIFICANT = 2;
const SURELY = 3;

type Input = Pick<FitContext, 'task' | 'train' | 'val' | 'seed' | 'threads' | 'signal'>;

export async function findDrift(input: Input): Promise<Drift> {
  const { train, val } = input;
  const columns = train.matrix.columns;
  const turned = columns.flatMap((c, i) => (mayJudge(c) && hasTurned(input, i) ? [i] : []));
  const none: Drift = { auc: 0.5, rows: 0, dropped: [], turned };
  if (Math.min(train.matrix.rows, val.matrix.rows) < ENOUGH) return none;
  const told = sides(train, val, input.seed);
  const dropped: number[] = [];
  const asked = new Set(columns.flatMap((c, i) => (mayJudge(c) ? [i] : [])));
  for (let round = 0; ; round++) {
    input.signal?.throwIfAborted();
    const { auc, gain } = await tellApart(told, [...asked], input);
    if (auc <= LIMIT || round === ROUNDS)
      return { auc, rows: told.rows, dropped: dropped.sort(byNumber), turned };
    for (const c of carriers(gain)) {
      asked.delete(c);
      if (!turned.includes(c) && !holds(input, c)) dropped.push(c);
    }
  }
}

const byNumber = (a: number, b: number): number => a - b;

const mayJudge = (c: FeatureColumn): boolean => c.kind === 'numeric' && !c.primitive.startsWith('points.');

interface Sides {
  readonly rows: number;
  readonly learn: TreeData;
  readonly judge: TreeData;
}

/** Both sides in two halves by account, so that accounts are not recognised; the label: is it a validation row. */
function sides(train: Sample, val: Sample, seed: number): Sides {
  const parts = [train, val].map((sample, label) => {
    const rows = everyNth(Int32Array.from(sample.label.keys()), MOST);
    const fold = groupedFolds(sample.cluster, 2, seed);
    return { sample, label, halves: [0, 1].map((f) => rows.filter((r) => fold[r] === f)) };
  });
  const half = (f: number): TreeData => {
    const rows = parts.reduce((n, p) => n + p.halves[f]!.length, 0);
    return {
      rows,
      columns: train.matrix.columns.map((_, c) =>
        Float32Array.from(
          parts.flatMap((p) => Array.from(p.halves[f]!, (r) => p.sample.matrix.data[c]![r]!)),
        ),
      ),
      categorical: train.matrix.columns.map((c) => c.kind === 'categorical'),
      label: Float32Array.from(parts.flatMap((p) => Array.from(p.halves[f]!, () => p.label))),
    };
  };
  const [learn, judge] = [half(0), half(1)];
  return { rows: learn.rows + judge.rows, learn, judge };
}

async function tellApart(
  { learn, judge }: Sides,
  columns: readonly number[],
  { seed, threads, signal }: Input,
): Promise<{ readonly auc: number; readonly gain: ReadonlyMap<number, number> }> {
  const params = {
    rounds: 30,
    leaves: 8,
    learningRate: 0.2,
    maxBin: 63,
    minDataInLeaf: 20,
    seed,
    threads,
    columns,
  };
  const { ensemble } = await fitTrees(params, learn, undefined, signal ? { signal } : {});
  const margins = Float32Array.from(predictTrees(ensemble, judge.columns, judge.rows));
  const { all, won } = comparePairs(
    margins.filter((_, i) => judge.label[i] === 1),
    margins.filter((_, i) => judge.label[i] === 0),
  );
  const gain = new Map<number, number>();
  ensemble.column.forEach((c, node) => {
    gain.set(c, (gain.get(c) ?? 0) + ensemble.gain[node]!);
  });
  return { auc: all === 0 ? 0.5 : won / all, gain };
}

/** The fewest columns that make up most of the gain. */
function carriers(gain: ReadonlyMap<number, number>): readonly number[] {
  const ordered = [...gain].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const total = ordered.reduce((sum, [, g]) => sum + g, 0);
  let sum = 0;
  const found: number[] = [];
  for (const [c, g] of ordered) {
    if (sum >= CARRIED * total) break;
    sum += g;
    found.push(c);
  }
  return found;
}

const holds = (input: Input, c: number): boolean => {
  const [train, val] = signals(input, c);
  return Math.abs(train) >= SIGNIFICANT && train * val > 0;
};

const hasTurned = (input: Input, c: number): boolean => {
  const [train, val] = signals(input, c);
  return train * val < 0 && Math.min(Math.abs(train), Math.abs(val)) >= SURELY;
};

const signals = ({ task, train, val }: Input, c: number): readonly [number, number] => [
  signal(train.matrix, train.label, task, c),
  signal(val.matrix, val.label, task, c),
];

/** Distance of the area under the curve from ½ in standard errors (Mann–Whitney, under no signal). */
function signal(matrix: FeatureMatrix, label: Float32Array, task: ModelTask, c: number): number {
  const rows = everyNth(Int32Array.from(label.keys()), 4 * MOST);
  const yes = contrast({ value: label, type: task.type }, rows);
  const values = Float32Array.from(rows, (r) => matrix.data[c]![r]!);
  const [ones, zeros] = [values.filter((_, i) => yes[i] === 1), values.filter((_, i) => yes[i] === 0)];
  const { all, won } = comparePairs(ones, zeros);
  if (all === 0) return 0;
  const se = Math.sqrt((ones.length + zeros.length + 1) / (12 * all));
  return (won / all - 0.5) / se;
}
