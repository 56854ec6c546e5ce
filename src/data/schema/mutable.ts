/**
 * Columns whose value may change after the row is written, by name and role (DESIGN: state, owner, score, count to date,
 * last-something, and what tells how things ended). Events are written once: only a state makes them mutable. The reason
 * is kept as text for the user.
 */
import { isTimeColumn, type JudgedTable } from './facts.ts';
import {
  CLOSE_WORDS,
  COUNT_WORDS,
  conceptsOfWord,
  END_WORDS,
  FUTURE_WORDS,
  GEO_WORDS,
  hasWord,
  LAST_WORDS,
  OUTCOME_WORDS,
  OWNER_WORDS,
  SCORE_WORDS,
  SIZE_WORDS,
  STATE_WORDS,
  STATIC_COUNT_WORDS,
  stems,
  TAG_WORDS,
  tokens,
  UPDATE_WORDS,
} from './lexicon.ts';
import type { ColumnProfile } from './profile.ts';

export function mutableReason(table: JudgedTable, c: ColumnProfile): string | undefined {
  const { name } = c.column;
  if (table.key.includes(name) || name === table.times.time || name === table.times.knownAt) return undefined;
  if (table.role === 'history' || (table.role === 'lookup' && !isTimeColumn(c))) return undefined;
  const words = stems(name);
  if (table.flatOf !== undefined && !table.keyed.has(name))
    return `copied into a flat export of ${table.flatOf} at an unknown moment`;
  if (isTimeColumn(c)) return timeReason(table, c, words);
  if (table.keyed.has(name)) return table.role === 'entity' ? keyReason(words) : undefined;
  if (table.role === 'event')
    return STATE_WORDS.has(words.at(-1) ?? '') && isState(table, c, words)
      ? 'a state moves on after the row is written'
      : undefined;
  return entityReason(table, c, words);
}

const MERGE_WORDS = new Set(['master', 'merge', 'merged', 'survivor']);

/** Keys that are filled, or point elsewhere, after the row is written. */
function keyReason(words: readonly string[]): string | undefined {
  if (isOwner(words)) return 'the owner may be reassigned';
  return hasWord(words, OUTCOME_WORDS) || hasWord(words, MERGE_WORDS)
    ? 'filled when it happens, after the row is written'
    : undefined;
}

/** Other times of the row: filled when they happen, or edited. */
function timeReason(table: JudgedTable, c: ColumnProfile, words: readonly string[]): string | undefined {
  if (hasWord(words, UPDATE_WORDS) || hasWord(words, LAST_WORDS)) return 'moves with every edit or activity';
  if (hasWord(words, FUTURE_WORDS)) return 'an expected date is edited as things move';
  const happens = hasWord(words, CLOSE_WORDS) || hasWord(words, END_WORDS);
  if (happens || table.later.has(c.column.name)) return 'filled when it happens, after the row is written';
  return undefined;
}

const EDITED = new Set(['updated', 'modified', 'edited', 'changed']);

function entityReason(table: JudgedTable, c: ColumnProfile, words: readonly string[]): string | undefined {
  if (isState(table, c, words)) return 'a state moves on after the row is written';
  if (isOwner(words)) return 'the owner may be reassigned';
  if (isTypeOfRelation(c, words)) return 'the kind of relation changes when it converts';
  if (hasWord(words, LAST_WORDS) || words.some((w) => EDITED.has(w)))
    return 'holds the latest, not the first, value';
  if (isStageFlag(words, c)) return 'a flag of a stage reached later';
  if (hasWord(words, OUTCOME_WORDS)) return 'tells how it ended';
  if (isScore(words)) return 'a score or grade is recomputed over time';
  if (isCountToDate(c, words)) return 'a count or total to date grows over time';
  if (words.some((w) => TAG_WORDS.has(w))) return 'written while the record is worked';
  return isClosingAmount(table, words) ? 'may be firmed up until closing' : undefined;
}

/** `state` is a place where the table has addresses or the cells are short codes. */
function isState(table: JudgedTable, c: ColumnProfile, words: readonly string[]): boolean {
  if (!hasWord(words, STATE_WORDS) || c.column.semantic === 'numeric') return false;
  if (
    !words.includes('state') ||
    hasWord(
      words.filter((w) => w !== 'state'),
      STATE_WORDS,
    )
  )
    return true;
  const isPlace = (other: ColumnProfile): boolean =>
    hasWord(
      stems(other.column.name).filter((w) => w !== 'state'),
      GEO_WORDS,
    );
  return !table.profile.columns.some(isPlace) && c.values.some((v) => v.length > 3);
}

const isOwner = (words: readonly string[]): boolean =>
  hasWord(words, OWNER_WORDS) && !hasWord(words, LAST_WORDS) && !words.includes('home');

const STAGES = new Set(
  'mql sql sal pql customer qualified active won closed converted deleted opportunity open client paying churned archived lost'.split(
    ' ',
  ),
);
const FLAGS = new Set(['is', 'has', 'was']);
function isStageFlag(words: readonly string[], c: ColumnProfile): boolean {
  if (c.column.type !== 'boolean') return false;
  if (words.includes('created') && words.some((w) => conceptsOfWord(w).includes('deal'))) return true;
  return words.some((w) => FLAGS.has(w)) && words.some((w) => STAGES.has(w));
}

function isScore(words: readonly string[]): boolean {
  const last = words.filter((w) => !/^\d+$/.test(w)).at(-1);
  return last !== undefined && SCORE_WORDS.has(last);
}

const TO_DATE = new Set([
  'since',
  'elapsed',
  'spent',
  'streak',
  'visit',
  'usage',
  'frequency',
  'tenure',
  'recency',
]);
const MONEY = new Set(['amount', 'price', 'value', 'cost', 'tax', 'due', 'discount', 'payable']);
function isCountToDate(c: ColumnProfile, words: readonly string[]): boolean {
  if (c.column.semantic !== 'numeric') return false;
  if (hasWord(words, SIZE_WORDS) || words.some((w) => MONEY.has(w))) return false;
  const counting = words.filter((w, i) => COUNT_WORDS.has(w) && !(w === 'number' && i === words.length - 1));
  const fixed =
    words.some((w) => STATIC_COUNT_WORDS.has(w)) && !words.includes('total') && !words.includes('lifetime');
  return (counting.length > 0 && !fixed) || words.some((w) => TO_DATE.has(w));
}

const CLIENT = /^(customer|client|prospect|lead|opportunity|former customer|churned)s?$/i;
function isTypeOfRelation(c: ColumnProfile, words: readonly string[]): boolean {
  return words.at(-1) === 'type' && c.values.filter((v) => CLIENT.test(v)).length >= 2;
}

const CLOSING = new Set('amount value acv arr mrr tcv revenue price discount'.split(' '));
const AT_START = new Set('estimated estimate initial list budget expected first original'.split(' '));
/** The amount of a deal with a closing time, unless it says that it is the first estimate. */
export function isClosingAmount(table: JudgedTable, words: readonly string[]): boolean {
  if (table.concept !== 'deal' || table.times.labelTime === undefined) return false;
  return words.some((w) => CLOSING.has(w)) && !words.some((w) => AT_START.has(w));
}

/** `status` and `StatusName` of the same thing: stems without words that add nothing. */
export const stateStems = (name: string): readonly string[] =>
  tokens(name).filter((t) => !['id', 'name', 'current', 'type', 'code', 'value'].includes(t));
