/**
 * A score, an amount or a count that a dated table repeats under the same name: taken as its history when the last value
 * there is the one the record shows now, for nearly every record.
 */
import type { Engine } from '../engine/types.ts';
import { normalName } from './affinity.ts';
import { attributes, columnOf, type JudgedTable } from './facts.ts';
import type { ColumnProfile } from './profile.ts';
import { cellText, keyExpression, rawTable, timeValue } from './scan.ts';
import type { History, Link } from './types.ts';

/** Share of records whose last value must agree, and how many records must have any. */
const AGREEING = 0.95;
const LEAST_RECORDS = 10;

export async function numericHistory(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
  all: readonly JudgedTable[],
): Promise<History | undefined> {
  if (column.column.type !== 'integer' && column.column.type !== 'number') return undefined;
  const name = normalName(column.column.name);
  for (const changes of all) {
    const link = changes.out.find((l) => l.to === table.name && table.key.length === 1 && !l.unique);
    const { time } = changes.times;
    const value = attributes(changes).find((v) => normalName(v.column.name) === name);
    if (!link || time === undefined || value === undefined || changes === table) continue;
    if (await agrees(engine, table, column, { changes, link, time, value }))
      return { kind: 'table', table: changes.name, link: link.name, value: value.column.name, time };
  }
  return undefined;
}

interface Candidate {
  readonly changes: JudgedTable;
  readonly link: Link;
  readonly time: string;
  readonly value: ColumnProfile;
}

async function agrees(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
  { changes, link, time, value }: Candidate,
): Promise<boolean> {
  const at = timeValue(cellText(time), columnOf(changes, time)?.column.format);
  const [row] = await engine.rows(
    `WITH change AS (
       SELECT ${keyExpression(link.columns[0]!)} AS k, ${at} AS t, ${cellText(value.column.name)} AS v
       FROM ${rawTable(changes.name)}),
     newest AS (
       SELECT k, max(t) AS t FROM change GROUP BY k),
     record AS (
       SELECT ${keyExpression(table.key[0]!)} AS k, ${cellText(column.column.name)} AS v FROM ${rawTable(table.name)})
     SELECT count(*) AS n, count(*) FILTER (same) AS agreeing FROM (
       SELECT record.k, bool_or(TRY_CAST(record.v AS DOUBLE) = TRY_CAST(change.v AS DOUBLE)) AS same
       FROM record JOIN newest USING (k) JOIN change ON change.k = newest.k AND change.t = newest.t
       WHERE record.v IS NOT NULL GROUP BY record.k)`,
  );
  const records = Number(row?.n ?? 0);
  return records >= LEAST_RECORDS && Number(row?.agreeing) >= AGREEING * records;
}
