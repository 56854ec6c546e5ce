import { relative, resolve } from 'node:path';
import type { Score, ScoreReport } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { toCsv } from '../csv.ts';
import { pqlFrame, scoreFrame } from '../frames.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { printMoves } from '../model-text.ts';
import { count, percent, plural } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';
import { requireFrameName, writeFrame } from '../write-frame.ts';

const SHOWN = 20;

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const target = targetOptions(context);
  const out = options.out === undefined ? undefined : resolve(io.cwd, options.out);
  if (out !== undefined) requireFrameName(out);
  const report = await withWorkspace(context, (workspace) => workspace.score(target));
  progress.clear();
  printWarnings(io, report.warnings);
  const pql = options.frame === 'pql';
  if (out !== undefined) await writeFrame(pql ? pqlFrame(report) : scoreFrame(report), out);
  if (options.json)
    printJson(io.out, pql ? { task: report.task, model: report.model, frame: pqlFrame(report) } : report);
  else if (pql && out === undefined) io.out.write(toCsv(pqlFrame(report)));
  else printLine(io.out, printScores(report, SHOWN));
  if (out !== undefined && !options.json)
    printLine(io.out, `Wrote ${plural(report.scores.length, 'row')} to ${relative(io.cwd, out)}.`);
}

export function printScores({ task, model, cutoff, scores, shadows }: ScoreReport, shown: number): string {
  const best = [...scores].sort((a, b) => strength(b) - strength(a)).slice(0, shown);
  return [
    `${task.description}${cutoff === null ? '' : ` Scored as of ${cutoff}.`}`,
    modelLine(model, task.type),
    '',
    printTopScores(best, task.type),
    ...(scores.length > best.length ? [`… and ${count(scores.length - best.length)} more`] : []),
    ...shadows.map((moves) => `\nIn the shadow: ${printMoves(moves)}`),
  ].join('\n');
}

function modelLine(model: ScoreReport['model'], type: string): string {
  const positives = type === 'binary' ? ` (${count(model.positives)} positive)` : '';
  const kept =
    model.status === null
      ? 'for this call (`leadlight train` keeps a model)'
      : `${model.status} ${model.version}${model.data_cutoff === null ? '' : `, data up to ${model.data_cutoff.slice(0, 10)}`}`;
  return `Model ${model.rung}, trained on ${count(model.trained_rows)} examples${positives}: ${kept}.`;
}

/** Highest first: entity, name, probability (or value), band, key signal, action. */
export function printTopScores(scores: readonly Score[], type: string): string {
  return printTable(scores, [
    { title: 'entity', value: (s) => s.entity, maxWidth: 24 },
    { title: 'name', value: (s) => Object.values(s.names).filter(Boolean).join(', '), maxWidth: 32 },
    type === 'regression'
      ? { title: 'value', value: (s) => (s.value ?? Number.NaN).toPrecision(4), align: 'right' }
      : { title: 'prob.', value: (s) => percent(s.probability, 1), align: 'right' },
    { title: 'band', value: (s) => s.band },
    { title: 'key signal', value: (s) => s.key_signal, maxWidth: 56 },
    { title: 'action', value: (s) => s.action, maxWidth: 40 },
  ]);
}

const strength = (score: Score): number => score.value ?? score.probability;
