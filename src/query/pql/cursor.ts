/** The parser's place in the tokens. The first fault ends parsing; notes and visitor faults are gathered. */
import type { Diagnostic, Span } from './ast.ts';
import type { DiagnosticCode } from './codes.ts';
import { type Advice, diagnostic } from './diagnostic.ts';
import type { Mode } from './keywords.ts';
import type { Token } from './lex.ts';

/** Deeper nesting, or more conditions, is refused so that no later stage runs out of stack. */
const MAX_DEPTH = 500;
const MAX_CONDITIONS = 400;

/** Thrown by `fail`, caught by `parseQuery`; never leaves this folder. */
export class ParseFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(found: Diagnostic) {
    super(found.message);
    this.diagnostic = found;
  }
}

export interface Cursor {
  readonly mode: Mode;
  peek(ahead?: number): Token;
  next(): Token;
  /** The next token has this canonical text and is no name or constant. */
  at(text: string): boolean;
  /** The next token is this word, which only lenient mode knows. */
  atSoft(word: string): boolean;
  take(text: string): Token | undefined;
  /** Span from a start to the end of the token read last. */
  since(start: Span): Span;
  note(code: DiagnosticCode, span: Span, message: string, suggestion?: string): void;
  warn(code: DiagnosticCode, span: Span, message: string, suggestion?: string): void;
  /** A fault found while building the tree: parsing goes on, no query comes out. */
  fault(code: DiagnosticCode, span: Span, message: string, advice?: Advice): void;
  fail(code: DiagnosticCode, span: Span, message: string, advice?: Advice): never;
  nested<T>(read: () => T): T;
  countCondition(span: Span): void;
}

const WORDS: ReadonlySet<string> = new Set([
  'keyword',
  'aggregate',
  'unit',
  'operator',
  'punctuation',
  'end',
]);

export function createCursor(tokens: readonly Token[], mode: Mode, report: (d: Diagnostic) => void): Cursor {
  let position = 0;
  let depth = 0;
  let conditions = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)]!;
  const at = (text: string): boolean => peek().text === text && WORDS.has(peek().kind);
  const next = (): Token => {
    const token = peek();
    if (position < tokens.length - 1) position++;
    if (mode === 'lenient') noteSpelling(token, report);
    return token;
  };
  const fail: Cursor['fail'] = (code, span, message, advice) => {
    throw new ParseFailure(diagnostic('error', code, span, message, advice));
  };
  return {
    mode,
    peek,
    next,
    at,
    atSoft: (word) => mode === 'lenient' && peek().kind === 'name' && peek().written.toUpperCase() === word,
    take: (text) => (at(text) ? next() : undefined),
    since: (start) => ({
      start: start.start,
      end: Math.max(start.end, tokens[Math.max(0, position - 1)]!.span.end),
    }),
    note: (code, span, message, suggestion) =>
      report(diagnostic('info', code, span, message, { suggestion })),
    warn: (code, span, message, suggestion) =>
      report(diagnostic('warning', code, span, message, { suggestion })),
    fault: (code, span, message, advice) => report(diagnostic('error', code, span, message, advice)),
    fail,
    nested: (read) => {
      if (++depth > MAX_DEPTH) {
        fail('P25', peek().span, `More than ${MAX_DEPTH} levels of parentheses and NOT.`);
      }
      const value = read();
      depth--;
      return value;
    },
    countCondition: (span) => {
      if (++conditions > MAX_CONDITIONS) fail('P25', span, `More than ${MAX_CONDITIONS} conditions.`);
    },
  };
}

function noteSpelling({ kind, text, written, span }: Token, report: (d: Diagnostic) => void): void {
  if (kind !== 'keyword' && kind !== 'aggregate' && kind !== 'unit' && kind !== 'boolean') return;
  const strict = kind === 'unit' || kind === 'boolean' ? text.toLowerCase() : text;
  const spaced = written.replace(/\s+/g, ' ');
  const oneCase = [text.toUpperCase(), text.toLowerCase()].includes(spaced) || /^(True|False)$/.test(written);
  if (!oneCase) {
    report(diagnostic('info', 'E1', span, 'A keyword in mixed case.', { suggestion: strict }));
  }
  if (spaced !== written) {
    report(
      diagnostic('info', 'E2', span, 'This keyword has exactly one blank inside.', { suggestion: strict }),
    );
  }
}
