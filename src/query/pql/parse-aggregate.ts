import type {
  Aggregate,
  AggregateFn,
  ColumnRef,
  Comparison,
  Predicate,
  Span,
  TimeUnit,
  Window,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { joinSpans } from './diagnostic.ts';
import { UNITS } from './keywords.ts';
import type { Token } from './lex.ts';
import { MISPLACED_WHERE, refuseBad, refuseComparison } from './parse-refuse.ts';

export function parseColumn(c: Cursor): ColumnRef {
  const { table = '', column = '', span } = c.next();
  if (table.includes('.') || column.includes('.')) {
    c.fault('P23', span, 'A quoted name cannot hold a dot.', { expected: 'table.column' });
  }
  return { kind: 'column', table, column, span };
}

/** Reads the condition of an inner WHERE; passed in, since conditions hold aggregations in turn. */
export type FilterParser = (c: Cursor) => Predicate;

export function parseAggregate(c: Cursor, filter: FilterParser): Aggregate {
  const name = c.next();
  return parseArguments(c, name, name.text as AggregateFn, parseSource, filter);
}

/** EXISTS(t.* …) is COUNT(…) > 0, NOT EXISTS = 0; a bare table stands for t.*. */
export function parseExists(c: Cursor, filter: FilterParser, negation?: Span): Comparison {
  const name = c.next();
  const left = parseArguments(c, name, 'COUNT', parseRows, filter);
  const span = c.since(negation ?? name.span);
  const op = negation ? '=' : '>';
  c.note(
    'E9',
    joinSpans(negation ?? name.span, name.span),
    'EXISTS is written as a count.',
    `COUNT(…) ${op} 0`,
  );
  return {
    kind: 'comparison',
    left,
    op,
    right: { kind: 'number', value: 0, integer: true, span },
    span,
  };
}

function parseRows(c: Cursor): ColumnRef {
  if (c.peek().kind !== 'name') return parseSource(c);
  const { text: table, span } = c.next();
  return { kind: 'column', table, column: '*', span };
}

function parseArguments(
  c: Cursor,
  name: Token,
  fn: AggregateFn,
  source: (c: Cursor) => ColumnRef,
  filter: FilterParser,
): Aggregate {
  if (!c.take('(')) {
    c.fail('P13', name.span, `${fn} needs parentheses.`, { expected: `${fn}(table.column, 0, 30, days)` });
  }
  const column = source(c);
  const early = parseVia(c);
  const where = c.take('WHERE') ? c.nested(() => parseFilter(c, filter)) : undefined;
  const later = parseVia(c);
  const window = parseWindow(c);
  const last = parseVia(c);
  closeArguments(c);
  const via = [...early, ...later, ...last, ...parseVia(c)];
  return {
    kind: 'aggregate',
    fn,
    source: column,
    ...(where ? { where } : {}),
    ...(window ? { window } : {}),
    ...(via.length > 0 ? { via } : {}),
    span: c.since(name.span),
  };
}

function parseSource(c: Cursor): ColumnRef {
  const { kind, text, span, written } = c.peek();
  if (kind === 'column') return parseColumn(c);
  refuseBad(c);
  if (kind === 'aggregate') c.fail('P24', span, 'Aggregations do not nest.', { expected: 'table.column' });
  if (kind === 'name' && /^distinct$/i.test(text)) {
    c.fail('P14', span, 'DISTINCT is no keyword.', { suggestion: 'COUNT_DISTINCT(table.column, …)' });
  }
  if (kind === 'name') {
    c.fail('P8', span, `The column ${written} lacks its table.`, { expected: `table.${written}` });
  }
  return c.fail('P8', span, 'The aggregation needs a column.', { expected: 'table.column or table.*' });
}

function parseFilter(c: Cursor, filter: FilterParser): Predicate {
  if (c.at(',') || c.at(')')) c.fail('P5', c.peek().span, 'The filter after WHERE is empty.');
  return filter(c);
}

/** Link names; a comma before anything but a column belongs to the window. */
export function parseVia(c: Cursor): readonly string[] {
  if (!c.atSoft('VIA')) return [];
  const word = c.next();
  const names: string[] = [];
  do {
    if (c.peek().kind !== 'column') {
      c.fail('P8', c.peek().span, 'VIA names links.', { expected: 'table.column of a foreign key' });
    }
    const { table, column } = c.next();
    names.push(`${table}.${column}`);
  } while (c.peek().text === ',' && c.peek(1).kind === 'column' && c.take(','));
  c.note('E13', c.since(word.span), 'VIA has no strict spelling: there, a table must be one link away.');
  return names;
}

/** `, start, end [, unit]`, or nothing. */
export function parseWindow(c: Cursor): Window | undefined {
  const shape = 'start, end, unit, e.g. 0, 30, days';
  if (c.peek().kind === 'integer' || c.peek().kind === 'minus-infinity') {
    c.fail('P7', c.peek().span, 'A comma is missing before the window.', { expected: shape });
  }
  if (!c.take(',')) return undefined;
  const unbounded = c.peek().kind === 'minus-infinity' && c.next();
  const start = unbounded ? null : parseOffset(c, shape);
  if (!c.take(',')) c.fail('P7', c.peek().span, 'The window needs two numbers.', { expected: shape });
  const end = parseOffset(c, shape);
  const { unit, factor } = c.take(',') ? parseUnit(c) : { unit: 'days' as const, factor: 1 };
  return { start: start === null ? null : start * factor, end: end * factor, unit };
}

function parseOffset(c: Cursor, expected: string): number {
  const { kind, span } = c.peek();
  if (kind === 'integer') return Number(c.next().text) + 0;
  refuseBad(c);
  if (kind === 'decimal') c.fail('P7', span, 'Window offsets are whole numbers.', { expected });
  if (kind === 'name' || kind === 'minus-infinity') {
    c.fail('P7', span, 'A window ends at a number; only its start may be -INF.', { expected });
  }
  return c.fail('P7', span, 'The window needs two numbers.', { expected });
}

const LENIENT_UNITS: Readonly<Record<string, { readonly unit: TimeUnit; readonly factor: number }>> = {
  year: { unit: 'months', factor: 12 },
  years: { unit: 'months', factor: 12 },
  quarter: { unit: 'months', factor: 3 },
  quarters: { unit: 'months', factor: 3 },
  ...Object.fromEntries(UNITS.map((unit) => [unit.slice(0, -1), { unit, factor: 1 }])),
};

function parseUnit(c: Cursor): { readonly unit: TimeUnit; readonly factor: number } {
  const token = c.peek();
  if (token.kind === 'unit') return { unit: c.next().text as TimeUnit, factor: 1 };
  refuseBad(c);
  const known = c.mode === 'lenient' && token.kind === 'name' && LENIENT_UNITS[token.text.toLowerCase()];
  if (!known) {
    const written = token.kind === 'name' ? ` ${token.written}` : '';
    return c.fail('P6', token.span, `Unknown time unit${written}.`, { expected: UNITS.join(', ') });
  }
  c.next();
  const strict = known.factor === 1 ? known.unit : `${known.unit}, offsets times ${known.factor}`;
  c.note('E7', token.span, `The unit ${token.written} is an extension.`, strict);
  return known;
}

export function closeArguments(c: Cursor): void {
  if (c.take(')')) return;
  const { span } = c.peek();
  if (c.at('WHERE')) c.fail('P9', span, MISPLACED_WHERE, { expected: ')' });
  refuseComparison(c, ')');
  c.fail('P13', span, 'The parenthesis is not closed.', { expected: ')' });
}
