import { basename, relative, resolve } from 'node:path';
import { LeadlightError } from '../../../errors.ts';
import { ceilingWords } from '../../report/ceiling.ts';
import type { CeilingReport, CeilingRung } from '../../scoring/ceiling-types.ts';
import type { RungResult } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { fixed, interval, percent, times } from '../number-text.ts';
import { writeReport } from '../report-file.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, library, options, progress } = context;
  if (options.truth === undefined)
    throw new LeadlightError('USAGE', {
      problem: 'Nothing says what the true probabilities are',
      remedy: 'Pass --truth FILE, the truth.csv that `leadlight simulate` writes.',
    });
  const asked = {
    ...targetOptions(context),
    truth: resolve(io.cwd, options.truth),
    ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
  };
  const { found, config, dir } = await withWorkspace(context, async (workspace) => ({
    found: await workspace.ceiling(asked),
    config: workspace.config,
    dir: workspace.dir,
  }));
  progress.clear();
  const { detail, ceiling } = found;
  printWarnings(io, [...detail.report.warnings, ...ceiling.notes]);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const title = `${detail.report.task.entity}: how near the truth`;
    const schemaSvg = await library.schemaSvg(config);
    await writeReport(file, {
      title: `Leadlight report: ${basename(dir)}`,
      made: io.today(),
      cases: [{ title, detail, schemaSvg, ceiling }],
    });
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  if (options.json) printJson(io.out, { compare: detail.report, ceiling });
  else printLine(io.out, printCeiling(ceiling));
}

type Line = RungResult & Partial<Pick<CeilingRung, 'share' | 'share_ci'>>;

export function printCeiling(ceiling: CeilingReport): string {
  const lines: readonly Line[] = [...ceiling.rungs, ceiling.truth];
  const table = printTable(lines, [
    { title: 'model', value: (r) => r.name },
    { title: 'AUROC', value: (r) => fixed(r.auroc), align: 'right' },
    { title: '95 % interval', value: (r) => interval(r.auroc_ci) },
    { title: 'of possible', value: (r) => percent(r.share, 1), align: 'right' },
    { title: '95 % interval', value: (r) => interval(r.share_ci ?? null) },
    { title: 'AP', value: (r) => fixed(r.average_precision), align: 'right' },
    { title: 'log loss', value: (r) => fixed(r.log_loss, 4), align: 'right' },
    { title: 'Brier', value: (r) => fixed(r.brier, 4), align: 'right' },
    { title: 'lift 10 %', value: (r) => times(r.lift10), align: 'right' },
    { title: 'lift 20 %', value: (r) => times(r.lift20), align: 'right' },
    { title: 'ECE', value: (r) => fixed(r.ece), align: 'right' },
  ]);
  return [
    ceilingWords(ceiling),
    ...(ceiling.without_truth > 0 ? [`${ceiling.without_truth} test cases are not in the file.`] : []),
    '',
    table,
    '',
    'Of possible: (AUROC − 0.5) ÷ (AUROC of the true probabilities − 0.5).',
  ].join('\n');
}
