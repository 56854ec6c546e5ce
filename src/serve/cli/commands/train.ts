import { relative } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { count } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const model = await withWorkspace(context, (workspace) => workspace.train(target));
  progress.clear();
  if (options.json) printJson(io.out, model);
  else
    printLine(
      io.out,
      `Trained ${model.rung} ${model.version} on ${count(model.trained_rows)} examples${model.positives > 0 ? `, ${count(model.positives)} positive` : ''}: ${relative(io.cwd, model.path) || model.path}`,
    );
}
