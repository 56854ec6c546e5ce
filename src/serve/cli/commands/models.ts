import { LeadlightError } from '../../../errors.ts';
import type { RegisteredModel } from '../../scoring/registry/types.ts';
import type { ModelRegistry } from '../../scoring/workspace.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { printComparison, printModel, printModels, summaryOf } from '../model-text.ts';
import { modelTargetOptions, withWorkspace } from '../target.ts';

type Action = (context: CommandContext, models: ModelRegistry, versions: readonly string[]) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = {
  list: async ({ io, options }, models) => {
    const found = await models.list();
    if (options.json) printJson(io.out, { models: found.map(summaryOf) });
    else printLine(io.out, printModels(found));
  },
  show: async (context, models, versions) => {
    const found = await models.show(oneVersion(versions));
    if (context.options.json) printJson(context.io.out, found);
    else printLine(context.io.out, printModel(found));
  },
  compare: async (context, models, versions) => {
    const { io, options, progress } = context;
    const [first, second] = versions;
    if (first === undefined || second === undefined || versions.length > 2)
      throw new LeadlightError('USAGE', {
        problem: `Expected two versions to compare, got ${versions.length}`,
        remedy: 'See `leadlight models list`.',
      });
    const found = await models.compare([first, second], modelTargetOptions(context));
    progress.clear();
    printWarnings(io, found.warnings);
    if (options.json)
      printJson(io.out, { ...found, first: summaryOf(found.first), second: summaryOf(found.second) });
    else printLine(io.out, printComparison(found));
  },
  promote: changed((models, [version], why) => models.promote(version!, why), 1),
  shadow: changed((models, [version], why) => models.shadow(version!, why), 1),
  withdraw: changed((models, [version], why) => models.withdraw(version!, why), 1),
  rollback: changed((models, [version], why) => models.rollBack(version, why), 0),
};

function changed(
  change: (models: ModelRegistry, versions: readonly string[], why?: string) => Promise<RegisteredModel>,
  least: 0 | 1,
): Action {
  return async ({ io, options }, models, versions) => {
    if (least === 1 || versions.length > 1) oneVersion(versions);
    const found = await change(models, versions, options.why);
    if (options.json) printJson(io.out, found);
    else printLine(io.out, `${found.card.version} is ${found.status}.`);
  };
}

function oneVersion(versions: readonly string[]): string {
  const [version] = versions;
  if (version !== undefined && versions.length === 1) return version;
  throw new LeadlightError('USAGE', {
    problem: `Expected one version, got ${versions.length}`,
    remedy: 'See `leadlight models list`.',
  });
}

export async function run(context: CommandContext): Promise<undefined> {
  const [name = 'list', ...versions] = context.args;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action)
    throw new LeadlightError('USAGE', {
      problem: `leadlight models cannot ${name}`,
      remedy: `It can: ${Object.keys(ACTIONS).join(', ')}.`,
    });
  await withWorkspace(context, (workspace) => action(context, workspace.models, versions));
}
