/** Operators and constants: T3 to T8, and the semantic and zero-shot rules that concern a comparison. */
import type { Aggregate, ColumnRef, CompareOp, Comparison, Literal } from './ast.ts';
import type { Check, Meaning } from './check-context.ts';
import { parseIsoDate } from './dates.ts';
import type { ValueKind } from './functions.ts';

/** A resolved left side. */
export interface Operand {
  readonly node: ColumnRef | Aggregate;
  readonly kind: ValueKind;
  readonly meaning: Meaning;
  readonly list: boolean;
}

const ORDERING: ReadonlySet<CompareOp> = new Set(['<', '<=', '>', '>=']);
const STRING_OPERATORS: ReadonlySet<CompareOp> = new Set([
  'CONTAINS',
  'NOT CONTAINS',
  'STARTS WITH',
  'ENDS WITH',
]);

/** The comparison with its left side resolved and quoted dates turned into dates. */
export function checkComparison(check: Check, comparison: Comparison, operand: Operand): Comparison {
  limitComparison(check, comparison, operand);
  return { ...comparison, left: operand.node, right: checkRight(check, comparison, operand) };
}

function checkRight(check: Check, comparison: Comparison, operand: Operand): Literal {
  const { op, right } = comparison;
  if (right.kind === 'null') {
    if (op !== '=' && op !== '!=') {
      check.error('T6', right.span, `NULL cannot be used with ${op}.`, {
        expected: 'IS NULL or IS NOT NULL',
      });
    }
    return right;
  }
  if (op === 'IN') return checkList(check, right, operand);
  if (STRING_OPERATORS.has(op)) return checkStringOperator(check, comparison, operand);
  if (right.kind === 'array') {
    check.error('T4', right.span, `A list cannot be used with ${op}.`, { suggestion: 'IN' });
    return right;
  }
  if (ORDERING.has(op)) checkOrder(check, comparison, operand);
  if (operand.list) {
    check.error('T3', comparison.span, 'A set of values is compared with CONTAINS only.', {
      expected: 'CONTAINS, NOT CONTAINS or IS NULL',
    });
    return right;
  }
  return matchKind(check, right, operand.kind);
}

function checkList(check: Check, right: Literal, operand: Operand): Literal {
  if (right.kind !== 'array') {
    check.error('T5', right.span, 'IN needs a list.', { suggestion: '= for a single constant' });
    return right;
  }
  const kinds = new Set(right.items.map((item) => item.kind));
  if (kinds.has('null') || kinds.size > 1) {
    const what = kinds.has('null') ? 'NULL' : 'constants of different types';
    check.error('T5', right.span, `The list holds ${what}.`, { expected: `only ${NOUNS[operand.kind]}` });
    return right;
  }
  if (operand.list) {
    check.error('T3', right.span, 'A set of values is compared with CONTAINS only.');
    return right;
  }
  return { ...right, items: right.items.map((item) => matchKind(check, item, operand.kind)) };
}

function checkStringOperator(check: Check, { op, right, span }: Comparison, operand: Operand): Literal {
  const membership = operand.list && (op === 'CONTAINS' || op === 'NOT CONTAINS');
  if (operand.kind !== 'string' && !membership) {
    check.error('T8', span, `${op} works on strings.`, {
      expected: `an operator for ${NOUNS[operand.kind]}`,
    });
    return right;
  }
  if (membership && operand.kind !== 'string') return matchKind(check, right, operand.kind);
  if (right.kind !== 'string') {
    check.error('T8', right.span, `${op} needs a string on its right.`, { expected: 'a quoted string' });
  }
  if (operand.meaning === 'id' && !membership) check.warn('S6', span, `${op} on a key.`);
  return right;
}

function checkOrder(check: Check, { op, span }: Comparison, operand: Operand): void {
  if (operand.kind === 'boolean') {
    check.error('T7', span, `A boolean cannot be used with ${op}.`, { expected: '= or !=' });
  } else if (['categorical', 'multicategorical', 'id'].includes(operand.meaning)) {
    check.warn('S5', span, 'Categories and keys have no natural order.');
  }
}

const NOUNS: Readonly<Record<ValueKind, string>> = {
  number: 'numbers',
  string: 'quoted strings',
  boolean: 'true and false',
  timestamp: 'unquoted dates',
};

const KINDS: Readonly<Record<Exclude<Literal['kind'], 'array' | 'null'>, ValueKind>> = {
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  datetime: 'timestamp',
};

/** The constant, when it is of `kind`; lenient mode reads quoted ISO dates. */
function matchKind(check: Check, literal: Literal, kind: ValueKind): Literal {
  if (literal.kind === 'array' || literal.kind === 'null' || KINDS[literal.kind] === kind) return literal;
  if (kind === 'timestamp' && literal.kind === 'string' && check.mode === 'lenient') {
    const date = parseIsoDate(literal.value);
    if (date) return quotedDate(check, { kind: 'datetime', ...date, span: literal.span });
  }
  const found = NOUNS[KINDS[literal.kind]];
  check.error('T3', literal.span, `The left side is compared with ${NOUNS[kind]}, not with ${found}.`, {
    expected: EXAMPLES[kind],
    suggestion: literal.kind === 'string' && kind !== 'string' ? 'write it without quotes' : undefined,
  });
  return literal;
}

function quotedDate(check: Check, date: Extract<Literal, { kind: 'datetime' }>): Literal {
  const strict = date.dateOnly ? date.value.slice(0, 10) : date.value.replace('T', ' ');
  check.note('E16', date.span, 'Dates are written without quotes.', { suggestion: strict });
  return date;
}

const EXAMPLES: Readonly<Record<ValueKind, string>> = {
  number: 'a number',
  string: "a string in quotes, 'text'",
  boolean: 'true or false',
  timestamp: 'a date, YYYY-MM-DD or YYYY-MM-DD h:m:s',
};

function limitComparison(check: Check, { op, right, span }: Comparison, operand: Operand): void {
  if (operand.list) check.limit('R11', span, 'LIST_DISTINCT inside a condition.');
  else if (STRING_OPERATORS.has(op)) check.limit('R4', span, `${op} is a string operator.`);
  else if (ORDERING.has(op) && operand.kind === 'string')
    check.limit('R4', span, 'Strings are ordered here.');
  const raw = operand.node.kind === 'column';
  if (raw && (operand.meaning === 'text' || operand.meaning === 'multicategorical')) {
    check.limit('R6', span, 'A condition on text or on several categories.');
  }
  if (check.playground && operand.kind === 'timestamp' && right.kind !== 'null') {
    check.error('R7', span, 'Timestamp conditions are off in the playground.');
  }
}
