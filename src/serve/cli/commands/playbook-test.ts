import type { Conversion, PlaybookReport } from '../../scoring/playbook-test.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { count, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const report = await withWorkspace(context, (workspace) => workspace.playbookTest(target));
  progress.clear();
  printWarnings(io, report.warnings);
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printPlaybook(report));
}

export function printPlaybook({ task, rung, rows, cutoffs, rules }: PlaybookReport): string {
  const table = printTable(rules, [
    { title: 'rule', value: (r) => r.rule },
    { title: 'action', value: (r) => r.action, maxWidth: 46 },
    { title: 'fired', value: (r) => count(r.fired.rows), align: 'right' },
    { title: 'share', value: (r) => percent(r.share, 1), align: 'right' },
    { title: 'with the outcome', value: (r) => conversion(r.fired) },
    { title: 'of the others', value: (r) => conversion(r.rest) },
  ]);
  const head = `What the playbook would have done at ${count(cutoffs)} test cutoffs, ${count(rows)} cases; reasons of ${rung}.`;
  return [task.description, head, '', table].join('\n');
}

const conversion = ({ rate, interval }: Conversion): string =>
  interval === null ? '–' : `${percent(rate, 1)} (${interval.map((x) => percent(x, 1)).join(' to ')})`;
