/**
 * Text → tokens. Longest match wins, ties go to the keyword, as in the upstream grammar: `table.column` is one token (so
 * reserved words are fine as names), `>2FOR EACH` needs no blank. Faults become `bad` tokens, so that the parser can say
 * what clause they stand in. Linear in the text, never throws.
 */
import type { Span } from './ast.ts';
import { isAggregateFn } from './functions.ts';
import { DOUBLE_KEYWORDS, KEYWORDS, LENIENT_DOUBLE_KEYWORDS, type Mode, UNITS } from './keywords.ts';

export type TokenKind =
  | 'keyword'
  | 'aggregate'
  | 'unit'
  | 'boolean'
  | 'minus-infinity'
  | 'integer'
  | 'decimal'
  | 'string'
  | 'date'
  | 'clock'
  | 'name'
  | 'column'
  | 'operator'
  | 'punctuation'
  | 'bad'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case with one blank, units in lower case, names without backticks, else as written. */
  readonly text: string;
  readonly written: string;
  readonly span: Span;
  /** Of a column token. */
  readonly table?: string;
  readonly column?: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: FS to US count as blanks upstream
const BLANK = /[\t\n\v\f\r \x1c-\x1f\x85\xa0\p{Zs}]+/uy;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const LENIENT_BLANK = /[\s\x1c-\x1f\x85\ufeff]+/uy;
const COMMENT = /#[^\n\r]*/y;
const NAME_PATTERN = '(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\\r\\n]+`)';
const NAME = new RegExp(NAME_PATTERN, 'y');
const COLUMN = new RegExp(`(${NAME_PATTERN})\\.(${NAME_PATTERN}|\\*)`, 'y');
const DEEPER_NAME = new RegExp(`(?:\\.(?:${NAME_PATTERN}|\\*))+`, 'y');
const DATE = /\d+([-/.])\d+\1\d+/y;
const CLOCK = /\d+:\d+:\d+/y;
const DECIMAL = /-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)/y;
const INTEGER = /-?\d+/y;
const MINUS_INFINITY = /-(?:INFINITY|infinity|INF|inf)/y;
const LENIENT_MINUS_INFINITY = /-inf(?:inity)?/iy;
const OPERATOR = /<>|==|!=|<=|>=|[<>=]/y;
const FOREIGN = /--[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|[\s\S]/uy;

const doublePattern = (words: readonly string[], blank: string): string =>
  words.map((w) => w.replace(' ', blank)).join('|');
const STRICT_DOUBLE = new RegExp(
  doublePattern(
    DOUBLE_KEYWORDS.flatMap((w) => [w, w.toLowerCase()]),
    ' ',
  ),
  'y',
);
const LENIENT_DOUBLE = new RegExp(
  `(?:${doublePattern([...DOUBLE_KEYWORDS, ...LENIENT_DOUBLE_KEYWORDS], '\\s+')})(?![\\w.])`,
  'iy',
);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Tokens of `text`, the last one of kind `end`. */
export function lex(text: string, mode: Mode): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(text, 0, mode);
  while (at < text.length) {
    const token = tokenAt(text, at, mode);
    tokens.push(token);
    at = skipBlanks(text, token.span.end, mode);
  }
  tokens.push({ kind: 'end', text: '', written: '', span: { start: text.length, end: text.length } });
  return tokens;
}

function skipBlanks(text: string, from: number, mode: Mode): number {
  let at = from;
  for (;;) {
    const blank = matchAt(mode === 'strict' ? BLANK : LENIENT_BLANK, text, at) ?? matchAt(COMMENT, text, at);
    if (!blank) return at;
    at += blank[0].length;
  }
}

function tokenAt(text: string, at: number, mode: Mode): Token {
  return (
    wordAt(text, at, mode) ??
    numberAt(text, at, mode) ??
    stringAt(text, at) ??
    symbolAt(text, at) ??
    make('bad', matchAt(FOREIGN, text, at)![0], at)
  );
}

const make = (kind: TokenKind, written: string, at: number, text = written): Token => ({
  kind,
  text,
  written,
  span: { start: at, end: at + written.length },
});

function wordAt(text: string, at: number, mode: Mode): Token | undefined {
  const double = matchAt(mode === 'strict' ? STRICT_DOUBLE : LENIENT_DOUBLE, text, at)?.[0] ?? '';
  const column = matchAt(COLUMN, text, at);
  if (column && column[0].length > double.length) return columnToken(text, column, at);
  const name = matchAt(NAME, text, at)?.[0];
  if (name === undefined) return undefined;
  if (double.length >= name.length)
    return make('keyword', double, at, double.toUpperCase().replace(/\s+/g, ' '));
  return name.startsWith('`') ? make('name', name, at, unquote(name)) : bareWord(name, at, mode);
}

const unquote = (name: string): string => (name.startsWith('`') ? name.slice(1, -1) : name);

function columnToken(text: string, match: RegExpExecArray, at: number): Token {
  const deeper = matchAt(DEEPER_NAME, text, at + match[0].length)?.[0];
  if (deeper !== undefined) return make('bad', match[0] + deeper, at);
  return {
    ...make('column', match[0], at),
    table: unquote(match[1]!),
    column: unquote(match[2]!),
  };
}

/** Upstream knows a word only when it is wholly upper or wholly lower case. */
function bareWord(name: string, at: number, mode: Mode): Token {
  const upper = name.toUpperCase();
  const oneCase = name === upper || name === name.toLowerCase();
  if (upper === 'TRUE' || upper === 'FALSE') {
    const capital = name === 'True' || name === 'False';
    if (oneCase || capital || mode === 'lenient') return make('boolean', name, at, upper);
  }
  if (!oneCase && mode === 'strict') return make('name', name, at);
  if (KEYWORDS.has(upper)) return make('keyword', name, at, upper);
  if (isAggregateFn(upper)) return make('aggregate', name, at, upper);
  if ((UNITS as readonly string[]).includes(name.toLowerCase()))
    return make('unit', name, at, name.toLowerCase());
  return make('name', name, at);
}

function numberAt(text: string, at: number, mode: Mode): Token | undefined {
  const infinity = matchAt(mode === 'strict' ? MINUS_INFINITY : LENIENT_MINUS_INFINITY, text, at);
  if (infinity) return make('minus-infinity', infinity[0], at, '-INF');
  const shapes = [
    ['clock', CLOCK],
    ['date', DATE],
    ['decimal', DECIMAL],
    ['integer', INTEGER],
  ] as const;
  let best: Token | undefined;
  for (const [kind, pattern] of shapes) {
    const found = matchAt(pattern, text, at)?.[0];
    if (found && found.length > (best?.written.length ?? 0)) best = make(kind, found, at);
  }
  return best;
}

/** A string token keeps its escapes; the parser resolves them. A string that is not closed runs to the end. */
function stringAt(text: string, at: number): Token | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return make('string', text.slice(at, i + 1), at);
  }
  return make('bad', text.slice(at), at);
}

function symbolAt(text: string, at: number): Token | undefined {
  const operator = matchAt(OPERATOR, text, at)?.[0];
  if (operator) return make('operator', operator, at);
  return '(),'.includes(text[at]!) ? make('punctuation', text[at]!, at) : undefined;
}
