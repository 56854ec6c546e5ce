import { writeFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { printBacktest } from '../backtest-text.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { writeWhole } from '../write-frame.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = {
    ...targetOptions(context),
    ...(options.regime !== undefined && { regime: options.regime }),
    ...(options.origins !== undefined && { origins: options.origins }),
  };
  const { detail, dir } = await withWorkspace(context, async (workspace) => ({
    detail: await workspace.backtest(target),
    dir: workspace.dir,
  }));
  progress.clear();
  printWarnings(io, detail.report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const { renderBacktest } = await import('../../report/backtest-page.ts');
    const page = renderBacktest({ title: `Leadlight backtest: ${basename(dir)}`, made: io.today() }, detail);
    await writeWhole(file, (part) => writeFile(part, page));
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (options.json) printJson(io.out, detail.report);
  else printLine(io.out, printBacktest(detail.report));
}
