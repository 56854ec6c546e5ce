/**
 * Scopes: the rows an expression of a query is evaluated for, while SQL is being built.
 *
 * A scope is one SELECT over context rows: the entity at a cutoff, or (inside an aggregation) each aggregated row at the
 * same cutoff. `keys` identify a context row across CTEs; `at` is the cutoff. Expressions add left joins to their
 * scope; whatever must be computed per context row (an aggregate, a value as of the cutoff) becomes a CTE over the
 * scope's frame, a CTE with the columns of `keys`, `row` (row number in the scope's table) and `at`.
 */

import {
  fkColumn,
  KNOWN,
  type Link,
  ROW,
  type Schema,
  type StorageType,
  type Table,
} from '../../data/schema/types.ts';
import { and, as, col, cte, eq, innerJoin, le, leftJoin, select, table } from '../../data/sql/build.ts';
import type { Cte, Expr, Join, Query, Source } from '../../data/sql/tree.ts';
import { LeadlightError } from '../../errors.ts';
import type { CompareOp, Literal, Predicate } from '../pql/ast.ts';
import { stretchAt } from './stretch.ts';

/** past: only what is known at the cutoff. label: the rows as exported. */
export type Side = 'past' | 'label';

/** A two-valued condition. `empty` and `held` hold expressions that are true where it is undefined. */
export interface Verdict {
  readonly value: Expr;
  readonly undefinedIf: Undefined;
}

export interface Undefined {
  /** No rows to aggregate. */
  readonly empty: readonly Expr[];
  /** BOOL: the condition holds already at the cutoff. */
  readonly held: readonly Expr[];
}

export const DEFINED: Undefined = { empty: [], held: [] };

export interface Compiler {
  readonly schema: Schema;
  readonly ctes: Cte[];
  /** ms; labels of earlier cutoffs are learned from: they read only rows known by then. */
  readonly judged?: number;
  readonly predicate: (p: Predicate, scope: Scope) => Verdict;
  /** A comparison that is never null. */
  readonly test: (x: Expr, type: StorageType, op: CompareOp, right: Literal) => Expr;
}

export interface Key {
  readonly name: string;
  readonly expr: Expr;
}

export interface Scope {
  readonly table: Table;
  /** Alias of the context row (`data.<table>`). */
  readonly alias: string;
  readonly keys: readonly Key[];
  /** Undefined: no cutoff (static query). */
  readonly at: Expr | undefined;
  readonly side: Side;
  /** Joins added by expressions so far. */
  readonly joins: Join[];
  /** Rows of the scope as a source, without `joins`. */
  readonly base: { readonly from: Source; readonly joins: readonly Join[]; readonly where: Expr };
  frameName?: string;
}

export const dataTable = (name: string, alias: string): Source => table(name, alias, 'data');

export function findTable(schema: Schema, name: string): Table {
  const found = schema.tables.find((t) => t.name === name);
  if (!found) throw new LeadlightError('QUERY_INVALID', { message: `There is no table ${name}.` });
  return found;
}

export function findLink(schema: Schema, name: string): Link {
  const found = schema.links.find((l) => l.name === name);
  if (!found) throw new LeadlightError('QUERY_INVALID', { message: `There is no link ${name}.` });
  return found;
}

export function addCte(compiler: Compiler, prefix: string, query: Query, materialized = false): string {
  const name = `${prefix}_${compiler.ctes.length + 1}`;
  compiler.ctes.push(cte(name, query, materialized));
  return name;
}

/** Name of the CTE with the scope's keys, row and cutoff. */
export function frameOf(compiler: Compiler, scope: Scope): string {
  scope.frameName ??= addCte(
    compiler,
    'rows',
    select({
      columns: [
        ...scope.keys.map((k) => as(k.expr, k.name)),
        as(col(scope.alias, ROW), 'row'),
        ...(scope.at ? [as(scope.at, 'at')] : []),
      ],
      from: scope.base.from,
      joins: scope.base.joins,
      where: scope.base.where,
    }),
  );
  return scope.frameName;
}

