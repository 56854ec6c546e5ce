/** What the text of a query says by itself, without tables. */
import type { Diagnostic } from './ast.ts';
import { describeQuery } from './describe.ts';
import { parseQuery } from './parse.ts';

export interface TextExplanation {
  /** Empty when the text has errors. */
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export function explainText(text: string): TextExplanation {
  const { query, diagnostics } = parseQuery(text);
  return { lines: query ? describeQuery(query) : [], diagnostics };
}
