/** A company's market on the first day: accounts with their people, some already in need. */
import {
  drawEmployees,
  drawIndustry,
  drawRegion,
  drawRole,
  drawTechnologies,
  INDUSTRIES,
  profileFit,
} from './profile.ts';
import { type Drawing, draw, drawInt, drawNormal, drawPoisson, scramble } from './random.ts';
import {
  type Account,
  type CompanyOptions,
  DAY,
  KINDS,
  NEVER,
  type Need,
  type Person,
  type World,
} from './types.ts';

/** Share of accounts known before the first day, and how long before at most. */
const KNOWN_BEFORE = 0.6;
const BEFORE_DAYS = 400;
const LEAD_SHARE = 0.55;
const PARENT_SHARE = 0.05;
/** Accounts per rep. */
export const TERRITORY = 60;
const STARTING_NEED = [0.05, 0.02, 0.01];

export const daysOf = ({ from, to }: CompanyOptions): number => Math.round((to - from) / DAY);

export function createWorld(options: CompanyOptions): World {
  const days = daysOf(options);
  const reps = Math.max(2, Math.ceil(options.accounts / TERRITORY));
  const world: World = {
    options,
    day: 0,
    accounts: [],
    wins: INDUSTRIES.map(() => new Int32Array(days + 1)),
    members: new Int32Array(INDUSTRIES.length),
    load: new Int32Array(reps),
    next: { person: 0, lead: 0, deal: 0 },
  };
  for (let id = 0; id < options.accounts; id++) world.accounts.push(createAccount(world, id, days, reps));
  return world;
}

function createAccount({ options, accounts }: World, id: number, days: number, reps: number): Account {
  const own: Drawing = { random: scramble(options.seed >>> 0, id) };
  const industry = drawIndustry(own);
  const region = drawRegion(own);
  const employees = drawEmployees(own);
  const technologies = drawTechnologies(own);
  const early = draw(own) < KNOWN_BEFORE;
  const born = early ? -1 - drawInt(own, BEFORE_DAYS) : drawInt(own, days);
  const elder = id > 0 && draw(own) < PARENT_SHARE ? drawInt(own, id) : -1;
  const hidden = options.mechanisms.hidden * drawNormal(own);
  return {
    id,
    industry,
    region,
    employees,
    technologies,
    parent: elder >= 0 && accounts[elder]!.born <= born ? elder : -1,
    rep: drawInt(own, reps),
    born,
    fit: profileFit(industry, region, employees, technologies) + hidden,
    ...nothingYet(),
    random: own.random,
    need: early ? startingNeed(own) : 0,
  };
}

/** What has not happened to an account on the day it appears. */
export const nothingYet = () => ({
  people: [],
  blessed: NEVER,
  deal: undefined,
  customer: NEVER,
  lostAt: NEVER,
  lastAny: NEVER,
  chain: 0,
  chainDay: NEVER,
  hollow: NEVER,
  workedUntil: NEVER,
  users: [],
  usageWeek: 0,
  usageMonth: 0,
});

function startingNeed(own: Drawing): Need {
  const u = draw(own);
  let reached = 0;
  let need: Need = 0;
  for (const [i, share] of STARTING_NEED.entries()) {
    reached += share;
    if (need === 0 && u < reached) need = (i + 1) as Need;
  }
  return need;
}

/** People on record when an account appears. */
export const firstPeople = (account: Account): number =>
  1 + drawPoisson(account, 0.4 + 0.35 * Math.log10(account.employees));

export interface Arrival {
  /** Default today. */
  readonly born?: number;
  readonly before?: number;
}

export function createPerson(world: World, account: Account, arrival: Arrival = {}): Person {
  const { mechanisms } = world.options;
  const role = drawRole(account);
  const inbound = draw(account) < LEAD_SHARE;
  const reader = draw(account) < mechanisms.readers;
  const bosses = account.people.filter((p) => !p.left && p.seniority > role.seniority);
  const habit = Math.exp(0.7 * drawNormal(account)) * (reader ? 12 : 1);
  const person: Person = {
    id: world.next.person++,
    ...role,
    born: arrival.born ?? world.day,
    reportsTo: bosses.length > 0 ? bosses[drawInt(account, bosses.length)]!.id : -1,
    habit,
    calm: Math.exp(-mechanisms.idle * habit),
    lead: inbound ? world.next.lead++ : -1,
    before: arrival.before ?? -1,
    status: 'Open',
    points: profilePoints(role.seniority, account.employees),
    involved: false,
    champion: false,
    left: false,
    lastAny: NEVER,
    last: new Int32Array(KINDS.length).fill(NEVER),
  };
  account.people.push(person);
  return person;
}

/** Default point rules on the record. */
const profilePoints = (seniority: number, employees: number): number =>
  (seniority >= 3 ? 10 : 0) + (employees > 1000 ? 15 : 0);
