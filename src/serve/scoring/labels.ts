/** labels: how many examples and positives each split has, and what was dropped and why. */
import { labelsReport } from '../../query/task/report.ts';
import type { WorkspaceContext } from './context.ts';
import { resolveTask } from './resolve.ts';
import type { LabelsReport, TargetOptions } from './types.ts';

export async function labels(context: WorkspaceContext, options: TargetOptions): Promise<LabelsReport> {
  const resolved = await resolveTask(context, options, options.at === undefined ? 'compare' : 'score');
  const report = labelsReport(resolved.task);
  return { ...report, warnings: [...resolved.warnings, ...report.warnings] };
}
