/** What a simulated company is made of: options in, rows of tables out, and the state that moves from day to day. */
import type { Mechanisms } from './mechanisms.ts';

export const DAY = 86_400_000;

/** A cell as files write it: text, a number, or nothing. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Takes rows in the order they happen; times never go back. */
export type Sink = (table: string, row: Row) => void;

export interface CompanyOptions {
  readonly seed: number;
  readonly accounts: number;
  /** First day, ms since epoch, 00:00 UTC. */
  readonly from: number;
  /** First day after the last. */
  readonly to: number;
  readonly mechanisms: Mechanisms;
}

export type Stage = 'Discovery' | 'Demo' | 'Proposal' | 'Negotiation';
export const STAGES: readonly Stage[] = ['Discovery', 'Demo', 'Proposal', 'Negotiation'];

/** No need, aware of one, evaluating, deciding. */
export type Need = 0 | 1 | 2 | 3;

/** What a person does, in the order a buying sequence takes. */
export const KINDS = [
  'email_open',
  'ad_click',
  'blog',
  'case_study',
  'webinar',
  'whitepaper',
  'pricing',
  'docs',
  'demo_request',
  'meeting',
  'call',
] as const;
export type Kind = (typeof KINDS)[number];

/** Days of the last action of each kind, counted from the first day; far in the past when never. */
export const NEVER = -10_000;

export interface Person {
  readonly id: number;
  readonly title: string;
  /** Place in DEPARTMENTS. */
  readonly department: number;
  /** 0 staff, 1 manager, 2 director, 3 vice president, 4 C-level. */
  readonly seniority: number;
  readonly born: number;
  readonly reportsTo: number;
  /** Actions a day without any need, relative to the usual. */
  readonly habit: number;
  /** Chance of a day without any action while there is no need. */
  readonly calm: number;
  /** Lead number when the person came as a lead, else −1. */
  readonly lead: number;
  /** Person this one was at the company before; −1: nobody known. */
  readonly before: number;
  status: LeadStatus;
  /** Points as a sales development rule gives them: title, size, content. */
  points: number;
  involved: boolean;
  champion: boolean;
  left: boolean;
  lastAny: number;
  /** Day of the last action of each kind. */
  readonly last: Int32Array;
}

export type LeadStatus = 'Open' | 'MQL' | 'Working' | 'Nurture' | 'Converted' | 'Closed Won' | 'Closed Lost';

export interface Deal {
  readonly id: number;
  readonly born: number;
  readonly roles: readonly number[];
  amount: number;
  stage: number;
  since: number;
  lastMeeting: number;
}

export interface Account {
  readonly id: number;
  readonly industry: number;
  readonly region: number;
  readonly employees: number;
  readonly technologies: readonly number[];
  readonly parent: number;
  readonly rep: number;
  readonly born: number;
  /** Log of how well it suits, from its profile and from what no table tells. */
  readonly fit: number;
  readonly people: Person[];
  /** State of its own random numbers: what happens at one account disturbs no other's. */
  random: number;
  need: Need;
  /** An executive who came from a customer, or a customer's referral: day it took effect. */
  blessed: number;
  deal: Deal | undefined;
  /** Day it became a customer; NEVER before. */
  customer: number;
  lostAt: number;
  lastAny: number;
  /** Steps of the buying sequence taken in order, and the day of the last. */
  chain: number;
  chainDay: number;
  /** Day of a demo request that nothing led up to; NEVER without. */
  hollow: number;
  /** Until when a rep works it. */
  workedUntil: number;
  /** Places in `people` of those who use the free tier or the product. */
  users: number[];
  /** Logins a day, averaged over about a week and a month. */
  usageWeek: number;
  usageMonth: number;
}

/** Everything that moves. Plain data: copied whole for futures that may happen. */
export interface World {
  readonly options: CompanyOptions;
  day: number;
  readonly accounts: Account[];
  /** Wins of each industry, by day of the simulation. */
  readonly wins: readonly Int32Array[];
  /** Accounts of each industry that exist. */
  readonly members: Int32Array;
  /** Accounts each rep works now. */
  readonly load: Int32Array;
  readonly next: { person: number; lead: number; deal: number };
}

/** Told what happens, as it happens; changes nothing. A future that is only imagined has none. */
export interface Recorder {
  account(world: World, account: Account): void;
  person(world: World, account: Account, person: Person): void;
  action(world: World, account: Account, person: Person, kind: Kind): void;
  use(world: World, account: Account, person: Person, logins: number): void;
  lead(world: World, account: Account, person: Person): void;
  opened(world: World, account: Account, deal: Deal): void;
  moved(world: World, account: Account, deal: Deal): void;
  closed(world: World, account: Account, deal: Deal, won: boolean): void;
  /** The day is over. */
  evening(world: World): void;
}
