/**
 * Declared links with a history → `link."<name>"` (frow, trow, since, until). From a table of changes: each value holds
 * until the next change known; a change that arrives after a later one was known never holds. From `changedAt`: the
 * present value holds from that time on.
 */
import { linkHistory } from '../schema/dated-links.ts';
import { fkColumn, type History, LINK_SCHEMA, type Link } from '../schema/types.ts';
import { quoteText } from '../sql/print.ts';
import { keyText } from './cells.ts';
import { columnOf, type LoadContext, loaded, q, tableOf } from './context.ts';
import { momentSql } from './stage.ts';

/** No stretch ends later. */
const FOREVER = "TIMESTAMP '9999-12-31'";

/** Needs the loaded tables with `__known` settled. */
export async function dateLinks(context: LoadContext): Promise<void> {
  const { engine, schema } = context;
  await engine.run(`DROP SCHEMA IF EXISTS ${LINK_SCHEMA} CASCADE; CREATE SCHEMA ${LINK_SCHEMA}`);
  for (const link of schema.links) {
    const history = linkHistory(schema, link);
    if (!history) continue;
    const stretches =
      history.kind === 'table' ? changesSql(context, link, history) : sinceSql(context, link, history);
    await engine.run(`CREATE TABLE ${LINK_SCHEMA}.${q(link.name)} AS ${stretches}`);
  }
}

function sinceSql(
  { schema }: LoadContext,
  link: Link,
  history: Extract<History, { kind: 'changedAt' }>,
): string {
  const from = tableOf(schema, link.from, `Link ${link.name}`);
  const since = `greatest(s."__known", ${momentSql(from, history.column, 'History')})`;
  const fk = `s.${q(fkColumn(link))}`;
  return `SELECT s."__row" AS frow, ${fk} AS trow, ${since} AS since, ${FOREVER} AS until FROM ${loaded(link.from)} AS s
    WHERE ${fk} IS NOT NULL AND s."__known" IS NOT NULL AND s.${q(history.column)} IS NOT NULL`;
}

function changesSql(
  { schema }: LoadContext,
  link: Link,
  history: Extract<History, { kind: 'table' }>,
): string {
  const where = `History of ${link.name}`;
  const changes = tableOf(schema, history.table, where);
  const back = schema.links.find((l) => l.name === history.link);
  if (!back) throw new Error(`no link ${history.link} in the schema`);
  const to = tableOf(schema, link.to, where);
  const value = keyText('s', columnOf(changes, history.value, where));
  const key = keyText('t', columnOf(to, to.key[0]!, where));
  const time = momentSql(changes, history.time, 'History');
  const field = history.where
    ? ` AND CAST(s.${q(history.where.column)} AS VARCHAR) = ${quoteText(history.where.equals, 'duckdb')}`
    : '';
  const order = 'PARTITION BY frow ORDER BY since, place';
  const all = `SELECT s.${q(fkColumn(back))} AS frow, t."__row" AS trow, row(${time}, length(s."__id"), s."__id") AS place, greatest(s."__known", ${time}) AS since
    FROM ${loaded(changes.name)} AS s LEFT JOIN ${loaded(to.name)} AS t ON ${value} = ${key}
    WHERE s.${q(fkColumn(back))} IS NOT NULL AND s."__known" IS NOT NULL AND ${time} IS NOT NULL${field}`;
  const overtaken = `max(place) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > place`;
  const news = `SELECT frow, trow, place, since FROM (SELECT *, ${overtaken} AS late FROM (${all})) WHERE late IS NOT TRUE`;
  return `SELECT frow, trow, since, until FROM (
      SELECT frow, trow, since, coalesce(lead(since) OVER (${order}), ${FOREVER}) AS until FROM (${news}))
    WHERE trow IS NOT NULL AND since < until`;
}
