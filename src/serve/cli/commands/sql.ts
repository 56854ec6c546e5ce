import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { targetOptions, withWorkspace } from '../target.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const statements = await withWorkspace(context, (workspace) => workspace.sql(target));
  progress.clear();
  if (options.json) printJson(io.out, { statements });
  else for (const { name, sql } of statements) printLine(io.out, `-- ${name}\n${sql};\n`);
}
