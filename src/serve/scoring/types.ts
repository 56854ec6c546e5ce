/** What the use cases take and return; the CLI, the page and the library all speak these. */

import type { SimilarExamples } from '../../learn/explain/similar.ts';
import type { ScoreChanges } from '../../learn/explain/types.ts';
import type { Dropped } from '../../learn/features/screen.ts';
import type { Budget } from '../../learn/models/types.ts';
import type { GroupTrial } from '../../learn/selection/families.ts';
import type { TaskType } from '../../query/pql/ast.ts';
import type { TaskLabelsReport } from '../../query/task/report.ts';
import type { RunControl } from '../../util/progress.ts';
import type { SegmentView } from './audit-types.ts';
import type { BaseRate, DecileRow, MonthDeciles } from './backtest-types.ts';
import type { Champion } from './champion.ts';
import type { ModelStatus } from './registry/types.ts';

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
  /** Scores are compared with what they were then, ISO; default 14 days before the cutoff. */
  readonly since?: string;
  readonly rungs?: readonly string[];
  readonly budget?: Budget;
  readonly seed?: number;
  readonly strict?: boolean;
  /** Score: train for this call although a model is registered. */
  readonly fresh?: boolean;
  /** Score: this registered version in place of the champion. */
  readonly model?: string;
  /** Query tasks: distance between replayed cutoffs in days, and the split boundaries (ISO dates). */
  readonly stepDays?: number;
  readonly trainTo?: string;
  readonly valAt?: string;
  readonly testAt?: string;
  readonly testTo?: string;
  /** Query tasks: label windows that reach further end after so many days. */
  readonly withinDays?: number;
  /** Columns that must not decide, besides those of leadlight.yaml. */
  readonly exclude?: readonly string[];
}

export interface CompareOptions extends TargetOptions {
  /** Break the figures by the values of this `table.column`. */
  readonly segment?: string;
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
  readonly mae_ci?: readonly [number, number];
  readonly rmse?: number;
  readonly rmse_ci?: readonly [number, number];
  readonly median_ae?: number;
  readonly r2?: number;
  /** MAE ÷ standard deviation of the training labels. */
  readonly nmae?: number;
  /** Pinball losses of the 10 % and 90 % quantiles, the share of outcomes between them, and the cases they rest on. */
  readonly pinball10?: number;
  readonly pinball90?: number;
  readonly coverage?: number;
  readonly coverage_ci?: readonly [number, number];
  readonly interval_cases?: number;
  readonly accuracy?: number;
  readonly macro_f1?: number;
  readonly mrr?: number;
  /** Lists of k items: mean average precision, share of the true items found, of rows with one found, gain, items listed. */
  readonly map?: number;
  readonly map_ci?: readonly [number, number];
  readonly recall?: number;
  readonly recall_ci?: readonly [number, number];
  readonly hit?: number;
  readonly hit_ci?: readonly [number, number];
  readonly ndcg?: number;
  readonly ndcg_ci?: readonly [number, number];
  readonly catalogue_share?: number;
  /** Forecasts: error over the naive one of the training rows, and over the volume; the same for each step. */
  readonly mase?: number;
  readonly wape?: number;
  readonly wape_ci?: readonly [number, number];
  readonly steps?: readonly StepFigures[];
  /** Several labels a row: average precision over items and over all cells, F1 from one half on. */
  readonly macro_ap?: number;
  readonly macro_ap_ci?: readonly [number, number];
  readonly micro_ap?: number;
  readonly micro_ap_ci?: readonly [number, number];
  readonly micro_f1?: number;
}

export interface StepFigures {
  readonly step: number;
  readonly cases: number;
  /** Means over the cases: of what was predicted, of what came, and of the bounds of 80 %. */
  readonly mean_value: number;
  readonly mean_outcome: number;
  readonly mean_low?: number;
  readonly mean_high?: number;
  readonly mae: number;
  readonly rmse: number;
  readonly mase?: number;
  readonly wape?: number;
  readonly coverage?: number;
}

