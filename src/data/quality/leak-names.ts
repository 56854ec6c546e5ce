/**
 * What a column's name says about when its value is written, in general English and CRM words. Names only decide for
 * the entity's own row and rows one-to-one with it: the same words in an event are its payload.
 */
import {
  CLOSE_WORDS,
  hasWord,
  LAST_WORDS,
  OLD_WORDS,
  OUTCOME_WORDS,
  SCORE_WORDS,
  STATE_WORDS,
  stems,
  TAG_WORDS,
} from '../schema/lexicon.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const STAGE_WORDS = words('mql sql sal sales_qualified handoff');
const LENGTH_WORDS = words('duration elapsed');
const UNIT_WORDS = words('second minute hour day week month');
const PROCESS_WORDS = words('through until total ratio between stage step phase cycle open close');

/** Why the name speaks of something written after the row, as a clause; undefined when it does not. */
export function outcomeName(column: string): string | undefined {
  const parts = stems(column);
  const before = hasWord(parts, OLD_WORDS) && !parts.includes('to') && !parts.includes('from');
  if (before) return undefined;
  if (hasWord(parts, OUTCOME_WORDS) || hasWord(parts, CLOSE_WORDS)) return 'its name tells how it ended';
  if (parts.some((p) => STAGE_WORDS.has(p))) return 'its name is a stage reached later';
  return undefined;
}

/** Measures of a whole process or call, known when it is over. */
export function processName(column: string): string | undefined {
  const parts = stems(column);
  const measured = parts.some((p) => LENGTH_WORDS.has(p));
  const spans = parts.some((p) => UNIT_WORDS.has(p)) && parts.some((p) => PROCESS_WORDS.has(p));
  const steps = hasWord(parts, STATE_WORDS) && parts.some((p) => p === 'count' || p === 'change');
  return measured || spans || steps
    ? 'its name is a measure of the whole course, known at its end'
    : undefined;
}

/** Values kept up to date by the people or systems that work the record: latest, state, score, note. */
export function workedName(column: string): boolean {
  const parts = stems(column);
  const last = parts.filter((p) => !/^\d+$/.test(p)).at(-1);
  return (
    hasWord(parts, LAST_WORDS) ||
    hasWord(parts, STATE_WORDS) ||
    (last !== undefined && SCORE_WORDS.has(last)) ||
    parts.some((p) => TAG_WORDS.has(p))
  );
}
