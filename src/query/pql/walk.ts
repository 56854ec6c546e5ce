/** Every aggregate, column and BOOL of a query's parts, inner filters included. */
import type { Aggregate, Becomes, ColumnRef, Predicate, Target } from './ast.ts';

export interface Leaves {
  readonly aggregates: readonly Aggregate[];
  readonly columns: readonly ColumnRef[];
  readonly becomes: readonly Becomes[];
}

export function leavesOf(parts: readonly (Target | undefined)[], inner = true): Leaves {
  const leaves = { aggregates: [] as Aggregate[], columns: [] as ColumnRef[], becomes: [] as Becomes[] };
  for (const part of parts) if (part) visit(part, leaves, inner);
  return leaves;
}

type Gathered = { aggregates: Aggregate[]; columns: ColumnRef[]; becomes: Becomes[] };

function visit(node: Predicate | Aggregate | ColumnRef, leaves: Gathered, inner: boolean): void {
  switch (node.kind) {
    case 'column':
      leaves.columns.push(node);
      return;
    case 'aggregate':
      leaves.aggregates.push(node);
      if (inner && node.where) visit(node.where, leaves, inner);
      return;
    case 'becomes':
      leaves.becomes.push(node);
      return;
    case 'comparison':
      visit(node.left, leaves, inner);
      return;
    case 'not':
      visit(node.operand, leaves, inner);
      return;
    default:
      visit(node.left, leaves, inner);
      visit(node.right, leaves, inner);
  }
}
