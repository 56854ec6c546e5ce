import { basename, relative, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printCompare } from '../compare-text.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { printRanks, rankRows } from '../ranks.ts';
import { writeReport } from '../report-file.ts';
import { targetOptions, withWorkspace } from '../target.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, library, options, progress } = context;
  const target = targetOptions(context);
  const { detail, config, dir } = await withWorkspace(context, async (workspace) => ({
    detail: await workspace.compare(target),
    config: workspace.config,
    dir: workspace.dir,
  }));
  progress.clear();
  const { report } = detail;
  const ranks = options.ranks ? rankRows(detail) : undefined;
  printWarnings(io, report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const title = `${report.task.entity}: who converts`;
    const schemaSvg = await library.schemaSvg(config);
    await writeReport(file, {
      title: `Leadlight report: ${basename(dir)}`,
      made: io.today(),
      cases: [{ title, detail, schemaSvg }],
    });
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (options.json) printJson(io.out, ranks === undefined ? report : { ...report, ranks });
  else {
    printLine(io.out, printCompare(report));
    if (ranks !== undefined) printLine(io.out, `\n${printRanks(ranks)}`);
  }
}
