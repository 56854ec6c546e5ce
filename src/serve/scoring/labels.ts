/** labels: how many examples and positives each split has, and what was dropped and why. */
import type { SplitName } from '../../query/task/types.ts';
import type { WorkspaceContext } from './context.ts';
import { resolveTask, taskView } from './resolve.ts';
import type { LabelsReport, TargetOptions } from './types.ts';

export async function labels(context: WorkspaceContext, options: TargetOptions): Promise<LabelsReport> {
  const resolved = await resolveTask(context, options, options.at === undefined ? 'compare' : 'score');
  const { counts, dropped, warnings } = resolved.task;
  const view = (split: SplitName) => {
    const { rows, positives, cutoffs, from, to } = counts[split];
    return { rows, positives, cutoffs, from: from ?? null, to: to ?? null };
  };
  return {
    task: taskView(resolved),
    splits: { train: view('train'), val: view('val'), test: view('test'), predict: view('predict') },
    dropped,
    warnings: [...resolved.warnings, ...warnings],
  };
}
