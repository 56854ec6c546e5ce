/** Which model scores: the champion of the question, the version named, or one trained for this call. */
import { LeadlightError } from '../../errors.ts';
import type { WorkspaceContext } from './context.ts';
import { questionOfQuery, questionOfRows } from './registry/question.ts';
import { championOf, findModel, modelsFolder, readState } from './registry/store.ts';
import type { RegisteredModel, TrainingParameters } from './registry/types.ts';
import { replay } from './replay.ts';
import { compileTarget, resolveTask } from './resolve.ts';
import type { Scorable } from './scorable.ts';
import { parametersOf, scorableOf, trainRung } from './train.ts';
import type { TargetOptions } from './types.ts';

export async function chooseScorable(context: WorkspaceContext, options: TargetOptions): Promise<Scorable> {
  if (options.fresh && options.model !== undefined)
    throw new LeadlightError('USAGE', {
      problem: '--fresh trains anew, --model takes a trained version: not both',
      remedy: 'Leave one out.',
    });
  const model = options.fresh ? undefined : await registeredFor(context, options);
  if (model === undefined) return scorableOf(await trainRung(context, options));
  const contradicted = contradictions(options, model.card.parameters);
  if (contradicted.length === 0) return replayVersion(context, model, options);
  const differs = `Model ${model.card.version} was trained with ${contradicted.join(', ')}`;
  if (options.model !== undefined)
    throw new LeadlightError('USAGE', {
      problem: differs,
      remedy: 'Leave these options out, or the version.',
    });
  const fresh = scorableOf(await trainRung(context, options));
  return { ...fresh, warnings: [`${differs}: trained anew for this call.`, ...fresh.warnings] };
}

export async function replayVersion(
  context: WorkspaceContext,
  model: RegisteredModel,
  options: TargetOptions,
): Promise<Scorable> {
  return replay(context, model, await readState(modelsFolder(context.dir), model.card), options);
}

export async function questionOf(context: WorkspaceContext, options: TargetOptions): Promise<string> {
  const compiled = compileTarget(context, options);
  if (compiled) return questionOfQuery(context.config, compiled.checked, options.exclude);
  const { task } = await resolveTask(context, options, 'score');
  return questionOfRows(context.config, task, options.exclude);
}

async function registeredFor(
  context: WorkspaceContext,
  options: TargetOptions,
): Promise<RegisteredModel | undefined> {
  const folder = modelsFolder(context.dir);
  const question = await questionOf(context, options);
  const version = options.model ?? (await championOf(folder, question));
  if (version === undefined) return undefined;
  const found = await findModel(folder, version);
  if (found.card.question === question) return found;
  throw new LeadlightError('MODEL_UNFIT', {
    problem: `Model ${version} answers another question, or left out other columns: ${found.card.task.query ?? found.card.task.description}`,
    remedy: 'Ask that question with the same --exclude, or choose another version (`leadlight models list`)',
  });
}

/** What the caller asks for that the model was not trained with: `budget normal, not quick`. */
function contradictions(options: TargetOptions, was: TrainingParameters): readonly string[] {
  const asked = parametersOf(options);
  const given: readonly (readonly [keyof TrainingParameters, unknown])[] = [
    ['rung', options.rungs],
    ['budget', options.budget],
    ['seed', options.seed],
    ['step_days', options.stepDays],
    ['train_to', options.trainTo],
    ['val_at', options.valAt],
  ];
  return given.flatMap(([name, value]) =>
    value === undefined || asked[name] === was[name]
      ? []
      : [`${name.replace('_', ' ')} ${was[name] ?? 'left to the data'}, not ${asked[name]}`],
  );
}
