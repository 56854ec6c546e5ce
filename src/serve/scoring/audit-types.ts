/** What an audit says of the data, the scores in use, the model, and what a change is worth. */
import type { LeakFinding } from '../../data/quality/leaks.ts';
import type { Estimate, Pair, RateRow } from './backtest-types.ts';
import type { Sufficiency } from './sufficiency.ts';
import type { CompareReport, TargetOptions } from './types.ts';

export interface AuditOptions extends TargetOptions {
  /** `table.column` of scores to judge, besides the points of leadlight.yaml. */
  readonly scoreColumns?: readonly string[];
  readonly segment?: string;
  readonly reps?: number;
  /** Calls of one rep in a week. */
  readonly calls?: number;
  /** Weeks for which one list is worked; default 1. */
  readonly weeks?: number;
  readonly dealValue?: number;
  readonly costPerCall?: number;
  /** Calls to one lead; default 1. */
  readonly callsPerLead?: number;
  /** Deals closed in a year now. */
  readonly deals?: number;
}

export interface Collapse {
  readonly column: string;
  readonly rows: number;
  /** AUROC of the column alone, out of fold: cells as exported, and as known at each cutoff. */
  readonly exported: number;
  readonly as_of: number | null;
  readonly collapsed: boolean;
  readonly evidence: string;
}

export interface SliceRow extends RateRow {
  /** 1 is scored highest. */
  readonly slice: number;
}

export interface Steepness {
  readonly ratio: number;
  readonly ci: Pair;
}

export interface ScoreAudit {
  readonly name: string;
  readonly note: string | null;
  readonly auroc: Estimate;
  readonly slices: readonly SliceRow[];
  /** Win rate of the best fifth over that of the worst. */
  readonly top_to_bottom: Steepness;
  /** No fifth wins less than the one below it by more than its interval. */
  readonly monotone: boolean;
  /** AUROC of the highest rung minus that of this score, same rows. */
  readonly model_minus_score: Estimate | null;
  readonly sentence: string;
}

export interface ContactsRow extends RateRow {
  /** `0` to `3`, `4+`. */
  readonly contacts: string;
}

export interface ColleagueStudy {
  readonly people: string;
  readonly events: readonly string[];
  readonly days: number;
  readonly by_contacts: readonly ContactsRow[];
  readonly by_departments: readonly ContactsRow[];
  /** Newest wins looked at, one per account, and those of them with three or more active contacts before winning. */
  readonly wins: number;
  readonly wins_with_three: number;
  /** Win rate with three or more active contacts over that with one. */
  readonly three_to_one: Estimate;
  readonly sentence: string;
}

export interface WorkedOrder {
  readonly name: string;
  readonly threshold: number | null;
  readonly worked: number;
  readonly wins: Estimate;
  readonly more: Estimate;
}

export interface CapacityView {
  readonly reps: number;
  readonly calls: number;
  readonly weeks: number;
  readonly per_list: number;
  readonly lists: number;
  readonly wins_unordered: number;
  readonly orders: readonly WorkedOrder[];
  readonly sentence: string;
}

export interface Money {
  readonly deal_value: number | null;
  readonly cost_per_call: number | null;
  /** Calls to leads that were not won, per list: in the present order, and in the model's. */
  readonly wasted: { readonly now: number; readonly model: number } | null;
  /** Σ probability × deal value over the newest cutoff, and its 95 % range by chance alone. */
  readonly pipeline: { readonly cases: number; readonly value: number; readonly ci: Pair } | null;
  /** Wins of the model's order over those of the present order, minus 1, at the same capacity. */
  readonly gain: Estimate | null;
  readonly deals: Pair | null;
  readonly more_deals: Pair | null;
  readonly revenue: Pair | null;
  readonly against: string;
  readonly sentences: readonly string[];
}

export interface SegmentRow extends RateRow {
  readonly segment: string;
  readonly auroc: Estimate;
  readonly observed_over_expected: Estimate;
  readonly lift20: Estimate;
  /** AUROC of a model fitted on the segment alone minus the common one's; null when it has too few outcomes. */
  readonly own_model: Estimate | null;
}

export interface SegmentView {
  readonly column: string;
  readonly segments: readonly SegmentRow[];
  readonly sentence: string;
}

export interface FairnessValue extends RateRow {
  readonly value: string;
  readonly mean_score: number;
  readonly observed_over_expected: Estimate;
  /** Share of its cases in the best fifth of all. */
  readonly in_top_fifth: number;
}

export interface FairnessView {
  readonly column: string;
  /** AUROC with which the columns that are left tell `told` from the rest. */
  readonly predictability: Estimate;
  readonly told: string;
  readonly values: readonly FairnessValue[];
  readonly proxies: readonly { readonly column: string; readonly sentence: string; readonly auroc: number }[];
  readonly sentence: string;
}

export interface AuditReport {
  readonly task: CompareReport['task'];
  /** Test cases, later than all training. */
  readonly rows: number;
  readonly positives: number;
  readonly rung: string;
  readonly sufficiency: Sufficiency;
  readonly leaks: readonly LeakFinding[];
  readonly collapses: readonly Collapse[];
  readonly scores: readonly ScoreAudit[];
  readonly colleagues: ColleagueStudy | null;
  readonly capacity: CapacityView | null;
  readonly money: Money | null;
  readonly segments: SegmentView | null;
  readonly fairness: readonly FairnessView[];
  readonly warnings: readonly string[];
  readonly withheld: CompareReport['withheld'];
}
