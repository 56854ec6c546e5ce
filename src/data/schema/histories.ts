/**
 * How a mutable column's earlier values are known. In order of trust: a log of changes that names it; a dated table of its values (by its words, or for
 * numbers by agreement with the record); a column that names its change (`stage_changed_at`); times per value (`closed_at` is filled exactly for the won and lost rows, `mql_date`
 * is named after the value); a close that is filled exactly when the column is.
 */
import type { Engine } from '../engine/types.ts';
import { attributes, isTimeColumn, type JudgedTable } from './facts.ts';
import { fieldHistory, isFieldLog } from './field-history.ts';
import {
  CLOSE_WORDS,
  END_WORDS,
  EVENT_WORDS,
  FUTURE_WORDS,
  hasWord,
  LAST_WORDS,
  OLD_WORDS,
  stems,
  UPDATE_WORDS,
} from './lexicon.ts';
import { isClosingAmount, stateStems } from './mutable.ts';
import { numericHistory } from './numeric-history.ts';
import type { ColumnProfile } from './profile.ts';
import { isValueName } from './roles.ts';
import { cellText, rawTable } from './scan.ts';
import type { History } from './types.ts';

/** Share of rows that may disagree with a fill pattern. */
const SLACK = 0.01;
const MAX_VALUES = 60;

export async function historyOf(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
  all: readonly JudgedTable[],
): Promise<History | undefined> {
  if (isTimeColumn(column)) return ownTime(column);
  return (
    (await fieldHistory(engine, table, column, all)) ??
    tableHistory(table, column, all) ??
    (await numericHistory(engine, table, column, all)) ??
    changedAt(table, column) ??
    (await valueTimes(engine, table, column)) ??
    closingAmount(table, column)
  );
}

/** What a deal is worth is settled when it closes. */
function closingAmount(table: JudgedTable, c: ColumnProfile): History | undefined {
  const { labelTime } = table.times;
  const settled = labelTime !== undefined && isClosingAmount(table, stems(c.column.name));
  return settled ? { kind: 'changedAt', column: labelTime } : undefined;
}

/** A time that is filled when it happens is known from then on; one that is edited is not. */
function ownTime(c: ColumnProfile): History | undefined {
  const words = stems(c.column.name);
  const edited = [UPDATE_WORDS, LAST_WORDS, FUTURE_WORDS].some((set) => hasWord(words, set));
  return edited ? undefined : { kind: 'changedAt', column: c.column.name };
}

function tableHistory(
  table: JudgedTable,
  column: ColumnProfile,
  all: readonly JudgedTable[],
): History | undefined {
  const own = column.values.filter((v) => v !== '');
  const target = targetOf(table, column);
  const isKey = target !== undefined;
  if (own.length === 0 || !(isKey || column.column.type === 'text' || column.column.type === 'boolean'))
    return undefined;
  const options = all.flatMap((h) => {
    const link = h.out.find((l) => l.to === table.name && !(l.unique && h.role !== 'history'));
    const { time } = h.times;
    if (!link || time === undefined || h === table || h.flatOf !== undefined) return [];
    if (isFieldLog(h, table)) return [];
    const values = isKey
      ? h.profile.columns.filter((v) => h.role === 'history' && targetOf(h, v) === target)
      : attributes(h).filter((v) => holdsValuesOf(v, own));
    return values
      .filter((v) => !link.columns.includes(v.column.name))
      .map((v) => ({ link, time, h, v, score: likeness(h, v, column) }));
  });
  const best = options.filter((o) => o.score >= 2).sort((a, b) => b.score - a.score)[0];
  return (
    best && {
      kind: 'table',
      table: best.h.name,
      link: best.link.name,
      value: best.v.column.name,
      time: best.time,
    }
  );
}

/** The table that a key column names rows of: an owner's history names rows of the same table. */
const targetOf = (table: JudgedTable, c: ColumnProfile): string | undefined =>
  table.out.find((l) => l.columns.length === 1 && l.columns[0] === c.column.name)?.to;

/** Nearly all values of the column occur in the history, and most of the history's in the column. */
function holdsValuesOf(history: ColumnProfile, own: readonly string[]): boolean {
  if (history.column.type !== 'text' || history.values.length > Math.max(20, 3 * own.length)) return false;
  const theirs = new Set(history.values);
  return own.filter((v) => theirs.has(v)).length >= 0.8 * own.length;
}

function likeness(h: JudgedTable, value: ColumnProfile, column: ColumnProfile): number {
  const words = stems(value.column.name);
  if (hasWord(words, OLD_WORDS)) return -1;
  const shared = stateStems(column.column.name).some((t) => stateStems(value.column.name).includes(t));
  return (
    (h.role === 'history' ? 2 : 0) +
    (shared ? 2 : 0) +
    (isValueName(value.column.name) ? 1 : 0) +
    (words.includes('new') ? 1 : 0)
  );
}

const CHANGE = new Set(
  'changed change updated update at on date time timestamp datetime since entered last modified set assigned started'.split(
    ' ',
  ),
);

