/** explain-query with a workspace: what the query means on its tables, and the label counts it yields. */

import { LeadlightError } from '../../errors.ts';
import type { CheckedQuery } from '../../query/pql/ast.ts';
import { describeQuery } from '../../query/pql/describe.ts';
import { explainTask } from '../../query/task/explain-task.ts';
import type { WorkspaceContext } from './context.ts';
import { labels } from './labels.ts';
import { withLabelTimes } from './resolve.ts';

export async function explainOnData(
  context: WorkspaceContext,
  checked: CheckedQuery,
  text: string,
): Promise<readonly string[]> {
  const config = withLabelTimes(context.config, checked);
  const words = [...describeQuery(checked, config.schema), ...explainTask(checked, config)];
  return [...words, ...(await countLines(context, text))];
}

/** A query may be right and still have no labels here; that is said, not thrown. */
async function countLines(context: WorkspaceContext, query: string): Promise<readonly string[]> {
  try {
    const report = await labels(context, { query });
    const splits = (['train', 'val', 'test'] as const).map((s) => {
      const { rows, positives, cutoffs, from, to } = report.splits[s];
      const span = from === null ? '' : `, ${from} to ${to}`;
      return `${s}: ${rows} examples, ${positives} positive, ${cutoffs} cutoffs${span}`;
    });
    return [...splits, ...report.dropped.map((d) => `dropped: ${d.rows} (${d.reason})`), ...report.warnings];
  } catch (thrown) {
    if (thrown instanceof LeadlightError) return [`no labels: ${thrown.message}`];
    throw thrown;
  }
}