/** Left-joins a CTE that has the scope's keys; returns its alias. */
export function joinByKeys(scope: Scope, cteName: string): string {
  const on = and(...scope.keys.map((k) => eq(col(cteName, k.name), k.expr)));
  scope.joins.push(leftJoin(table(cteName), on));
  return cteName;
}

/** Alias of the row reached from the scope's row by many-to-one links; on the past side only if it is visible. */
export function joinUp(
  compiler: Compiler,
  scope: Scope,
  path: readonly string[],
): [alias: string, table: Table] {
  let alias = scope.alias;
  let at = scope.table;
  for (const name of path) {
    const link = findLink(compiler.schema, name);
    const next = findTable(compiler.schema, link.to);
    const nextAlias = `${alias}_${scope.joins.length + 1}`;
    const stretch = `${nextAlias}~`;
    const isDated = link.dated === true && scope.side === 'past' && scope.at !== undefined;
    if (isDated) scope.joins.push(stretchAt(link, stretch, 'frow', col(alias, ROW), scope.at!, leftJoin));
    const match = eq(col(nextAlias, ROW), isDated ? col(stretch, 'trow') : col(alias, fkColumn(link)));
    const on = scope.side === 'past' && scope.at ? and(match, visible(nextAlias, scope.at)) : match;
    scope.joins.push(leftJoin(dataTable(next.name, nextAlias), on));
    [alias, at] = [nextAlias, next];
  }
  return [alias, at];
}

export const visible = (alias: string, at: Expr): Expr => le(col(alias, KNOWN), at);

/**
 * Joins from the frame (alias `f`, its `row` in table `context`) to the rows of the aggregated table, alias `s`.
 * `path` runs from the aggregated table to the context; each link is walked in whichever direction fits.
 * `fansIn`: an aggregated row may be reached more than once and has to be made distinct.
 * Links that change are those of the cutoff, but for rows below the context on the label side: what comes later names
 * its parent as exported.
 */
export function walkDown(
  compiler: Compiler,
  path: readonly string[],
  context: Table,
  at: Expr | undefined,
  side: Side,
): { readonly joins: readonly Join[]; readonly fansIn: boolean } {
  const past = side === 'past' ? at : undefined;
  const joins: Join[] = [];
  const steps: ('down' | 'up')[] = [];
  let [here, alias] = [context.name, 'f'];
  [...path].reverse().forEach((name, k) => {
    const link = findLink(compiler.schema, name);
    const next = k === path.length - 1 ? 's' : `via_${k + 1}`;
    const down = link.to === here;
    if (!down && link.from !== here)
      throw new LeadlightError('QUERY_INVALID', { message: `Link ${name} does not touch table ${here}.` });
    if (!down && alias === 'f') {
      joins.push(innerJoin(dataTable(here, 'own'), eq(col('own', ROW), col('f', 'row'))));
      alias = 'own';
    }
    const hereRow = col(alias, alias === 'f' ? 'row' : ROW);
    const moment = down || steps.includes('down') ? past : at;
    const stretch = link.dated && moment ? `${next}~` : undefined;
    if (stretch) joins.push(stretchAt(link, stretch, down ? 'trow' : 'frow', hereRow, moment!));
    const match = stretch
      ? eq(col(next, ROW), col(stretch, down ? 'frow' : 'trow'))
      : down
        ? eq(col(next, fkColumn(link)), hereRow)
        : eq(col(next, ROW), col(alias, fkColumn(link)));
    here = down ? link.from : link.to;
    joins.push(innerJoin(dataTable(here, next), past ? and(match, visible(next, past)) : match));
    steps.push(down ? 'down' : 'up');
    alias = next;
  });
  const firstDown = steps.indexOf('down');
  return { joins, fansIn: firstDown >= 0 && steps.includes('up', firstDown) };
}

/** The scope's SELECT with everything its expressions joined. */
export const scopeSelect = (scope: Scope, columns: readonly Key[], where?: Expr): Query =>
  select({
    columns: columns.map((c) => as(c.expr, c.name)),
    from: scope.base.from,
    joins: [...scope.base.joins, ...scope.joins],
    where: where ? and(scope.base.where, where) : scope.base.where,
  });
