/**
 * Test rows × predictions → the figures of one rung. Beside it only counts of past outcomes (audits, base rates) and the
 * moving of splits in backtests read held-out labels; no model does.
 */
import { type Clusters, clusteredInterval, pairedDifference } from '../../learn/metrics/bootstrap.ts';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import { summariseBinary, summariseMulticlass } from '../../learn/metrics/summary.ts';
import type { ModelTask } from '../../learn/models/types.ts';
import type { Task } from '../../query/task/types.ts';
import { rowsOf } from './prepare.ts';
import type { RungResult } from './types.ts';
import type { Difference } from './verdict.ts';

export interface HeldOut {
  readonly rows: Int32Array;
  readonly label: Float32Array;
  readonly clusters: Clusters;
}

export function heldOut(task: Task): HeldOut {
  const rows = rowsOf(task, 'test').filter((i) => !Number.isNaN(task.heldOut.values[i]!));
  return {
    rows,
    label: Float32Array.from(rows, (i) => task.heldOut.values[i]!),
    clusters: {
      account: Int32Array.from(rows, (i) => task.snapshots.cluster[i]!),
      cutoff: Float64Array.from(rows, (i) => task.snapshots.cutoff[i]!),
    },
  };
}

/** Every labelled row of any split with a cutoff, for counting outcomes along time. */
export function labelled({ snapshots, visible, heldOut: hidden }: Task): {
  readonly label: Float32Array;
  readonly cutoff: Float64Array;
  readonly account: Int32Array;
} {
  const value = (i: number): number =>
    Number.isNaN(visible.values[i]!) ? hidden.values[i]! : visible.values[i]!;
  const rows = Array.from({ length: snapshots.rows }, (_, i) => i).filter(
    (i) => !Number.isNaN(value(i)) && !Number.isNaN(snapshots.cutoff[i]!),
  );
  return {
    label: Float32Array.from(rows, value),
    cutoff: Float64Array.from(rows, (i) => snapshots.cutoff[i]!),
    account: Int32Array.from(rows, (i) => snapshots.cluster[i]!),
  };
}

/** Figures of yes/no tasks, of a rung that has none. */
export const EMPTY = {
  auroc: null,
  auroc_ci: null,
  average_precision: null,
  brier: null,
  log_loss: null,
  ece: null,
  lift10: null,
  lift20: null,
  captured20: null,
} as const;

export const noResult = (name: string, level: number, note: string): RungResult => ({
  name,
  level,
  note,
  ...EMPTY,
  seconds: 0,
});

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

export function judge(
  rung: { readonly name: string; readonly level: number; readonly seconds: number },
  model: ModelTask,
  prediction: Float32Array,
  test: HeldOut,
  seed: number,
): RungResult {
  if (model.type === 'multiclass') {
    const { accuracy, macroF1, mrr } = summariseMulticlass(prediction, test.label, model.classes);
    return { ...rung, ...EMPTY, accuracy, macro_f1: macroF1, mrr };
  }
  const s = summariseBinary(prediction, test.label);
  const interval = clusteredInterval(aurocMetric(prediction, test.label), test.clusters, { seed });
  return {
    ...rung,
    auroc: finite(s.auroc),
    auroc_ci: Number.isFinite(s.auroc) ? [interval.low, interval.high] : null,
    average_precision: finite(s.averagePrecision),
    brier: finite(s.brier),
    log_loss: finite(s.logLoss),
    ece: finite(s.calibrationError),
    lift10: finite(s.lift10),
    lift20: finite(s.lift20),
    captured20: finite(s.captured20),
  };
}

export function differenceOf(a: Float32Array, b: Float32Array, test: HeldOut, seed: number): Difference {
  return pairedDifference(aurocMetric(a, test.label), aurocMetric(b, test.label), test.clusters, { seed });
}
