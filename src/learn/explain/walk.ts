/**
 * Rows reached from entities over a path of links, each row visible at the entity's cutoff (`__known` ≤ cutoff; a row
 * without a known time is never visible). The same walk serves evidence, people and names, so the rule of time stands
 * in one place. The row a walk starts from is the caller's: the entity itself, or a parent seen before.
 */
import type { Column, Link, Schema } from '../../data/schema/types.ts';
import { fkColumn, KNOWN, LINK_SCHEMA, ROW } from '../../data/schema/types.ts';
import {
  and,
  col,
  eq,
  gt,
  innerJoin,
  isNotNull,
  le,
  lit,
  ne,
  table,
  ts,
  values,
} from '../../data/sql/build.ts';
import type { Expr, Join, Source } from '../../data/sql/tree.ts';
import { peerMatch } from '../features/side-sql.ts';
import { derivedId } from '../features/side-steps.ts';
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
  for (const [i, step] of path.entries()) {
    const match = matchOf(schema, step, here, aliasOf(i));
    if (!match) return undefined;
    const stretch = datedStep(schema, step, here, aliasOf(i), cutoff);
    here = aliasOf(i);
    joins.push(...stretch, innerJoin(table(step.table, here, 'data'), and(match, visible(here, cutoff))));
  }
  return { from: anchorRows(anchors, cutoff !== undefined), joins, alias: here, cutoff };
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

function anchorRows(anchors: readonly NumberedAnchor[], dated: boolean): Source {
  const rows = anchors.map((a) => [lit(a.q), lit(a.entityRow), ...(dated ? [ts(a.cutoff)] : [])]);
  return values(rows, ['q', 'erow', ...(dated ? ['cutoff'] : [])], 'q');
}

function matchOf(schema: Schema, step: PathStep, here: string, next: string): Expr | undefined {
  if (step.direction === 'side') return neighbours(schema, step, here, next);
  const link = linkNamed(schema, step.link);
  if (link.dated) return eq(col(next, ROW), col(stretchOf(next), step.direction === 'up' ? 'trow' : 'frow'));
  return step.direction === 'up'
    ? eq(col(next, ROW), col(here, fkColumn(link)))
    : eq(col(next, fkColumn(link)), col(here, ROW));
}

const stretchOf = (next: string): string => `${next}~`;

/** The stretches of a dated link that hold at the cutoff, before the row they lead to. */
function datedStep(
  schema: Schema,
  step: PathStep,
  here: string,
  next: string,
  cutoff: Expr | undefined,
): readonly Join[] {
  if (step.direction === 'side' || !linkNamed(schema, step.link).dated) return [];
  const alias = stretchOf(next);
  const holds = cutoff ? [le(col(alias, 'since'), cutoff), gt(col(alias, 'until'), cutoff)] : [];
  const on = eq(col(alias, step.direction === 'up' ? 'frow' : 'trow'), col(here, ROW));
  return [innerJoin(table(step.link, alias, LINK_SCHEMA), and(on, ...holds))];
}

function linkNamed(schema: Schema, name: string): Link {
  const found = schema.links.find((l) => l.name === name);
  if (!found) throw new Error(`no link ${name} in the schema`);
  return found;
}

/** Self links and peers; shared technology and associations are no match of two rows and are not followed. */
function neighbours(schema: Schema, step: PathStep, here: string, next: string): Expr | undefined {
  const self = schema.links.find((l) => l.to === l.from && step.link.startsWith(`${l.name}(`));
  if (self && isStable(schema, self)) {
    const [child, parent] = step.link.endsWith('(up)') ? [here, next] : [next, here];
    return and(eq(col(parent, ROW), col(child, fkColumn(self))), ne(col(next, ROW), col(here, ROW)));
  }
  const derived = schema.derivedLinks.find((d) => derivedId(d) === step.link && d.table === step.table);
  if (derived?.kind !== 'industry_peer') return undefined;
  const columns = schema.tables.find((t) => t.name === step.table)?.columns ?? [];
  const [category, size] = derived.by.map((b) => columns.find((c) => c.name === b && isUnchanging(c))?.name);
  if (category === undefined) return undefined;
  const side = {
    kind: derived.kind,
    id: step.link,
    table: step.table,
    category,
    ...(size === undefined ? {} : { size }),
  };
  return peerMatch(side, schema, here, next);
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
