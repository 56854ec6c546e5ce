/** The layout of account scoring: accounts, contacts with engagement scores and how these changed, opportunities. */
import { combineRecorders, type TableRecorder } from '../tables/combine.ts';
import { DAY, type Kind, type Row, type Sink } from '../types.ts';
import { dealRows } from './deal-rows.ts';
import { dayText, type Printed, region } from './printed.ts';
import type { StoryNames } from './script.ts';

const HALF_LIFE = 14;
/** Weight of an action, and the sum at which two thirds of 100 are reached. */
const WEIGHT: Readonly<Partial<Record<Kind, number>>> = { demo_request: 3, meeting: 3, call: 2, pricing: 2 };
const FULL = 6;
/** Smaller changes are not written down. */
const NEWS = 5;

interface Engaged {
  warmth: number;
  day: number;
  score: number;
}

export function accountTables(sink: Sink, print: Printed, names: StoryNames): TableRecorder {
  const people = new Map<number, Row>();
  const engaged = new Map<number, Engaged>();
  const now = (e: Engaged, day: number): number => e.warmth * 0.5 ** ((day - e.day) / HALF_LIFE);
  const set = (person: number, engagement_score: number, scored_at: string): void => {
    const row: Row = { ...people.get(person), engagement_score };
    people.set(person, row);
    sink('contact_scores', { contact_id: row.contact_id ?? null, engagement_score, scored_at });
  };
  return combineRecorders([
    {
      account: (world, account) =>
        sink('accounts', {
          account_id: print.account(account),
          company_name: print.company(world, account),
          industry: print.industry(account),
          employee_count: account.employees,
          region: region(account),
          created_at: dayText(world, account.born),
        }),
      person(world, account, person) {
        people.set(person.id, {
          contact_id: print.person(person),
          account_id: print.account(account),
          title: person.title,
          engagement_score: 0,
          previous_contact_id: person.before < 0 ? null : nameOf(people, person.before),
          created_at: dayText(world, person.born),
        });
      },
      action(world, _account, person, kind) {
        const known = engaged.get(person.id) ?? { warmth: 0, day: world.day, score: 0 };
        const warmth = now(known, world.day) + (WEIGHT[kind] ?? 1);
        engaged.set(person.id, { ...known, warmth, day: world.day });
      },
      evening(world) {
        const today = dayText(world);
        for (const [id, account] of names.accounts)
          for (const [i, score] of (account.engagement ?? []).entries())
            if (today === dayBefore(account.until)) set(world.accounts[id]!.people[i]!.id, score, today);
        if (world.day % 7 !== 6) return;
        for (const [person, e] of engaged) {
          const score = Math.round(100 * (1 - Math.exp(-now(e, world.day) / FULL)));
          if (Math.abs(score - e.score) < NEWS) continue;
          e.score = score;
          set(person, score, today);
        }
      },
      finish() {
        for (const row of people.values()) sink('contacts', row);
      },
    },
    dealRows(sink, {
      table: 'opportunities',
      key: 'opp_id',
      id: print.deal,
      time: (world) => dayText(world),
      opened: (world, account) => ({
        account_id: print.account(account),
        timestamp: dayText(world),
        won_at: null,
      }),
      closed: (world, won) => ({ won_at: won ? dayText(world) : null }),
    }),
  ]);
}

const nameOf = (people: ReadonlyMap<number, Row>, person: number) => people.get(person)?.contact_id ?? null;

const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY).toISOString().slice(0, 10);
