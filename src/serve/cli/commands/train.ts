import { relative } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { printModel } from '../model-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = { ...targetOptions(context), ...(options.why === undefined ? {} : { why: options.why }) };
  const { model, path } = await withWorkspace(context, (workspace) => workspace.train(target));
  progress.clear();
  if (options.json) printJson(io.out, { model, path });
  else printLine(io.out, `${printModel(model)}\n\nWrote ${relative(io.cwd, path) || path}.`);
}
