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

/** A step sideways: from a row of a table to rows beside it, as of a cutoff. */
export type SideStep =
  /** Same category and, when known, same band of size. */
  | {
      readonly kind: 'industry_peer';
      readonly id: string;
      readonly table: string;
      readonly category: string;
      readonly size?: string;
    }
  /** Items in common: of a column of several, or of a child table's column (`link` leads from it). */
  | {
      readonly kind: 'similar_to';
      readonly id: string;
      readonly table: string;
      readonly column: string;
      readonly link?: string;
      readonly maxHolders: number;
    }
  /** Rows that `out` of an association names beside the one that `into` names; `ended`: that it named until lately. */
  | {
      readonly kind: 'association';
      readonly id: string;
      readonly table: string;
      readonly through: string;
      readonly into: string;
      readonly out: string;
      readonly ended?: true;
      /** Link up which the step goes on: the accounts of the people, say, other than one's own. */
      readonly up?: string;
    }
  /** The row that a self link names (up), or the rows that name this one (down). */
  | {
      readonly kind: 'self';
      readonly id: string;
      readonly table: string;
      readonly link: string;
      readonly direction: 'up' | 'down';
      readonly up?: string;
    }
  /** People of senior title (in column `title`) who came to the row by `link` lately. */
  | {
      readonly kind: 'arrival';
      readonly id: string;
      readonly table: string;
      readonly link: string;
      readonly title: string;
      /** The entity itself is no newcomer to its own account. */
      readonly others?: true;
    };

export interface PathStep {
  readonly link: string;
  /** up: many-to-one; down: one-to-many; side: to rows beside, as `side` says. */
  readonly direction: 'up' | 'down' | 'side';
  readonly table: string;
  readonly side?: SideStep;
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
