/**
 * Two made-up companies. `plainCompany`: lower-case names, clock times, accounts with people, touches, deals and a
 * table of stage changes. `forceCompany`: names in the manner of a CRM export, dates without clocks, an undated
 * association table and a field history. More and better touches raise the chance of a deal; so does the industry.
 */
import { createRandom, type Random } from '../../src/util/random.ts';
import { type Cells, dateOf, type FileTable, knownBy, momentOf, stampOf } from './tables.ts';

const DAY = 86_400_000;
export const FIRST = Date.UTC(2023, 0, 2);
export const LAST = Date.UTC(2023, 11, 31);

const range = <T>(n: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: n }, (_, i) => make(i));
const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)]!;
const during = (random: Random, from: number, to: number): number =>
  from + Math.floor((random.next() * (to - from)) / 60_000) * 60_000;

/** Weeks in which somebody is busy, and the deals that follow. */
interface Life {
  readonly born: number;
  readonly touches: readonly number[];
  readonly deals: readonly number[];
}

function lifeOf(random: Random, liking: number): Life {
  const born = during(random, FIRST, FIRST + 200 * DAY);
  const touches: number[] = [];
  const deals: number[] = [];
  for (let week = born; week < LAST - 7 * DAY; week += 7 * DAY) {
    const busy = random.next() < 0.25 * liking;
    const n = busy ? 2 + random.int(3) : random.int(10) === 0 ? 1 : 0;
    for (let k = 0; k < n; k++) touches.push(during(random, week, week + 7 * DAY));
    if (random.next() < (busy ? 0.3 * liking : 0.01))
      deals.push(during(random, week + 5 * DAY, week + 20 * DAY));
  }
  return { born, touches, deals: deals.filter((t) => t < LAST) };
}

const INDUSTRIES = ['steel', 'paper', 'glass', 'retail'] as const;
const TITLES = ['VP Sales', 'CTO', 'Software Engineer', 'Marketing Manager', 'Intern'] as const;
const KINDS = ['email open', 'pricing page', 'blog post', 'webinar'] as const;

export function plainCompany(seed: number, accounts = 250): readonly FileTable[] {
  const random = createRandom(seed);
  const account: Cells[] = [];
  const contact: Cells[] = [];
  const touch: Cells[] = [];
  const deal: Cells[] = [];
  const change: Cells[] = [];
  for (let a = 0; a < accounts; a++) {
    const industry = pick(random, INDUSTRIES);
    const life = lifeOf(random, industry === 'steel' ? 1.3 : 0.7);
    account.push({
      account_id: `A${1000 + a}`,
      name: `Company ${a}`,
      industry,
      employees: String(10 + random.int(5000)),
      created_at: stampOf(life.born),
    });
    const people = range(1 + random.int(3), () => `C${10_000 + contact.length}`).map((_, k) => {
      const id = `C${10_000 + contact.length}`;
      const born = k === 0 ? life.born : during(random, life.born, LAST - 30 * DAY);
      contact.push({
        contact_id: id,
        account_id: `A${1000 + a}`,
        title: pick(random, TITLES),
        email: `p${contact.length}@company${a}.example`,
        created_at: stampOf(born),
      });
      return { id, born };
    });
    for (const at of life.touches) {
      const there = people.filter((p) => p.born <= at);
      touch.push({
        touch_id: `T${100_000 + touch.length}`,
        contact_id: pick(random, there).id,
        kind: pick(random, KINDS),
        seconds: String(random.int(600)),
        occurred_at: stampOf(at),
      });
    }
    for (const at of life.deals) {
      const id = `D${5000 + deal.length}`;
      const steps = ['prospect', 'demo', random.next() < 0.5 ? 'won' : 'lost'];
      const times = steps.map((_, k) => at + k * 12 * DAY + random.int(1000) * 60_000);
      const reached = times.filter((t) => t <= LAST).length;
      deal.push({
        deal_id: id,
        account_id: `A${1000 + a}`,
        stage: steps[Math.max(0, reached - 1)]!,
        amount: String(1000 + random.int(50_000)),
        opened_at: stampOf(at),
        closed_at: reached === 3 ? stampOf(times[2]!) : '',
      });
      steps.slice(0, reached).forEach((stage, k) => {
        change.push({
          change_id: `H${change.length}`,
          deal_id: id,
          stage,
          entered_at: stampOf(times[k]!),
        });
      });
    }
  }
  const lastChange = new Map<string, number>();
  for (const c of change)
    lastChange.set(c.deal_id!, Math.max(lastChange.get(c.deal_id!) ?? 0, momentOf(c.entered_at)));
  const table = (name: string, rows: readonly Cells[], time: string): FileTable => ({
    name,
    header: Object.keys(rows[0]!),
    rows,
    knownAt: knownBy(time),
  });
  return [
    table('accounts', account, 'created_at'),
    table('contacts', contact, 'created_at'),
    table('touches', touch, 'occurred_at'),
    {
      ...table('deals', deal, 'opened_at'),
      cellKnownAt: {
        stage: (row) => lastChange.get(row.deal_id!) ?? momentOf(row.opened_at),
        closed_at: (row) => (row.closed_at ? momentOf(row.closed_at) : Number.NEGATIVE_INFINITY),
        amount: (row) => (row.closed_at ? momentOf(row.closed_at) : Number.NEGATIVE_INFINITY),
      },
    },
    table('stage_history', change, 'entered_at'),
  ];
}

