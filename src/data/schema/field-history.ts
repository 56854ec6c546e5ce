/**
 * A log of changes by field (Salesforce's LeadHistory, HubSpot's property history): one column names the field, one
 * holds its value from then on. It is the history of a column when it names it and its last value there is the one the
 * record shows now, for nearly every record.
 */
import type { Engine } from '../engine/types.ts';
import { normalName } from './affinity.ts';
import { attributes, columnOf, type JudgedTable } from './facts.ts';
import { hasWord, OLD_WORDS, stems } from './lexicon.ts';
import type { ColumnProfile } from './profile.ts';
import { isValueName } from './roles.ts';
import { cellText, keyExpression, rawTable, str, timeValue } from './scan.ts';
import type { History, Link } from './types.ts';

/** Share of records whose last value must agree, and how many records must have any. */
const AGREEING = 0.95;
const LEAST_RECORDS = 10;
/** Kinds of fields that a log names. */
const MOST_FIELDS = 500;

interface FieldLog {
  readonly log: JudgedTable;
  readonly link: Link;
  readonly time: string;
  /** The column that names fields, and the value that names this one. */
  readonly field: ColumnProfile;
  readonly named: string;
  readonly value: ColumnProfile;
}

export async function fieldHistory(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
  all: readonly JudgedTable[],
): Promise<History | undefined> {
  if (table.key.length !== 1 || table.key[0] === column.column.name) return undefined;
  for (const found of all.flatMap((log) => logsOf(log, table, column)))
    if (await agrees(engine, table, column, found)) return toHistory(found);
  return undefined;
}

const toHistory = ({ log, link, time, field, named, value }: FieldLog): History => ({
  kind: 'table',
  table: log.name,
  link: link.name,
  value: value.column.name,
  time,
  where: { column: field.column.name, equals: named },
});

/** Whether one column of the table names columns of a table it is linked to. */
export const isFieldLog = (log: JudgedTable, table: JudgedTable): boolean =>
  table.profile.columns.some((c) => logsOf(log, table, c).length > 0);

function logsOf(log: JudgedTable, table: JudgedTable, column: ColumnProfile): readonly FieldLog[] {
  const link = log.out.find((l) => l.to === table.name && l.columns.length === 1);
  const { time } = log.times;
  if (log.role !== 'history' || !link || time === undefined || log === table) return [];
  const name = normalName(column.column.name);
  const texts = attributes(log).filter((c) => c.column.type === 'text');
  return texts
    .filter((c) => c.distinct <= MOST_FIELDS)
    .flatMap((field) => {
      const named = field.values.find((v) => normalName(v) === name);
      const value = newValue(log, field);
      return named === undefined || !value ? [] : [{ log, link, time, field, named, value }];
    });
}

/** `NewValue` before `value`; never `OldValue`. */
function newValue(log: JudgedTable, field: ColumnProfile): ColumnProfile | undefined {
  const words = (c: ColumnProfile): readonly string[] => stems(c.column.name);
  const values = attributes(log).filter(
    (c) => c !== field && isValueName(c.column.name) && !hasWord(words(c), OLD_WORDS),
  );
  return values.find((c) => words(c).includes('new')) ?? values[0];
}

async function agrees(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
  { log, link, time, field, named, value }: FieldLog,
): Promise<boolean> {
  const at = timeValue(cellText(time), columnOf(log, time)?.column.format);
  const [now, then] = ['record.v', 'change.v'];
  const numbers = column.column.semantic === 'numeric';
  const same = numbers
    ? `TRY_CAST(${now} AS DOUBLE) = TRY_CAST(${then} AS DOUBLE)`
    : `lower(${now}) = lower(${then})`;
  const [row] = await engine.rows(
    `WITH change AS (
       SELECT ${keyExpression(link.columns[0]!)} AS k, ${at} AS t, ${cellText(value.column.name)} AS v
       FROM ${rawTable(log.name)} WHERE ${cellText(field.column.name)} = ${str(named)}),
     newest AS (
       SELECT k, max(t) AS t FROM change GROUP BY k),
     record AS (
       SELECT ${keyExpression(table.key[0]!)} AS k, ${cellText(column.column.name)} AS v FROM ${rawTable(table.name)})
     SELECT count(*) AS n, count(*) FILTER (same) AS agreeing FROM (
       SELECT record.k, bool_or(${same}) AS same
       FROM record JOIN newest USING (k) JOIN change ON change.k = newest.k AND change.t = newest.t
       WHERE record.v IS NOT NULL GROUP BY record.k)`,
  );
  const records = Number(row?.n ?? 0);
  return records >= LEAST_RECORDS && Number(row?.agreeing) >= AGREEING * records;
}
