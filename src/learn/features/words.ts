/** Words of feature sentences: what a source's events are called, singular forms, windows in words. */
import { singular } from '../../data/schema/lexicon.ts';
import { words } from './lexicon-signals.ts';
import type { CategoryMeasure, EventSource, Group, NumericMeasure } from './plan-types.ts';

/** `account`; over a link of a table to itself `invited by contact`. */
export function groupWords({ up, table }: Group): string {
  const last = up.at(-1)?.link ?? '';
  const kind = last.endsWith(`~${table}`) ? 'earlier' : linkWords(last);
  return `${last.startsWith(`${table}.`) ? `${kind} ` : ''}${singular(words(table))}`;
}

/** `touches`, `touches of other leads of the same account`, `invoices of the account`. */
export function eventWords(source: EventSource, entityTable: string): string {
  const noun = rowWords(source);
  if (source.group.column === undefined) {
    if (source.group.up.length === 0) return source.table === entityTable ? naming(source, noun) : noun;
    if (source.memberStep === undefined) return `${noun} of the ${groupWords(source.group)}`;
  }
  const members = memberWords(source, entityTable);
  return source.down.length === 0 || source.table === entityTable ? members : `${noun} of ${members}`;
}

/** Rows of the entity's own table that point at it. */
const naming = (source: EventSource, noun: string): string =>
  source.down.length === 1 ? `${noun} that name it in ${linkWords(source.down[0]!.link)}` : noun;

/** `contacts.invited_by_id` → `invited by`. */
export const linkWords = (link: string): string =>
  words(link.split('.').at(-1) ?? link).replace(/ (id|key|no|ref)$/, '');

/** `closed deals` */
export const rowWords = (source: EventSource): string =>
  `${source.stream === 'closed' ? 'closed ' : ''}${words(source.table)}`;

/** Whose events they are: `other leads of the same account`, `leads with the same source`. */
export function memberWords(source: EventSource, entityTable: string): string {
  const { group } = source;
  if (group.column !== undefined) return `${words(group.table)} with the same ${words(group.column)}`;
  return `${source.excludeSelf ? 'other ' : ''}${words(entityTable)} of the same ${groupWords(group)}`;
}

export const windowWords = (days: number | undefined): string =>
  days === undefined ? 'ever' : `in the last ${days} days`;

export const columnWords = (column: string): string => words(column);

export const measureWords = (m: NumericMeasure): string =>
  m.times === undefined ? columnWords(m.column) : `${columnWords(m.column)} × ${columnWords(m.times)}`;

/** `page pricing`, `opted in`, `not opted in` */
export function valueWords(m: CategoryMeasure, value: string): string {
  const what = columnWords(m.column);
  if (!m.boolean) return `${what} ${columnWords(value)}`;
  return value === 'true' ? what : `not ${what}`;
}
