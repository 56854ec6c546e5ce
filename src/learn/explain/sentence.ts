/** A reason's sentence: the phrase of its leading column, and how that compares with the training rows. */

import { countWords, shareWords, valueWords } from './number-words.ts';
import { isCount, isFlag, phraseOf, type Reading, seniorityWords } from './phrase.ts';
import type { ColumnStatistics, Outcomes, Usual } from './statistics.ts';
import type { ListedSignal, Wording } from './types.ts';

/** Below this many rows a rate says more about chance than about the value. */
const MIN_OUTCOMES = 10;

export function reasonSentence(
  reading: Reading,
  statistics: ColumnStatistics | undefined,
  wording: Wording,
): string {
  const comparison = statistics ? compare(reading, statistics, wording) : '';
  return capitalise(phraseOf(reading)) + comparison;
}

export const capitalise = (text: string): string => text.replace(/^\p{Ll}/u, (c) => c.toUpperCase());

function compare(reading: Reading, statistics: ColumnStatistics, wording: Wording): string {
  const { column, value } = reading;
  if (column.kind === 'categorical' || isFlag(column) || Number.isNaN(value))
    return rateClause(statistics.outcomesOf(value), statistics.total, wording);
  return usualClause(reading, statistics, wording);
}

/** How often the outcome came among rows with this value, and among the others. */
function rateClause(such: Outcomes | undefined, total: Outcomes | undefined, wording: Wording): string {
  if (!such || !total || such.rows < MIN_OUTCOMES) return '';
  const { entities, outcome } = wording;
  const rate = (o: Outcomes): string => shareWords(o.positives / o.rows);
  const others = { rows: total.rows - such.rows, positives: total.positives - such.positives };
  if (others.rows < MIN_OUTCOMES)
    return `; ${rate(such)} of such ${entities} ${outcome} (n=${countWords(such.rows)})`;
  const n = `n=${countWords(such.rows)}/${countWords(others.rows)}`;
  return `; ${rate(such)} of such ${entities} ${outcome}, ${rate(others)} of the others (${n})`;
}

/** Counts and shares compare by their mean, which tells 0.4 from 0; amounts and times by their median. */
function usualClause(reading: Reading, statistics: ColumnStatistics, wording: Wording): string {
  const { column } = reading;
  const { all, positive, negative } = statistics;
  if (column.primitive === 'calendar' || column.family === 'text' || all.rows === 0) return '';
  const averaged = isCount(column) || column.unit === 'share';
  const words = (u: Usual): string => figure(averaged ? u.mean : u.median, reading);
  const had = verbOf(column, averaged);
  if (Math.min(positive.rows, negative.rows) < MIN_OUTCOMES)
    return `; ${averaged ? 'average' : 'typical'}: ${words(all)} (n=${countWords(all.rows)})`;
  const n = `n=${countWords(positive.rows)}/${countWords(negative.rows)}`;
  const [won, others] = [words(positive), words(negative)];
  const whose = `${wording.entities} that ${wording.outcome}`;
  return won === others
    ? `; ${whose} and others ${had} ${won} (${n})`
    : `; ${whose} ${had} ${won}, others ${others} (${n})`;
}

const verbOf = ({ family }: Reading['column'], averaged: boolean): string => {
  if (family === 'rank') return 'were higher than';
  return averaged ? 'had' : 'typically';
};

const figure = (x: number, { column, currency }: Reading): string =>
  column.primitive === 'seniority' ? seniorityWords(x) : valueWords(x, column.unit, currency);

/** The rest has no value of its own: it says what was folded. */
export function restSentence(rest: ListedSignal): string {
  const names = [...new Set(rest.parts.map((p) => p.of.signal))].filter((s) => s !== 'other');
  const shown = names.slice(0, 3).join(', ');
  if (names.length === 0) return 'Further columns together';
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${capitalise(shown)}${more} together`;
}
