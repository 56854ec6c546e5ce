/** What `ceiling` takes and returns. */
import type { CompareDetail, RungResult, TargetOptions } from './types.ts';

export interface CeilingOptions extends TargetOptions {
  /** File of true probabilities: columns table, id, at, target, probability, and possibly standard_error. */
  readonly truth: string;
  /** Which outcome of the file; may be left out where it has one. */
  readonly outcome?: string;
}

export interface CeilingRung extends RungResult {
  /** (AUROC − 0.5) ÷ (AUROC of the true probabilities − 0.5), 95 % interval on the same resamples. */
  readonly share: number | null;
  readonly share_ci: readonly [number, number] | null;
}

export interface CeilingReport {
  readonly outcome: string;
  /** Test cutoffs judged, ISO. */
  readonly dates: readonly string[];
  readonly rows: number;
  readonly positives: number;
  /** True probabilities added up: what would come on average. */
  readonly expected: number;
  /** Mean standard error of the probabilities. */
  readonly standard_error: number;
  /** Test cases that the file does not know, left out. */
  readonly without_truth: number;
  readonly truth: RungResult;
  readonly rungs: readonly CeilingRung[];
  readonly notes: readonly string[];
}

export interface CeilingDetail {
  readonly detail: CompareDetail;
  readonly ceiling: CeilingReport;
}
