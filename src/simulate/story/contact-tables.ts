/** The layouts of the colleague effect (contacts, accounts, usage, marketing) and of contacts as a graph. */
import { scramble } from '../random.ts';
import { combineRecorders, type TableRecorder } from '../tables/combine.ts';
import { dayStamp, momentOf } from '../tables/names.ts';
import type { Sink } from '../types.ts';
import { dealRows } from './deal-rows.ts';
import { department, type Printed, region, revenue, seniority, technologies } from './printed.ts';

/** Logins a day at which the free tier says stop. */
const LIMIT = 3;

export function colleagueTables(sink: Sink, print: Printed): TableRecorder {
  let n = 0;
  return combineRecorders([
    {
      account: (world, account) =>
        sink('accounts', {
          account_id: print.account(account),
          company_name: print.company(world, account),
          industry: print.industry(account),
          region: region(account),
          employee_count: account.employees,
          tech_stack: technologies(account),
          created_at: dayStamp(world, account.born, 1),
        }),
      person: (world, account, person) =>
        sink('contacts', {
          contact_id: print.person(person),
          account_id: print.account(account),
          title: person.title,
          department: department(person),
          seniority: seniority(person),
          created_at: dayStamp(world, person.born, 3),
        }),
      action: (world, _account, person, kind) =>
        sink('marketing_events', {
          event_id: `E${n}`,
          contact_id: print.person(person),
          type: kind,
          occurred_at: momentOf(world, n++),
        }),
      use: (world, account, person, logins) =>
        sink('product_usage', {
          usage_id: `U${world.day}-${person.id}`,
          contact_id: print.person(person),
          account_id: print.account(account),
          used_at: momentOf(world, person.id, 8, 17),
          logins,
          limit_hit: logins >= LIMIT,
        }),
    },
    dealRows(sink, {
      table: 'opportunities',
      key: 'opp_id',
      id: print.deal,
      time: (world, deal) => momentOf(world, deal.id, 18, 18.9),
      opened: (world, account) => ({
        account_id: print.account(account),
        created_at: dayStamp(world, world.day, 18),
        closed_at: null,
      }),
      closed: (world) => ({ closed_at: dayStamp(world, world.day, 19) }),
    }),
  ]);
}

export function graphTables(sink: Sink, print: Printed): TableRecorder {
  let n = 0;
  return combineRecorders([
    {
      account: (world, account) =>
        sink('company', {
          company_id: print.account(account),
          industry: print.industry(account),
          size: account.employees,
          revenue: revenue(world, account),
          tech_stack: technologies(account),
          created_at: dayStamp(world, account.born, 1),
        }),
      person: (world, account, person) =>
        sink('contact', {
          contact_id: print.person(person),
          company_id: print.account(account),
          title: person.title,
          department: department(person),
          seniority: seniority(person),
          created_at: dayStamp(world, person.born, 3),
        }),
      action(world, account, person, kind) {
        const id = n++;
        const spoken = kind === 'meeting' || kind === 'call';
        const mood = (scramble(world.options.seed, id) % 1000) / 1000 - 0.5 + (account.need - 1) * 0.25;
        sink('activity', {
          activity_id: `T${id}`,
          contact_id: print.person(person),
          opportunity_id: account.deal ? print.deal(account.deal) : null,
          type: kind,
          timestamp: momentOf(world, id),
          duration: spoken ? 10 + (scramble(world.options.seed, id + 1) % 50) : null,
          sentiment: spoken ? Math.round(Math.max(-1, Math.min(1, mood)) * 100) / 100 : null,
        });
      },
    },
    dealRows(sink, {
      table: 'opportunity',
      key: 'opportunity_id',
      id: print.deal,
      time: (world, deal) => momentOf(world, deal.id, 18, 18.9),
      opened: (world, account) => ({
        company_id: print.account(account),
        created_at: dayStamp(world, world.day, 18),
        close_date: null,
      }),
      closed: (world) => ({ close_date: dayStamp(world, world.day, 19) }),
    }),
  ]);
}
