/**
 * Derived columns: made after SQL from a finished matrix, with a state learned on training rows.
 *
 * `learnDerived` reads training rows only and returns plain JSON; `applyDerived` adds the same columns, by the same
 * names and in the same order, to any matrix of the same plan: the one it was learned on or a later population's.
 */
import type { Engine } from '../../../data/engine/types.ts';
import type { RunControl } from '../../../util/progress.ts';
import type { FeaturePlan } from '../plan-types.ts';
import type { FeatureColumn, FeatureMatrix } from '../types.ts';

/** Who the rows of a matrix are, in its order. */
export interface ExampleRows {
  /** `__row` of the entity; −1: not on record. */
  readonly entityRow: Int32Array;
  readonly entityId: readonly string[];
  /** ms; NaN for static tasks. */
  readonly cutoff: Float64Array;
  /** Rows are ranked among those of equal cutoff and equal population. */
  readonly population: Int32Array;
}

/** `matrix` is what `computeFeatures` returned; its snapshots are still in `feat.snap`. */
export interface DeriveInput {
  readonly engine: Engine;
  readonly plan: FeaturePlan;
  readonly matrix: FeatureMatrix;
  readonly rows: ExampleRows;
  readonly control: RunControl;
}

export interface LearnInput extends DeriveInput {
  /** Training rows of the matrix: nothing else is learned from. */
  readonly train: Int32Array;
  readonly labels: ExampleLabels;
  readonly seed: number;
  readonly budget: 'quick' | 'normal' | 'best';
}

/** Parallel to the matrix; read at training rows only. */
export interface ExampleLabels {
  /** yes/no as 1/0; class index; value. */
  readonly value: ArrayLike<number>;
  /** ms from which the label was complete; NaN where that is not known. */
  readonly known: Float64Array;
  readonly type: 'binary' | 'multiclass' | 'regression';
}

/** Serialises as JSON. */
export interface DerivedState {
  readonly text: readonly TextState[];
  readonly ranks: RankState;
  /** Absent where nothing that stands beside a row orders labels. */
  readonly order?: OrderState;
  readonly similar?: SimilarState;
  /** What was not made, and why. */
  readonly notes: readonly string[];
}

/** Where a text column's words come from. */
export interface TextSource {
  readonly table: string;
  readonly column: string;
  /** Link from the table to the entity, its newest `last` rows being read; absent: the entity's own row. */
  readonly link?: string;
  readonly last: number;
}

/** Hashed terms → tf-idf → the first singular directions of the training texts. */
export interface TextState {
  readonly source: TextSource;
  /** Hash buckets seen in enough training texts, ascending, with their idf. */
  readonly buckets: readonly number[];
  readonly idf: readonly number[];
  /** components × buckets, row-major, base64 of little-endian float32. */
  readonly directions: string;
  readonly columns: readonly FeatureColumn[];
}

/** Columns that are ranked within their cutoff. */
export interface RankState {
  readonly columns: readonly {
    readonly meta: FeatureColumn;
    /** Name of the column ranked. */
    readonly of: string;
    /** Quantiles of the training values, ascending: what a row is placed in when its cutoff has too few rows. */
    readonly knots: readonly number[];
  }[];
}

/** What is said of the rows beside a row in order of creation, and of those that share its values. */
export type OrderFormula =
  | { readonly kind: 'same'; readonly side: 'previous' | 'next'; readonly column: string }
  | { readonly kind: 'agree'; readonly side: 'previous' | 'next'; readonly columns: readonly string[] }
  | { readonly kind: 'gap'; readonly side: 'previous' | 'next' }
  | { readonly kind: 'run'; readonly columns: readonly string[] }
  | { readonly kind: 'frequency'; readonly columns: readonly string[] };

export interface OrderState {
  /** Column of the serial number that orders the rows; absent: their time does. */
  readonly serial?: string;
  readonly columns: readonly { readonly meta: FeatureColumn; readonly formula: OrderFormula }[];
}

/** A sample of training rows in a standardised space, those known first first. */
export interface SimilarState {
  readonly space: readonly Axis[];
  readonly references: {
    readonly entityId: readonly string[];
    /** ms from which the label was complete, ascending. */
    readonly known: readonly number[];
    readonly won: readonly boolean[];
    /** references × axes, row-major, base64 of little-endian float32. */
    readonly points: string;
  };
  readonly columns: readonly FeatureColumn[];
}

/** (value − centre) ÷ scale, within ±3, times weight; a missing value lies at the centre. */
export interface Axis {
  /** The column's name. */
  readonly name: string;
  readonly centre: number;
  readonly scale: number;
  readonly weight: number;
}
