/**
 * A column with a row's value in words: `4 touches in the last 14 days`, `silent for 42 days after 3 sessions`,
 * `industry: logistics`, `no phone on record`. Every word comes from the column's sentence, every figure from the row.
 */
import { singular } from '../../data/schema/lexicon.ts';
import { SENIORITIES, seniorityRank } from '../../data/schema/title.ts';
import { words } from '../features/lexicon-signals.ts';
import type { FeatureColumn } from '../features/types.ts';
import { countWords, daysWords, plainWords, shareWords, valueWords } from './number-words.ts';
import type { Direction } from './types.ts';

export interface Reading {
  readonly column: FeatureColumn;
  /** NaN: missing. */
  readonly value: number;
  readonly direction: Direction;
  readonly currency: string;
  /** For a column about the last or first event: how many there were, and what they are called. */
  readonly events?: { readonly count: number; readonly noun: string };
}

const COUNTS: ReadonlySet<string> = new Set([
  ...['count', 'days', 'members', 'distinct', 'category', 'step', 'sessions', 'lastSession'],
]);
const FLAGS: ReadonlySet<string> = new Set([
  ...['boolean', 'present', 'member', 'personalEmail', 'over', 'before', 'chain'],
]);

export const isFlag = (column: FeatureColumn): boolean => FLAGS.has(column.primitive);
export const isCount = (column: FeatureColumn): boolean =>
  column.kind === 'numeric' && COUNTS.has(column.primitive) && column.unit === 'count';

export function phraseOf(reading: Reading): string {
  const { column, value } = reading;
  if (Number.isNaN(value)) return missing(reading);
  if (column.kind === 'categorical') return `${column.sentence}: ${categoryText(column, value)}`;
  if (isFlag(column)) return flag(column, value !== 0);
  if (column.family === 'text') return wording(column.sentence, value);
  if (column.family === 'rank') return placed(column.sentence, value);
  if (isCount(column)) return counted(column.sentence, value);
  if (SINCE_EVENT.test(column.sentence)) return sinceEvent(reading);
  if (column.unit === 'days' && column.sentence.startsWith('days ')) return elapsed(column.sentence, value);
  if (column.primitive === 'memberCount') return `${countWords(value)} in ${stem(column.sentence)}`;
  const rhythm = RHYTHMS[column.primitive]?.(column.sentence, value);
  if (rhythm) return rhythm;
  if (column.primitive === 'seniority') return `${stem(column.sentence)}: ${seniorityWords(value)}`;
  return `${soFar(column.sentence)}: ${valueWords(value, column.unit, reading.currency)}`;
}

/** A text column leans towards some words or away to others; how far says nothing to a reader. */
function wording(sentence: string, value: number): string {
  const [, towards, where, away] =
    /^words such as (.*?) in (.*?)(?:, rather than (.*))?$/.exec(sentence) ?? [];
  if (!towards) return sentence;
  if (value > 0) return `words such as ${towards} in ${where}`;
  return away ? `words such as ${away} in ${where}` : `no words such as ${towards} in ${where}`;
}

/** Rounding must not put a row above itself or below all. */
const EDGE = 0.995;

function placed(sentence: string, share: number): string {
  const of = soFar(sentence.replace(/^place among all scored at that time by /, ''));
  if (share >= EDGE) return `${of}: among the highest of all scored at that time`;
  if (share <= 1 - EDGE) return `${of}: among the lowest of all scored at that time`;
  return `${of}: higher than ${shareWords(share)} of all scored at that time`;
}

/** Rates of activity read as sentences of their own; undefined where a column's words are of another form. */
const RHYTHMS: Readonly<Record<string, (sentence: string, value: number) => string | undefined>> = {
  trend: (sentence, value) => {
    const [, of, part] = /^share of the (.*) that fall in (.*)$/.exec(sentence) ?? [];
    return of && `${shareOf(value)} of the ${of} fell in ${part}`;
  },
  gapRatio: (sentence, value) => {
    const [, last] = /^silence since the last (.*) against the usual gap$/.exec(sentence) ?? [];
    if (!last) return undefined;
    if (value < 0.01) return `last ${last} well within the usual gap`;
    if (value <= 1) return `last ${last} within the usual gap (${plainWords(value)} of it)`;
    return `silent for ${plainWords(value)} times the usual gap since the last ${last}`;
  },
};

