/** One contract for every rung: fit → predict, attribute, save. Every model passes test/contract/model.ts. */
import type { RunControl } from '../../util/progress.ts';
import type { FeatureMatrix } from '../features/types.ts';

export type ModelTask =
  | { readonly type: 'binary' }
  | { readonly type: 'multiclass'; readonly classes: number }
  | {
      readonly type: 'regression';
      /** Quantile predicted, in (0, 1); absent: the mean. */
      readonly quantile?: number;
    };

export type Budget = 'quick' | 'normal' | 'best';

/** Rows with labels. `label` NaN never occurs here. */
export interface Sample {
  readonly matrix: FeatureMatrix;
  readonly label: Float32Array;
  /** Non-negative; mean about 1. */
  readonly weight?: Float32Array;
  /** Cutoff in ms (NaN static) and account cluster of each row: for forward folds and grouped folds. */
  readonly cutoff: Float64Array;
  readonly cluster: Int32Array;
}

export interface FitContext extends RunControl {
  readonly task: ModelTask;
  readonly train: Sample;
  /** Validation rows, later than train. Used for early stopping, calibration, weights. */
  readonly val: Sample;
  readonly seed: number;
  readonly budget: Budget;
  readonly threads: number;
  /** Days from a cutoff until its label is known. Folds inside train leave that gap. Absent: static, or not known. */
  readonly horizonDays?: number;
  /** False: the model of `train` alone is enough; what it says of `val` is all that is wanted. Default true. */
  readonly refit?: boolean;
}

/**
 * Margin-space attributions: for binary, log-odds; for classes, the margin of the class asked for; for regression, the
 * value. base + sum over columns of values[c][i] = margin of row i (to 1e-6).
 */
export interface Attribution {
  readonly base: number;
  /** One array per matrix column. */
  readonly values: readonly Float64Array[];
}

export interface Interval {
  /** Calibration cases (regression: training rows) that the bounds rest on. */
  readonly cases: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export interface Fitted {
  /** Binary: probability of true, length rows. Multiclass: rows × classes, row-major. Regression: value. */
  predict(matrix: FeatureMatrix, control?: RunControl): Promise<Float32Array>;
  /**
   * What members are averaged on and attributions add up to, unrounded. Binary: log-odds, length rows. Multiclass: rows ×
   * classes, row-major, each row's mean 0; their softmax is the prediction. Absent when the model has no such form.
   */
  margin?(matrix: FeatureMatrix, control?: RunControl): Promise<Float64Array>;
  /**
   * Lower and upper bound of each prediction, length rows; the prediction lies between them. Binary: Venn–Abers bounds of
   * the probability. Regression: the 10 % and 90 % quantiles of the value. Absent when the model states no uncertainty.
   */
  interval?(matrix: FeatureMatrix, control?: RunControl): Promise<Interval>;
  /** Regression: the median, where the model tells it from the mean. */
  median?(matrix: FeatureMatrix, control?: RunControl): Promise<Float32Array>;
  /** Absent when the model has no attributions. `output`: the class to explain, default 0; multiclass only. */
  attribute?(matrix: FeatureMatrix, control?: RunControl, output?: number): Promise<Attribution>;
  /**
   * Predictions of the validation rows made before their labels were used, when fitting ended with a refit on them:
   * calibrate and weigh on these. Absent: predict(val) itself is out of sample. Not saved.
   */
  readonly heldOut?: Float32Array;
  /** JSON-serialisable state; `load` of the same model restores a Fitted with bit-identical predictions. */
  save(): unknown;
}

export interface Model {
  readonly name: string;
  /** Level of the ladder, DESIGN.md §6. */
  readonly level: number;
  /** `not applicable: …` text when the inputs it needs are missing; undefined when it can run. */
  inapplicable?(context: FitContext): string | undefined;
  fit(context: FitContext): Promise<Fitted>;
  load(saved: unknown): Fitted;
}
