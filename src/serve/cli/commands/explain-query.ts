/** With a workspace: tables, joins, windows, population and label counts. Without one: what the text alone says. */
import { LeadlightError } from '../../../errors.ts';
import type { QueryExplanation } from '../../scoring/workspace.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { findWorkspace, withWorkspace } from '../target.ts';

const QUERY_FAULT = 4;

export async function run(context: CommandContext): Promise<number> {
  const { io, library, options, progress, args } = context;
  const text = args[0] ?? '';
  const explanation = hasWorkspace(context)
    ? await withWorkspace(context, (workspace) => workspace.explainQuery(text, options.strict))
    : await library.explainText(text, options.strict);
  progress.clear();
  if (options.json) printJson(io.out, explanation);
  else printLine(io.out, printExplanation(text, explanation));
  return explanation.diagnostics.some((d) => d.severity === 'error') ? QUERY_FAULT : 0;
}

function hasWorkspace({ io, options }: CommandContext): boolean {
  try {
    findWorkspace(io.cwd, options.workspace);
    return true;
  } catch (error) {
    const absent = error instanceof LeadlightError && error.code === 'WORKSPACE_NOT_FOUND';
    if (absent && options.workspace === undefined) return false;
    throw error;
  }
}

export function printExplanation(text: string, { lines, diagnostics }: QueryExplanation): string {
  return [...lines, ...diagnostics.map((d) => printDiagnostic(text, d))].join('\n');
}

/** The message, then the query with the place underlined. */
function printDiagnostic(text: string, d: QueryExplanation['diagnostics'][number]): string {
  const before = text.slice(0, d.span.start);
  const start = before.lastIndexOf('\n') + 1;
  const line = text.slice(start).split('\n', 1)[0] ?? '';
  const width = Math.max(1, Math.min(d.span.end, start + line.length) - d.span.start);
  const hints = [d.expected && `Expected ${d.expected}.`, d.suggestion && `Did you mean ${d.suggestion}?`];
  return [
    `${d.severity} ${d.code}: ${[d.message, ...hints].filter(Boolean).join(' ')}`,
    `  ${line}`,
    `  ${' '.repeat(d.span.start - start)}${'^'.repeat(width)}`,
  ].join('\n');
}
