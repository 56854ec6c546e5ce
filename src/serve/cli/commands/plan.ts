import type { FeatureColumn } from '../../../learn/features/types.ts';
import type { PlanView } from '../../scoring/workspace.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { plural } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const plan = await withWorkspace(context, (workspace) => workspace.plan(target));
  progress.clear();
  if (options.json) printJson(io.out, plan);
  else printLine(io.out, [printPlan(plan.columns), printCost(plan.estimate), ...plan.notes].join('\n'));
}

export function printPlan(columns: readonly FeatureColumn[]): string {
  const table = printTable(columns, [
    { title: 'feature', value: (c) => c.name, maxWidth: 60 },
    { title: 'family', value: (c) => c.family },
    { title: 'scope', value: (c) => c.scope },
    { title: 'signal', value: (c) => c.signal },
    { title: 'what it is', value: (c) => c.sentence },
  ]);
  return `${table}\n\n${plural(columns.length, 'feature')}`;
}

const printCost = (e: PlanView['estimate']): string =>
  `Expected: ${plural(e.snapshots, 'snapshot')}, ${plural(e.joined_rows, 'joined row')}, about ${e.seconds} s and ${e.memory_mb} MB on two cores`;
