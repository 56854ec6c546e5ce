import type { CheckReport } from '../../../data/schema/check.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { withWorkspace } from '../target.ts';

const INPUT_FAULT = 3;

export async function run(context: CommandContext): Promise<number> {
  const { io, library, options, progress, control } = context;
  const report = await withWorkspace(context, (workspace) => workspace.check(control));
  progress.clear();
  if (options.json) printJson(io.out, report);
  else printLine(io.out, await library.printCheck(report));
  return isFailure(report.findings, options.failOn ?? 'never') ? INPUT_FAULT : 0;
}

function isFailure(findings: CheckReport['findings'], failOn: 'error' | 'warning' | 'never'): boolean {
  if (failOn === 'never') return false;
  return findings.some((finding) => finding.severity === 'error' || finding.severity === failOn);
}
