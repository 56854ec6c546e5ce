/** What people do on a day: how much by need and habit, what by how far the account has come. */
import { kindIndex } from './committee.ts';
import { draw, drawCount, drawInt, drawPoisson, drawWeighted } from './random.ts';
import { type Account, KINDS, type Kind, type Person, type Recorder, type World } from './types.ts';

/** Weights over KINDS by need: from opening mails to asking for a demo. */
const LEANING: readonly (readonly number[])[] = [
  //  open  ad   blog case webi white price docs demo meet call
  [6, 2, 3, 0.6, 0.5, 0.25, 0.25, 0.3, 0.01, 0.05, 0.2],
  [4, 1, 4, 2, 1.2, 0.6, 0.5, 0.6, 0.05, 0.2, 0.4],
  [2, 0.3, 1, 2, 1.5, 1.6, 1.6, 1.6, 0.3, 0.8, 0.6],
  [1.5, 0.1, 0.4, 1, 0.6, 1, 2.2, 2.4, 0.8, 1.8, 1],
];

/** The order in which accounts that mean it take the steps. */
export const PATH: readonly Kind[] = ['blog', 'case_study', 'pricing', 'docs', 'demo_request'];

export const POINTS: Readonly<Partial<Record<Kind, number>>> = {
  email_open: 5,
  ad_click: 5,
  pricing: 5,
  whitepaper: 5,
  webinar: 5,
  demo_request: 10,
};
const MQL_POINTS = 45;
const MAX_ACTIONS = 6;
const WORKED_DAYS = 30;
/** Accounts a rep works at a time. */
const CAPACITY = 8;

export function actToday(world: World, account: Account, recorder: Recorder | undefined): void {
  const { idle, engaged } = world.options.mechanisms;
  for (const person of account.people) {
    if (person.left) continue;
    const worked = account.workedUntil > world.day ? 1.3 : 1;
    const keen = person.involved ? engaged[account.need]! * (person.champion ? 1.6 : 1) : 0;
    const none = keen === 0 && worked === 1 ? person.calm : Math.exp(-worked * (keen + idle * person.habit));
    const n = Math.min(MAX_ACTIONS, drawCount(account, none));
    const leaning = LEANING[person.involved ? account.need : 0]!;
    for (let i = 0; i < n; i++) {
      act(world, account, person, KINDS[drawWeighted(account, leaning)]!, recorder);
    }
  }
}

/** Also used for what is planted. */
export function act(
  world: World,
  account: Account,
  person: Person,
  kind: Kind,
  recorder: Recorder | undefined,
): void {
  const { day } = world;
  person.lastAny = day;
  person.last[kindIndex[kind]] = day;
  account.lastAny = day;
  follow(account, kind, day);
  if (account.deal && (kind === 'meeting' || kind === 'call')) account.deal.lastMeeting = day;
  if ((kind === 'docs' || kind === 'demo_request') && account.need > 0) startUsing(account, person);
  recorder?.action(world, account, person, kind);
  score(world, account, person, kind, recorder);
}

function follow(account: Account, kind: Kind, day: number): void {
  if (day - account.chainDay > 45) account.chain = 0;
  if (PATH[account.chain] === kind) {
    account.chain++;
    account.chainDay = day;
  } else if (kind === 'demo_request' && account.chain < 3) account.hollow = day;
}

function startUsing(account: Account, person: Person): void {
  const place = account.people.indexOf(person);
  if (!account.users.includes(place)) account.users.push(place);
}

/** Points go up with every click; at the threshold a lead is handed to sales, who work as many as they can. */
function score(
  world: World,
  account: Account,
  person: Person,
  kind: Kind,
  recorder: Recorder | undefined,
): void {
  const points = POINTS[kind];
  if (points === undefined || person.lead < 0) return;
  person.points += points;
  if (person.points >= MQL_POINTS && person.status === 'Open') {
    person.status = 'MQL';
    const free = world.load[account.rep]! < CAPACITY;
    if (free && account.workedUntil <= world.day) {
      world.load[account.rep]! += 1;
      account.workedUntil = world.day + WORKED_DAYS;
    }
  }
  recorder?.lead(world, account, person);
}

/** People come to know of a need, one by one; one of them may become its champion. */
export function involve(account: Account): void {
  if (account.need === 0) return;
  const champions = account.people.some((p) => p.champion);
  for (const person of account.people) {
    if (person.left || person.involved) continue;
    if (draw(account) >= 0.02 + 0.04 * account.need) continue;
    person.involved = true;
    if (!champions && account.need >= 2 && draw(account) < 0.35) person.champion = true;
  }
}

export function useToday(world: World, account: Account, recorder: Recorder | undefined): void {
  if (account.users.length === 0 && account.usageMonth < 1e-3) return;
  const keen = account.need >= 2 ? 1.4 : account.customer > 0 ? 0.8 : 0.15;
  let logins = 0;
  for (const place of account.users) {
    const person = account.people[place]!;
    if (person.left) continue;
    const n = drawPoisson(account, keen * 0.6);
    if (n === 0) continue;
    logins += n;
    recorder?.use(world, account, person, n);
  }
  account.usageWeek += (logins - account.usageWeek) / 7;
  account.usageMonth += (logins - account.usageMonth) / 28;
  if (account.need >= 2 && account.users.length > 0 && draw(account) < 0.04) invite(account);
}

/** A user asks a colleague in. */
function invite(account: Account): void {
  const place = drawInt(account, account.people.length);
  const person = account.people[place]!;
  if (person.left || account.users.includes(place)) return;
  account.users.push(place);
  person.involved = true;
}
