/** The feature plan: groups, event sources, outcome rates, static columns. Plain data; printable; nothing ran yet. */
import type { Schema } from '../../data/schema/types.ts';
import type { PastTarget } from '../../query/task/past-target.ts';
import type { PlanEstimate, PlanLimits } from './cost.ts';
import type { LagPlan } from './lags/lags.ts';
import type { FeatureColumn, PathStep, SideStep } from './types.ts';

export interface PlanInput {
  readonly schema: Schema;
  readonly entityTable: string;
  /** No cutoffs: everything on record is visible. */
  readonly static: boolean;
  readonly horizonDays?: number;
  /** ms. Nothing known later may shape the plan (vocabularies, fan-out estimates). */
  readonly asOf: number;
  /** `table.column` that may not be read. */
  readonly withheld: ReadonlySet<string>;
  /** Tables that may be read (USING); undefined: all. */
  readonly tables?: ReadonlySet<string>;
  /** Entity rows are given by a task table: the row itself is visible from its own day on. */
  readonly entityGiven: boolean;
  readonly maxColumns: number;
  /** Link paths followed at most. */
  readonly maxSources: number;
  /** What running the plan may cost, by estimate. */
  readonly limits?: PlanLimits;
  /** A target that has a value over windows of the past: adds its lags. */
  readonly target?: PastTarget;
}

/** Rows that snapshots share: the entity itself, or a row reached by many-to-one links. */
export interface Group {
  readonly id: string;
  readonly up: readonly PathStep[];
  readonly table: string;
  /** Group by the value of this column of the row instead of by the row (industry peers, same source). */
  readonly column?: string;
  /** Not the row itself but the rows beside it; `table` is theirs. */
  readonly side?: SideStep;
}

/** opened: rows at their event time with the columns written then; closed: rows at their closing time. */
export type Stream = 'opened' | 'closed';

export interface NumericMeasure {
  readonly column: string;
  readonly decimals: number;
  /** Measured as the product of both columns: quantity × unit price. */
  readonly times?: string;
}

export interface CategoryMeasure {
  readonly column: string;
  readonly values: readonly string[];
  /** How many of the values, from the front, have columns of their own; the others serve sequences. */
  readonly counted: number;
  readonly boolean: boolean;
}

/**
 * The order in which events of different types come. Letters are codes of the type column's values; what is listed was
 * frequent in rows known by `asOf`.
 */
export interface SequenceMeasure {
  /** Index in `categories` of the type column. */
  readonly c: number;
  /** Runs of two or three types, each right after the one before. */
  readonly steps: readonly (readonly number[])[];
  /** Two types that many groups have both, the one that mostly comes first in front. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Three types in order, with any others between. */
  readonly chains: readonly (readonly [number, number, number])[];
  /** Types that follow each other in one order nearly everywhere; empty: there are none. */
  readonly stages: readonly number[];
}

/** One of the tables whose events make one sequence. */
export interface JourneyPart {
  readonly down: readonly PathStep[];
  readonly table: string;
  /** Type column; absent: every row of the table is one letter. */
  readonly column?: string;
  readonly letters: readonly { readonly value?: string; readonly code: number }[];
}

export interface EventSource {
  readonly id: string;
  readonly group: Group;
  readonly down: readonly PathStep[];
  readonly table: string;
  readonly stream: Stream;
  readonly dated: boolean;
  /** Index in `down` of the step that reaches the entity's own table, when the group is not the entity; −1: the group's own rows. */
  readonly memberStep?: number;
  readonly excludeSelf: boolean;
  /** A link on the way names another row later: rows count until then. */
  readonly expires?: boolean;
  readonly detail: 'full' | 'medium' | 'brief';
  readonly windows: readonly number[];
  readonly numeric: readonly NumericMeasure[];
  readonly categories: readonly CategoryMeasure[];
  /** Foreign keys counted distinct: link names of the event table. */
  readonly refs: readonly string[];
  /** Order of events by type; absent where no column tells types. */
  readonly sequence?: SequenceMeasure;
  /** A longer pause begins a new session; microseconds. Absent where events are undated. */
  readonly sessionGap?: number;
  /** Rows become known in the order they happened, each at its own time: the last by time is the last in sequence. */
  readonly prompt: boolean;
  /** The rows are those of several tables, in one alphabet of types (category 0). */
  readonly parts?: readonly JourneyPart[];
}

/** One output column of an event source: which partial it is made of. */
export interface SourceColumn {
  readonly meta: FeatureColumn;
  readonly formula: Formula;
}

