import { question } from '../../report/question.ts';
import type { LabelsReport } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { count, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const report = await withWorkspace(context, (workspace) => workspace.labels(target));
  progress.clear();
  printWarnings(io, report.warnings);
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printLabels(report));
}

export function printLabels(report: LabelsReport): string {
  const splits = (['train', 'val', 'test', 'predict'] as const)
    .map((name) => ({ name, ...report.splits[name] }))
    .filter((split) => split.rows > 0);
  const binary = report.task.type === 'binary';
  const table = printTable(splits, [
    { title: 'split', value: (s) => s.name },
    { title: 'examples', value: (s) => count(s.rows), align: 'right' },
    ...(binary
      ? [
          { title: 'positives', value: positives, align: 'right' as const },
          { title: 'share', value: share, align: 'right' as const },
        ]
      : []),
    { title: 'cutoffs', value: (s) => count(s.cutoffs), align: 'right' },
    { title: 'from', value: (s) => s.from ?? '' },
    { title: 'to', value: (s) => s.to ?? '' },
  ]);
  const dropped = report.dropped.map((d) => `  ${count(d.rows)}: ${d.reason}`);
  return [
    ...question(report.task),
    '',
    table,
    ...(dropped.length === 0 ? [] : ['', 'Left out:', ...dropped]),
  ].join('\n');
}

type Split = LabelsReport['splits']['train'] & { readonly name: string };

const positives = (split: Split): string => (split.name === 'predict' ? '' : count(split.positives));

const share = (split: Split): string =>
  split.name === 'predict' ? '' : percent(split.positives / split.rows, 1);