const shareOf = (share: number): string => (share === 0 ? 'none' : share === 1 ? 'all' : shareWords(share));

export function categoryText(column: FeatureColumn, code: number): string {
  const text = column.categories?.[code];
  if (text === undefined || text === '(other)') return 'another value';
  return text === '' ? '(empty)' : text;
}

/** Sentences of derived attributes read `title: seniority`. */
const stem = (sentence: string): string => sentence.replace(/: (present|count|seniority)$/, '');

const SINCE_EVENT = /^days since the (last|first) of the /;
const COMPARED: ReadonlySet<string> = new Set([
  ...['meanGap', 'gapRatio', 'span', 'longestGap', 'recordRatio', 'burst', 'lastChange', 'place'],
  ...['between', 'stageDays', 'stageSpan', 'perSession', 'sessionsPerDay', 'lastSessionMinutes'],
]);

const STATISTIC = /^(total|mean|spread of|smallest|largest) /;

function missing({ column, events }: Reading): string {
  const { sentence, primitive } = column;
  if (events?.count === 0) return `no ${events.noun} yet`;
  const [, what, end, rows] = /^(.+) of the (last|first) of the (.+)$/.exec(sentence) ?? [];
  if (primitive === 'last' && what)
    return events ? `${end} of the ${rows} without ${what}` : `no ${rows} yet, or the ${end} without ${what}`;
  if (column.rows?.sameValue !== undefined) return `no ${words(column.rows.sameValue)} on record`;
  if (SINCE_EVENT.test(sentence)) return `no ${sentence.replace(SINCE_EVENT, '')} on record`;
  if (COMPARED.has(primitive)) return `too few on record for the ${sentence}`;
  if (STATISTIC.test(sentence))
    return `no ${sentence.replace(STATISTIC, '').replace(/ ever$/, '')} on record`;
  if (primitive === 'trend') return `no ${sentence.replace(/^share of the | that fall in .*$/g, '')}`;
  if (column.family === 'sequence' && column.unit === 'days') return `${sentence}: none on record`;
  if (primitive === 'share') return `no ${sentence.replace(/^share of | with .*$/g, '')} on record`;
  return `no ${stem(sentence)} on record`;
}

function flag(column: FeatureColumn, holds: boolean): string {
  const { sentence, primitive } = column;
  if (primitive === 'present')
    return holds ? `${stem(sentence)} on record` : `no ${stem(sentence)} on record`;
  if (primitive === 'member')
    return holds ? sentence : sentence.replace(/ includes (?!.* includes )/, ' does not include ');
  if (primitive === 'personalEmail') return holds ? sentence : sentence.replace(' is a ', ' is not a ');
  return `${sentence}: ${holds ? 'yes' : 'no'}`;
}

function sinceEvent({ column, value, direction, events }: Reading): string {
  const noun = column.sentence.replace(SINCE_EVENT, '');
  if (column.primitive === 'sinceLast' && direction === 'down' && value >= 1) {
    const after = events && events.count > 0 ? ` after ${counted(events.noun, events.count)}` : ` (${noun})`;
    return `silent for ${daysWords(value)}${after}`;
  }
  return `${SINCE_EVENT.exec(column.sentence)![1]} of the ${noun} ${daysWords(value)} ago`;
}

const soFar = (sentence: string): string => sentence.replace(/ ever$/, ' so far');

const elapsed = (sentence: string, value: number): string =>
  `${daysWords(value)} ${sentence.slice('days '.length)}`;

/** 0 → no touches …; 1 → 1 touch …; `ever` reads `so far` once there are some. */
export function counted(noun: string, n: number): string {
  if (n === 0) return `no ${noun.replace(/^(days with|distinct) /, '')}`;
  return `${countWords(n)} ${soFar(n === 1 ? singularHead(noun) : noun)}`;
}

/** The head noun is the last word before the first preposition. */
function singularHead(noun: string): string {
  const end = / (of|with|in|ever|among|from|by) /.exec(`${noun} `)?.index ?? noun.length;
  const head = noun.slice(0, end).split(' ');
  const last = head.pop() ?? '';
  return [...head, singular(last)].join(' ') + noun.slice(end);
}

export function seniorityWords(rank: number): string {
  return SENIORITIES.find((s) => seniorityRank(s) === Math.round(rank)) ?? 'unknown';
}