/** `w`: index into the source's windows; windows.length means all time. */
export type Formula =
  | { readonly kind: 'count'; readonly w: number }
  | { readonly kind: 'days'; readonly w: number }
  | { readonly kind: 'members'; readonly w: number }
  | { readonly kind: 'refs'; readonly ref: number; readonly w: number }
  | { readonly kind: 'sum' | 'mean' | 'std' | 'min' | 'max'; readonly x: number; readonly w: number }
  | { readonly kind: 'lastValue'; readonly x: number }
  | { readonly kind: 'category'; readonly c: number; readonly v: number; readonly w: number }
  | { readonly kind: 'share'; readonly c: number; readonly v: number; readonly w: number }
  | { readonly kind: 'lastCategory'; readonly c: number }
  | { readonly kind: 'sinceCategory'; readonly c: number; readonly v: number }
  | { readonly kind: 'sinceLast' | 'sinceFirst' | 'span' | 'meanGap' | 'gapRatio' }
  | { readonly kind: 'trend'; readonly short: number; readonly long: number }
  | {
      readonly kind: 'gatedSum' | 'gatedMean';
      readonly x: number;
      readonly c: number;
      readonly v: number;
      readonly w: number;
    }
  | { readonly kind: 'gatedLast'; readonly x: number; readonly c: number; readonly v: number }
  | { readonly kind: 'step' | 'stepShare'; readonly step: number; readonly w: number }
  /** The three types in order, all within the window. */
  | { readonly kind: 'chain'; readonly chain: number; readonly w: number }
  /** From the first of one type to the first of another: days, and whether that is the order. */
  | { readonly kind: 'between' | 'before'; readonly from: number; readonly to: number }
  /** How many types came first earlier than this one, plus one. */
  | { readonly kind: 'place'; readonly v: number }
  | { readonly kind: 'stage' | 'stageDays' | 'stageSpan' }
  | { readonly kind: 'sessions' | 'perSession'; readonly w: number }
  | { readonly kind: 'lastSession' | 'lastSessionMinutes' | 'sessionsPerDay' }
  | { readonly kind: 'longestGap' | 'recordRatio' | 'burst' }
  | { readonly kind: 'previousCategory'; readonly c: number }
  /** Last value minus the one before. */
  | { readonly kind: 'lastChange'; readonly x: number };

export interface PlannedSource extends EventSource {
  readonly columns: readonly SourceColumn[];
}

/** Of the cutoff, in UTC. Business days are Monday to Friday. */
export type CalendarPart =
  | 'dayOfWeek'
  | 'dayOfMonth'
  | 'month'
  | 'weekOfYear'
  | 'daysToQuarterEnd'
  | 'businessDaysLeft';

/** How one cell of the entity's own row or of a parent's row becomes a number. */
export type StaticFormula =
  | {
      readonly kind:
        | 'number'
        | 'order'
        | 'serial'
        | 'boolean'
        | 'ageDays'
        | 'textLength'
        | 'seniority'
        | 'personalEmail'
        | 'present';
    }
  | { readonly kind: 'category'; readonly values: readonly string[]; readonly other: boolean }
  | { readonly kind: 'member'; readonly value: string; readonly separator: string }
  | { readonly kind: 'memberCount'; readonly separator: string }
  | { readonly kind: 'department' }
  | { readonly kind: 'over' | 'seniorityFrom'; readonly threshold: number }
  | { readonly kind: 'among'; readonly values: readonly string[] }
  | { readonly kind: 'rowAge' }
  | { readonly kind: 'calendar'; readonly part: CalendarPart };

export interface StaticColumn {
  readonly meta: FeatureColumn;
  readonly group: Group;
  readonly column?: string;
  readonly formula: StaticFormula;
}

/** Matured outcomes of earlier snapshots that share the group. */
export interface OutcomeSource {
  readonly id: string;
  readonly group: Group;
  readonly columns: readonly FeatureColumn[];
}

export interface RatioColumn {
  readonly meta: FeatureColumn;
  /** Names of the columns divided. */
  readonly having: string;
  readonly of: string;
  /** Overall share at `asOf`, towards which small groups are shrunk. */
  readonly prior: number;
}

export interface FeaturePlan {
  readonly input: PlanInput;
  readonly statics: readonly StaticColumn[];
  readonly sources: readonly PlannedSource[];
  readonly outcomes: readonly OutcomeSource[];
  /** Share of a group's members that ever had the event, from two count columns, shrunk to the overall share. */
  readonly ratios: readonly RatioColumn[];
  readonly lags?: LagPlan;
  /** What running it is expected to cost. */
  readonly estimate: PlanEstimate;
  /** What was left out and why. */
  readonly notes: readonly string[];
}
