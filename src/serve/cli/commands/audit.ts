import { writeFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { printAudit } from '../audit-text.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { writeWhole } from '../write-frame.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const { segment, reps, calls, weeks, dealValue, costPerCall, callsPerLead, deals, scoreColumns } = options;
  const asked = {
    ...targetOptions(context),
    ...(segment !== undefined && { segment }),
    ...(reps !== undefined && { reps }),
    ...(calls !== undefined && { calls }),
    ...(weeks !== undefined && { weeks }),
    ...(dealValue !== undefined && { dealValue }),
    ...(costPerCall !== undefined && { costPerCall }),
    ...(callsPerLead !== undefined && { callsPerLead }),
    ...(deals !== undefined && { deals }),
    ...(scoreColumns !== undefined && { scoreColumns }),
  };
  const { report, dir } = await withWorkspace(context, async (workspace) => ({
    report: await workspace.audit(asked),
    dir: workspace.dir,
  }));
  progress.clear();
  printWarnings(io, report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const { renderAudit } = await import('../../report/audit-page.ts');
    const page = renderAudit({ title: `Leadlight audit: ${basename(dir)}`, made: io.today() }, report);
    await writeWhole(file, (part) => writeFile(part, page));
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printAudit(report));
}
