/**
 * The first five minutes: each bundled example from files to a ranked list. What is asked of which example, and over
 * which cutoffs, stands in examples/demo.json; nothing here knows their tables.
 */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportCase } from '../../report/report.ts';
import type { CompareReport, Score, TargetOptions } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printCompare } from '../compare-text.ts';
import { scoreFrame } from '../frames.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { writeReport } from '../report-file.ts';
import { writeFrame } from '../write-frame.ts';
import { printTopScores } from './score.ts';

interface DemoCase {
  /** Folder under examples/. */
  readonly folder: string;
  readonly title: string;
  readonly target: TargetOptions;
}

interface DemoResult {
  readonly case: ReportCase;
  readonly json: {
    readonly name: string;
    readonly workspace: string;
    readonly csv: string;
    readonly compare: CompareReport;
    readonly top: readonly Score[];
  };
}

const EXAMPLES = fileURLToPath(new URL('../../../../examples', import.meta.url));
const SHOWN = 10;

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options } = context;
  if (options.story) return (await import('./demo-story.ts')).runStory(context);
  const out = resolve(io.cwd, options.out ?? 'demo-out');
  const cases = JSON.parse(await readFile(join(EXAMPLES, 'demo.json'), 'utf8')) as readonly DemoCase[];
  const results: DemoResult[] = [];
  for (const demo of cases) results.push(await runCase(demo, out, context));
  const html = join(out, 'report.html');
  await writeReport(html, {
    title: 'Leadlight demo',
    made: io.today(),
    cases: results.map((result) => result.case),
  });
  if (options.json) printJson(io.out, { cases: results.map((result) => result.json), report: html });
  else printLine(io.out, whereItIs(results, html, io.cwd));
}

async function runCase(demo: DemoCase, out: string, context: CommandContext): Promise<DemoResult> {
  const { io, library, options, control, progress } = context;
  const say = (text: string): void => {
    progress.clear();
    if (!options.json) printLine(io.out, text);
  };
  const dir = join(out, demo.folder);
  say(`${heading(demo.title)}\n`);
  const { config, warnings } = await library.initWorkspace([join(EXAMPLES, demo.folder)], dir, control);
  printWarnings(io, warnings);
  say(`${await library.printSchema(config)}\n`);
  const workspace = await library.openWorkspace(
    dir,
    options.threads === undefined ? {} : { threads: options.threads },
  );
  try {
    const target = { ...demo.target, ...control, budget: options.budget ?? 'quick', seed: options.seed ?? 1 };
    const detail = await workspace.compare(target);
    say(printCompare(detail.report));
    const scored = await workspace.score(withoutSplits(target));
    const csv = join(out, `${demo.folder}-scores.csv`);
    await writeFrame(scoreFrame(scored), csv);
    const top = scored.scores.slice(0, SHOWN);
    say(`\nTo call now, as of ${scored.cutoff ?? 'today'}:\n${printTopScores(top, scored.task.type)}\n`);
    return {
      case: { title: demo.title, detail: { ...detail, top }, schemaSvg: await library.schemaSvg(config) },
      json: { name: demo.folder, workspace: dir, csv, compare: detail.report, top },
    };
  } finally {
    await workspace.close();
  }
}

/** Scoring learns from all of history: the boundaries of the comparison do not apply. */
const withoutSplits = ({ trainTo, valAt, testAt, ...target }: TargetOptions): TargetOptions => target;

const heading = (title: string): string => `${title}\n${'═'.repeat(title.length)}`;

function whereItIs(results: readonly DemoResult[], html: string, cwd: string): string {
  const from = (path: string): string => relative(cwd, path) || path;
  return [
    'Where things are:',
    `  report      ${from(html)}`,
    ...results.map(({ json }) => `  scores      ${from(json.csv)}`),
    ...results.map(({ json }) => `  workspace   ${from(json.workspace)}`),
    '',
    'Your own tables: `leadlight init <folder>`, read leadlight.yaml, then `leadlight compare --target NAME`.',
  ].join('\n');
}
