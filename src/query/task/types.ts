/** The task: which (entity, cutoff) pairs are examples, their labels, and the split. */
import type { TaskType, TimeUnit } from '../pql/ast.ts';

export type SplitName = 'train' | 'val' | 'test' | 'predict';

/**
 * Snapshots, columnar; index = `sid`. The same rows sit in the engine as table `task.snapshots`
 * (sid BIGINT, erow BIGINT = __row of the entity, cutoff TIMESTAMP (null = static task), split VARCHAR).
 * No label has a field here.
 */
export interface Snapshots {
  readonly rows: number;
  /** Row number of the entity in its table. -1: an id of a task table that no row has. */
  readonly entityRow: Int32Array;
  readonly entityId: readonly string[];
  /** ms since epoch, UTC; NaN for static tasks. */
  readonly cutoff: Float64Array;
  readonly split: readonly SplitName[];
  /** Cluster id for bootstraps: the nearest parent (account) row when there is one, else the entity row. */
  readonly cluster: Int32Array;
}

/** Labels of the rows whose split is in `splits`; NaN elsewhere. Class index for multiclass. */
export interface Labels {
  readonly splits: readonly SplitName[];
  readonly values: Float64Array;
  /** Forecasts: one array per step; `values` is the first. */
  readonly steps?: readonly Float64Array[];
  /** Rankings and multilabel: the list of each row; `values` is its length. */
  readonly items?: readonly (readonly string[])[];
}

export interface DroppedCount {
  readonly reason: string;
  readonly rows: number;
}

export interface SplitCount {
  readonly rows: number;
  readonly positives: number;
  readonly cutoffs: number;
  readonly from?: string;
  readonly to?: string;
}

export interface Task {
  readonly type: TaskType;
  readonly entityTable: string;
  /** Canonical text of the query, when there is one. */
  readonly queryText?: string;
  /** What is predicted, in words. */
  readonly description: string;
  readonly source: 'query' | 'task-table';
  readonly static: boolean;
  /** Length of the label window in days; undefined for static tasks and task tables without --horizon. */
  readonly horizonDays?: number;
  /** The same in its own unit: a label is complete at cutoff + horizon, months being calendar months. */
  readonly horizon?: { readonly end: number; readonly unit: TimeUnit };
  readonly classes?: readonly string[];
  readonly snapshots: Snapshots;
  /** Labels of train and validation: what models may see. */
  readonly visible: Labels;
  /** Test labels: only evaluation imports this. Empty splits when scoring. */
  readonly heldOut: Labels;
  readonly counts: Readonly<Record<SplitName, SplitCount>>;
  readonly dropped: readonly DroppedCount[];
  readonly warnings: readonly string[];
  /** Columns withheld because they know the outcome: `table.column` → why. */
  readonly withheld: Readonly<Record<string, string>>;
  /** Where validation rows came from: by time, or by account-grouped folds inside train. */
  readonly validation: 'time' | 'grouped-folds' | 'given';
}
