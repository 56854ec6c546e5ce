/** Conditions, aggregations and windows in plain English. */
import type { Aggregate, ColumnRef, CompareOp, Comparison, Literal, Predicate, Window } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { printLiteral } from './print.ts';

export const columnWords = ({ table, column }: ColumnRef): string => `${table}.${column}`;

export function predicateWords(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'comparison':
      return comparisonWords(predicate);
    case 'becomes':
      return `${comparisonWords(predicate.condition)} becomes true ${windowWords(predicate.window)}`;
    case 'not':
      return `not (${predicateWords(predicate.operand)})`;
    default:
      return `${sideWords(predicate.left)} ${predicate.kind} ${sideWords(predicate.right)}`;
  }
}

const sideWords = (side: Predicate): string =>
  side.kind === 'and' || side.kind === 'or' ? `(${predicateWords(side)})` : predicateWords(side);

const OPERATORS: Readonly<Record<CompareOp, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  IN: 'is one of',
  CONTAINS: 'contains',
  'NOT CONTAINS': 'does not contain',
  'STARTS WITH': 'starts with',
  'ENDS WITH': 'ends with',
};

function comparisonWords({ left, op, right }: Comparison): string {
  const existence = left.kind === 'aggregate' ? existenceWords(left, op, right) : undefined;
  if (existence) return existence;
  const subject = left.kind === 'column' ? columnWords(left) : `the ${aggregateWords(left)}`;
  if (right.kind === 'null') return `${subject} is ${op === '=' ? '' : 'not '}missing`;
  return `${subject} ${operatorWords(op, right)} ${printLiteral(right)}`;
}

const operatorWords = (op: CompareOp, right: Literal): string => {
  if (right.kind !== 'datetime') return OPERATORS[op];
  const order: Partial<Record<CompareOp, string>> = {
    '<': 'is before',
    '<=': 'is not after',
    '>': 'is after',
    '>=': 'is not before',
  };
  return order[op] ?? OPERATORS[op];
};

/** COUNT(t.*) > 0 and = 0 are said as existence. */
function existenceWords(aggregate: Aggregate, op: CompareOp, right: Literal): string | undefined {
  const { fn, source } = aggregate;
  if (fn !== 'COUNT' || source.column !== '*' || right.kind !== 'number') return undefined;
  const some = (op === '>' && right.value === 0) || (op === '>=' && right.value === 1);
  const none = op === '=' && right.value === 0;
  if (!some && !none) return undefined;
  return `there is ${some ? 'at least one' : 'no'} row of ${source.table}${detailWords(aggregate)}`;
}

export function aggregateWords(aggregate: Aggregate): string {
  const { fn, source } = aggregate;
  const subject = source.column === '*' ? `rows of ${source.table}` : columnWords(source);
  return FUNCTIONS[fn].phrase.replace('%', () => subject) + detailWords(aggregate);
}

function detailWords({ where, window, via }: Aggregate): string {
  const path = via ? ` linked over ${via.join(' and ')}` : '';
  const filter = where ? ` where ${predicateWords(where)}` : '';
  return `${path}${filter}${window ? `${where ? ',' : ''} ${windowWords(window)}` : ''}`;
}

export function windowWords({ start, end, unit }: Window): string {
  const span = (n: number): string => `${n} ${Math.abs(n) === 1 ? unit.slice(0, -1) : unit}`;
  if (start === null)
    return end === 0 ? 'any time up to the cutoff' : `any time up to ${offsetWords(end, span)}`;
  if (start === 0 && end > 0) return `in the ${span(end)} after the cutoff`;
  if (end === 0) return `in the ${span(-start)} before the cutoff`;
  return `from ${offsetWords(start, span)} to ${offsetWords(end, span)}`;
}

function offsetWords(offset: number, span: (n: number) => string): string {
  if (offset === 0) return 'the cutoff';
  return offset > 0 ? `${span(offset)} after the cutoff` : `${span(-offset)} before the cutoff`;
}

/** Both ends exactly: which is in and which is out. */
export function boundsWords({ start, end, unit }: Window): string {
  const at = (n: number): string =>
    n === 0 ? 'cutoff' : `cutoff ${n > 0 ? '+' : '−'} ${Math.abs(n)} ${unit}`;
  return start === null ? `time ≤ ${at(end)}` : `${at(start)} < time ≤ ${at(end)}`;
}
