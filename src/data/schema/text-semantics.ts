/** What a text column holds: free text, one category, several categories in a cell, or a job title. */
import { isNullToken, wordCount } from './cells.ts';
import {
  CATEGORY_WORDS,
  hasWord,
  LIST_WORDS,
  NAME_WORDS,
  stems,
  TEXT_WORDS,
  TITLE_WORDS,
} from './lexicon.ts';
import { parseTitle } from './title.ts';
import type { SemanticType } from './types.ts';

export interface TextFacts {
  readonly name: string;
  readonly filled: number;
  readonly distinct: number;
  /** Sampled cells with repeats. */
  readonly sample: readonly string[];
}

export interface TextSemantic {
  readonly semantic: SemanticType;
  readonly separator?: string;
}

export function textSemantic(facts: TextFacts): TextSemantic {
  const distinct = [...new Set(facts.sample)].filter((c) => !isNullToken(c, true));
  if (isTitle(facts.name, distinct)) return { semantic: 'title' };
  const separator = listSeparator(facts, distinct);
  if (separator !== undefined) return { semantic: 'multicategorical', separator };
  return { semantic: isCategory(facts, distinct) ? 'categorical' : 'text' };
}

/** Titles name a level and a field of work; a column of levels alone (`VP`, `IC`) or of codes (`it_director`) is a category. */
function isTitle(name: string, distinct: readonly string[]): boolean {
  if (distinct.length === 0 || distinct.some((c) => c.includes('_'))) return false;
  const parsed = distinct.map(parseTitle);
  const share = (has: (p: (typeof parsed)[number]) => boolean): number =>
    parsed.filter(has).length / parsed.length;
  const levels = share((p) => p.seniority !== undefined);
  const fields = share((p) => p.seniority !== undefined && p.department !== undefined);
  const named = hasWord(stems(name), TITLE_WORDS);
  return (
    (named && levels >= 0.5 && fields >= 0.4) || (distinct.length >= 6 && levels >= 0.9 && fields >= 0.7)
  );
}

const SEPARATORS = [';', '|', ','] as const;
const MAX_ITEM_LENGTH = 40;

function listSeparator(facts: TextFacts, distinct: readonly string[]): string | undefined {
  return SEPARATORS.find((mark) => isList(facts, distinct, mark));
}

function isList(facts: TextFacts, distinct: readonly string[], mark: string): boolean {
  const split = distinct.map((c) => c.split(mark).map((item) => item.trim()));
  const several = split.filter((items) => items.length > 1).length;
  if (several === 0) return false;
  const items = split.flat();
  const short = items.filter((item) => item.length <= MAX_ITEM_LENGTH && wordCount(item) <= 4).length;
  if (short < 0.95 * items.length) return false;
  if (hasWord(stems(facts.name), LIST_WORDS)) return true;
  const lengths = new Set(split.map((parts) => parts.length));
  const kinds = new Set(items).size;
  return (
    several >= 0.2 * distinct.length &&
    lengths.size > 1 &&
    distinct.length >= 8 &&
    kinds <= 0.4 * items.length
  );
}

/** Few distinct short values that repeat. In tables too small to repeat, the name decides. */
function isCategory(facts: TextFacts, distinct: readonly string[]): boolean {
  const parts = stems(facts.name);
  const mean = distinct.reduce((sum, c) => sum + c.length, 0) / Math.max(1, distinct.length);
  if (mean > 60) return false;
  const repeats = facts.filled / Math.max(1, facts.distinct);
  if (facts.filled < 40 && repeats < 3)
    return hasWord(parts, CATEGORY_WORDS) || (repeats >= 2 && !hasWord(parts, TEXT_WORDS));
  if (hasWord(parts, TEXT_WORDS)) return facts.distinct <= 50 && repeats >= 20;
  return hasWord(parts, NAME_WORDS) ? repeats >= 10 : repeats >= 2 && facts.distinct <= 20000;
}
