/** What the text of a query says by itself, without tables. */
import type { Diagnostic } from './ast.ts';
import { describeQuery } from './describe.ts';
import { type ParseOptions, parseQuery } from './parse.ts';

export interface TextExplanation {
  /** Empty when the text has errors. */
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export function explainText(text: string, options: ParseOptions = {}): TextExplanation {
  const { query, diagnostics } = parseQuery(text, options);
  return { lines: query ? describeQuery(query) : [], diagnostics };
}
