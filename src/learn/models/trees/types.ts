/** Shapes of the tree learner: what goes in (TreeData, TreeParams), what comes out (TreeEnsemble). */

export type Objective = 'logistic' | 'softmax' | 'l2' | 'quantile';

/** Early-stopping metrics. `logloss` allows for a shift of the base rate (see metric.ts). */
export type TreeMetric = 'logloss' | 'auroc' | 'rmse' | 'pinball';

export interface TreeData {
  readonly rows: number;
  /** One array of `rows` values per column; NaN missing; a categorical column holds codes 0, 1, 2 … */
  readonly columns: readonly Float32Array[];
  /** Per column. */
  readonly categorical: readonly boolean[];
  /** Logistic: 0 or 1; softmax: the class 0 … classes − 1; l2, quantile: the value. */
  readonly label: Float32Array;
  readonly weight?: Float32Array;
  /** Margin to start from, rows values (softmax: classes × rows, class-major). Not part of the ensemble. */
  readonly initScore?: Float64Array;
}

export interface TreeParams {
  readonly objective: Objective;
  /** Softmax only. */
  readonly classes: number;
  /** Quantile objective only: which quantile, in (0, 1); 0.5 is the median (absolute error). */
  readonly quantile: number;
  readonly rounds: number;
  readonly learningRate: number;
  /** Most leaves of a tree; trees grow leaf-wise. */
  readonly leaves: number;
  /** 0: no limit. */
  readonly maxDepth: number;
  readonly minDataInLeaf: number;
  readonly minHessianInLeaf: number;
  readonly lambda: number;
  readonly minGain: number;
  /** Share of rows drawn (without replacement) for each round. */
  readonly bagging: number;
  /** Share of columns drawn for each tree. */
  readonly featureFraction: number;
  /** Columns that may split; all when absent. */
  readonly columns?: readonly number[];
  readonly catSmooth: number;
  readonly catL2: number;
  /** Most categories on the left of a split. */
  readonly maxCategories: number;
  readonly minDataPerGroup: number;
  /** Columns of at most this many categories are split one against the rest. */
  readonly oneHotLimit: number;
  /** +1, 0 or −1 per column. */
  readonly monotone?: readonly number[];
  /** One random threshold a column and leaf, as in extremely randomised trees. */
  readonly extraTrees: boolean;
  /** Rounds without improvement before stopping; 0: never. Needs validation data. */
  readonly patience: number;
  readonly metric?: TreeMetric;
  readonly seed: number;
}

/** Fixed when data are binned. */
export interface BinParams {
  /** At most 255. */
  readonly maxBin: number;
  readonly minDataInBin: number;
  readonly threads: number;
}

/** LightGBM's defaults. */
export const DEFAULT_PARAMS: TreeParams = {
  objective: 'logistic',
  classes: 2,
  quantile: 0.5,
  rounds: 100,
  learningRate: 0.1,
  leaves: 31,
  maxDepth: 0,
  minDataInLeaf: 20,
  minHessianInLeaf: 1e-3,
  lambda: 0,
  minGain: 0,
  bagging: 1,
  featureFraction: 1,
  catSmooth: 10,
  catL2: 10,
  maxCategories: 32,
  minDataPerGroup: 100,
  oneHotLimit: 4,
  extraTrees: false,
  patience: 0,
  seed: 0,
};

export const DEFAULT_BINS: BinParams = { maxBin: 255, minDataInBin: 3, threads: 1 };

/**
 * All trees in flat arrays. A child ≥ 0 is a node, < 0 is the leaf ~child. margin of a row = base[k] + sum of the
 * values of the leaves it falls in, over the trees of class k.
 */
export interface TreeEnsemble {
  readonly objective: Objective;
  /** Margins a row: classes for softmax, else 1. */
  readonly outputs: number;
  readonly columns: number;
  readonly base: Float64Array;
  /** Per tree: its root (a child, as above) and which output it adds to. */
  readonly roots: Int32Array;
  readonly output: Int32Array;
  /** Per node. */
  readonly column: Int32Array;
  /** Numeric: left if value ≤ threshold. */
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  /** −1 numeric; else the set of bins that go left, eight words each in `sets`. */
  readonly set: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float32Array;
  /** Per leaf: its value and the weight of the training rows in it. */
  readonly value: Float64Array;
  readonly cover: Float64Array;
  readonly sets: Uint32Array;
  /** Per column: code → bin of a categorical column (codes beyond: bin 1; NaN: bin 0), else undefined. */
  readonly codeBins: readonly (Uint8Array | undefined)[];
}
