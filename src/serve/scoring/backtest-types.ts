/** What a backtest says. Every rate and figure stands beside the cases it rests on. */
import type { Budget } from '../../learn/models/types.ts';
import type { CompareReport, TargetOptions } from './types.ts';

/**
 * rolling: the database as of each row's cutoff, as in daily use. frozen: the database cut at the origin, so that later
 * cutoffs of a block are seen as they stood at the origin.
 */
export type Regime = 'rolling' | 'frozen';

export interface BacktestOptions extends TargetOptions {
  readonly regime?: Regime | 'both';
  /** Test blocks going back; default by budget. */
  readonly origins?: number;
  readonly budget?: Budget;
}

export type Pair = readonly [number, number];

export interface Estimate {
  readonly value: number | null;
  /** 95 % interval, clustered by account and cutoff. */
  readonly ci: Pair | null;
}

export interface RateRow {
  readonly rows: number;
  readonly positives: number;
  readonly rate: number;
  readonly ci: Pair;
}

export interface DecileRow extends RateRow {
  /** 1 is the tenth scored highest. */
  readonly decile: number;
  readonly predicted: number;
  readonly lift: number | null;
  readonly lift_ci: Pair | null;
}

export interface MonthDeciles {
  /** Month of the cutoffs, `2024-03`. */
  readonly month: string;
  readonly rows: number;
  readonly positives: number;
  readonly deciles: readonly (RateRow & { readonly decile: number })[];
}

export interface OriginView {
  readonly origin: string;
  /** Last test cutoff of the block. */
  readonly to: string;
  readonly cutoffs: number;
  readonly train: number;
  readonly val: number;
  readonly rows: number;
  readonly positives: number;
}

export interface OriginFigures {
  readonly origin: string;
  readonly rows: number;
  readonly positives: number;
  readonly auroc: Estimate;
  /** Positives that happened over those predicted; 1 is honest. */
  readonly observed_over_expected: Estimate;
}

export interface BacktestRung {
  readonly name: string;
  readonly level: number;
  /** Why it takes no part in the verdict, or did not run. */
  readonly note?: string;
  /** Origins it ran at. */
  readonly origins: number;
  /** Mean over origins, each weighing by its positives: rows of two origins are never compared. */
  readonly auroc: Estimate;
  readonly lift10: Estimate;
  readonly observed_over_expected: Estimate;
  /** Later half of the origins minus the earlier half. */
  readonly auroc_change: Estimate;
  readonly calibration_change: Estimate;
  readonly by_origin: readonly OriginFigures[];
  readonly deciles: readonly DecileRow[];
  readonly by_month: readonly MonthDeciles[];
}

export interface RegimeReport {
  readonly regime: Regime;
  readonly rungs: readonly BacktestRung[];
  readonly verdict: string;
}

export interface BaseRate {
  readonly months: readonly (RateRow & { readonly month: string })[];
  readonly statistic: number | null;
  readonly degrees: number;
  /** Chance of such differences between months if the rate were one and the same. */
  readonly p_value: number | null;
  readonly sentence: string;
}

export interface BacktestReport {
  readonly task: CompareReport['task'];
  /** Oldest first. */
  readonly origins: readonly OriginView[];
  readonly rows: number;
  readonly positives: number;
  readonly regimes: readonly RegimeReport[];
  /** rolling − frozen AUROC of the highest rung; null when one regime was run. */
  readonly regime_difference: Estimate | null;
  readonly base_rate: BaseRate;
  readonly warnings: readonly string[];
  readonly withheld: CompareReport['withheld'];
}

/** With what a picture needs beyond the report. */
export interface BacktestDetail {
  readonly report: BacktestReport;
  readonly outcomes: Float32Array;
  /** Regime → rung → probability of each pooled test row. */
  readonly predictions: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;
  readonly entityIds: readonly string[];
  readonly cutoffs: Float64Array;
}
