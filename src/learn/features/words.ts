/** Words of feature sentences: what a source's events are called, singular forms, windows in words. */
import { words } from './lexicon-signals.ts';
import type { EventSource, Group } from './plan-types.ts';

export const singular = (noun: string): string =>
  noun
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1');

/** `account`, `account's owner` … */
export const groupWords = (group: Group): string => singular(words(group.table));

/** `touches`, `touches of other leads of the same account`, `invoices of the account`. */
export function eventWords(source: EventSource, entityTable: string): string {
  const verb = source.stream === 'closed' ? 'closed ' : '';
  const noun = `${verb}${words(source.table)}`;
  if (source.group.column !== undefined) return peerWords(source, noun, entityTable);
  if (source.group.up.length === 0) return noun;
  const parent = groupWords(source.group);
  if (source.memberStep === undefined) return `${noun} of the ${parent}`;
  const others = `${source.excludeSelf ? 'other ' : ''}${words(entityTable)} of the same ${parent}`;
  return source.table === entityTable ? others : `${noun} of ${others}`;
}

export const windowWords = (days: number | undefined): string =>
  days === undefined ? 'ever' : `in the last ${days} days`;

export const columnWords = (column: string): string => words(column);

/** `deals of leads with the same source`, `leads with the same source`. */
function peerWords(source: EventSource, noun: string, entityTable: string): string {
  const peers = `${words(source.group.table)} with the same ${words(source.group.column ?? '')}`;
  return source.down.length === 0 || source.table === entityTable ? peers : `${noun} of ${peers}`;
}
