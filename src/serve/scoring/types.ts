/** What the use cases take and return; the CLI, the page and the library all speak these. */

import type { Budget } from '../../learn/models/types.ts';
import type { TaskType } from '../../query/pql/ast.ts';
import type { TaskLabelsReport } from '../../query/task/report.ts';
import type { RunControl } from '../../util/progress.ts';

/** Exactly one of query, target, taskTable. */
export interface TargetOptions extends RunControl {
  readonly query?: string;
  readonly target?: string;
  readonly taskTable?: string;
  /** With taskTable: `table.key`, `table`, `table.a|b`, `row`, or any column that identifies entities. */
  readonly entity?: string;
  /** With taskTable: days after the cutoff by which a label is complete; then past outcomes become features. */
  readonly horizonDays?: number;
  /** Cutoff for scoring, ISO. Default: the last credible time. */
  readonly at?: string;
  readonly rungs?: readonly string[];
  readonly budget?: Budget;
  readonly seed?: number;
  readonly strict?: boolean;
  /** Query tasks: distance between replayed cutoffs in days, and the split boundaries (ISO dates). */
  readonly stepDays?: number;
  readonly trainTo?: string;
  readonly valAt?: string;
  readonly testAt?: string;
  readonly testTo?: string;
}

export interface RungResult {
  readonly name: string;
  readonly level: number;
  /** Set when the rung did not run: why. Metrics are then null. */
  readonly note?: string;
  readonly auroc: number | null;
  readonly auroc_ci: readonly [number, number] | null;
  readonly average_precision: number | null;
  readonly brier: number | null;
  readonly log_loss: number | null;
  readonly ece: number | null;
  readonly lift10: number | null;
  readonly lift20: number | null;
  readonly captured20: number | null;
  readonly seconds: number;
  /** Other task types. */
  readonly mae?: number;
  readonly rmse?: number;
  readonly accuracy?: number;
  readonly macro_f1?: number;
  readonly mrr?: number;
}

export interface CompareReport {
  readonly task: {
    readonly type: TaskType;
    readonly entity: string;
    readonly description: string;
    readonly query: string | null;
    readonly horizon_days: number | null;
    readonly static: boolean;
  };
  readonly snapshots: Readonly<
    Record<'train' | 'val' | 'test', { readonly rows: number; readonly positives: number }>
  >;
  readonly rungs: readonly RungResult[];
  readonly verdict: string;
  readonly warnings: readonly string[];
  /** Columns withheld as knowing the outcome: `table.column` and the evidence. */
  readonly withheld: readonly { readonly column: string; readonly reason: string }[];
}

/** For pictures: per rung, test-row probabilities in row order beside the outcomes. Not part of --json. */
export interface CompareDetail {
  readonly report: CompareReport;
  readonly outcomes: Float32Array;
  readonly predictions: Readonly<Record<string, Float32Array>>;
  /** Point score of each test row, when a points rung ran; without it the rung's prediction stands in. */
  readonly points?: Float32Array;
  readonly entityIds: readonly string[];
  readonly cutoffs: Float64Array;
  /** Scores (with reasons) of the best rung on the newest test cutoff, highest first. */
  readonly top: readonly Score[];
}

export interface Reason {
  readonly signal: string;
  /** |margin contribution| over the sum of those listed; the listed shares add to 1. */
  readonly share: number;
  readonly direction: 'up' | 'down';
  readonly sentence: string;
  readonly evidence: readonly { readonly table: string; readonly ids: readonly string[] }[];
}

export interface Score {
  readonly entity: string;
  /** Name columns of the entity (company, title, e-mail …). */
  readonly names: Readonly<Record<string, string>>;
  readonly cutoff: string | null;
  readonly probability: number;
  /** Class probabilities (multiclass) or predicted value (regression). */
  readonly classes?: Readonly<Record<string, number>>;
  readonly value?: number;
  readonly percentile: number;
  readonly band: string;
  readonly fit: number | null;
  readonly engagement: number | null;
  readonly firmographic_only: number | null;
  readonly trend: 'rising' | 'steady' | 'falling' | 'new' | null;
  readonly contacts: string | null;
  readonly key_signal: string;
  readonly action: string;
  readonly reasons: readonly Reason[];
}

export interface ScoreReport {
  readonly task: CompareReport['task'];
  readonly model: {
    readonly rung: string;
    readonly version: string;
    readonly trained_rows: number;
    readonly positives: number;
  };
  readonly cutoff: string | null;
  readonly scores: readonly Score[];
  readonly warnings: readonly string[];
}

export type LabelsReport = TaskLabelsReport;
