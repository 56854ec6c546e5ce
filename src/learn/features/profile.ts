/**
 * What the plan must know of the data: value vocabularies of categorical columns and how far history reaches. Only
 * rows known by `asOf` are read, so that no later row can shape a feature.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Table } from '../../data/schema/types.ts';
import { KNOWN, TIME } from '../../data/schema/types.ts';
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

export async function profileTable(
  engine: Engine,
  t: Table,
  columns: readonly Column[],
  asOf: number,
): Promise<TableProfile> {
  const from = table(t.name, undefined, 'data');
  const known = le(col(KNOWN), ts(asOf));
  const counts = columns.flatMap((c, i) => [
    as(count(col(c.name)), `f${i}`),
    as(countDistinct(col(c.name)), `d${i}`),
  ]);
  const query = select({
    columns: [as(countAll(), 'n'), as(min(col(TIME)), 'first'), ...counts],
    from,
    where: known,
  });
  const [totals] = await engine.rows(toSql(query, engine.dialect));
  const profiles = new Map<string, ColumnProfile>();
  for (const [i, c] of columns.entries()) {
    const base = { distinct: Number(totals?.[`d${i}`] ?? 0), filled: Number(totals?.[`f${i}`] ?? 0) };
    const top = c.semantic === 'numeric' ? [] : await topValues(engine, t, c, asOf);
    profiles.set(c.name, { ...base, values: top.map((r) => r.value), counts: top.map((r) => r.n) });
  }
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
  asOf: number,
): Promise<ColumnProfile> {
  const member = call('trim', col('m', 'member'));
  const members = select({
    columns: [as(call('split_rows', call('lower', col(c.name)), c.separator ?? ','), 'member')],
    from: table(t.name, undefined, 'data'),
    where: and(le(col(KNOWN), ts(asOf)), isNotNull(col(c.name))),
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

async function topValues(engine: Engine, t: Table, c: Column, asOf: number) {
  const value = cast(col(c.name), 'text');
  const query = select({
    columns: [as(value, 'value'), as(countAll(), 'n')],
    from: table(t.name, undefined, 'data'),
    where: and(le(col(KNOWN), ts(asOf)), isNotNull(col(c.name))),
    groupBy: [value],
    orderBy: [desc(countAll()), asc(value)],
    limit: VOCABULARY,
  });
  const found = await engine.rows(toSql(query, engine.dialect));
  return found.map((r) => ({ value: String(r.value), n: Number(r.n) }));
}
