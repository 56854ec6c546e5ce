/**
 * Query × schema → checked query: names resolved, paths and types filled in, all rules of the language applied. Every
 * fault is gathered. At the trained level lenient mode also takes explicit ids.
 */
import type { NamedTarget, Schema, Table } from '../../data/schema/types.ts';
import type { CheckedQuery, ColumnRef, Diagnostic, Predicate, Query, Target, TaskType } from './ast.ts';
import {
  type Check,
  createCheck,
  findColumn,
  findTable,
  isForeignKey,
  keyColumns,
  type Level,
} from './check-context.ts';
import { checkIds } from './check-ids.ts';
import { checkPredicate, type Found, nothingFound, type Place, resolveOperand } from './check-predicate.ts';
import { latestWindow } from './check-time.ts';
import { diagnostic, hasErrors } from './diagnostic.ts';
import type { Mode } from './keywords.ts';
import { isUnresolved, resolveNamedTarget } from './named-target.ts';
import { printColumn, printQuery } from './print.ts';
import { inferTaskType } from './task-type.ts';
import { leavesOf } from './walk.ts';

export type { Level } from './check-context.ts';

export interface CheckOptions {
  readonly mode?: Mode;
  readonly level?: Level;
  readonly playground?: boolean;
  readonly targets?: readonly NamedTarget[];
}

export interface CheckResult {
  /** Absent when there are errors. */
  readonly checked?: CheckedQuery;
  readonly diagnostics: readonly Diagnostic[];
}

export function checkQuery(query: Query, schema: Schema, options: CheckOptions = {}): CheckResult {
  const diagnostics: Diagnostic[] = [];
  const report = (d: Diagnostic): void => {
    diagnostics.push(d);
  };
  const { mode = 'lenient', level = 'trained', playground = false } = options;
  const check = createCheck({ schema, mode, level, playground }, report);
  const located = findEntity(check, query.entity);
  if (!located) return { diagnostics };
  const { table: entity, key } = located;
  const named = resolveNamedTarget({ ...query, entity: key }, options.targets ?? [], report);
  if (isUnresolved(named.target)) return { diagnostics: withUnresolved(named.target, diagnostics) };
  const checked = checkClauses(check, named, entity);
  return hasErrors(diagnostics) ? { diagnostics } : { checked, diagnostics };
}

function withUnresolved(target: ColumnRef, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (hasErrors(diagnostics)) return diagnostics;
  const message = `No target named ${target.column} is declared.`;
  return [...diagnostics, diagnostic('error', 'N1', target.span, message)];
}

/** The entity by its key column; a table alone, in singular or plural, stands for its key. */
function findEntity(
  check: Check,
  ref: ColumnRef,
): { readonly table: Table; readonly key: ColumnRef } | undefined {
  if (ref.column !== '') {
    const table = findTable(check, ref.table, ref.span);
    return table && { table, key: checkEntity(check, ref, table) };
  }
  const table = findTable({ ...check, note: () => {} }, ref.table, ref.span, true);
  if (!table) return undefined;
  const column = keyColumns(table)[0]!;
  const suggestion = `FOR EACH ${printColumn({ ...ref, table: table.name, column })}`;
  check.note('E11', ref.span, 'The entity is given by its table alone.', { suggestion });
  return { table, key: { ...ref, table: table.name, column, path: [] } };
}

function checkEntity(check: Check, ref: ColumnRef, table: Table): ColumnRef {
  const keys = keyColumns(table);
  const found = { ...ref, table: table.name, path: [] };
  if (ref.column === '*') {
    check.error('W1', ref.span, 'The entity is a key column.', { expected: `${table.name}.${keys[0]}` });
    return found;
  }
  const column = findColumn(check, table, ref.column, ref.span);
  if (column && !keys.includes(column.name)) {
    check.error('C3', ref.span, `${column.name} is not the primary key of ${table.name}.`, {
      expected: keys.map((k) => `${table.name}.${k}`).join(' or '),
      suggestion: `${table.name}.${keys[0]}`,
    });
  }
  return { ...found, column: column?.name ?? ref.column };
}

function checkClauses(check: Check, query: Query, entity: Table): CheckedQuery {
  const place = (clause: Place['clause']): Place => ({
    clause,
    context: entity,
    entity,
    via: query.via,
    found: nothingFound(),
  });
  const inTarget = place('target');
  const { target, taskType } = checkTarget(check, query, inTarget);
  const temporal = inTarget.found.windows.length > 0;
  checkMixing(check, inTarget.found);
  const inWhere = place('where');
  const where = query.where && checkPredicate(check, query.where, inWhere);
  if (!temporal) refuseWindows(check, inWhere.found);
  const inAssuming = place('assuming');
  const assuming = query.assuming && checkAssuming(check, query.assuming, inAssuming, temporal);
  checkTimes(check, query, entity, temporal, [inTarget.found, inWhere.found]);
  checkIds(check, query, entity);
  const using = query.using && checkUsing(check, query, inTarget.found);
  if (query.via) refuseUnusedVia(check, query, query.via, [target, where, assuming]);
  const horizon = latestWindow(check, [...inTarget.found.windows, ...inAssuming.found.windows]);
  const { via: _, where: _where, assuming: _assuming, using: _using, ...rest } = query;
  const checked: Query = {
    ...rest,
    target,
    ...(where ? { where } : {}),
    ...(assuming ? { assuming } : {}),
    ...(using ? { using } : {}),
  };
  return {
    ...checked,
    taskType,
    temporal,
    text: printQuery(checked),
    ...(horizon ? { horizon: { end: horizon.end, unit: horizon.unit } } : {}),
  };
}

