/**
 * Rows reached from entities over a path of links, each row visible at the entity's cutoff (`__known` ≤ cutoff; a row
 * without a known time is never visible). The same walk serves evidence, people and names, so the rule of time stands
 * in one place. The row a walk starts from is the caller's: the entity itself, or a parent seen before.
 */
import type { Column, Link, Schema } from '../../data/schema/types.ts';
import { fkColumn, KNOWN, LINK_SCHEMA, ROW } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  col,
  eq,
  gt,
  innerJoin,
  isNotNull,
  le,
  select,
  subquery,
  table,
  ts,
  values,
} from '../../data/sql/build.ts';
import type { Expr, Join, Source } from '../../data/sql/tree.ts';
import { neighbourRows } from '../features/side-sql.ts';
import { linkNamed } from '../features/side-ties.ts';
import type { PathStep } from '../features/types.ts';
import type { Anchor } from './types.ts';

/** An anchor and its place in the caller's list. */
export interface NumberedAnchor extends Anchor {
  readonly q: number;
}

export interface Walk {
  /** Alias `q` with columns q, erow and, unless static, cutoff. */
  readonly from: Source;
  readonly joins: readonly Join[];
  /** Alias of the row reached. */
  readonly alias: string;
  /** Undefined for static anchors. */
  readonly cutoff: Expr | undefined;
}

/**
 * Undefined when a step cannot be followed as of a moment. `anchors`: not empty, all static or none. With `sameValue`
 * the path starts at all rows of the table that share that column's value with the anchor.
 */
export function walkPath(
  schema: Schema,
  startTable: string,
  path: readonly PathStep[],
  anchors: readonly NumberedAnchor[],
  sameValue?: string,
): Walk | undefined {
  const cutoff = Number.isNaN(anchors[0]!.cutoff) ? undefined : col('q', 'cutoff');
  const joins: Join[] = [innerJoin(table(startTable, START, 'data'), eq(col(START, ROW), col('q', 'erow')))];
  let here = START;
  if (sameValue !== undefined) {
    const match = sameValues(schema, startTable, [sameValue], START, 'same');
    if (!match) return undefined;
    here = 'same';
    joins.push(innerJoin(table(startTable, here, 'data'), and(match, visible(here, cutoff))));
  }
  const from = anchorRows(anchors, cutoff !== undefined);
  for (const [i, step] of path.entries()) {
    const next = aliasOf(i);
    const between =
      step.direction === 'side'
        ? besides(schema, step, here, next, { from, joins, cutoff })
        : datedStep(schema, step, here, next, cutoff);
    if (!between) return undefined;
    const match = matchOf(schema, step, here, next);
    here = next;
    joins.push(...between, innerJoin(table(step.table, here, 'data'), and(match, visible(here, cutoff))));
  }
  return { from, joins, alias: here, cutoff };
}

const START = 'start';
/** Alias of the row that a step of the path reaches. */
export const aliasOf = (step: number): string => `r${step}`;

/** Alias of the row by which a path comes back to the entity's table: the member whose rows it goes on to. */
export function ownerAlias(path: readonly PathStep[], entityTable: string): string | undefined {
  const step = path.findIndex((s) => s.table === entityTable);
  return step < 0 ? undefined : aliasOf(step);
}

export const visible = (alias: string, cutoff: Expr | undefined): Expr =>
  cutoff ? le(col(alias, KNOWN), cutoff) : isNotNull(col(alias, KNOWN));

/** Times as numbers after the first: an engine reads lists of numbers several times as fast as lists of times. */
function anchorRows(anchors: readonly NumberedAnchor[], dated: boolean): Source {
  const plain = ['q', 'erow'];
  if (!dated) {
    return values(
      anchors.map((a) => [a.q, a.entityRow]),
      plain,
      'q',
    );
  }
  const at = anchors.map((a) => Math.trunc(a.cutoff));
  const first = at.reduce((least, ms) => Math.min(least, ms));
  const rows = anchors.map((a, i) => [a.q, a.entityRow, (at[i]! - first) * 1000]);
  const cutoff = addInterval(ts(first), col('after'), 'microsecond');
  const columns = [...plain.map((name) => col(name)), as(cutoff, 'cutoff')];
  return subquery(select({ columns, from: values(rows, [...plain, 'after'], 'v') }), 'q');
}

