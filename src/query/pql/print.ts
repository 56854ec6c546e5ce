/**
 * Query → canonical strict text: upper-case keywords, units written out, conditions under AND, OR, NOT in parentheses,
 * strings in double quotes, IS NULL kept. Parsing the text gives the same query again. VIA, BOOL, USING and tables
 * without a key have no strict spelling and print as the extension.
 */
import type {
  Aggregate,
  ColumnRef,
  Comparison,
  Hint,
  Literal,
  Predicate,
  Query,
  Target,
  Window,
} from './ast.ts';

export function printQuery(query: Query): string {
  const { entity, forEach, ids, idsOp, where, assuming, using } = query;
  const clauses = [
    `PREDICT ${printTarget(query.target)}`,
    query.hint && printHint(query.hint),
    `${forEach ? 'FOR EACH' : 'FOR'} ${printColumn(entity)}`,
    ids && `${idsOp ?? (ids.kind === 'array' ? 'IN' : '=')} ${printLiteral(ids)}`,
    where && `WHERE ${printPredicate(where)}`,
    assuming && `ASSUMING ${printPredicate(assuming)}`,
    query.via && printVia(query.via),
    using && `USING ${using.map(printName).join(', ')}`,
  ];
  return clauses.filter((clause) => clause).join(' ');
}

export function printTarget(target: Target): string {
  if (target.kind === 'column') return printColumn(target);
  return target.kind === 'aggregate' ? printAggregate(target) : printPredicate(target);
}

function printHint(hint: Hint): string {
  if (hint.kind === 'forecast') return `FORECAST ${hint.steps} TIMEFRAMES`;
  if (hint.kind === 'top') return `TOP ${hint.topK}`;
  return `${hint.kind.toUpperCase()}${hint.topK === undefined ? '' : ` TOP ${hint.topK}`}`;
}

export function printPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'comparison':
      return printComparison(predicate);
    case 'becomes':
      return `BOOL(${printComparison(predicate.condition)}${printWindow(predicate.window)})`;
    case 'not':
      return `NOT (${printPredicate(predicate.operand)})`;
    default: {
      const word = predicate.kind.toUpperCase();
      return `(${printPredicate(predicate.left)}) ${word} (${printPredicate(predicate.right)})`;
    }
  }
}

function printComparison({ left, op, right }: Comparison): string {
  const subject = left.kind === 'column' ? printColumn(left) : printAggregate(left);
  if (right.kind === 'null' && op === '=') return `${subject} IS NULL`;
  if (right.kind === 'null' && op === '!=') return `${subject} IS NOT NULL`;
  return `${subject} ${op} ${printLiteral(right)}`;
}

function printAggregate({ fn, source, via, where, window }: Aggregate): string {
  const path = via ? ` ${printVia(via)}` : '';
  const filter = where ? ` WHERE ${printPredicate(where)}` : '';
  return `${fn}(${printColumn(source)}${path}${filter}${window ? printWindow(window) : ''})`;
}

const printWindow = ({ start, end, unit }: Window): string => `, ${start ?? '-INF'}, ${end}, ${unit}`;

const printVia = (links: readonly string[]): string =>
  `VIA ${links.map((link) => link.split('.').map(printName).join('.')).join(', ')}`;

/** A column without a table is a named target, an empty column a table's key. */
export function printColumn({ table, column }: ColumnRef): string {
  if (table === '') return printName(column);
  return column === '' ? printName(table) : `${printName(table)}.${printName(column)}`;
}

const printName = (name: string): string =>
  name === '*' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;

export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'number':
      return literal.digits ?? printNumber(literal.value, literal.integer);
    case 'string':
      return printString(literal.value);
    case 'boolean':
      return literal.value ? 'true' : 'false';
    case 'datetime':
      return literal.dateOnly ? literal.value.slice(0, 10) : literal.value.replace('T', ' ');
    case 'null':
      return 'NULL';
    case 'array':
      return `(${literal.items.map(printLiteral).join(', ')})`;
  }
}

/** A decimal keeps a point or exponent, so that it stays one. */
function printNumber(value: number, integer: boolean): string {
  const digits = String(value).replace('e+', 'e');
  return integer || /[.e]/.test(digits) ? digits : `${digits}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

const printString = (value: string): string => `"${value.replace(/[\\"\n\r\t\f\b]/g, (c) => ESCAPES[c]!)}"`;
