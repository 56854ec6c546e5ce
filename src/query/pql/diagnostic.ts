/** Diagnostics: building them, and showing them to people with their place, line, expectation and remedy. */
import type { Diagnostic, Span } from './ast.ts';
import type { DiagnosticCode } from './codes.ts';

export interface Advice {
  readonly expected?: string | undefined;
  readonly suggestion?: string | undefined;
}

/** Builds a diagnostic; absent advice leaves no empty fields. Messages name kinds and names, never literals. */
export function diagnostic(
  severity: Diagnostic['severity'],
  code: DiagnosticCode,
  span: Span,
  message: string,
  { expected, suggestion }: Advice = {},
): Diagnostic {
  return {
    severity,
    code,
    message,
    span,
    ...(expected === undefined ? {} : { expected }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((d) => d.severity === 'error');

export const joinSpans = (a: Span, b: Span): Span => ({
  start: Math.min(a.start, b.start),
  end: Math.max(a.end, b.end),
});

interface Place {
  /** From 1. */
  readonly row: number;
  /** From 0, in characters of the line. */
  readonly column: number;
  readonly line: string;
}

export function locate(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  const row = before.length;
  return { row, column: before.at(-1)!.length, line: text.split('\n')[row - 1] ?? '' };
}

/** One block a diagnostic, errors first. */
export function formatDiagnostics(text: string, diagnostics: readonly Diagnostic[]): string {
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = diagnostics.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
  return sorted.map((d) => formatOne(text, d)).join('\n\n');
}

function formatOne(
  text: string,
  { severity, code, message, span, expected, suggestion }: Diagnostic,
): string {
  const place = locate(text, span.start);
  const lines = [
    `${severity} ${code} at row ${place.row}, column ${place.column}: ${message}`,
    ...excerpt(place, span),
  ];
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (suggestion !== undefined)
    lines.push(`  ${severity === 'info' ? 'strict spelling' : 'try'}: ${suggestion}`);
  return lines.join('\n');
}

const WIDTH = 100;

/** The line, cut around the span when long, and carets under the part of the span that lies on it. */
function excerpt({ line, column }: Place, span: Span): readonly string[] {
  const from = line.length > WIDTH ? Math.max(0, column - WIDTH / 2) : 0;
  const shown = line.slice(from, from + WIDTH).replace(/[\t\r]/g, ' ');
  const room = Math.max(1, shown.length - (column - from));
  const carets = '^'.repeat(Math.max(1, Math.min(span.end - span.start, room)));
  return [`  ${shown}`, `  ${' '.repeat(column - from)}${carets}`];
}
