/** Accounts, contacts and leads; a lead's record as an export shows it at the end, its states and points as they change. */
import { DEPARTMENTS, INDUSTRIES, REGIONS, SOURCES, TECHNOLOGIES } from '../profile.ts';
import { scramble } from '../random.ts';
import type { Account, Person, Row, Sink, World } from '../types.ts';
import type { TableRecorder } from './combine.ts';
import { ids } from './ids.ts';
import { companyName, dayStamp, domainOf, mailName, momentOf, personName } from './names.ts';

const SENIORITIES = ['IC', 'Manager', 'Director', 'VP', 'C-Level'] as const;
const BY_RULE: readonly string[] = ['Open', 'MQL', 'Nurture'];

export function recordTables(sink: Sink): TableRecorder {
  const leads = new Map<number, Row>();
  const change = (person: Person, cells: Row): void => {
    leads.set(person.lead, { ...leads.get(person.lead), ...cells });
  };
  return {
    account: (world, account) => sink('accounts', accountRow(world, account)),
    person(world, account, person) {
      sink('contacts', personRow(world, account, person));
      if (person.lead < 0) return;
      leads.set(person.lead, leadRow(world, account, person));
      sink('lead_status_history', statusRow(person, dayStamp(world, person.born, 6)));
    },
    lead(world, account, person) {
      const before = leads.get(person.lead)!;
      const scored = momentOf(world, person.lead, 17.2, 17.9);
      const lead_id = ids.lead(person.lead);
      if (before.point_score !== person.points)
        sink('lead_scores', { lead_id, point_score: person.points, scored_at: scored });
      if (before.status !== person.status) {
        const changed = BY_RULE.includes(person.status) ? scored : momentOf(world, account.id, 21, 22);
        sink('lead_status_history', statusRow(person, changed));
        if (person.status === 'Converted') change(person, { converted_at: changed });
      }
      change(person, { status: person.status, point_score: person.points });
    },
    finish() {
      for (const row of leads.values()) sink('leads', row);
    },
  };
}

const accountRow = (world: World, account: Account): Row => {
  const name = companyName(world.options.seed, account.id);
  return {
    account_id: ids.account(account.id),
    company_name: name,
    industry: INDUSTRIES[account.industry]!.name,
    region: REGIONS[account.region]!,
    employee_count: account.employees,
    annual_revenue: account.employees * (90_000 + (scramble(world.options.seed, account.id) % 120_000)),
    tech_stack: account.technologies.map((t) => TECHNOLOGIES[t]!).join(', '),
    website: domainOf(name),
    parent_account_id: account.parent < 0 ? null : ids.account(account.parent),
    owner_id: ids.rep(account.rep),
    created_at: dayStamp(world, account.born, 1),
  };
};

const personRow = (world: World, account: Account, person: Person): Row => {
  const name = personName(world.options.seed, person.id);
  return {
    contact_id: ids.person(person.id),
    account_id: ids.account(account.id),
    name,
    title: person.title,
    department: DEPARTMENTS[person.department]!,
    seniority: SENIORITIES[person.seniority]!,
    email: `${mailName(name, person.id)}@${domainOf(companyName(world.options.seed, account.id))}`,
    reports_to_id: person.reportsTo < 0 ? null : ids.person(person.reportsTo),
    previous_contact_id: person.before < 0 ? null : ids.person(person.before),
    created_at: dayStamp(world, person.born, 3),
  };
};

const leadRow = (world: World, account: Account, person: Person): Row => ({
  lead_id: ids.lead(person.lead),
  contact_id: ids.person(person.id),
  company: companyName(world.options.seed, account.id),
  title: person.title,
  source: SOURCES[scramble(world.options.seed, person.lead) % SOURCES.length]!,
  created_at: dayStamp(world, person.born, 5),
  status: person.status,
  point_score: person.points,
  converted_at: null,
});

const statusRow = (person: Person, changed_at: string): Row => ({
  lead_id: ids.lead(person.lead),
  status: person.status,
  changed_at,
});
