/** Tasks whose answer for an entity is several values: rankings, multilabel tasks and forecasts. */
import { LeadlightError } from '../../errors.ts';
import type { TaskType } from '../../query/pql/ast.ts';
import type { WorkspaceContext } from './context.ts';
import { scoreForecast } from './forecast.ts';
import { scorePairs } from './rank-score.ts';
import { compileTarget, resolveTask } from './resolve.ts';
import type { Score, ScoreReport, TargetOptions } from './types.ts';

const SEVERAL: readonly TaskType[] = ['ranking', 'multilabel', 'forecast'];

/** Whether the target asked for is one of these. */
export const isSeveral = (context: WorkspaceContext, options: TargetOptions): boolean => {
  const type = compileTarget(context, options)?.checked.taskType;
  return type !== undefined && SEVERAL.includes(type);
};

/** Trained for the call, on everything matured by the cutoff. */
export async function scoreSeveral(context: WorkspaceContext, options: TargetOptions): Promise<ScoreReport> {
  const resolved = await resolveTask(context, options, 'score');
  return resolved.task.type === 'forecast'
    ? scoreForecast(context, options, resolved)
    : scorePairs(context, options, resolved);
}

/** @throws LeadlightError UNKNOWN_ENTITY */
export async function explainSeveral(
  context: WorkspaceContext,
  options: TargetOptions & { readonly id: string },
): Promise<Score> {
  const { scores, task } = await scoreSeveral(context, options);
  const found = scores.find((s) => s.entity === options.id);
  if (found) return found;
  throw new LeadlightError('UNKNOWN_ENTITY', {
    problem: `${task.entity} ${options.id} is not among the ${scores.length} scored`,
    remedy: `Give the id as printed by \`leadlight score\`, e.g. ${scores[0]?.entity}; an entity outside the query's population has no score.`,
  });
}

/** @throws LeadlightError USAGE for a target whose models are not kept. */
export function refuseSeveral(context: WorkspaceContext, options: TargetOptions): void {
  if (!isSeveral(context, options)) return;
  throw new LeadlightError('USAGE', {
    problem: 'Models of rankings, several labels and forecasts are trained when they score and not kept',
    remedy: 'Use `leadlight score` with the same query.',
  });
}
