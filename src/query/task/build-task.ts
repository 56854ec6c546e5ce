/** Query → task: replayed cutoffs, the population of each, its labels, and the split. */
import type { Engine } from '../../data/engine/types.ts';
import { linkedSchema } from '../../data/schema/dated-links.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { RunControl } from '../../util/progress.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { DAY_MS, parseMoment, printMoment } from './calendar.ts';
import { createCandidates } from './candidates.ts';
import { type CutoffPlan, lastMature, planCutoffs } from './cutoffs.ts';
import { draftTask, horizonOf } from './draft.ts';
import { finishTask } from './finish.ts';
import { credibleSpan } from './history.ts';
import { readLabelled } from './labelled.ts';
import type { Task } from './types.ts';

export interface TaskOptions {
  /** ISO; scoring: the cutoff. Default: the last credible time. */
  readonly at?: string;
  readonly stepDays?: number;
  readonly trainTo?: string;
  readonly valAt?: string;
  readonly testAt?: string;
  /** With testAt: the last test cutoff. */
  readonly testTo?: string;
  readonly mode: 'compare' | 'score';
  readonly seed: number;
  /** Rows kept over all cutoffs, newest favoured. Default 200,000. */
  readonly maxRows?: number;
  /** Nothing later counts as history: the last credible time, or now. */
  readonly now?: Date;
}

export async function buildTask(
  engine: Engine,
  config: WorkspaceConfig,
  checked: CheckedQuery,
  options: TaskOptions,
  control: RunControl = {},
): Promise<Task> {
  const step = stepper(control, checked.temporal ? 4 : 3);
  await engine.run('CREATE SCHEMA IF NOT EXISTS task');
  step('choosing cutoffs');
  const plan = checked.temporal ? await planOf(engine, config, checked, options) : undefined;
  step('finding the population');
  const schema = linkedSchema(config, !checked.temporal);
  const sampled = await createCandidates(engine, schema, checked, options, plan);
  step('labelling');
  const labelled = await readLabelled(engine, schema, checked, plan);
  step('splitting');
  const draft = draftTask(config.schema, checked, options, plan, labelled);
  return finishTask(engine, { ...draft, warnings: [...draft.warnings, ...sampled] });
}

function stepper(control: RunControl, total: number): (stage: string) => void {
  let done = 0;
  return (stage) => {
    if (control.signal?.aborted) throw new LeadlightError('CANCELLED', {});
    control.progress?.({ stage: `labels: ${stage}`, done: done++, total });
  };
}

function momentOption(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = parseMoment(text);
  if (at !== undefined) return at;
  throw new LeadlightError('USAGE', {
    problem: `${name} is not an ISO date: ${text}`,
    remedy: 'Write it as 2024-03-17.',
  });
}

const given = <K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> =>
  value === undefined ? {} : ({ [key]: value } as Partial<Record<K, number>>);

async function planOf(
  engine: Engine,
  config: WorkspaceConfig,
  checked: CheckedQuery,
  o: TaskOptions,
): Promise<CutoffPlan> {
  const horizon = horizonOf(checked);
  const at = momentOption(o.at, '--at');
  const now = (o.now ?? new Date()).getTime();
  // What came after the moment of scoring must not move the cutoffs replayed before it.
  const limit = o.mode === 'score' ? Math.min(now, at ?? now) : now;
  const testAt = momentOption(o.testAt, '--test-at');
  // Without --test-at the test cutoffs lie within one horizon of the last mature one.
  const firstTest = (to: number): number =>
    o.mode === 'score' ? to : (testAt ?? lastMature(lastMature(to, horizon), horizon));
  const span = await credibleSpan(engine, config.schema, checked, limit, firstTest);
  const ahead = at !== undefined && at > span.to + DAY_MS;
  const plan = planCutoffs({
    horizon,
    from: span.from,
    // Data of the evening before is complete for the morning after, whether or not later rows came in since.
    to: o.mode === 'score' && at !== undefined && !ahead ? Math.max(at, span.to) : span.to,
    mode: o.mode,
    ...given('stepDays', o.stepDays),
    ...given('trainTo', momentOption(o.trainTo, '--train-to')),
    ...given('valAt', momentOption(o.valAt, '--val-at')),
    ...given('testAt', testAt),
    ...given('testTo', momentOption(o.testTo, '--test-to')),
    ...given('at', at),
  });
  const late = ahead
    ? [
        `Scores are asked for ${printMoment(at)}, the newest data is of ${printMoment(span.to)}: what happened in between is missing.`,
      ]
    : [];
  return { ...plan, warnings: [...span.warnings, ...plan.warnings, ...late] };
}
