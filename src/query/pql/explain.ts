/** What the text of a query says by itself, without tables. */
import type { Diagnostic } from './ast.ts';
import { describeQuery } from './describe.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';

export interface TextExplanation {
  /** Empty when the text has errors. */
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export function explainText(text: string): TextExplanation {
  const { query, diagnostics } = parseQuery(text);
  const lines = query ? [...describeQuery(query), `Canonical text: ${printQuery(query)}`] : [];
  return { lines, diagnostics };
}
