/** Shapes between attribution and the score that a seller reads. */
import type { PathStep, Signal } from '../features/types.ts';

export type Direction = 'up' | 'down';

/** Columns that read the same rows (path, table, window) for the same signal. */
export interface PartDefinition {
  readonly signal: Signal;
  readonly path: readonly PathStep[];
  readonly table: string;
  readonly windowDays: number | undefined;
  /** Indices into the matrix. */
  readonly columns: readonly number[];
}

export interface Part {
  readonly of: PartDefinition;
  /** Margin space: log-odds for binary tasks. */
  readonly contribution: number;
  /** The column that moves the margin most in the part's own direction. */
  readonly lead: number;
}

export interface SignalGroup {
  readonly signal: Signal;
  readonly contribution: number;
  /** Largest |contribution| first. */
  readonly parts: readonly Part[];
}

export interface ListedSignal extends SignalGroup {
  /** |contribution| over the sum of those listed. */
  readonly share: number;
  readonly direction: Direction;
  /** How many signals are folded into this entry; more than 0 only for the rest. */
  readonly folded: number;
}

export interface EvidenceRows {
  readonly table: string;
  readonly ids: readonly string[];
}

export interface Reason {
  readonly signal: string;
  readonly share: number;
  readonly direction: Direction;
  readonly sentence: string;
  readonly evidence: readonly EvidenceRows[];
}

/** Why a score moved since an earlier moment. */
export interface ScoreChanges {
  /** ISO. */
  readonly since: string;
  /** Probability (value, for regression) then, and the difference since. */
  readonly before: number;
  readonly delta: number;
  /** Largest first; their deltas add to `delta`. `evidence`: rows that became known since. */
  readonly signals: readonly {
    readonly signal: string;
    readonly delta: number;
    readonly direction: Direction;
    readonly sentence: string;
    readonly evidence: readonly EvidenceRows[];
  }[];
}

/** An entity at a moment. `cutoff` in ms since epoch; NaN: static, everything on record is visible. */
export interface Anchor {
  /** __row in the entity's table; negative: no such row. */
  readonly entityRow: number;
  readonly cutoff: number;
}

/** How people call what is scored and what may happen to it. */
export interface Wording {
  /** Plural, e.g. `leads`. */
  readonly entities: string;
  /** Past tense, e.g. `converted`. */
  readonly outcome: string;
  /** Put before amounts of money, e.g. `$`. Nothing in the tables says which currency they are in. */
  readonly currency: string;
}
