import type { Literal, Span } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseDate } from './dates.ts';
import { refuseBad } from './parse-refuse.ts';

/** A constant or a list of two or more; `one` allows a list of one (IN, lenient mode). */
export function parseConstant(c: Cursor, one = false): Literal {
  return c.at('(') ? parseArray(c, one) : parseScalar(c);
}

function parseScalar(c: Cursor): Literal {
  const token = c.peek();
  const { span } = token;
  if (c.at('NULL')) {
    c.next();
    return { kind: 'null', span };
  }
  switch (token.kind) {
    case 'boolean':
      return { kind: 'boolean', value: c.next().text === 'TRUE', span };
    case 'integer':
    case 'decimal':
      return parseNumber(c);
    case 'string':
      return { kind: 'string', value: unescapeString(c, c.next().text, span), span };
    case 'date':
      return parseDatetime(c);
    default:
      return refuseConstant(c);
  }
}

function parseNumber(c: Cursor): Literal {
  const { text, kind, span } = c.next();
  const value = Number(text) + 0;
  const integer = kind === 'integer';
  if (!Number.isFinite(value)) c.fault('P26', span, 'The number is too large.');
  const digits = integer && !Number.isSafeInteger(value) ? text.replace(/^(-?)0+(?=\d)/, '$1') : undefined;
  return { kind: 'number', value, integer, span, ...(digits === undefined ? {} : { digits }) };
}

function parseDatetime(c: Cursor): Literal {
  const { text, span } = c.next();
  const clock = c.peek().kind === 'clock' ? c.next().text : undefined;
  const whole = c.since(span);
  const date = parseDate(text, clock);
  if (!date) {
    c.fault('T11', whole, 'There is no such date.', { expected: 'YYYY-MM-DD or YYYY-MM-DD h:m:s' });
  }
  return { kind: 'datetime', ...(date ?? { value: '', dateOnly: true }), span: whole };
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapeString(c: Cursor, written: string, span: Span): string {
  return written.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (whole, code: string, at: number) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if ('\\"\'/'.includes(code)) return code;
    const known = ESCAPES[code];
    if (known === undefined) {
      const start = span.start + 1 + at;
      c.fault('P17', { start, end: start + whole.length }, 'Unknown escape in a string.', {
        expected: '\\\\ \\" \\\' \\/ \\b \\f \\n \\r \\t or \\uXXXX',
      });
    }
    return known ?? code;
  });
}

function parseArray(c: Cursor, one: boolean): Literal {
  const open = c.next();
  const items: Literal[] = [];
  do {
    if (c.at(')')) c.fail('P15', c.since(open.span), 'A list needs two or more constants.', tooShort);
    if (c.at('(')) c.fail('T5', c.peek().span, 'A list cannot hold a list.');
    items.push(parseScalar(c));
  } while (c.take(','));
  if (!c.take(')')) {
    refuseBad(c);
    c.fail('P13', c.peek().span, 'The list is not closed.', { expected: ', or )' });
  }
  const span = c.since(open.span);
  if (items.length < 2 && !(one && c.mode === 'lenient')) {
    c.fail('P15', span, 'A list of one constant.', tooShort);
  }
  return { kind: 'array', items, span };
}

const tooShort = { expected: 'two or more constants', suggestion: 'write = with a single constant' };

function refuseConstant(c: Cursor): never {
  const { kind, span } = c.peek();
  const expected = 'a number, string, date, true, false, NULL or a list';
  refuseBad(c);
  if (c.at('=') || c.at('>') || c.at('<')) c.fail('P11', span, 'Two operators in a row.', { expected });
  if (kind === 'column' || kind === 'aggregate') {
    c.fail('P12', span, 'The right side must be a constant, not a column or aggregation.', { expected });
  }
  if (kind === 'name') {
    c.fail('P12', span, 'The right side must be a constant.', { expected, suggestion: 'put text in quotes' });
  }
  return c.fail('P12', span, 'The constant on the right side is missing.', { expected });
}