export const PLAIN_QUERY = 'PREDICT COUNT(deals.*, 0, 30, days) > 0 FOR EACH accounts.account_id';

const STATUSES = ['Open', 'Working', 'Nurturing', 'Qualified'] as const;

export function forceCompany(seed: number, leads = 300): readonly FileTable[] {
  const random = createRandom(seed);
  const lead: Cells[] = [];
  const task: Cells[] = [];
  const opportunity: Cells[] = [];
  const history: Cells[] = [];
  const member: Cells[] = [];
  const campaign = range(
    12,
    (i): Cells => ({
      Id: `701${i}`,
      Name: `Campaign ${i}`,
      Type: pick(random, ['Webinar', 'Trade Show', 'Email']),
      CreatedDate: dateOf(FIRST + i * 25 * DAY),
    }),
  );
  for (let i = 0; i < leads; i++) {
    const source = pick(random, ['Web', 'Referral', 'Purchased List']);
    const life = lifeOf(random, source === 'Referral' ? 1.4 : 0.7);
    const id = `00Q${1000 + i}`;
    let at = life.born;
    let status = -1;
    do {
      const Id = `017${history.length}`;
      history.push({ Id, LeadId: id, Status: STATUSES[++status]!, CreatedDate: dateOf(at) });
      at += 5 * DAY + random.int(80) * DAY;
    } while (random.next() < 0.8 && status < STATUSES.length - 1 && at <= LAST);
    lead.push({
      Id: id,
      Company: `Firm ${i}`,
      Title: pick(random, TITLES),
      LeadSource: source,
      NumberOfEmployees: String(5 + random.int(900)),
      Status: STATUSES[status]!,
      CreatedDate: dateOf(life.born),
    });
    for (const t of life.touches)
      task.push({
        Id: `00T${task.length}`,
        WhoId: id,
        Type: pick(random, ['Call', 'Email', 'Meeting']),
        CallDurationInSeconds: String(random.int(900)),
        ActivityDate: dateOf(t),
      });
    for (const t of life.deals)
      opportunity.push({
        Id: `006${opportunity.length}`,
        LeadId: id,
        Amount: String(500 + random.int(20_000)),
        CreatedDate: dateOf(t),
      });
    for (const c of campaign) if (random.next() < 0.12) member.push({ CampaignId: c.Id!, LeadId: id });
  }
  const lastChange = new Map<string, number>();
  for (const h of history)
    lastChange.set(h.LeadId!, Math.max(lastChange.get(h.LeadId!) ?? 0, momentOf(h.CreatedDate)));
  const born = new Map([...lead, ...campaign].map((row) => [row.Id!, momentOf(row.CreatedDate)]));
  const table = (name: string, rows: readonly Cells[], knownAt: FileTable['knownAt']): FileTable => ({
    name,
    header: Object.keys(rows[0]!),
    rows,
    knownAt,
  });
  return [
    {
      ...table('Lead', lead, knownBy('CreatedDate')),
      cellKnownAt: { Status: (row) => lastChange.get(row.Id!) ?? momentOf(row.CreatedDate) },
    },
    table('Campaign', campaign, knownBy('CreatedDate')),
    table('CampaignMember', member, (row) => Math.max(born.get(row.CampaignId!)!, born.get(row.LeadId!)!)),
    table('Task', task, knownBy('ActivityDate')),
    table('Opportunity', opportunity, knownBy('CreatedDate')),
    table('LeadStatusHistory', history, knownBy('CreatedDate')),
  ];
}

export const FORCE_QUERY = 'PREDICT COUNT(Opportunity.*, 0, 30, days) > 0 FOR EACH Lead.Id';
