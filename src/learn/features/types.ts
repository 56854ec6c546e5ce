/** FeaturePlan → FeatureMatrix: what is computed, and the columns that come out. */

export type Family =
  | 'static' // own attributes
  | 'parents' // attributes of rows one or more many-to-one links away
  | 'windows' // counts, sums, shares over windows of linked events
  | 'recency' // recency, rhythm, trend
  | 'peers' // the same over other members of a group, excluding self
  | 'outcome' // matured outcomes of own, parent, peers
  | 'sequence' // order of events: first occurrences, k-step sequences, stages and speed, sessions
  | 'text' // hashed n-grams of short text, reduced to few numbers
  | 'rank' // place among the rows of the same cutoff
  | 'similar' // nearest matured wins and losses
  | 'calendar';

/**
 * What a rung may see. record: the entity's own row; own: the entity's own events; flat: parents' columns joined on;
 * account: events of all members of the account summed; relational: everything else.
 */
export type Scope = 'record' | 'flat' | 'own' | 'account' | 'relational';

/** Signals of DESIGN.md §7 that sellers read. */
export type Signal =
  | 'multi-contact engagement'
  | 'seniority mix'
  | 'high-intent content'
  | 'buying-stage sequence'
  | 'velocity'
  | 'silence'
  | 'engagement'
  | 'firmographic fit'
  | 'technology fit'
  | 'peer wins'
  | 'past deals'
  | 'product usage'
  | 'champion'
  | 'new executive'
  | 'source'
  | 'profile'
  | 'timing'
  | 'other';

export interface PathStep {
  readonly link: string;
  /** up: many-to-one; down: one-to-many; side: a derived link. */
  readonly direction: 'up' | 'down' | 'side';
  readonly table: string;
}

export interface FeatureColumn {
  /** Unique and stable, e.g. `touches.count.30d`, `accounts.industry`. */
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  /** Text of each code of a categorical column; codes index it; NaN = missing. The last may be `(other)`. */
  readonly categories?: readonly string[];
  readonly family: Family;
  readonly scope: Scope;
  readonly signal: Signal;
  /** Links from the entity to the table read; empty: the entity's own row. */
  readonly path: readonly PathStep[];
  readonly table: string;
  readonly column?: string;
  readonly primitive: string;
  readonly windowDays?: number;
  /**
   * Which rows of `table` it reads, beyond path and window: those with one value of `column`; dated by closing instead
   * of event time; not the entity's own; of all rows that share `sameValue` with the row reached by the path's
   * leading up steps.
   */
  readonly rows?: {
    readonly value?: string;
    readonly closed?: boolean;
    readonly others?: boolean;
    readonly sameValue?: string;
  };
  /** It orders labels the other way round in validation than in training: linear models cannot follow and skip it. */
  readonly turned?: boolean;
  /** What the column is, in words, e.g. `touches in the last 30 days`. */
  readonly sentence: string;
  readonly unit?: 'days' | 'money' | 'share' | 'count';
}

/** Column-major; row i of every column is snapshot `sids[i]`. NaN = missing. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: readonly FeatureColumn[];
  readonly data: readonly Float32Array[];
}
