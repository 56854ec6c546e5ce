/** Conditions of any clause, resolved node by node; what is found on the way is gathered in the place. */
import type { Table } from '../../data/schema/types.ts';
import type { Aggregate, Becomes, ColumnRef, Comparison, Predicate, Span, Window } from './ast.ts';
import { checkAggregate } from './check-aggregate.ts';
import { checkBecomes } from './check-becomes.ts';
import { checkComparison, type Operand } from './check-compare.ts';
import { type Check, findColumn, findTable, kindOf, meaningOf } from './check-context.ts';
import { columnPath } from './check-links.ts';
import { type Clause, checkWindow } from './check-time.ts';

/** What a clause turned out to hold, outside inner filters. */
export interface Found {
  readonly windows: { readonly window: Window; readonly span: Span }[];
  /** Comparisons of stored values. */
  readonly stored: Span[];
  /** Every table read, inner filters included. */
  readonly tables: Set<string>;
}

export interface Place {
  readonly clause: Clause;
  readonly context: Table;
  readonly entity: Table;
  readonly via: readonly string[] | undefined;
  readonly windowless?: boolean;
  readonly found: Found;
}

export const nothingFound = (): Found => ({ windows: [], stored: [], tables: new Set() });

export function checkPredicate(check: Check, predicate: Predicate, place: Place): Predicate {
  switch (predicate.kind) {
    case 'not':
      return { ...predicate, operand: checkPredicate(check, predicate.operand, place) };
    case 'and':
    case 'or':
      return {
        ...predicate,
        left: checkPredicate(check, predicate.left, place),
        right: checkPredicate(check, predicate.right, place),
      };
    case 'becomes':
      return resolveBecomes(check, predicate, place);
    case 'comparison':
      return resolveComparison(check, predicate, place);
  }
}

function resolveComparison(check: Check, comparison: Comparison, place: Place): Comparison {
  const operand = resolveOperand(check, comparison.left, place);
  if (comparison.left.kind === 'column') place.found.stored.push(comparison.span);
  return operand ? checkComparison(check, comparison, operand) : comparison;
}

export function resolveOperand(check: Check, left: ColumnRef | Aggregate, place: Place): Operand | undefined {
  return left.kind === 'column' ? resolveColumn(check, left, place) : resolveAggregate(check, left, place);
}

function resolveColumn(check: Check, ref: ColumnRef, place: Place): Operand | undefined {
  const table = findTable(check, ref.table, ref.span);
  if (!table) return undefined;
  place.found.tables.add(table.name);
  if (ref.column === '*') {
    check.error('W1', ref.span, 'A wildcard stands in COUNT only.', {
      expected: `COUNT(${table.name}.*, …)`,
    });
    return undefined;
  }
  const column = findColumn(check, table, ref.column, ref.span);
  if (!column) return undefined;
  const path = columnPath(check, ref, place.context, table);
  return {
    node: { ...ref, table: table.name, column: column.name, path },
    kind: kindOf(column),
    meaning: meaningOf(check, table, column),
    list: false,
  };
}

function resolveAggregate(check: Check, aggregate: Aggregate, place: Place): Operand | undefined {
  const nested = place.clause === 'inner';
  if (nested) check.limit('R2', aggregate.span, 'An aggregation inside an inner filter.');
  const windowless = place.windowless ?? false;
  const checked = checkAggregate(check, aggregate, { ...place, windowless });
  if (aggregate.window && !nested) {
    place.found.windows.push({ window: aggregate.window, span: aggregate.span });
  }
  if (!checked) return undefined;
  place.found.tables.add(checked.table.name);
  if (!aggregate.where) return checked.operand;
  const where = checkInner(check, aggregate, checked.table, place);
  return { ...checked.operand, node: { ...(checked.operand.node as Aggregate), where } };
}

/** The aggregated table is the context of its filter. */
function checkInner(check: Check, { fn, where, span }: Aggregate, table: Table, place: Place): Predicate {
  const found = { ...nothingFound(), tables: place.found.tables };
  const inner: Place = { clause: 'inner', context: table, entity: place.entity, via: undefined, found };
  const checked = checkPredicate(check, where!, inner);
  const tables = comparedTables(checked);
  const { name } = place.entity;
  if (place.clause === 'target' && table.name !== name && tables.includes(name)) {
    if (fn === 'LIST_DISTINCT') {
      check.error('L6', span, `The filter of a list cannot read ${name}.`, {
        suggestion: 'WHERE after the entity',
      });
    } else if (tables.every((t) => t === name)) {
      check.warn('L7', span, `The filter concerns ${name} only.`, { suggestion: 'WHERE after the entity' });
    }
  }
  return checked;
}

function comparedTables(predicate: Predicate): readonly string[] {
  switch (predicate.kind) {
    case 'not':
      return comparedTables(predicate.operand);
    case 'and':
    case 'or':
      return [...comparedTables(predicate.left), ...comparedTables(predicate.right)];
    case 'becomes':
      return [];
    case 'comparison':
      return [predicate.left.kind === 'column' ? predicate.left.table : predicate.left.source.table];
  }
}

function resolveBecomes(check: Check, becomes: Becomes, place: Place): Becomes {
  checkWindow(check, becomes.window, becomes.span, place.clause);
  place.found.windows.push({ window: becomes.window, span: becomes.span });
  const left = resolveOperand(check, becomes.condition.left, place);
  if (left?.node.kind !== 'column') return becomes;
  checkBecomes(check, becomes, left.node, place.context, place.clause === 'inner');
  return { ...becomes, condition: checkComparison(check, becomes.condition, left) };
}
