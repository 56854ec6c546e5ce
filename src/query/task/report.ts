/** What `leadlight labels` shows. */
import { SPLITS } from './finish.ts';
import type { SplitName, Task } from './types.ts';

export interface TaskLabelsReport {
  readonly task: {
    readonly type: Task['type'];
    readonly entity: string;
    readonly description: string;
    readonly query: string | null;
    readonly horizon_days: number | null;
    readonly static: boolean;
  };
  readonly splits: Readonly<
    Record<
      SplitName,
      {
        readonly rows: number;
        readonly positives: number;
        readonly cutoffs: number;
        readonly from: string | null;
        readonly to: string | null;
      }
    >
  >;
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  readonly warnings: readonly string[];
}

export function labelsReport(task: Task): TaskLabelsReport {
  const splits = SPLITS.map((name) => {
    const { rows, positives, cutoffs, from = null, to = null } = task.counts[name];
    return [name, { rows, positives, cutoffs, from, to }] as const;
  });
  return {
    task: {
      type: task.type,
      entity: task.entityTable,
      description: task.description,
      query: task.queryText ?? null,
      horizon_days: task.horizonDays ?? null,
      static: task.static,
    },
    splits: Object.fromEntries(splits) as TaskLabelsReport['splits'],
    dropped: task.dropped,
    warnings: task.warnings,
  };
}
