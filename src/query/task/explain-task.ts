/** A task in words: what a checked query reads on this schema, and what to know about its answer. */

import type { Schema, Table, WorkspaceConfig } from '../../data/schema/types.ts';
import { LABEL_TIME } from '../../data/schema/types.ts';
import type { Aggregate, CheckedQuery, Predicate, Target, Window } from '../pql/ast.ts';
import { targetWords } from '../pql/describe.ts';
import { findColumn } from './as-of.ts';
import { findLink, findTable } from './scope.ts';

export const describeTarget = (checked: CheckedQuery): string =>
  `For each row of ${checked.entity.table}: ${targetWords(checked)}.`;

type Visitor = (p: Aggregate | Extract<Predicate, { kind: 'comparison' | 'becomes' }>) => void;

/** Calls `visit` for every aggregation, comparison and BOOL of an expression, outermost first. */
export function walk(node: Target | undefined, visit: Visitor): void {
  if (!node || node.kind === 'column') return;
  if (node.kind === 'aggregate' || node.kind === 'comparison' || node.kind === 'becomes') visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

function childrenOf(node: Exclude<Target, { kind: 'column' }>): readonly (Target | undefined)[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'comparison':
      return [node.left];
    case 'aggregate':
      return [node.where];
    case 'becomes':
      return [];
  }
}

/** What the user should know about the labels of this query. */
export function checkedWarnings(schema: Schema, checked: CheckedQuery): readonly string[] {
  const found = new Set<string>();
  walk(checked.where, (node) => {
    if (node.kind !== 'comparison' || node.left.kind !== 'column' || !checked.temporal) return;
    const { table, column } = node.left;
    const c = findColumn(findTable(schema, table), column);
    if (c?.mutable !== undefined && c.history === undefined)
      found.add(
        `${table}.${column} in WHERE is used as exported: it may change (${c.mutable}) and has no history, so the population of past cutoffs knows later values. Declare a history in leadlight.yaml.`,
      );
  });
  if (!checked.temporal && schema.tables.some((t) => t.time !== undefined))
    found.add(
      'Static target: rows dated after the outcome are visible too. Ask with a window (COUNT, BOOL) for an answer that is safe in time.',
    );
  return [...found];
}

/** Lines for `explain-query --workspace`: entity and population, tables with joins, windows and label times. */
export function explainTask(checked: CheckedQuery, config: WorkspaceConfig): readonly string[] {
  const { schema } = config;
  const entity = findTable(schema, checked.entity.table);
  const lines = [
    `entity: ${entity.name}, key ${entity.key.join('|') || 'row number'}`,
    populationLine(schema, entity),
  ];
  const side = (name: string, node: Target | undefined): void =>
    walk(node, (n) => {
      if (n.kind === 'aggregate') lines.push(`${name}: ${aggregateLine(schema, entity, n)}`);
      if (n.kind === 'becomes' && n.condition.left.kind === 'column')
        lines.push(
          `${name}: ${n.condition.left.table}.${n.condition.left.column} turns true in ${windowText(n.window)}, by ${historyText(schema, n.condition.left)}; rows where it holds at the cutoff are dropped`,
        );
    });
  side('label', checked.target);
  side('population filter, as of the cutoff', checked.where);
  side('assumed', checked.assuming);
  if (!checked.temporal) lines.push('label: the stored value; rows without one are predicted');
  return [...lines, ...checkedWarnings(schema, checked).map((w) => `note: ${w}`)];
}

function populationLine(schema: Schema, t: Table): string {
  const until = t.endTime === undefined ? '' : ` and not past ${t.endTime}`;
  if (t.time !== undefined || t.origin.kind === 'derived')
    return `population at a cutoff: rows known by then (${t.knownAt ?? t.time ?? 'first seen'})${until}`;
  const dated = schema.links.filter((l) => l.to === t.name && findTable(schema, l.from).time !== undefined);
  if (dated.length === 0) return `population at a cutoff: all rows (no date)${until}`;
  return `population at a cutoff: rows from their earliest linked row on (${dated.map((l) => l.from).join(', ')})${until}`;
}

function aggregateLine(schema: Schema, entity: Table, agg: Aggregate): string {
  const t = findTable(schema, agg.source.table);
  const past = agg.window !== undefined && agg.window.end <= 0;
  const clock = past ? (t.time ?? 'its parents’ time') : (t.labelTime ?? t.time ?? LABEL_TIME);
  const path = (agg.path ?? []).map((name) => {
    const link = findLink(schema, name);
    return `${link.name} = ${link.to}.${findTable(schema, link.to).key.join('|')}`;
  });
  const window = agg.window ? ` with ${t.name}.${clock} in ${windowText(agg.window)}` : '';
  return `${agg.fn} of ${t.name}.${agg.source.column}${window}, joined to ${entity.name} by ${path.join(', then ') || 'its own row'}`;
}

/** Open on the left, closed on the right. */
function windowText(w: Window): string {
  const at = (n: number): string =>
    n === 0 ? 'cutoff' : `cutoff ${n > 0 ? '+' : '−'} ${Math.abs(n)} ${w.unit}`;
  return `(${w.start === null ? 'the beginning' : at(w.start)}, ${at(w.end)}]`;
}

function historyText(schema: Schema, ref: { readonly table: string; readonly column: string }): string {
  const history = findColumn(findTable(schema, ref.table), ref.column)?.history;
  if (history?.kind === 'table') {
    const { table, value, time, where } = history;
    const field = where ? ` where ${where.column} is ${where.equals}` : '';
    return `the history ${table} (${value} at ${time}${field})`;
  }
  if (history?.kind === 'changedAt') return `its date ${history.column}`;
  const times = Object.entries(history?.times ?? {}).map(([value, column]) => `${value}: ${column}`);
  return `the dates ${times.join(', ')}`;
}
