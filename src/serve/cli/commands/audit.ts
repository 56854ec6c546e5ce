import { writeFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import type { AuditReport } from '../../scoring/audit-types.ts';
import { printAudit } from '../audit-text.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { eachTarget, targetOptions, withWorkspace } from '../target.ts';
import { writeWhole } from '../write-frame.ts';

interface Audited {
  readonly target: string | undefined;
  readonly report: AuditReport;
}

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
  const { found, dir } = await withWorkspace(context, async (workspace) => {
    const each: Audited[] = [];
    for (const one of eachTarget(asked, workspace.config))
      each.push({ target: one.target, report: await workspace.audit(one) });
    return { found: each, dir: workspace.dir };
  });
  progress.clear();
  for (const { report } of found) printWarnings(io, report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const { renderAudit } = await import('../../report/audit-page.ts');
    const cases = found.map(({ target, report }) => ({
      title: [report.task.entity, target].filter(Boolean).join(': '),
      report,
    }));
    const page = renderAudit({ title: `Leadlight audit: ${basename(dir)}`, made: io.today() }, cases);
    await writeWhole(file, (part) => writeFile(part, page));
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (!options.json) printLine(io.out, found.map(({ report }) => printAudit(report)).join('\n\n'));
  else printJson(io.out, found.length === 1 ? found[0]!.report : { targets: found });
}
