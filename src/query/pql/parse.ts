/**
 * Text → query. Strict mode is the upstream language to the letter; lenient mode adds the extensions of the manual, each
 * with a note that gives the strict spelling. Never throws: any text gives a query or error diagnostics.
 */
import type { NamedTarget } from '../../data/schema/types.ts';
import type { Diagnostic, Hint, Query, Target } from './ast.ts';
import { type Cursor, createCursor, ParseFailure } from './cursor.ts';
import { diagnostic, hasErrors } from './diagnostic.ts';
import type { Mode } from './keywords.ts';
import { lex } from './lex.ts';
import { resolveNamedTarget } from './named-target.ts';
import { parseVia } from './parse-aggregate.ts';
import { parseTarget } from './parse-predicate.ts';
import { refuseAfterTarget, refuseBad } from './parse-refuse.ts';
import { parseScope } from './parse-scope.ts';

export type { Mode } from './keywords.ts';

export interface ParseOptions {
  readonly mode?: Mode;
  /** Playground rules: EXPLAIN and EVALUATE prefixes are read in strict mode too. */
  readonly playground?: boolean;
  /** Declared targets. Without them a named target stays unresolved. */
  readonly targets?: readonly NamedTarget[];
}

export interface ParseResult {
  /** Absent when there are errors. */
  readonly query?: Query;
  readonly diagnostics: readonly Diagnostic[];
}

const MAX_LENGTH = 100_000;

export function parseQuery(text: string, options: ParseOptions = {}): ParseResult {
  const diagnostics: Diagnostic[] = [];
  const report = (d: Diagnostic): void => {
    diagnostics.push(d);
  };
  const query = tooLong(text, report) ? undefined : attempt(text, options, report);
  return query && !hasErrors(diagnostics) ? { query, diagnostics } : { diagnostics };
}

function tooLong(text: string, report: (d: Diagnostic) => void): boolean {
  if (text.length <= MAX_LENGTH) return false;
  const span = { start: MAX_LENGTH, end: text.length };
  report(diagnostic('error', 'P25', span, `The query is longer than ${MAX_LENGTH} characters.`));
  return true;
}

function attempt(text: string, options: ParseOptions, report: (d: Diagnostic) => void): Query | undefined {
  const mode = options.mode ?? 'lenient';
  try {
    const query = parseWhole(createCursor(lex(text, mode), mode, report), options.playground ?? false);
    return options.targets ? resolveNamedTarget(query, options.targets, report) : query;
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    report(error.diagnostic);
    return undefined;
  }
}

function parseWhole(c: Cursor, playground: boolean): Query {
  const prefix = parsePrefix(c, playground);
  expectPredict(c);
  const named = c.peek().kind === 'name' && isNamedTarget(c) ? c.peek().text : undefined;
  const target = named === undefined ? parseTargetClause(c) : parseName(c);
  const hint = parseHint(c);
  const via = parseVia(c);
  if (!c.at('FOR') && !c.at('FOR EACH')) refuseAfterTarget(c);
  const scope = parseScope(c);
  return {
    target,
    ...(hint ? { hint } : {}),
    ...(via.length > 0 ? { via } : {}),
    ...scope,
    ...(prefix ? { prefix } : {}),
    ...(named === undefined ? {} : { namedTarget: named }),
  };
}

function parsePrefix(c: Cursor, playground: boolean): 'explain' | 'evaluate' | undefined {
  const { kind, written, span } = c.peek();
  if (kind !== 'name' || !/^(explain|evaluate)$/i.test(written)) return undefined;
  if (c.mode === 'strict' && !playground) {
    c.fail('P22', span, `${written.toUpperCase()} is no part of the query.`, { expected: 'PREDICT' });
  }
  c.next();
  if (c.mode === 'lenient') c.note('E10', span, 'The prefix is an option of the call.', 'leave it out');
  return written.toLowerCase() as 'explain' | 'evaluate';
}

function expectPredict(c: Cursor): void {
  const { written, span } = c.peek();
  if (c.take('PREDICT')) return;
  const expected = 'PREDICT';
  if (/^predict$/i.test(written)) {
    c.fail('P1', span, 'Keywords are wholly upper or wholly lower case.', { expected });
  }
  refuseBad(c);
  c.fail('P1', span, 'A query starts with PREDICT.', { expected });
}

/** A lone word where the target ends; otherwise it is a column that lacks its table. */
function isNamedTarget(c: Cursor): boolean {
  const { kind, text } = c.peek(1);
  return c.mode === 'lenient' && kind === 'keyword' && AFTER_TARGET.has(text);
}

const AFTER_TARGET: ReadonlySet<string> = new Set(['FOR', 'FOR EACH', 'RANK', 'CLASSIFY', 'FORECAST', 'TOP']);

function parseName(c: Cursor): Target {
  const { text, span } = c.next();
  return { kind: 'column', table: '', column: text, span };
}

function parseTargetClause(c: Cursor): Target {
  const { kind, text, span } = c.peek();
  const expected = 'a column, aggregation or condition';
  if (kind === 'end' || c.at('FOR') || c.at('FOR EACH') || c.at('WHERE') || c.at('ASSUMING')) {
    c.fail('P3', span, 'The target is missing.', { expected });
  }
  if (kind === 'keyword' && AFTER_TARGET.has(text)) {
    c.fail('P19', span, `${text} comes after the target.`, { expected });
  }
  return parseTarget(c);
}

function parseHint(c: Cursor): Hint | undefined {
  const start = c.peek();
  if (c.take('FORECAST')) {
    const steps = parseCount(c, 'FORECAST');
    if (!c.take('TIMEFRAMES')) {
      c.fail('P19', c.peek().span, 'FORECAST n is followed by TIMEFRAMES.', { expected: 'TIMEFRAMES' });
    }
    return { kind: 'forecast', steps, span: c.since(start.span) };
  }
  if (c.take('TOP')) return { kind: 'top', topK: parseCount(c, 'TOP'), span: c.since(start.span) };
  if (!c.take('RANK') && !c.take('CLASSIFY')) return undefined;
  const kind = start.text === 'RANK' ? 'rank' : 'classify';
  const topK = c.take('TOP') ? parseCount(c, 'TOP') : undefined;
  return { kind, ...(topK === undefined ? {} : { topK }), span: c.since(start.span) };
}

function parseCount(c: Cursor, word: string): number {
  const { kind, span } = c.peek();
  if (kind !== 'integer') {
    refuseBad(c);
    c.fail('P19', span, `${word} needs a whole number.`, { expected: `${word} 4` });
  }
  return Number(c.next().text) + 0;
}
