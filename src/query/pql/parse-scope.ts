/** Everything after the target: the entity, its ids, and the clauses that follow it. */
import type { ColumnRef, CompareOp, Literal, Predicate, Span } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { COMPARISONS } from './keywords.ts';
import { parseColumn, parseVia } from './parse-aggregate.ts';
import { parseConstant } from './parse-literal.ts';
import { parsePredicate } from './parse-predicate.ts';
import { refuseBad, refuseTrailing } from './parse-refuse.ts';

export interface Scope {
  readonly entity: ColumnRef;
  readonly forEach: boolean;
  readonly ids?: Literal;
  readonly idsOp?: CompareOp;
  readonly where?: Predicate;
  readonly assuming?: Predicate;
  readonly using?: readonly string[];
  readonly usingSpan?: Span;
  readonly via?: readonly string[];
}

/** Starts at FOR or FOR EACH and ends at the end of the text. */
export function parseScope(c: Cursor): Scope {
  const each = c.next().text === 'FOR EACH';
  const entity = parseEntity(c);
  const ids = parseIds(c);
  const forEach = each || (entity.column === '' && !ids);
  return { entity, forEach, ...ids, ...parseClauses(c) };
}

const isClause = (c: Cursor): boolean => c.at('WHERE') || c.at('ASSUMING') || c.at('');

function parseEntity(c: Cursor): ColumnRef {
  const { kind, text, span, written } = c.peek();
  if (kind === 'column') return parseColumn(c);
  refuseBad(c);
  if (isClause(c) || !/^[A-Za-z_`]/.test(written)) {
    c.fail('P4', span, 'The entity is missing.', { expected: 'table.key' });
  }
  if (c.mode === 'strict') {
    c.fail('P8', span, 'The entity is named by the key column of its table.', { expected: `${written}.key` });
  }
  c.next();
  c.note('E11', span, 'The entity is given by its table alone.', `FOR EACH ${written}.<primary key>`);
  return { kind: 'column', table: kind === 'name' ? text : written, column: '', span };
}

function parseIds(c: Cursor): { readonly ids: Literal; readonly idsOp: CompareOp } | undefined {
  const { kind, text, span } = c.peek();
  if (kind !== 'operator' && !(kind === 'keyword' && COMPARISONS.has(text))) return undefined;
  if (text === '<>' || text === '==') refuseBad(c);
  if (text === 'NOT IN') c.fail('I4', span, 'Ids are given with = or IN.', { expected: '= or IN' });
  c.next();
  if (text === 'IS IN') c.warn('D1', span, 'IS IN is deprecated.', 'IN');
  const idsOp = ID_OPERATORS[text] ?? (text as CompareOp);
  const ids = parseConstant(c, idsOp === 'IN');
  if (idsOp !== 'IN' || ids.kind !== 'array' || ids.items.length > 1) return { ids, idsOp };
  c.note('E3', ids.span, 'IN with a single constant means =.', '= with the constant alone');
  return { ids: ids.items[0]!, idsOp: '=' };
}

const ID_OPERATORS: Readonly<Record<string, CompareOp>> = {
  IS: '=',
  'IS NOT': '!=',
  'IS IN': 'IN',
  LIKE: 'CONTAINS',
  'NOT LIKE': 'NOT CONTAINS',
};

interface Clauses {
  where?: Predicate;
  assuming?: Predicate;
  using?: readonly string[];
  usingSpan?: Span;
  via?: readonly string[];
}

/** WHERE, then ASSUMING; USING and VIA anywhere among them. */
function parseClauses(c: Cursor): Clauses {
  const clauses: Clauses = {};
  for (;;) {
    if (c.at('WHERE') && !clauses.where && !clauses.assuming) clauses.where = parseClause(c);
    else if (c.at('ASSUMING') && !clauses.assuming) clauses.assuming = parseClause(c);
    else if (c.atSoft('USING') && !clauses.using) Object.assign(clauses, parseUsing(c));
    else if (c.atSoft('VIA') && !clauses.via) clauses.via = parseVia(c);
    else break;
  }
  parseEnd(c);
  return clauses;
}

function parseClause(c: Cursor): Predicate {
  const { text } = c.next();
  if (isClause(c)) c.fail('P5', c.peek().span, `The filter after ${text} is empty.`);
  return parsePredicate(c);
}

function parseUsing(c: Cursor): { readonly using: readonly string[]; readonly usingSpan: Span } {
  const word = c.next();
  const tables: string[] = [];
  do {
    const { kind, text, written, span } = c.peek();
    if (!/^[A-Za-z_`]/.test(written) || kind === 'column' || kind === 'bad') {
      refuseBad(c);
      c.fail('P8', span, 'USING lists tables.', { expected: 'table, table, …' });
    }
    c.next();
    tables.push(kind === 'name' ? text : written);
  } while (c.take(','));
  const usingSpan = c.since(word.span);
  c.note('E12', usingSpan, 'USING has no strict spelling: there, every table is read.');
  return { using: tables, usingSpan };
}

function parseEnd(c: Cursor): void {
  const { kind, text, span } = c.peek();
  if (c.mode === 'lenient' && kind === 'bad' && text === ';' && c.peek(1).kind === 'end') {
    c.next();
    c.note('E8', span, 'The semicolon at the end is not part of the language.', 'leave it out');
  }
  if (c.peek().kind !== 'end') refuseTrailing(c);
}
