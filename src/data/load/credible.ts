/**
 * How far the data can be believed to reach. Rows dated in the future, and a handful of stray rows long after the rest
 * (under 0.1 % of a table's rows behind a gap of more than 30 days and more than a tenth of its span), do not count.
 */
import type { Table } from '../schema/types.ts';
import { quoteText } from '../sql/print.ts';
import { type LoadContext, loaded } from './context.ts';
import { isDated } from './stage.ts';
import type { TableLoad } from './types.ts';

const TAIL_SHARE = 0.001;
const GAP_DAYS = 30;
const GAP_SHARE = 0.1;

const nowSql = (now: Date, timeZone: string): string =>
  `timezone(${quoteText(timeZone, 'duckdb')}, TIMESTAMPTZ '${now.toISOString()}')`;

export async function countTimes(
  context: LoadContext,
  table: Table,
  now: Date,
): Promise<Pick<TableLoad, 'missingTime' | 'future'>> {
  if (!isDated(table) || table.origin.kind === 'derived') return { missingTime: 0, future: 0 };
  const [row] = await context.engine.rows(
    `SELECT count(*) FILTER (WHERE "__known" IS NULL) AS missing,
       count(*) FILTER (WHERE coalesce("__time", "__known") > ${nowSql(now, context.timeZone)}) AS future FROM ${loaded(table.name)}`,
  );
  return { missingTime: Number(row!.missing), future: Number(row!.future) };
}

/** ms since epoch, rounded up; over event and history tables, or over all dated tables where there are none. */
export async function lastCredibleTime(context: LoadContext, now: Date): Promise<number | undefined> {
  const dated = context.schema.tables.filter((t) => t.origin.kind === 'file' && t.time !== undefined);
  const events = dated.filter((t) => t.role === 'event' || t.role === 'history');
  const times: number[] = [];
  for (const table of events.length > 0 ? events : dated) {
    const [row] = await context.engine.rows(lastSql(context, table, now));
    if (row?.last !== null && row?.last !== undefined) times.push(Number(row.last));
  }
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Days with rows, the gap before each and the rows from it on; the first stray tail ends the credible part. */
function lastSql(context: LoadContext, table: Table, now: Date): string {
  return `WITH days AS (
      SELECT date_trunc('day', "__time") AS day, count(*) AS n, max("__time") AS last FROM ${loaded(table.name)}
      WHERE "__time" <= ${nowSql(now, context.timeZone)} GROUP BY 1),
    seen AS (
      SELECT day, last, date_diff('day', lag(day) OVER w, day) AS gap, sum(n) OVER (ORDER BY day DESC) AS tail,
        sum(n) OVER () AS total, date_diff('day', min(day) OVER (), max(day) OVER ()) AS span
      FROM days WINDOW w AS (ORDER BY day)),
    stray AS (
      SELECT min(day) AS day FROM seen WHERE tail < ${TAIL_SHARE} * total AND gap > greatest(${GAP_DAYS}, ${GAP_SHARE} * span))
    SELECT ceil(epoch_us(max(last)) / 1000) AS last FROM seen, stray WHERE stray.day IS NULL OR seen.day < stray.day`;
}
