/** The layout of points against learning: leads with points, activities, content sequences, people, opportunities. */
import { COMMITTEE_DAYS } from '../committee.ts';
import type { TableRecorder } from '../tables/combine.ts';
import { type Account, type Deal, type Kind, type Row, type Sink, STAGES, type World } from '../types.ts';
import { inboundTables, type LeadState } from './inbound.ts';
import { dayText, department, type Printed } from './printed.ts';

const TOLD: Readonly<Record<Kind, readonly [activity: string, channel: string]>> = {
  email_open: ['Opened an email', 'Email'],
  ad_click: ['Clicked an ad', 'Paid'],
  blog: ['Blog', 'Web'],
  case_study: ['Case study', 'Web'],
  webinar: ['Webinar', 'Web'],
  whitepaper: ['Whitepaper', 'Web'],
  pricing: ['Pricing page', 'Web'],
  docs: ['API docs', 'Web'],
  demo_request: ['Demo request', 'Web + Email'],
  meeting: ['Meeting', 'Sales'],
  call: ['Call', 'Sales'],
};
const SEQUENCE: Readonly<Partial<Record<Kind, readonly [content: string, stage: string]>>> = {
  ad_click: ['Ad', 'Awareness'],
  blog: ['Education', 'Awareness'],
  case_study: ['Validation', 'Consideration'],
  whitepaper: ['Validation', 'Consideration'],
  pricing: ['Commercial', 'Evaluation'],
  docs: ['Technical', 'Technical eval'],
  demo_request: ['Conversion', 'Decision'],
};
const STATES: Readonly<Record<LeadState, string>> = {
  Open: 'Open',
  MQL: 'MQL',
  Nurture: 'Nurture',
  Won: 'Closed',
  Lost: 'Closed',
};

export function crmActivityTables(sink: Sink, print: Printed): TableRecorder {
  const leads = new Map<number, Row>();
  const deals = new Map<number, Row>();
  const trials = new Set<number>();
  const changed = (world: World, account: Account, cells: Row): void => {
    const now: Row = { ...leads.get(account.id), ...cells };
    leads.set(account.id, now);
    sink('lead_history', {
      lead_id: print.lead(account),
      status: now.status!,
      point_score: now.point_score!,
      changed_at: dayText(world),
    });
  };
  const activity = (world: World, account: Account, person: string, told: readonly string[]): void =>
    sink('crm_activities', {
      lead_id: print.lead(account),
      contact_id: person,
      activity: told[0]!,
      date: dayText(world),
      channel: told[1]!,
      account_contacts_active: activeOf(account, world.day),
    });
  const inbound = inboundTables({
    wonBy: 'deal',
    lead: (world, account, person) =>
      leads.set(account.id, {
        lead_id: print.lead(account),
        company: print.company(world, account),
        title: person.title,
        source: print.source(world, account),
        point_score: person.points,
        status: 'Open',
        created_at: dayText(world, person.born),
      }),
    contact: (world, account, person) =>
      sink('account_contacts', {
        lead_id: print.lead(account),
        contact_id: print.person(person),
        name: print.name(world, person),
        department: department(person),
        title: person.title,
        added_at: dayText(world, person.born),
      }),
    action(world, account, person, kind) {
      activity(world, account, print.person(person), TOLD[kind]);
      const step = SEQUENCE[kind];
      if (step)
        sink('activity_sequence', {
          lead_id: print.lead(account),
          date: dayText(world),
          activity: TOLD[kind][0],
          content_type: step[0],
          stage_signal: step[1],
        });
    },
    use(world, account, person) {
      if (trials.has(person.id)) return;
      trials.add(person.id);
      activity(world, account, print.person(person), ['API trial signup', 'Web']);
    },
    status: (world, account, state) => changed(world, account, { status: STATES[state] }),
    points: (world, account, point_score) => changed(world, account, { point_score }),
  });
  return {
    ...inbound,
    ...withDeals(inbound, deals, leads, sink, print),
    finish: () => flush(leads, deals, sink),
  };
}

/** `3 of 4`: active in the last 14 days, of those on record. */
function activeOf({ people }: Account, day: number): string {
  const here = people.filter((p) => !p.left);
  return `${here.filter((p) => p.lastAny > day - COMMITTEE_DAYS).length} of ${here.length}`;
}

function withDeals(
  inbound: TableRecorder,
  deals: Map<number, Row>,
  leads: ReadonlyMap<number, Row>,
  sink: Sink,
  print: Printed,
): TableRecorder {
  const note = (world: World, deal: Deal, stage: string): void => {
    sink('opportunity_history', {
      opp_id: print.deal(deal),
      stage,
      amount: deal.amount,
      changed_at: dayText(world),
    });
    deals.set(deal.id, { ...deals.get(deal.id), stage, amount: deal.amount });
  };
  return {
    opened(world, account, deal) {
      inbound.opened?.(world, account, deal);
      if (!leads.has(account.id)) return;
      deals.set(deal.id, {
        opp_id: print.deal(deal),
        lead_id: print.lead(account),
        amount: deal.amount,
        stage: STAGES[deal.stage]!,
        created_at: dayText(world),
        closed_at: null,
      });
      note(world, deal, STAGES[deal.stage]!);
    },
    moved(world, _account, deal) {
      if (deals.has(deal.id)) note(world, deal, STAGES[deal.stage]!);
    },
    closed(world, account, deal, won) {
      inbound.closed?.(world, account, deal, won);
      if (!deals.has(deal.id)) return;
      note(world, deal, won ? 'Closed Won' : 'Closed Lost');
      deals.set(deal.id, { ...deals.get(deal.id), closed_at: dayText(world) });
    },
  };
}

function flush(leads: ReadonlyMap<number, Row>, deals: ReadonlyMap<number, Row>, sink: Sink): void {
  for (const row of leads.values()) sink('leads', row);
  for (const row of deals.values()) sink('opportunities', row);
}
