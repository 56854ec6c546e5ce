/** The life of a deal: opened with the people involved, moved on or lost day by day, won from the last stage. */
import { dealChances } from './hazard.ts';
import { draw, drawNormal } from './random.ts';
import { type Account, type Deal, type LeadStatus, type Recorder, STAGES, type World } from './types.ts';

/** Places in `people` of those a deal opened now would name: who is involved, else who was active last. */
export function rolesOf({ people }: Account): readonly number[] {
  const involved: number[] = [];
  let latest = -1;
  for (let i = 0; i < people.length; i++) {
    const person = people[i]!;
    if (person.left) continue;
    if (person.involved) involved.push(i);
    if (latest < 0 || person.lastAny > people[latest]!.lastAny) latest = i;
  }
  return involved.length > 0 || latest < 0 ? involved : [latest];
}

export function openDeal(world: World, account: Account, recorder: Recorder | undefined): void {
  const amount = 8000 * Math.exp(0.35 * Math.log(account.employees) + 0.5 * drawNormal(account));
  const deal: Deal = {
    id: world.next.deal++,
    born: world.day,
    roles: rolesOf(account),
    amount: Math.round(amount / 500) * 500,
    stage: 0,
    since: world.day,
    lastMeeting: world.day,
  };
  account.deal = deal;
  if (account.need < 2) account.need = 2;
  recorder?.opened(world, account, deal);
  changeLeads(world, account, deal, 'Converted', recorder);
}

export function moveDeal(world: World, account: Account, recorder: Recorder | undefined): void {
  const deal = account.deal!;
  const { forward, lost } = dealChances(world, account);
  const u = draw(account);
  if (u < lost) closeDeal(world, account, false, recorder);
  else if (u < lost + forward) {
    if (deal.stage === STAGES.length - 1) closeDeal(world, account, true, recorder);
    else {
      deal.stage++;
      deal.since = world.day;
      if (draw(account) < 0.3)
        deal.amount = Math.round((deal.amount * (0.7 + 0.6 * draw(account))) / 500) * 500;
      recorder?.moved(world, account, deal);
    }
  }
}

export function closeDeal(
  world: World,
  account: Account,
  won: boolean,
  recorder: Recorder | undefined,
): void {
  const deal = account.deal!;
  account.deal = undefined;
  account.need = 0;
  for (const person of account.people) {
    person.involved = person.champion = false;
  }
  if (won) {
    account.customer = world.day;
    world.wins[account.industry]![world.day]! += 1;
  } else account.lostAt = world.day;
  recorder?.closed(world, account, deal, won);
  changeLeads(world, account, deal, won ? 'Closed Won' : 'Closed Lost', recorder);
}

function changeLeads(
  world: World,
  account: Account,
  deal: Deal,
  status: LeadStatus,
  recorder: Recorder | undefined,
): void {
  for (const place of deal.roles) {
    const person = account.people[place]!;
    if (person.lead < 0 || person.status === 'Closed Won') continue;
    person.status = status;
    recorder?.lead(world, account, person);
  }
}
