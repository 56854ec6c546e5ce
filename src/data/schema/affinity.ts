/** How well a column's name says "a row of that table", and how well a key's name fits its own table. */

import {
  conceptOf,
  conceptsOfWord,
  entityStems,
  hasWord,
  isIdWord,
  OWNER_WORDS,
  PARENT_WORDS,
  stems,
  tableStems,
} from './lexicon.ts';
import type { TableProfile } from './profile.ts';

/** Lower case, letters and digits only. */
export const normalName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** 3: says it; 2: a synonym, an abbreviation or a role of it; 0: nothing. */
export type Affinity = 0 | 2 | 3;

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && a.length === b.length && a.every((t, i) => t === b[i]);
const endsWith = (a: readonly string[], b: readonly string[]): boolean =>
  b.length > 0 && a.length >= b.length && b.every((t, i) => t === a[a.length - b.length + i]);

export function linkAffinity(from: string, column: string, to: string, key: string): Affinity {
  const parts = entityStems(column);
  if (from === to) return hasWord(stems(column), PARENT_WORDS) ? 3 : 0;
  if (normalName(column) === normalName(key) && parts.length > 0) return 3;
  const target = tableStems(to);
  const head = target.slice(-1);
  if (same(parts, target) || (same(parts, head) && parts.length > 0)) return 3;
  if (isSubject(parts) && isLogOf(tableStems(from), target)) return 3;
  if (endsWith(parts, target) || endsWith(parts, head)) return 2;
  return isSynonym(parts, stems(column), target, to) ? 2 : 0;
}

const SUBJECTS = new Set(['object', 'record', 'entity', 'parent', 'subject', 'target']);

/** `objectId` of deal_property_history, `ParentId` of AccountHistory: the row that the log is about. */
const isSubject = (parts: readonly string[]): boolean => parts.length === 1 && SUBJECTS.has(parts[0]!);
const isLogOf = (from: readonly string[], target: readonly string[]): boolean =>
  from.length > target.length && target.length > 0 && target.every((t, i) => t === from[i]);

function isSynonym(
  parts: readonly string[],
  all: readonly string[],
  target: readonly string[],
  to: string,
): boolean {
  const last = parts.at(-1);
  const concept = conceptOf(to);
  const owns = hasWord(all, OWNER_WORDS) || all.at(-1) === 'by' || hasWord(all, PARENT_WORDS);
  if (concept === 'staff' && owns) return true;
  if (last === undefined) return false;
  if (isAbbreviation(last, target)) return true;
  return (
    concept !== undefined &&
    concept !== 'activity' &&
    concept !== 'transaction' &&
    conceptsOfWord(last).includes(concept)
  );
}

/** `opp` of opportunities, `acct` of accounts, `mql` of marketing_qualified_leads. */
function isAbbreviation(short: string, target: readonly string[]): boolean {
  if (target.length > 1 && short === target.map((t) => t[0]).join('')) return true;
  const head = target.at(-1)!;
  return (
    short.length >= 3 && short.length < head.length && short[0] === head[0] && isSubsequence(short, head)
  );
}

function isSubsequence(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** Fit of a key's name to its own table: 100 `id`, 95 `<table>_id`, 85 abbreviated or a synonym, 60 any id, 0 none. */
export function ownAffinity(table: string, column: string): number {
  const all = stems(column);
  const parts = entityStems(column);
  const target = tableStems(table);
  const strong = all.some((t) => ['id', 'uuid', 'guid', 'key', 'pk', 'sk'].includes(t)) ? 0 : -15;
  if (parts.length === 0) return 100 + strong;
  if (same(parts, target) || same(parts, target.slice(-1))) return 95 + strong;
  const named = isIdWord(all.at(-1)!);
  if (!named) return 0;
  const concept = conceptOf(table);
  const synonym = concept !== undefined && conceptsOfWord(parts.at(-1)!).includes(concept);
  if (synonym || isAbbreviation(parts.at(-1)!, target) || endsWith(target, parts)) return 85 + strong;
  return 60 + strong;
}

/** The table that a key is about: its key's name says so. */
export const isHome = (table: TableProfile, key: string): boolean => ownAffinity(table.name, key) >= 70;
