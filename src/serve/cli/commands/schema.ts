import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { withWorkspace } from '../target.ts';
import { writeWhole } from '../write-frame.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, library, options } = context;
  const config = await withWorkspace(context, async (workspace) => workspace.config);
  const svg = options.svg === undefined ? undefined : resolve(io.cwd, options.svg);
  if (svg !== undefined) {
    const picture = await library.schemaSvg(config);
    await writeWhole(svg, (part) => writeFile(part, picture));
  }
  if (options.json) printJson(io.out, config);
  else if (options.mermaid) printLine(io.out, await library.schemaMermaid(config));
  else printLine(io.out, await library.printSchema(config));
  if (svg !== undefined) printLine(io.err, `Wrote ${relative(io.cwd, svg)}.`);
}
