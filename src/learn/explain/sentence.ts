/** A reason's sentence: the phrase of its leading column, and how that compares with the training rows. */

import { countWords, shareWords, valueWords } from './number-words.ts';
import { isFlag, phraseOf, type Reading, seniorityWords } from './phrase.ts';
import type { ColumnStatistics, Outcomes } from './statistics.ts';
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
    return rateClause(statistics.outcomesOf(value), wording);
  return typicalClause(reading, statistics, wording);
}

function rateClause(outcomes: Outcomes | undefined, wording: Wording): string {
  if (!outcomes || outcomes.rows < MIN_OUTCOMES) return '';
  const rate = shareWords(outcomes.positives / outcomes.rows);
  return ` — ${rate} of such ${wording.entities} ${wording.outcome} (n=${countWords(outcomes.rows)})`;
}

function typicalClause(reading: Reading, statistics: ColumnStatistics, wording: Wording): string {
  if (reading.column.primitive === 'calendar' || Number.isNaN(statistics.median)) return '';
  const words = (x: number): string => figure(x, reading);
  const typical = words(statistics.median);
  const converted = Number.isNaN(statistics.medianPositive) ? typical : words(statistics.medianPositive);
  const others = Number.isNaN(statistics.medianNegative) ? typical : words(statistics.medianNegative);
  if (converted === others) return ` (typical: ${typical})`;
  return ` (typical: ${typical}; where they ${wording.outcome}: ${converted})`;
}

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
