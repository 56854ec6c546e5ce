import type { PriorityReport } from '../../scoring/priority.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { count, fixed, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

const DEFAULT_CAPACITY = 20;

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const { coolDown, capacity = DEFAULT_CAPACITY } = options;
  const asked = {
    ...targetOptions(context),
    capacity,
    ...(coolDown !== undefined && { coolDownDays: coolDown }),
  };
  const report = await withWorkspace(context, (workspace) => workspace.priority(asked));
  progress.clear();
  printWarnings(io, report.warnings);
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printPriority(report));
}

export function printPriority(report: PriorityReport): string {
  const { call, waiting, cutoff, days, population, expected, model } = report;
  return [
    `${report.task.description}${cutoff === null ? '' : ` As of ${cutoff}.`}`,
    `${count(call.length)} to call of ${count(population)}${days === null ? '' : `, by the chance of the next ${days} days`}; ${fixed(expected, 1)} of them expected to convert. Model ${model.rung}, ${count(model.trained_rows)} examples, ${count(model.positives)} positive.`,
    '',
    printTable(call, [
      { title: 'entity', value: (s) => s.entity, maxWidth: 24 },
      { title: 'name', value: (s) => Object.values(s.names).filter(Boolean).join(', '), maxWidth: 28 },
      { title: 'prob.', value: (s) => percent(s.probability, 1), align: 'right' },
      { title: 'trend', value: (s) => s.trend ?? '' },
      { title: 'why now', value: (s) => s.key_signal, maxWidth: 60 },
      { title: 'action', value: (s) => s.action, maxWidth: 40 },
    ]),
    ...(waiting.length === 0
      ? []
      : [
          '',
          `Just contacted, so they wait: ${waiting.map((w) => `${w.entity} (${percent(w.probability, 1)}, ${w.last.slice(0, 10)})`).join(', ')}`,
        ]),
  ].join('\n');
}
