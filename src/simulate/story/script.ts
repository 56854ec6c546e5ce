/** Written accounts in a simulated company: they appear, act and deal on their days through what the simulator uses. */
import { act, POINTS } from '../behaviour.ts';
import { createPerson, nothingYet } from '../create.ts';
import { openDeal } from '../deals.ts';
import { DEPARTMENTS, INDUSTRIES, profileFit, REGIONS, TECHNOLOGIES } from '../profile.ts';
import { scramble } from '../random.ts';
import type { Script } from '../run.ts';
import { type Account, DAY, NEVER, type Person, type Recorder, STAGES, type World } from '../types.ts';
import type { WrittenAccount, WrittenPerson } from './types.ts';

export interface StoryNames {
  /** Simulated number → what the story calls it. */
  readonly accounts: ReadonlyMap<number, WrittenAccount>;
  readonly people: ReadonlyMap<number, WrittenPerson>;
  readonly deals: ReadonlyMap<number, string>;
}

export interface StoryScript extends Script {
  readonly names: StoryNames;
}

export function createScript(cast: readonly WrittenAccount[]): StoryScript {
  const accounts = new Map<number, WrittenAccount>();
  const people = new Map<number, WrittenPerson>();
  const deals = new Map<number, string>();
  const placed = new Map<WrittenAccount, Account>();
  const live = new Set<number>();
  const play = (world: World, written: WrittenAccount, today: string, recorder: Recorder): void => {
    if (written.born === today) {
      const account = place(world, written);
      accounts.set(account.id, written);
      placed.set(written, account);
      live.add(account.id);
      introduce(world, account, written, people, recorder);
    }
    const account = placed.get(written);
    if (!account || written.until < today) return;
    if (written.until === today) live.delete(account.id);
    dealt(world, account, written, today, deals, recorder);
    if (written.until > today) perform(world, account, written, today, recorder);
  };
  return {
    names: { accounts, people, deals },
    written: (id) => live.has(id),
    morning(world, recorder) {
      const today = new Date(world.options.from + world.day * DAY).toISOString().slice(0, 10);
      for (const written of cast) play(world, written, today, recorder);
    },
  };
}

function place(world: World, written: WrittenAccount): Account {
  const id = world.accounts.length;
  const industry = INDUSTRIES.findIndex((i) => i.name === written.industry);
  const region = (REGIONS as readonly string[]).indexOf(written.region);
  const technologies = written.technologies.map((t) => (TECHNOLOGIES as readonly string[]).indexOf(t));
  const account: Account = {
    id,
    industry,
    region,
    employees: written.employees,
    technologies,
    parent: -1,
    rep: id % world.load.length,
    born: world.day,
    fit: profileFit(industry, region, written.employees, technologies),
    ...nothingYet(),
    random: scramble(world.options.seed, id),
    need: written.need,
  };
  world.accounts.push(account);
  world.members[industry]! += 1;
  return account;
}

function introduce(
  world: World,
  account: Account,
  written: WrittenAccount,
  people: Map<number, WrittenPerson>,
  recorder: Recorder,
): void {
  recorder.account(world, account);
  for (const [i, who] of written.people.entries()) {
    const drawn = createPerson(world, account);
    const before = who.fromCustomer ? executiveOfCustomer(world) : -1;
    const person: Person = {
      ...drawn,
      title: who.title,
      department: (DEPARTMENTS as readonly string[]).indexOf(who.department),
      seniority: who.seniority,
      reportsTo: -1,
      habit: 1,
      calm: Math.exp(-world.options.mechanisms.idle),
      lead: who.points === undefined ? -1 : drawn.lead >= 0 ? drawn.lead : world.next.lead++,
      before,
      status: who.points === undefined || who.points < MQL ? 'Open' : 'MQL',
      points: (who.points ?? 0) - pointsToCome(written, i),
      involved: written.need > 0,
      champion: false,
      left: false,
      lastAny: NEVER,
    };
    account.people[account.people.length - 1] = person;
    if (before >= 0) account.blessed = world.day;
    people.set(person.id, who);
    recorder.person(world, account, person);
  }
}

/** From so many points on a lead is handed over. */
const MQL = 45;

/** Published points are those after everything that is written has been done. */
const pointsToCome = ({ acts }: WrittenAccount, who: number): number =>
  acts.reduce((sum, a) => sum + (a.who === who ? (POINTS[a.kind] ?? 0) * (a.times ?? 1) : 0), 0);

function executiveOfCustomer(world: World): number {
  const customers = world.accounts.filter((a) => a.customer > 0).sort((a, b) => a.customer - b.customer);
  const found = customers.flatMap((a) => a.people).find((p) => !p.left && p.seniority >= 2);
  return found?.id ?? -1;
}

function perform(
  world: World,
  account: Account,
  written: WrittenAccount,
  today: string,
  recorder: Recorder,
): void {
  for (const { on, who, kind, times = 1 } of written.acts) {
    if (on !== today) continue;
    const person = account.people[who]!;
    for (let n = 0; n < times; n++) act(world, account, person, kind, recorder);
  }
  let logins = 0;
  for (const use of written.uses ?? []) {
    if (today < use.from || today > use.to || (world.day + use.who) % 2 === 1) continue;
    if (!account.users.includes(use.who)) account.users.push(use.who);
    recorder.use(world, account, account.people[use.who]!, use.logins);
    logins += use.logins;
  }
  account.usageWeek += (logins - account.usageWeek) / 7;
  account.usageMonth += (logins - account.usageMonth) / 28;
}

function dealt(
  world: World,
  account: Account,
  { deal }: WrittenAccount,
  today: string,
  deals: Map<number, string>,
  recorder: Recorder,
): void {
  const step = deal?.stages.findIndex((s) => s.on === today) ?? -1;
  if (!deal || step < 0) return;
  const stage = STAGES.indexOf(deal.stages[step]!.stage);
  if (step === 0) {
    const silent: Recorder = { ...recorder, opened: () => {}, lead: () => {} };
    openDeal(world, account, silent);
    Object.assign(account.deal!, { amount: deal.amount, stage });
    deals.set(account.deal!.id, deal.id);
    recorder.opened(world, account, account.deal!);
    return;
  }
  Object.assign(account.deal!, { stage, since: world.day });
  recorder.moved(world, account, account.deal!);
}
