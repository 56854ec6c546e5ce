/**
 * What the plan must know of the data: value vocabularies of categorical columns and how far history reaches. Only
 * rows known by `asOf` are read, so that no later row can shape a feature.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Schema, Table } from '../../data/schema/types.ts';
import { KNOWN, LABEL_TIME, TIME } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  call,
  cast,
  col,
  count,
  countAll,
  countDistinct,
  desc,
  isNotNull,
  le,
  min,
  select,
  subquery,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Source } from '../../data/sql/tree.ts';
import { isChangeOf } from '../../query/task/as-of.ts';
import { isKnown } from './as-of.ts';
import { tableOf } from './paths.ts';

export interface ColumnProfile {
  /** Most frequent first; ties by text. At most `VOCABULARY` values. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
  readonly distinct: number;
  readonly filled: number;
}

export interface TableProfile {
  readonly rows: number;
  /** Earliest event time, ms. */
  readonly firstMs?: number;
  readonly columns: ReadonlyMap<string, ColumnProfile>;
}

const VOCABULARY = 60;

export interface ProfileView {
  readonly schema: Schema;
  readonly asOf: number;
  /** Cells as exported (static tasks), as they were by `asOf`, or of rows closed by then. */
  readonly cells: 'exported' | 'asOf' | 'closed';
}

/** The values of a column that were known by then, as a source. */
interface KnownCells {
  readonly from: Source;
  readonly value: Expr;
  readonly where: Expr;
}

function knownCells(t: Table, c: Column, view: ProfileView): KnownCells {
  const at = ts(view.asOf);
  const of = (name: string, value: string, ...where: readonly Expr[]): KnownCells => ({
    from: table(name, 't', 'data'),
    value: col('t', value),
    where: and(le(col('t', KNOWN), at), ...where),
  });
  if (view.cells === 'exported' || c.mutable === undefined || c.trusted) return of(t.name, c.name);
  if (view.cells === 'closed') return of(t.name, c.name, le(col('t', LABEL_TIME), at));
  if (c.history?.kind === 'table') {
    const changes = tableOf(view.schema, c.history.table).name;
    return of(changes, c.history.value, isChangeOf(c.history, 't'));
  }
  return of(t.name, c.name, isKnown(t, c, 't', at));
}

export async function profileTable(
  engine: Engine,
  t: Table,
  columns: readonly Column[],
  view: ProfileView,
): Promise<TableProfile> {
  const query = select({
    columns: [as(countAll(), 'n'), as(min(col(TIME)), 'first')],
    from: table(t.name, undefined, 'data'),
    where: le(col(KNOWN), ts(view.asOf)),
  });
  const [totals] = await engine.rows(toSql(query, engine.dialect));
  const profiles = new Map<string, ColumnProfile>();
  for (const c of columns) profiles.set(c.name, await columnProfile(engine, knownCells(t, c, view)));
  const first = totals?.first;
  const rows = Number(totals?.n ?? 0);
  return first instanceof Date
    ? { rows, firstMs: first.getTime(), columns: profiles }
    : { rows, columns: profiles };
}

/** Vocabulary of single members of a multi-categorical column. */
export async function memberProfile(
  engine: Engine,
  t: Table,
  c: Column,
  view: ProfileView,
): Promise<ColumnProfile> {
  const cells = knownCells(t, c, view);
  const member = call('trim', col('m', 'member'));
  const members = select({
    columns: [as(call('split_rows', call('lower', cells.value), c.separator ?? ','), 'member')],
    from: cells.from,
    where: and(cells.where, isNotNull(cells.value)),
  });
  const query = select({
    columns: [as(member, 'value'), as(countAll(), 'n')],
    from: subquery(members, 'm'),
    groupBy: [member],
    orderBy: [desc(countAll()), asc(member)],
    limit: VOCABULARY,
  });
  const found = (await engine.rows(toSql(query, engine.dialect))).filter((r) => String(r.value) !== '');
  const counts = found.map((r) => Number(r.n));
  return {
    values: found.map((r) => String(r.value)),
    counts,
    distinct: found.length,
    filled: counts.reduce((a, b) => a + b, 0),
  };
}

async function columnProfile(engine: Engine, { from, value, where }: KnownCells): Promise<ColumnProfile> {
  const text = cast(value, 'text');
  const totals = select({ columns: [as(count(value), 'f'), as(countDistinct(value), 'd')], from, where });
  const top = select({
    columns: [as(text, 'value'), as(countAll(), 'n')],
    from,
    where: and(where, isNotNull(value)),
    groupBy: [text],
    orderBy: [desc(countAll()), asc(text)],
    limit: VOCABULARY,
  });
  const [total] = await engine.rows(toSql(totals, engine.dialect));
  const found = await engine.rows(toSql(top, engine.dialect));
  return {
    distinct: Number(total?.d ?? 0),
    filled: Number(total?.f ?? 0),
    values: found.map((r) => String(r.value)),
    counts: found.map((r) => Number(r.n)),
  };
}