function changedAt(table: JudgedTable, column: ColumnProfile): History | undefined {
  const own = stateStems(column.column.name).join(' ');
  const found = table.profile.columns.find((c) => {
    if (!isTimeColumn(c) || c.column.name === table.times.time) return false;
    const parts = stems(c.column.name);
    return (
      parts.some((t) => CHANGE.has(t) && !EVENT_WORDS.has(t)) &&
      parts.filter((t) => !CHANGE.has(t)).join(' ') === own
    );
  });
  return found && { kind: 'changedAt', column: found.column.name };
}

async function valueTimes(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
): Promise<History | undefined> {
  const named = namedTimes(table, column);
  const times = table.profile.columns.filter((c) => isHappening(table, c));
  let filled: History | undefined;
  for (const time of times) {
    const pattern = await fillPattern(engine, table.name, column, time.column.name);
    if (pattern === 'same') return { kind: 'changedAt', column: time.column.name };
    // A time named after one value dates that one; what else has it filled came to be later, at a moment unknown.
    const ofOne = Object.values(named).includes(time.column.name);
    if (pattern.length > 0 && filled === undefined && !ofOne) {
      filled = datedBy(pattern, time.column.name);
    }
  }
  const both = { ...(filled?.kind === 'valueTimes' ? filled.times : {}), ...named };
  return Object.keys(both).length > 0 ? { kind: 'valueTimes', times: both } : undefined;
}

/** Times of an ending, or of anything after the row was written, that some rows have and some have not. */
function isHappening(table: JudgedTable, c: ColumnProfile): boolean {
  if (!isTimeColumn(c) || c.column.name === table.times.time || c.filled >= table.profile.rows) return false;
  const words = stems(c.column.name);
  return hasWord(words, CLOSE_WORDS) || hasWord(words, END_WORDS) || table.later.has(c.column.name);
}

/** `mql_date` dates the value MQL: the column's name without time words is the value. */
function namedTimes(table: JudgedTable, column: ColumnProfile): Readonly<Record<string, string>> {
  if (column.column.type !== 'text' || column.values.length > MAX_VALUES) return {};
  const bare = (name: string): string =>
    stems(name)
      .filter(
        (t) => !EVENT_WORDS.has(t) && !['became', 'become', 'entered', 'reached', 'first', 'is'].includes(t),
      )
      .join(' ');
  const times = table.profile.columns.filter((c) => isTimeColumn(c) && c.filled < table.profile.rows);
  const pairs = column.values.flatMap((value) => {
    const time = times.filter((c) => bare(c.column.name) === bare(value));
    return time.length === 1 ? [[value, time[0]!.column.name] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/**
 * 'same': the column is filled exactly where the time is. Otherwise the values whose rows all have the time, when the
 * rows of all other values lack it. Empty: no pattern.
 */
export async function fillPattern(
  engine: Engine,
  table: string,
  column: ColumnProfile,
  time: string,
): Promise<'same' | readonly string[]> {
  const rows = await engine.rows(
    `SELECT ${column.distinct <= MAX_VALUES ? 'v' : "CASE WHEN v IS NOT NULL THEN '' END"} AS v, count(*) AS n, count(t) AS filled
     FROM (SELECT ${cellText(column.column.name)} AS v, ${cellText(time)} AS t FROM ${rawTable(table)}) GROUP BY 1 ORDER BY 1`,
  );
  const groups = rows.map((r) => ({
    value: r.v === null ? undefined : String(r.v),
    share: Number(r.filled) / Number(r.n),
  }));
  if (groups.some((g) => g.share > SLACK && g.share < 1 - SLACK)) return [];
  const dated = groups.filter((g) => g.share > 0.5);
  const open = groups.filter((g) => g.share <= 0.5);
  if (open.length === 0 || dated.length === 0 || dated.some((g) => g.value === undefined)) return [];
  if (open.every((g) => g.value === undefined)) return 'same';
  return column.distinct <= MAX_VALUES ? dated.map((g) => g.value!) : [];
}

/** Rows with and without the time that make a pattern of an otherwise ordinary column more than chance. */
const LEAST_ROWS = 10;

/**
 * What is filled, or has certain values, exactly when something has happened to the row, is known from then on, whatever
 * its name: an outcome, a reason, a final state.
 */
export async function happensWith(
  engine: Engine,
  table: JudgedTable,
  column: ColumnProfile,
): Promise<History | undefined> {
  const { rows } = table.profile;
  for (const time of table.profile.columns.filter((c) => isHappening(table, c))) {
    if (time.filled < LEAST_ROWS || rows - time.filled < LEAST_ROWS) continue;
    const pattern = await fillPattern(engine, table.name, column, time.column.name);
    if (pattern === 'same') return { kind: 'changedAt', column: time.column.name };
    if (pattern.length > 0) return datedBy(pattern, time.column.name);
  }
  return undefined;
}

const datedBy = (values: readonly string[], time: string): History => ({
  kind: 'valueTimes',
  times: Object.fromEntries(values.map((v) => [v, time])),
});
