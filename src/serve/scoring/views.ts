/** What several use cases say about a task and its preparation. */
import { pastTargetOf } from '../../query/task/past-target.ts';
import { selectionView } from './narrow.ts';
import type { Prepared, PrepareInput, Selected } from './prepare.ts';
import type { Resolved } from './resolve.ts';
import type { CompareReport } from './types.ts';

/** What the query says about features: the tables it limits itself to, a target that has a past of its own; and the task whose outcomes are history. */
export function using({ checked, whole }: Resolved): Pick<PrepareInput, 'using' | 'target' | 'whole'> {
  const target = pastTargetOf(checked);
  return {
    ...(checked?.using ? { using: checked.using } : {}),
    ...(target ? { target } : {}),
    ...(whole ? { whole } : {}),
  };
}

/** What screening and selection left out. */
export const selectionOf = ({
  screened,
  selection,
}: Prepared & Selected): Pick<CompareReport, 'screened' | 'selection'> => ({
  screened,
  selection: selectionView(selection),
});

export const withheldOf = (prepared: Prepared): CompareReport['withheld'] => {
  const byColumn = new Map(Object.entries(prepared.task.withheld));
  for (const leak of prepared.leaks) if (leak.action === 'withhold') byColumn.set(leak.column, leak.evidence);
  return [...byColumn].map(([column, reason]) => ({ column, reason }));
};
