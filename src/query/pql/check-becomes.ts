/** BOOL: a condition that becomes true is read from the history of its column (B2 to B4). */
import type { Column, History, Table } from '../../data/schema/types.ts';
import type { Becomes, ColumnRef, Comparison, Literal } from './ast.ts';
import type { Check } from './check-context.ts';

export function checkBecomes(
  check: Check,
  becomes: Becomes,
  ref: ColumnRef,
  context: Table,
  inner: boolean,
): void {
  if (ref.table !== context.name || inner) {
    check.error('B2', ref.span, `BOOL reads a column of the entity table, not of ${ref.table}.`, {
      expected: inner ? 'BOOL outside an aggregation' : `a column of ${context.name}`,
    });
    return;
  }
  const column = context.columns.find((c) => c.name === ref.column);
  if (!column?.history) missingHistory(check, ref, column, becomes.condition);
  else if (column.history.kind === 'valueTimes') checkDated(check, becomes.condition, column.history);
}

function missingHistory(
  check: Check,
  ref: ColumnRef,
  column: Column | undefined,
  condition: Comparison,
): void {
  const name = `${ref.table}.${ref.column}`;
  const value = condition.right.kind === 'string' ? condition.right.value : 'value';
  check.error('B3', ref.span, `When ${name} changed is not known: it has no history.`, {
    expected: `a history of ${column?.name ?? name} in the schema`,
    suggestion:
      'either changedAt: the column of the same row that dates its current value, or times per value such as ' +
      `{'${value}': closed_at}`,
  });
}

function checkDated(
  check: Check,
  { op, right, span }: Comparison,
  history: Extract<History, { kind: 'valueTimes' }>,
): void {
  const known = Object.keys(history.times);
  const values: readonly Literal[] = right.kind === 'array' ? right.items : [right];
  const dated = values.every((v) => v.kind !== 'null' && known.includes(literalText(v)));
  if ((op === '=' || op === 'IN') && dated) return;
  check.error('B4', span, 'The times per value do not date this condition.', {
    expected: `= or IN with values of ${known.join(', ')}`,
  });
}

const literalText = (literal: Literal): string => ('value' in literal ? String(literal.value) : '');
