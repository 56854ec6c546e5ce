/**
 * Which time column says when a row happened, ended, counts for labels and became known. Creation is preferred over
 * update and close; a column that is mostly empty did not exist when the row was written. Names score, fill and order
 * in time decide between equals: of two unnamed columns the earlier, fuller one is the event.
 */

import type { Engine } from '../engine/types.ts';
import type { Concept } from './lexicon.ts';
import {
  BIRTH_WORDS,
  CLOSE_WORDS,
  CREATED_WORDS,
  conceptOf,
  END_WORDS,
  EVENT_WORDS,
  FUTURE_WORDS,
  HAPPENED_WORDS,
  HISTORY_WORDS,
  hasWord,
  KNOWN_WORDS,
  LAST_WORDS,
  stems,
  tableStems,
  UPDATE_WORDS,
} from './lexicon.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { cellText, rawTable, timeValue } from './scan.ts';

export interface TableTimes {
  readonly time?: string;
  readonly knownAt?: string;
  readonly endTime?: string;
  readonly labelTime?: string;
}

const isTime = (c: ColumnProfile): boolean =>
  (c.column.type === 'timestamp' || c.column.type === 'date') && c.filled > 0;

export function tableTimes(table: TableProfile): TableTimes {
  const times = table.columns.filter(isTime).filter((c) => !hasWord(stems(c.column.name), BIRTH_WORDS));
  const time = eventTime(table, times);
  if (!time) return {};
  const others = times.filter((c) => c !== time);
  const close = closingTime(table, time, others);
  const end = endTime(table, time, others, close);
  const known = knownAt(time, others);
  return {
    time: time.column.name,
    ...(known && { knownAt: known.column.name }),
    ...(end && { endTime: end.column.name }),
    ...(close && { labelTime: close.column.name }),
  };
}

function eventTime(table: TableProfile, times: readonly ColumnProfile[]): ColumnProfile | undefined {
  const scored = times
    .map((c) => ({ c, score: timeScore(table, c) }))
    .filter(({ score }) => score > REFUSED)
    .sort((a, b) => b.score - a.score || (a.c.mean ?? 0) - (b.c.mean ?? 0));
  return scored[0]?.c;
}

/** Below this a column says when something else happened. */
const REFUSED = -60;

function timeScore(table: TableProfile, c: ColumnProfile): number {
  const own = new Set(tableStems(table.name));
  const parts = stems(c.column.name);
  const words = parts.filter((t) => !own.has(t));
  const rest = words.filter((t) => !EVENT_WORDS.has(t));
  const empty = 1 - c.filled / Math.max(1, table.rows);
  return (
    meaning(words, rest, table) + (words.length < parts.length ? 10 : 0) - 80 * empty - (empty > 0.5 ? 30 : 0)
  );
}

function meaning(words: readonly string[], rest: readonly string[], table: TableProfile): number {
  if (hasWord(words, BIRTH_WORDS)) return -200;
  // A row of a history is a change: when it was changed is when it happened.
  const ofChange = hasWord(words, UPDATE_WORDS) && !hasWord(words, LAST_WORDS);
  if (ofChange && hasWord(tableStems(table.name), HISTORY_WORDS)) return 75;
  if (hasWord(words, UPDATE_WORDS) || hasWord(words, LAST_WORDS)) return -70;
  if (hasWord(words, FUTURE_WORDS)) return -30;
  if (hasWord(words, END_WORDS)) return -20;
  if (hasWord(words, CLOSE_WORDS)) return 0;
  if (rest.length === 0) return 85;
  if (hasWord(words, CREATED_WORDS)) return 100;
  if (hasWord(words, HAPPENED_WORDS)) return 75;
  if (hasWord(words, KNOWN_WORDS)) return 20;
  return 40;
}

/** Deals count when they close. An undated stage of their life (open deals) leaves the column empty. */
function closingTime(
  table: TableProfile,
  time: ColumnProfile,
  others: readonly ColumnProfile[],
): ColumnProfile | undefined {
  if (!isDealLike(table)) return undefined;
  return others
    .filter((c) => hasWord(stems(c.column.name), CLOSE_WORDS) && !isExpected(c) && isAfter(c, time))
    .sort((a, b) => b.filled - a.filled)[0];
}

const isDealLike = (table: TableProfile): boolean => conceptOf(table.name) === 'deal';
const isExpected = (c: ColumnProfile): boolean => {
  const parts = stems(c.column.name);
  return hasWord(parts, FUTURE_WORDS) || hasWord(parts, LAST_WORDS);
};
const isAfter = (c: ColumnProfile, time: ColumnProfile): boolean => (c.max ?? 0) >= (time.min ?? 0);

const ENDING: ReadonlySet<Concept> = new Set([
  'account',
  'contact',
  'lead',
  'deal',
  'subscription',
  'staff',
  'product',
]);

/** When the entity ceased to exist. A column filled on every row is a planned end, not an ended life. */
function endTime(
  table: TableProfile,
  time: ColumnProfile,
  others: readonly ColumnProfile[],
  close: ColumnProfile | undefined,
): ColumnProfile | undefined {
  if (close) return close.filled < table.rows ? close : undefined;
  const concept = conceptOf(table.name);
  const ends = others.filter(
    (c) =>
      !isExpected(c) &&
      isAfter(c, time) &&
      c.filled < table.rows &&
      isEnd(c, concept === 'account' || concept === 'subscription'),
  );
  return concept !== undefined && !ENDING.has(concept)
    ? undefined
    : ends.sort((a, b) => b.filled - a.filled)[0];
}

function isEnd(c: ColumnProfile, mayClose: boolean): boolean {
  const parts = stems(c.column.name);
  return hasWord(parts, END_WORDS) || (mayClose && parts.some((t) => t === 'close' || t === 'closed'));
}

/** An import or arrival stamp beside the event's own time, never before it. */
function knownAt(time: ColumnProfile, others: readonly ColumnProfile[]): ColumnProfile | undefined {
  if (hasWord(stems(time.column.name), KNOWN_WORDS)) return undefined;
  return others.find((c) => {
    const parts = stems(c.column.name);
    const stamped = hasWord(parts, KNOWN_WORDS) && !hasWord(parts, LAST_WORDS);
    return stamped && c.filled >= 0.99 * time.filled && (c.mean ?? 0) >= (time.mean ?? 0);
  });
}

/** Rows that may have another time after their own and it still counts as written with the row. */
const LATER = 0.001;

/** Time columns of the table that lie later than its event time on more than a few rows. */
export async function laterTimes(
  engine: Engine,
  table: TableProfile,
  { time }: TableTimes,
): Promise<ReadonlySet<string>> {
  const own = table.columns.find((c) => c.column.name === time);
  const others = table.columns.filter((c) => isTime(c) && c !== own);
  if (!own || others.length === 0) return new Set();
  const value = ({ column }: ColumnProfile): string => timeValue(cellText(column.name), column.format);
  const list = others.map((c, i) => `count(*) FILTER (${value(c)} > ${value(own)}) AS n${i}`).join(', ');
  const [row] = await engine.rows(`SELECT ${list} FROM ${rawTable(table.name)}`);
  return new Set(
    others.filter((c, i) => Number(row?.[`n${i}`]) > LATER * c.filled).map((c) => c.column.name),
  );
}
