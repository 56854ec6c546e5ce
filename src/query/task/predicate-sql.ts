/**
 * Conditions as SQL, two-valued: a comparison with a null cell is false, NOT of it true, and what is undefined (an
 * aggregate without rows) is carried beside the value as a mask; AND, OR and NOT join the masks of their operands.
 */

import type { Column, StorageType } from '../../data/schema/types.ts';
import {
  and,
  call,
  coalesce,
  eq,
  ge,
  gt,
  inList,
  isNotNull,
  isNull,
  le,
  lit,
  lt,
  ne,
  not,
  or,
  ts,
} from '../../data/sql/build.ts';
import type { Expr } from '../../data/sql/tree.ts';
import { LeadlightError } from '../../errors.ts';
import type { ColumnRef, CompareOp, Comparison, Literal, Predicate } from '../pql/ast.ts';
import { compareAggregate } from './aggregate-sql.ts';
import { findColumn, readColumn } from './as-of.ts';
import { becomes } from './becomes-sql.ts';
import { type Compiler, DEFINED, joinUp, type Scope, type Undefined, type Verdict } from './scope.ts';

export function createCompiler(schema: Compiler['schema'], judged?: number): Compiler {
  const compiler: Compiler = {
    schema,
    ctes: [],
    ...(judged === undefined ? {} : { judged }),
    predicate: (p, scope) => predicate(compiler, p, scope),
    test: (x, type, op, right) => test(x, type, op, right),
  };
  return compiler;
}

function predicate(compiler: Compiler, p: Predicate, scope: Scope): Verdict {
  switch (p.kind) {
    case 'and':
    case 'or':
      return logical(p.kind, predicate(compiler, p.left, scope), predicate(compiler, p.right, scope));
    case 'not': {
      const inner = predicate(compiler, p.operand, scope);
      return { value: not(inner.value), undefinedIf: inner.undefinedIf };
    }
    case 'becomes':
      return becomes(compiler, p, scope);
    case 'comparison':
      return comparison(compiler, p, scope);
  }
}

function logical(op: 'and' | 'or', left: Verdict, right: Verdict): Verdict {
  const value = op === 'and' ? and(left.value, right.value) : or(left.value, right.value);
  return { value, undefinedIf: joinUndefined(left.undefinedIf, right.undefinedIf) };
}

const joinUndefined = (a: Undefined, b: Undefined): Undefined => ({
  empty: [...a.empty, ...b.empty],
  held: [...a.held, ...b.held],
});

function comparison(compiler: Compiler, c: Comparison, scope: Scope): Verdict {
  if (c.left.kind === 'aggregate') return compareAggregate(compiler, c.left, c.op, c.right, scope);
  const [value, type] = columnValue(compiler, c.left, scope);
  return { value: test(value, type, c.op, c.right), undefinedIf: DEFINED };
}

/** A column of the scope's row, or of a row it points to. */
export function columnValue(compiler: Compiler, ref: ColumnRef, scope: Scope): [Expr, StorageType] {
  const [alias, t] = joinUp(compiler, scope, ref.path ?? []);
  return [readColumn(compiler, scope, alias, t, ref.column), columnOf(t, ref).type];
}

function columnOf(t: Scope['table'], ref: ColumnRef): Column {
  const column = findColumn(t, ref.column);
  if (!column)
    throw new LeadlightError('QUERY_INVALID', { message: `Table ${t.name} has no column ${ref.column}.` });
  return column;
}

const COMPARE = { '=': eq, '!=': ne, '<': lt, '<=': le, '>': gt, '>=': ge } as const;

/** Never null: an empty cell satisfies only `= NULL`. */
function test(x: Expr, type: StorageType, op: CompareOp, right: Literal): Expr {
  if (right.kind === 'null') return op === '=' ? isNull(x) : isNotNull(x);
  return coalesce(testPresent(x, type, op, right), false);
}

function testPresent(x: Expr, type: StorageType, op: CompareOp, right: Literal): Expr {
  switch (op) {
    case 'IN':
      return inList(
        x,
        right.kind === 'array' ? right.items.map((i) => constant(i, type)) : [constant(right, type)],
      );
    case 'CONTAINS':
      return call('contains', x, constant(right, type));
    case 'NOT CONTAINS':
      return not(call('contains', x, constant(right, type)));
    case 'STARTS WITH':
      return call('starts_with', x, constant(right, type));
    case 'ENDS WITH':
      return call('ends_with', x, constant(right, type));
    default:
      return COMPARE[op](x, constant(right, type));
  }
}

/** A constant in the column's type; the checker has already refused pairs without a meaning. */
function constant(literal: Literal, type: StorageType): Expr {
  if (literal.kind === 'null' || literal.kind === 'array') return lit(null);
  if (literal.kind === 'datetime') return ts(literal.value);
  const { value } = literal;
  if (type === 'text') return lit(String(value));
  if (type === 'boolean')
    return lit(value === true || value === 1 || /^(true|yes|y|t|1)$/i.test(String(value)));
  if (type === 'timestamp' || type === 'date') return ts(String(value));
  return lit(Number(value));
}