export interface RankingFacts {
  /** Items listed. */
  readonly k: number;
  /** Items known at any cutoff. */
  readonly items: number;
  readonly candidates_per_row: number;
  /** Share of the items that came that were candidates: what no order of them can exceed. */
  readonly candidate_recall: number;
  readonly true_items_per_row: number;
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
  /** Rankings and multilabel tasks. */
  readonly ranking?: RankingFacts;
  /** Binary tasks: win rate and lift by tenth of the rung that scoring would use, each cutoff ranked by itself. */
  readonly deciles?: {
    readonly rung: string;
    readonly all: readonly DecileRow[];
    readonly by_month: readonly MonthDeciles[];
  };
  /** Binary tasks with cutoffs: share of positives by month over all splits. */
  readonly base_rate?: BaseRate;
  /** Asked for by `segment`. */
  readonly segments?: SegmentView;
  readonly verdict: string;
  readonly warnings: readonly string[];
  /** Columns withheld as knowing the outcome: `table.column` and the evidence. */
  readonly withheld: readonly { readonly column: string; readonly reason: string }[];
  /** Features left out by screening: constant, duplicate, drift, or a family that did not help. Absent for lists. */
  readonly screened?: readonly Dropped[];
  readonly selection?: SelectionView;
}

/** How drift and families were judged, inside training and validation rows. */
export interface SelectionView {
  /** How well a small model tells validation from training rows, columns that went left out; 0.5: not at all. */
  readonly adversarial_auc: number;
  readonly adversarial_rows: number;
  /** Features that order labels the other way round in validation. */
  readonly turned: readonly string[];
  /** Why no family was tried, where none was. */
  readonly note: string | null;
  readonly folds: number;
  /** Rows the loss changes rest on. */
  readonly rows: number;
  readonly groups: readonly GroupTrial[];
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
  /** Number of the account, or other cluster, of each test row. */
  readonly accounts: ArrayLike<number>;
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

export interface ItemReason {
  readonly signal: string;
  /** The shares of one item add to 1. */
  readonly share: number;
  readonly direction: 'up' | 'down';
  readonly sentence: string;
}

export interface ScoredItem {
  readonly item: string;
  readonly probability: number;
  readonly reasons: readonly ItemReason[];
}

export interface ForecastStep {
  /** 1 for the next window. */
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly median?: number;
  readonly low?: number;
  readonly high?: number;
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
  /** Rankings and multilabel tasks: the likeliest items, best first; `probability` is the first one's. */
  readonly items?: readonly ScoredItem[];
  /** Forecasts: one a window ahead; `value` is the first one's. */
  readonly steps?: readonly ForecastStep[];
  /** Regression: the typical amount, where the model tells it from the expected one. */
  readonly median?: number;
  /** Bounds of the probability (regression: 10 % and 90 % quantiles), and the cases they rest on. */
  readonly interval: { readonly low: number; readonly high: number; readonly cases: number } | null;
  /** Probability × the amount in the entity's own record; null where there is none. */
  readonly expected_value: number | null;
  readonly percentile: number;
  readonly band: string;
  readonly fit: number | null;
  readonly engagement: number | null;
  readonly firmographic_only: number | null;
  readonly trend: 'rising' | 'steady' | 'falling' | 'new' | null;
  readonly contacts: string | null;
  readonly key_signal: string;
  readonly action: string;
  /** Rule of the playbook that gave the action, `name@version`. */
  readonly rule: string | null;
  readonly reasons: readonly Reason[];
  /** Why it moved since an earlier moment, 14 days before by default; null for the lower scores of long lists. */
  readonly changes: ScoreChanges | null;
  /** Past wins and losses most like it. */
  readonly similar: SimilarExamples | null;
  /** Whose removal lowers the score most; looked for when one entity is explained. */
  readonly champion?: Champion | null;
}

export interface ScoreReport {
  readonly task: CompareReport['task'];
  readonly model: {
    readonly rung: string;
    readonly version: string;
    /** Of the registered version; null: trained for this call and not kept. */
    readonly status: ModelStatus | null;
    /** Nothing later is in the model; null without times. */
    readonly data_cutoff: string | null;
    readonly trained_rows: number;
    readonly positives: number;
  };
  readonly cutoff: string | null;
  readonly scores: readonly Score[];
  /** What versions running in the shadow would have said. */
  readonly shadows: readonly Moves[];
  readonly warnings: readonly string[];
}

/** How one version's scores differ from another's on the same population. */
export interface Moves {
  readonly version: string;
  readonly against: string;
  readonly rows: number;
  /** Spearman's, of the scores. */
  readonly rank_correlation: number | null;
  readonly mean_absolute_change: number;
  /** Rows in both top tenths over rows in one of them. */
  readonly top_tenth_kept: number;
  readonly movers: readonly Mover[];
}

export interface Mover {
  readonly entity: string;
  readonly score: number;
  readonly score_against: number;
  readonly rank: number;
  readonly rank_against: number;
  /** Change of the margin by signal, largest first. */
  readonly signals: readonly { readonly signal: string; readonly change: number }[];
}

export type LabelsReport = TaskLabelsReport;