function checkTarget(
  check: Check,
  query: Query,
  place: Place,
): { readonly target: Target; readonly taskType: TaskType } {
  const { target, hint } = query;
  if (target.kind !== 'column' && target.kind !== 'aggregate') {
    const predicate = checkPredicate(check, target, place);
    const facts = { target: predicate, operand: undefined, foreignKey: false };
    const temporal = place.found.windows.length > 0;
    return { target: predicate, taskType: inferTaskType(check, hint, { ...facts, temporal }) };
  }
  const windowless = target.kind === 'aggregate' && target.fn === 'LIST_DISTINCT' && !target.window && !!hint;
  const operand = resolveOperand(check, target, { ...place, windowless });
  if (!operand) return { target, taskType: 'regression' };
  const { node } = operand;
  if (node.kind === 'column' && refuseOwnKey(check, node, place.entity))
    return { target, taskType: 'regression' };
  const { table, column } = node.kind === 'column' ? node : node.source;
  const foreignKey = operand.list && isForeignKey(check, table, column);
  if (windowless) checkStaticList(check, target.span, foreignKey, place.found.tables);
  const temporal = place.found.windows.length > 0;
  return {
    target: node,
    taskType: inferTaskType(check, hint, { target: node, operand, foreignKey, temporal }),
  };
}

function refuseOwnKey(check: Check, { table, column, span }: ColumnRef, entity: Table): boolean {
  if (table !== entity.name || !keyColumns(entity).includes(column)) return false;
  check.error('C4', span, "The entity's own key cannot be predicted.", {
    expected: `another column of ${table}`,
  });
  return true;
}

function checkStaticList(check: Check, span: Target['span'], foreignKey: boolean, tables: Set<string>): void {
  check.limit('R10', span, 'A list without a window.');
  if (!foreignKey) {
    check.error('Z4', span, 'LIST_DISTINCT needs a window, except on a foreign key.');
    return;
  }
  const dated = check.schema.tables.filter((t) => t.time !== undefined).map((t) => t.name);
  if (dated.length === 0) return;
  const named = dated.find((name) => tables.has(name)) ?? dated[0];
  check.error('Z12', span, `A list needs a window, since ${named} has a time column.`, {
    expected: 'LIST_DISTINCT(…, start, end, unit)',
  });
}

function checkMixing(check: Check, { windows, stored }: Found): void {
  if (windows.length === 0 || stored.length === 0) return;
  check.error('Z9', stored[0]!, 'The target mixes a stored value with a window.', {
    suggestion: 'move the condition on the stored value to WHERE after the entity',
  });
}

function refuseWindows(check: Check, { windows }: Found): void {
  for (const { span } of windows) {
    check.error('Z8', span, 'The target is a stored value: its filter has no moment to look back from.', {
      expected: 'conditions on stored values',
    });
  }
}

function checkAssuming(check: Check, assuming: Predicate, place: Place, temporal: boolean): Predicate {
  if (!temporal) {
    check.error('Z10', assuming.span, 'ASSUMING needs a target with a window.', { suggestion: 'WHERE' });
  }
  const checked = checkPredicate(check, assuming, place);
  if (temporal) {
    for (const span of place.found.stored) {
      check.error('Z10', span, 'ASSUMING is about what happens in a window, not about a stored value.', {
        expected: 'an aggregation with a window',
        suggestion: 'WHERE for stored values',
      });
    }
  }
  return checked;
}

function checkTimes(
  check: Check,
  query: Query,
  entity: Table,
  temporal: boolean,
  found: readonly Found[],
): void {
  if (temporal || entity.time !== undefined) return;
  const used = new Set(found.flatMap((f) => [...f.tables]));
  const dated = check.schema.tables.find((t) => used.has(t.name) && t.time !== undefined);
  if (!dated) return;
  check.warn(
    'Z11',
    query.entity.span,
    `${entity.name} has no time column while ${dated.name} has one: rows may know the outcome.`,
  );
}

function refuseUnusedVia(
  check: Check,
  { entity }: Query,
  via: readonly string[],
  parts: readonly (Target | undefined)[],
): void {
  if (leavesOf(parts).aggregates.some((a) => a.via || !a.path?.length)) return;
  check.error('L1', entity.span, `No aggregation has a path over ${via.join(' and ')}.`, {
    suggestion: 'leave VIA out, or name a link between the aggregated table and the entity',
  });
}

function checkUsing(check: Check, query: Query, { tables }: Found): readonly string[] {
  const span = query.usingSpan ?? query.entity.span;
  const using = (query.using ?? []).flatMap((name) => findTable(check, name, span, true)?.name ?? []);
  const left = [...tables].filter((t) => !using.includes(t));
  if (left.length > 0) {
    const message = `USING leaves out ${left.join(', ')}: the target still reads it, features do not.`;
    check.warn('U1', span, message);
  }
  return using;
}
