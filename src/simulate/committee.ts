/** What an account's people did lately, as far as it moves deals. */
import { type Account, KINDS, type Kind } from './types.ts';

export const COMMITTEE_DAYS = 14;
export const kindIndex = Object.fromEntries(KINDS.map((k, i) => [k, i])) as Readonly<Record<Kind, number>>;
const BUYING = [kindIndex.pricing, kindIndex.whitepaper, kindIndex.webinar];

export interface Committee {
  readonly people: number;
  readonly departments: number;
  /** Pricing page, whitepaper and webinar all within the window. */
  readonly triad: boolean;
}

const NOBODY: Committee = { people: 0, departments: 0, triad: false };

export function committeeOf(account: Account, day: number): Committee {
  const since = day - COMMITTEE_DAYS;
  if (account.lastAny <= since) return NOBODY;
  let people = 0;
  let seen = 0;
  let departments = 0;
  for (const person of account.people) {
    if (person.left || person.lastAny <= since) continue;
    people++;
    departments |= 1 << person.department;
    for (let bit = 0; bit < BUYING.length; bit++) if (person.last[BUYING[bit]!]! > since) seen |= 1 << bit;
  }
  return { people, departments: bits(departments), triad: people >= 3 && seen === 7 };
}

/** Any of the account's people did one of `kinds` in the last `days`. */
export const didLately = (account: Account, day: number, days: number, kinds: readonly Kind[]): boolean =>
  account.lastAny > day - days &&
  account.people.some((p) => kinds.some((k) => p.last[kindIndex[k]]! > day - days));

const bits = (mask: number): number => {
  let n = 0;
  for (let left = mask; left !== 0; left &= left - 1) n++;
  return n;
};
