/** The layout of lead scoring: leads, contacts, activities, content views, firmographics, and how states changed. */
import type { TableRecorder } from '../tables/combine.ts';
import type { Kind, Row, Sink } from '../types.ts';
import { inboundTables, type LeadState } from './inbound.ts';
import { dayText, department, money, type Printed, revenue, seniority, technologies } from './printed.ts';

const VIEWS: Readonly<Partial<Record<Kind, readonly [type: string, ...titles: string[]]>>> = {
  blog: ['Blog', 'Getting started guide', 'What changed this year'],
  case_study: ['Case study', 'Enterprise deployment', 'From pilot to rollout'],
  whitepaper: ['Whitepaper', 'Security & Compliance'],
  docs: ['Documentation', 'API documentation', 'Quickstart'],
};
const ACTS: Readonly<Partial<Record<Kind, string>>> = {
  email_open: 'Email open',
  ad_click: 'Ad click',
  blog: 'Blog view',
  webinar: 'Webinar',
  pricing: 'Pricing page view',
  demo_request: 'Demo request',
  meeting: 'Meeting',
  call: 'Call',
};
const STATES: Readonly<Record<LeadState, string>> = {
  Open: 'Open',
  MQL: 'MQL',
  Nurture: 'Nurture',
  Won: 'Closed Won',
  Lost: 'Closed Lost',
};

export function leadScoringTables(sink: Sink, print: Printed): TableRecorder {
  const leads = new Map<number, Row>();
  let n = 0;
  const tables = inboundTables({
    wonBy: 'opening',
    lead(world, account, person) {
      const lead_id = print.lead(account);
      leads.set(account.id, {
        lead_id,
        company: print.company(world, account),
        source: print.source(world, account),
        created_date: dayText(world, person.born),
        status: 'Open',
      });
      sink('firmographics', {
        firm_id: `FG-${lead_id}`,
        lead_id,
        industry: print.industry(account),
        employees: account.employees,
        revenue: money(revenue(world, account)),
        tech_stack: technologies(account),
      });
    },
    contact: (world, account, person) =>
      sink('contacts', {
        contact_id: print.person(person),
        lead_id: print.lead(account),
        title: person.title,
        department: department(person),
        seniority: seniority(person),
        created_date: dayText(world, person.born),
      }),
    action(world, _account, person, kind) {
      const at = { contact_id: print.person(person) };
      const timestamp = dayText(world);
      const id = n++;
      const view = VIEWS[kind];
      if (view) {
        const [content_type, ...titles] = view;
        sink('content_views', {
          view_id: `CV${id}`,
          ...at,
          content_type,
          title: titles[id % titles.length]!,
          timestamp,
        });
      }
      const type = ACTS[kind];
      if (type) sink('activities', { activity_id: `ACT${id}`, ...at, type, timestamp });
    },
    status(world, account, state) {
      const status = STATES[state];
      leads.set(account.id, { ...leads.get(account.id), status });
      sink('lead_status_history', { lead_id: print.lead(account), status, changed_at: dayText(world) });
    },
  });
  return {
    ...tables,
    finish() {
      for (const row of leads.values()) sink('leads', row);
    },
  };
}
