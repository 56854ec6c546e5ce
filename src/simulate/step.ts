/** One day of the whole market. */
import { actToday, involve, useToday } from './behaviour.ts';
import { createPerson, firstPeople } from './create.ts';
import { moveDeal, openDeal } from './deals.ts';
import { awakeningOf, dealChances, openingOf, peerWins, seasonOf } from './hazard.ts';
import { INDUSTRIES } from './profile.ts';
import { draw, drawInt } from './random.ts';
import { type Account, type Need, type Person, type Recorder, STAGES, type World } from './types.ts';

/** Told the chance that each account opens a deal, or wins the one in its last stage, before it is drawn. */
export interface Watcher {
  opening(account: Account, chance: number): void;
  winning(account: Account, chance: number): void;
}

export interface StepOptions {
  readonly recorder?: Recorder;
  readonly watcher?: Watcher;
  /** Accounts, by number, to which nothing happens of itself today. */
  readonly written?: (account: number) => boolean;
}

/** Silence after which a lead that was handed over goes back to nurturing. */
const NURTURE_DAYS = 60;

export function step(world: World, { recorder, watcher, written }: StepOptions = {}): void {
  const season = seasonOf(world);
  const peers = INDUSTRIES.map((_, i) => peerWins(world, i));
  for (const account of world.accounts) {
    if (account.born > world.day || written?.(account.id)) continue;
    if (account.people.length === 0) appear(world, account, recorder);
    live(world, account, season, peers[account.industry]!, recorder);
    if (account.deal) progress(world, account, recorder, watcher);
    else tryOpening(world, account, season, recorder, watcher);
  }
  recorder?.evening(world);
  world.day++;
}

function appear(world: World, account: Account, recorder: Recorder | undefined): void {
  world.members[account.industry]! += 1;
  recorder?.account(world, account);
  for (let n = firstPeople(account); n > 0; n--) {
    const born = account.born < 0 ? account.born + drawInt(account, -account.born) : account.born;
    const person = createPerson(world, account, { born });
    recorder?.person(world, account, person);
  }
}

function live(
  world: World,
  account: Account,
  season: number,
  peers: number,
  recorder: Recorder | undefined,
): void {
  if (account.workedUntil === world.day) world.load[account.rep]! -= 1;
  changeNeed(world, account, season, peers);
  involve(account);
  actToday(world, account, recorder);
  useToday(world, account, recorder);
  meetNew(world, account, recorder);
  changeJobs(world, account, recorder);
  nurture(world, account, recorder);
}

function changeNeed(world: World, account: Account, season: number, peers: number): void {
  const { deepening, fading } = world.options.mechanisms;
  const u = draw(account);
  if (account.need === 0) {
    if (u < awakeningOf(world, account, season, peers)) account.need = 1;
  } else if (u < fading && !account.deal) {
    account.need = 0;
    for (const person of account.people) person.involved = person.champion = false;
  } else if (account.need < 3 && u > 1 - deepening) account.need = (account.need + 1) as Need;
}

/** Forms bring people nobody knew, more of them where there is a need. */
function meetNew(world: World, account: Account, recorder: Recorder | undefined): void {
  const crowding = 1 / (1 + account.people.length / 8);
  if (draw(account) >= (account.need === 0 ? 0.002 : 0.012 * account.need) * crowding) return;
  const person = createPerson(world, account);
  person.involved = account.need > 0;
  recorder?.person(world, account, person);
}

/** A person leaves for another company; an executive of a customer carries the product's name along. */
function changeJobs(world: World, account: Account, recorder: Recorder | undefined): void {
  const { jobChange } = world.options.mechanisms;
  if (draw(account) >= jobChange * account.people.length) return;
  const person: Person = account.people[drawInt(account, account.people.length)]!;
  const next = world.accounts[drawInt(account, world.accounts.length)]!;
  if (person.left || next === account || next.people.length === 0) return;
  person.left = true;
  person.involved = person.champion = false;
  const arrived = createPerson(world, next, { before: person.id });
  if (account.customer > 0 && person.seniority >= 2) next.blessed = world.day;
  recorder?.person(world, next, arrived);
}

function nurture(world: World, account: Account, recorder: Recorder | undefined): void {
  if (world.day % 7 !== account.id % 7) return;
  for (const person of account.people) {
    if (person.status !== 'MQL' || world.day - person.lastAny < NURTURE_DAYS) continue;
    person.status = 'Nurture';
    recorder?.lead(world, account, person);
  }
}

function tryOpening(
  world: World,
  account: Account,
  season: number,
  recorder: Recorder | undefined,
  watcher: Watcher | undefined,
): void {
  const chance = openingOf(world, account, season);
  watcher?.opening(account, chance);
  if (draw(account) < chance) openDeal(world, account, recorder);
}

function progress(
  world: World,
  account: Account,
  recorder: Recorder | undefined,
  watcher: Watcher | undefined,
): void {
  if (watcher && account.deal!.stage === STAGES.length - 1)
    watcher.winning(account, dealChances(world, account).forward);
  moveDeal(world, account, recorder);
}
