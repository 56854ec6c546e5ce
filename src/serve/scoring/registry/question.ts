/**
 * Which models answer the same question: the same canonical query (whoever is asked about) with the same label times,
 * or a task table with the same labelled rows; and the same columns that must not decide.
 */
import type { WorkspaceConfig } from '../../../data/schema/types.ts';
import type { CheckedQuery } from '../../../query/pql/ast.ts';
import { printQuery } from '../../../query/pql/print.ts';
import type { Task } from '../../../query/task/types.ts';
import { excludedNames } from '../excluded.ts';
import { withLabelTimes } from '../resolve.ts';
import { sha256 } from './bytes.ts';

export function questionOfQuery(
  config: WorkspaceConfig,
  checked: CheckedQuery,
  asked?: readonly string[],
): string {
  const { ids: _, idsOp: __, ...query } = checked;
  const labelTimes = withLabelTimes(config, checked).schema.tables.flatMap((t) =>
    t.labelTime === undefined ? [] : [[t.name, t.labelTime]],
  );
  const excluded = sorted(excludedNames(config, checked.entity.table, asked));
  return shortHash({ query: printQuery({ ...query, forEach: true }), labelTimes, excluded });
}

export function questionOfRows(config: WorkspaceConfig, task: Task, asked?: readonly string[]): string {
  const { snapshots, visible, entityTable, horizonDays } = task;
  const labelled = snapshots.entityId.flatMap((id, i) =>
    Number.isNaN(visible.values[i]!)
      ? []
      : [[id, snapshots.cutoff[i], visible.values[i], snapshots.split[i]] as const],
  );
  const excluded = sorted(excludedNames(config, entityTable, asked));
  return shortHash({ entityTable, horizonDays, labelled, excluded });
}

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

const shortHash = (content: unknown): string => sha256(JSON.stringify(content)).slice(0, 12);
