/** What the story's tables call accounts, people, leads and deals. */
import { DEPARTMENTS, INDUSTRIES, REGIONS, SOURCES, TECHNOLOGIES } from '../profile.ts';
import { scramble } from '../random.ts';
import { ids } from '../tables/ids.ts';
import { companyName, personName, stamp } from '../tables/names.ts';
import { type Account, DAY, type Deal, type Person, type World } from '../types.ts';
import type { StoryNames } from './script.ts';

const SENIORITIES = ['IC', 'Manager', 'Director', 'VP', 'C-Level'] as const;

export interface Printed {
  account(account: Account): string;
  /** One lead an account: the request its first inbound person made. */
  lead(account: Account): string;
  person(person: Person): string;
  deal(deal: Deal): string;
  company(world: World, account: Account): string;
  industry(account: Account): string;
  source(world: World, account: Account): string;
  name(world: World, person: Person): string;
}

export const printed = ({ accounts, people, deals }: StoryNames): Printed => ({
  account: ({ id }) => accounts.get(id)?.id ?? ids.account(id),
  lead: ({ id }) => accounts.get(id)?.lead ?? ids.lead(id),
  person: ({ id }) => people.get(id)?.id ?? ids.person(id),
  deal: ({ id }) => deals.get(id) ?? ids.deal(id),
  company: (world, { id }) => accounts.get(id)?.company ?? companyName(world.options.seed, id),
  industry: ({ id, industry }) => accounts.get(id)?.printedIndustry ?? INDUSTRIES[industry]!.name,
  source: (world, { id }) =>
    accounts.get(id)?.source ?? SOURCES[scramble(world.options.seed, id) % SOURCES.length]!,
  name: (world, { id }) => people.get(id)?.name ?? personName(world.options.seed, id),
});

export const region = ({ region }: Account): string => REGIONS[region]!;
export const technologies = (account: Account): string =>
  account.technologies.map((t) => TECHNOLOGIES[t]!).join(', ');
export const department = ({ department }: Person): string => DEPARTMENTS[department]!;
export const seniority = ({ seniority }: Person): string => SENIORITIES[seniority]!;

export const revenue = (world: World, { id, employees }: Account): number =>
  employees * (90_000 + (scramble(world.options.seed, id) % 120_000));

/** `$500M`. */
export function money(amount: number): string {
  if (amount >= 1e9) return `$${Math.round(amount / 1e8) / 10}B`;
  return amount >= 1e6 ? `$${Math.round(amount / 1e6)}M` : `$${Math.round(amount / 1e3)}K`;
}

/** A day without a clock, as the examples write dates. */
export const dayText = (world: World, day: number = world.day): string =>
  stamp(world.options.from + day * DAY).slice(0, 10);
