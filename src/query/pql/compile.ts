/** Text × schema → checked query, in one call. */
import type { Schema } from '../../data/schema/types.ts';
import type { CheckedQuery, Diagnostic, Query } from './ast.ts';
import { type CheckOptions, checkQuery } from './check.ts';
import { parseQuery } from './parse.ts';

export interface CompileResult {
  readonly query?: Query;
  readonly checked?: CheckedQuery;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Named targets are looked up after the entity table is known on the schema; the checker's note on `FOR table` names the
 * key, so it replaces the parser's.
 */
export function compileQuery(text: string, schema: Schema, options: CheckOptions = {}): CompileResult {
  const { targets: _, ...parsing } = options;
  const { query, diagnostics } = parseQuery(text, parsing);
  if (!query) return { diagnostics };
  const result = checkQuery(query, schema, options);
  const sharper = result.diagnostics.some((d) => d.code === 'E11');
  const kept = sharper ? diagnostics.filter((d) => d.code !== 'E11') : diagnostics;
  return { query, ...result, diagnostics: [...kept, ...result.diagnostics] };
}