/** The rows beside those reached so far, the same and as many as features looked at; undefined for static anchors. */
function besides(
  schema: Schema,
  { side }: PathStep,
  here: string,
  next: string,
  { from, joins, cutoff }: Pick<Walk, 'from' | 'joins' | 'cutoff'>,
): readonly Join[] | undefined {
  if (!side || !cutoff) return undefined;
  const reached = select({
    distinct: true,
    columns: [as(col('q', 'q'), 'pid'), as(col(here, ROW), 'g'), as(cutoff, 'cutoff')],
    from,
    joins: [...joins],
  });
  const neighbours = neighbourRows(side, schema, (alias) => subquery(reached, alias));
  const alias = betweenOf(next);
  return [innerJoin(subquery(neighbours, alias), eq(col(alias, 'pid'), col('q', 'q')))];
}

function matchOf(schema: Schema, step: PathStep, here: string, next: string): Expr {
  if (step.direction === 'side') return eq(col(next, ROW), col(betweenOf(next), 'g'));
  const link = linkNamed(schema, step.link);
  if (link.dated) return eq(col(next, ROW), col(betweenOf(next), step.direction === 'up' ? 'trow' : 'frow'));
  return step.direction === 'up'
    ? eq(col(next, ROW), col(here, fkColumn(link)))
    : eq(col(next, fkColumn(link)), col(here, ROW));
}

/** Alias of what stands between two rows: a stretch of a dated link, neighbours. */
const betweenOf = (next: string): string => `${next}~`;

/** The stretches of a dated link that hold at the cutoff, before the row they lead to. */
function datedStep(
  schema: Schema,
  step: PathStep,
  here: string,
  next: string,
  cutoff: Expr | undefined,
): readonly Join[] {
  if (!linkNamed(schema, step.link).dated) return [];
  const alias = betweenOf(next);
  const holds = cutoff ? [le(col(alias, 'since'), cutoff), gt(col(alias, 'until'), cutoff)] : [];
  const on = eq(col(alias, step.direction === 'up' ? 'frow' : 'trow'), col(here, ROW));
  return [innerJoin(table(step.link, alias, LINK_SCHEMA), and(on, ...holds))];
}

/** Undefined when a column changes: its value as of a moment is not known here. */
function sameValues(
  schema: Schema,
  name: string,
  by: readonly string[],
  here: string,
  next: string,
): Expr | undefined {
  const columns = schema.tables.find((t) => t.name === name)?.columns ?? [];
  const stable = by.every((b) => columns.some((c) => c.name === b && isUnchanging(c)));
  return stable ? and(...by.map((b) => eq(col(next, b), col(here, b)))) : undefined;
}

/** As written at creation, or vouched for. */
export const isUnchanging = (c: Column): boolean => c.mutable === undefined || c.trusted === true;

/** A link whose key changes (an owner) is not known as of a moment. */
export function isStable(schema: Schema, link: Link): boolean {
  const columns = schema.tables.find((t) => t.name === link.from)?.columns ?? [];
  return link.columns.every((name) => columns.every((c) => c.name !== name || isUnchanging(c)));
}

/** Anchors with a row, numbered, static ones apart, in lists short enough for one statement. */
export function anchorBatches(anchors: readonly Anchor[]): readonly (readonly NumberedAnchor[])[] {
  const numbered = anchors
    .map((a, q): NumberedAnchor => ({ q, entityRow: a.entityRow, cutoff: a.cutoff }))
    .filter((a) => a.entityRow >= 0);
  const isStatic = (a: Anchor): boolean => Number.isNaN(a.cutoff);
  return [numbered.filter(isStatic), numbered.filter((a) => !isStatic(a))].flatMap(inBatches);
}

const BATCH = 4000;

function inBatches(anchors: readonly NumberedAnchor[]): readonly (readonly NumberedAnchor[])[] {
  const count = Math.ceil(anchors.length / BATCH);
  return Array.from({ length: count }, (_, i) => anchors.slice(i * BATCH, (i + 1) * BATCH));
}
