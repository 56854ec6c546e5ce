import { writeFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import type { SignalsReport } from '../../scoring/global-view.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { count, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';
import { writeWhole } from '../write-frame.ts';

const EFFECTS_PRINTED = 5;

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const { report, dir } = await withWorkspace(context, async (workspace) => ({
    report: await workspace.signals(target),
    dir: workspace.dir,
  }));
  progress.clear();
  printWarnings(io, report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const { renderSignals } = await import('../../report/signals-page.ts');
    const page = renderSignals({ title: `Leadlight signals: ${basename(dir)}`, made: io.today() }, report);
    await writeWhole(file, (part) => writeFile(part, page));
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printSignals(report));
}

export function printSignals(report: SignalsReport): string {
  const { task, model, signals, effects, rows, positives } = report;
  const cases = `${count(rows)} past examples${positives === null ? '' : `, ${count(positives)} with the outcome`}`;
  const table = printTable(signals, [
    { title: 'signal', value: (s) => s.signal },
    { title: 'share', value: (s) => percent(s.share, 1), align: 'right' },
    { title: 'mean effect', value: (s) => s.importance.toFixed(3), align: 'right' },
    {
      title: 'between cutoffs',
      value: (s) => (s.cohort_variance === null ? '–' : Math.sqrt(s.cohort_variance).toFixed(3)),
      align: 'right',
    },
    { title: 'features', value: (s) => count(s.features), align: 'right' },
  ]);
  return [
    task.description,
    `Model ${model.rung} ${model.version}, over ${cases}. Effects are in ${positives === null ? 'the unit of the value' : 'log-odds'}.`,
    '',
    table,
    ...effects.slice(0, EFFECTS_PRINTED).flatMap(printEffect),
  ].join('\n');
}

function printEffect({ sentence, signal, cohorts }: SignalsReport['effects'][number]): readonly string[] {
  const figure = (x: number): string => (cohorts[0]?.interval ? percent(x, 1) : x.toPrecision(4));
  return [
    '',
    `${sentence} (${signal})`,
    printTable(cohorts, [
      { title: 'value', value: (c) => c.label, maxWidth: 40 },
      { title: 'cases', value: (c) => count(c.rows), align: 'right' },
      { title: 'predicted', value: (c) => figure(c.predicted), align: 'right' },
      { title: 'observed', value: (c) => figure(c.observed), align: 'right' },
      { title: '95 %', value: (c) => (c.interval ? `${c.interval.map(figure).join(' to ')}` : '') },
    ]),
  ];
}
