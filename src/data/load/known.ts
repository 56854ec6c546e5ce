/**
 * `__known` of undated tables: a row is visible once every row it links to is, and never when one of those never is; a
 * row without such links always was. Tables that wait for each other in a ring are settled in schema order, the ring's
 * unsettled parents counting as always visible.
 */
import type { Link, Table } from '../schema/types.ts';
import { fkColumn } from '../schema/types.ts';
import { type LoadContext, loaded, q } from './context.ts';
import { derivedKnownSql } from './derived.ts';
import { isDated } from './stage.ts';

export async function settleKnown(context: LoadContext): Promise<void> {
  const { tables } = context.schema;
  const settled = new Set(tables.filter((t) => t.origin.kind === 'file' && isDated(t)).map((t) => t.name));
  for (;;) {
    const open = tables.filter((t) => !settled.has(t.name));
    if (open.length === 0) return;
    const ready = open.find((t) => waitsFor(context, t).every((p) => settled.has(p)));
    const next = ready ?? open.find((t) => t.origin.kind === 'file')!;
    await settle(context, next, settled);
    settled.add(next.name);
  }
}

/** Links that decide when a row of an undated table is visible. */
const parents = (context: LoadContext, table: Table): readonly Link[] =>
  context.schema.links.filter((l) => l.from === table.name && l.to !== table.name);

function waitsFor(context: LoadContext, table: Table): readonly string[] {
  return table.origin.kind === 'derived' ? [table.origin.table] : parents(context, table).map((l) => l.to);
}

async function settle(context: LoadContext, table: Table, settled: ReadonlySet<string>): Promise<void> {
  const links = parents(context, table).filter((l) => settled.has(l.to));
  const query =
    table.origin.kind === 'derived' ? derivedKnownSql(context, table) : undatedKnownSql(table, links);
  await context.engine.run(`CREATE OR REPLACE TABLE ${loaded(table.name)} AS ${query}`);
}

function undatedKnownSql(table: Table, links: readonly Link[]): string {
  const always = "TIMESTAMP '-infinity'";
  const fk = (l: Link): string => `t.${q(fkColumn(l))}`;
  const joins = links.map((l, i) => `LEFT JOIN ${loaded(l.to)} AS p${i} ON p${i}."__row" = ${fk(l)}`);
  const never = links.map((l, i) => `(${fk(l)} IS NOT NULL AND p${i}."__known" IS NULL)`);
  const latest = `greatest(${[always, ...links.map((_, i) => `p${i}."__known"`)].join(', ')})`;
  const known = never.length === 0 ? always : `CASE WHEN NOT (${never.join(' OR ')}) THEN ${latest} END`;
  return `SELECT t.* REPLACE (${known} AS "__known") FROM ${loaded(table.name)} AS t ${joins.join(' ')}`;
}
