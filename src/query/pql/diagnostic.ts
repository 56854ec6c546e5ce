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
