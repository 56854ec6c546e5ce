/**
 * Targets and conditions: a Pratt parser over NOT > AND > OR. The language is LL(1) here: `(` where a condition starts
 * opens a group, `(` after an operator opens a list.
 */
import type {
  Aggregate,
  Becomes,
  ColumnRef,
  CompareOp,
  Comparison,
  Literal,
  Predicate,
  Span,
  Target,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { joinSpans } from './diagnostic.ts';
import { FUNCTIONS, isAggregateFn } from './functions.ts';
import { COMPARISONS } from './keywords.ts';
import { nearestName } from './names.ts';
import { closeArguments, parseAggregate, parseColumn, parseExists, parseWindow } from './parse-aggregate.ts';
import { parseConstant } from './parse-literal.ts';
import { refuseBad, refuseComparison } from './parse-refuse.ts';

const BINDING: Readonly<Record<string, { readonly power: number; readonly kind: 'and' | 'or' }>> = {
  AND: { power: 2, kind: 'and' },
  OR: { power: 1, kind: 'or' },
};

export function parsePredicate(c: Cursor, power = 0): Predicate {
  return parseRest(c, parsePrefix(c), power);
}

function parseRest(c: Cursor, first: Predicate, power: number): Predicate {
  let left = first;
  for (;;) {
    const binding = c.peek().kind === 'keyword' ? BINDING[c.peek().text] : undefined;
    if (!binding || binding.power <= power) return left;
    c.next();
    const right = parsePredicate(c, binding.power);
    left = { kind: binding.kind, left, right, span: joinSpans(left.span, right.span) };
  }
}

/** A bare column or aggregation is a target only when nothing is done with it. */
export function parseTarget(c: Cursor): Target {
  const start = c.peek();
  if (start.kind !== 'column' && start.kind !== 'aggregate') return parsePredicate(c);
  const operand = parseOperand(c);
  const after = c.peek();
  const bare = !isComparison(c) && !(after.kind === 'keyword' && BINDING[after.text]);
  return bare ? operand : parseRest(c, parseComparison(c, operand), 0);
}

const isComparison = (c: Cursor): boolean => {
  const { kind, text } = c.peek();
  if (text === '<>' || c.atSoft('BETWEEN')) return c.mode === 'lenient';
  return (kind === 'operator' || kind === 'keyword') && COMPARISONS.has(text);
};

function parsePrefix(c: Cursor): Predicate {
  const { span } = c.peek();
  const negated = c.take('NOT');
  if (negated && c.atSoft('EXISTS')) return parseExists(c, parsePredicate, negated.span);
  if (negated) {
    const operand = c.nested(() => parsePrefix(c));
    return { kind: 'not', operand, span: joinSpans(span, operand.span) };
  }
  if (c.at('(')) return c.nested(() => parseGroup(c));
  c.countCondition(span);
  if (c.atSoft('EXISTS') && c.peek(1).text === '(') return parseExists(c, parsePredicate);
  if (c.atSoft('BOOL') && c.peek(1).text === '(') return parseBool(c);
  return parseComparison(c, parseOperand(c));
}

function parseGroup(c: Cursor): Predicate {
  const open = c.next();
  const inside = parsePredicate(c);
  if (!c.take(')')) {
    refuseComparison(c, ')');
    c.fail('P13', c.peek().span, 'The parenthesis is not closed.', { expected: 'AND, OR or )' });
  }
  return { ...inside, span: c.since(open.span) };
}

function parseOperand(c: Cursor): ColumnRef | Aggregate {
  const { kind, span } = c.peek();
  if (kind === 'column') return parseColumn(c);
  if (kind === 'aggregate') return parseAggregate(c, parsePredicate);
  refuseOperand(c);
  return c.fail('P20', span, 'A condition starts with a column or an aggregation.', {
    expected: 'table.column or an aggregation',
  });
}

function refuseOperand(c: Cursor): void {
  const { kind, span, written } = c.peek();
  const constants = ['integer', 'decimal', 'string', 'date', 'boolean'];
  refuseBad(c);
  if (constants.includes(kind) || c.at('NULL')) {
    c.fail('P20', span, 'The constant goes on the right side.', {
      suggestion: 'column or aggregation first',
    });
  }
  if (kind !== 'name') return;
  if (c.peek(1).text === '(') {
    const known = Object.keys(FUNCTIONS).join(', ');
    const upper = written.toUpperCase();
    const remedy =
      upper === 'EXISTS'
        ? 'COUNT(…) > 0'
        : isAggregateFn(upper)
          ? upper
          : nearestName(upper, Object.keys(FUNCTIONS));
    c.fail('P14', span, `There is no function ${written}.`, { expected: known, suggestion: remedy });
  }
  c.fail('P8', span, `The column ${written} lacks its table.`, { expected: `table.${written}` });
}

/** BOOL(table.column = value, start, end [, unit]). */
export function parseBool(c: Cursor): Becomes {
  const name = c.next();
  c.next();
  const left = parseOperand(c);
  const condition = parseComparison(c, left);
  if (left.kind !== 'column' || condition.kind !== 'comparison') {
    c.fail('B1', condition.span, 'BOOL takes one comparison of a column.', {
      expected: 'table.column = value',
    });
  }
  const window = parseWindow(c);
  if (!window) {
    c.fail('P7', c.peek().span, 'BOOL needs a window.', { expected: ', start, end, unit' });
  }
  closeArguments(c);
  c.note('E17', name.span, 'BOOL is read from the history of its column and has no strict spelling.');
  return { kind: 'becomes', condition, window, span: c.since(name.span) };
}

/** The comparison that continues `left`. */
function parseComparison(c: Cursor, left: ColumnRef | Aggregate): Predicate {
  if (!isComparison(c)) refuseMissingOperator(c);
  const operator = c.next();
  const name = operator.text.toUpperCase();
  if (name === 'BETWEEN') return parseBetween(c, left, operator.span);
  if (name === 'LIKE' || name === 'NOT LIKE') return parseLike(c, left, name);
  if (name === 'NOT IN') return parseNotIn(c, left, operator.span);
  if (name === '<>') c.note('E6', operator.span, 'The operator is written !=.', '!=');
  if (name === 'IS IN') c.warn('D1', operator.span, 'IS IN is deprecated.', 'IN');
  const right = parseConstant(c, name === 'IN' || name === 'IS IN');
  return compare(c, left, OPERATORS[name] ?? (name as CompareOp), right);
}

const OPERATORS: Readonly<Record<string, CompareOp>> = {
  IS: '=',
  'IS NOT': '!=',
  'IS IN': 'IN',
  '<>': '!=',
};

function compare(c: Cursor, left: ColumnRef | Aggregate, op: CompareOp, right: Literal): Comparison {
  const span = joinSpans(left.span, c.since(left.span));
  const only = op === 'IN' && right.kind === 'array' && right.items.length === 1 ? right.items[0] : undefined;
  if (!only) return { kind: 'comparison', left, op, right, span };
  c.note('E3', right.span, 'IN with a single constant means =.', '= with the constant alone');
  return { kind: 'comparison', left, op: '=', right: only, span };
}

function refuseMissingOperator(c: Cursor): never {
  const { span } = c.peek();
  const expected = 'a comparison operator such as =';
  refuseComparison(c, expected);
  return c.fail('P20', span, 'Here the column or aggregation must be compared with a constant.', {
    expected,
  });
}

function parseNotIn(c: Cursor, left: ColumnRef | Aggregate, at: Span): Predicate {
  const operand = compare(c, left, 'IN', parseConstant(c, true));
  c.note('E4', at, 'NOT IN is written with NOT in front of the column.', 'NOT … IN (…)');
  return { kind: 'not', operand, span: operand.span };
}

function parseBetween(c: Cursor, left: ColumnRef | Aggregate, at: Span): Predicate {
  const low = compare(c, left, '>=', parseConstant(c));
  if (!c.take('AND')) {
    refuseBad(c);
    c.fail('P11', c.peek().span, 'BETWEEN needs a second constant.', { expected: 'AND and a constant' });
  }
  const high = compare(c, left, '<=', parseConstant(c));
  c.note('E5', at, 'BETWEEN is written as two comparisons.', '… >= a AND … <= b');
  return { kind: 'and', left: low, right: high, span: high.span };
}

/** `'%x%'` CONTAINS, `'x%'` STARTS WITH, `'%x'` ENDS WITH; every % is dropped, _ is literal. */
function parseLike(c: Cursor, left: ColumnRef | Aggregate, name: 'LIKE' | 'NOT LIKE'): Comparison {
  const right = parseConstant(c);
  if (right.kind !== 'string') {
    c.fail('T8', right.span, `${name} needs a string.`, { expected: 'a quoted string' });
  }
  const starts = right.value.startsWith('%');
  const ends = right.value.endsWith('%');
  const op = starts && ends ? 'CONTAINS' : ends ? 'STARTS WITH' : starts ? 'ENDS WITH' : undefined;
  if (!op || (name === 'NOT LIKE' && op !== 'CONTAINS')) {
    const expected = name === 'LIKE' ? "'%x%', 'x%' or '%x'" : "'%x%'";
    c.fault('T10', right.span, `${name} needs a % at ${name === 'LIKE' ? 'an end' : 'both ends'}.`, {
      expected,
    });
  }
  const value = right.value.replaceAll('%', '');
  const plain = { ...right, value };
  return compare(c, left, name === 'NOT LIKE' ? 'NOT CONTAINS' : (op ?? 'CONTAINS'), plain);
}
