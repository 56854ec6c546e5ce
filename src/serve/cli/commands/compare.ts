import { basename, relative, resolve } from 'node:path';
import type { CompareDetail, CompareReport } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printCompare } from '../compare-text.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { printRanks, type RankRow, rankRows } from '../ranks.ts';
import { writeReport } from '../report-file.ts';
import { eachTarget, targetOptions, withWorkspace } from '../target.ts';

interface Compared {
  readonly target: string | undefined;
  readonly detail: CompareDetail;
  readonly ranks: readonly RankRow[] | undefined;
}

export async function run(context: CommandContext): Promise<undefined> {
  const { io, library, options, progress } = context;
  const asked = {
    ...targetOptions(context),
    ...(options.segment !== undefined && { segment: options.segment }),
  };
  const { found, config, dir } = await withWorkspace(context, async (workspace) => {
    const each: Compared[] = [];
    for (const one of eachTarget(asked, workspace.config)) {
      const detail = await workspace.compare(one);
      each.push({ target: one.target, detail, ranks: options.ranks ? rankRows(detail) : undefined });
    }
    return { found: each, config: workspace.config, dir: workspace.dir };
  });
  progress.clear();
  for (const { detail } of found) printWarnings(io, detail.report.warnings);
  if (options.html !== undefined) {
    const file = resolve(io.cwd, options.html);
    const schemaSvg = await library.schemaSvg(config);
    await writeReport(file, {
      title: `Leadlight report: ${basename(dir)}`,
      made: io.today(),
      cases: found.map(({ target, detail }) => ({
        title: [detail.report.task.entity, target].filter(Boolean).join(': '),
        detail,
        schemaSvg,
      })),
    });
    printLine(io.err, `Wrote ${relative(io.cwd, file)}.`);
  }
  const [first] = found;
  if (!options.json) printLine(io.out, found.map(textOf).join('\n\n'));
  else if (found.length === 1) printJson(io.out, jsonOf(first!));
  else printJson(io.out, { targets: found.map((f) => ({ target: f.target, report: jsonOf(f) })) });
}

const jsonOf = ({ detail, ranks }: Compared): CompareReport & { readonly ranks?: readonly RankRow[] } =>
  ranks === undefined ? detail.report : { ...detail.report, ranks };

const textOf = ({ detail, ranks }: Compared): string =>
  ranks === undefined
    ? printCompare(detail.report)
    : `${printCompare(detail.report)}\n\n${printRanks(ranks)}`;
