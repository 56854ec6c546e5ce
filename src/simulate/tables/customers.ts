/** What follows a win: subscription, monthly invoices, support tickets. */
import { scramble } from '../random.ts';
import { type Account, DAY, type Deal, type Row, type Sink, type World } from '../types.ts';
import type { TableRecorder } from './combine.ts';
import { ids } from './ids.ts';
import { momentOf, stamp } from './names.ts';

interface Subscription {
  readonly id: number;
  readonly account: Account;
  readonly start: number;
  readonly amount: number;
}

const MONTH = 30;
const PRIORITIES = ['low', 'normal', 'high'] as const;
/** Share of months with a ticket. */
const TICKETS = 0.3;

export function customerTables(sink: Sink): TableRecorder {
  const active: Subscription[] = [];
  let tickets = 0;
  return {
    closed(world, account, deal, won) {
      if (!won) return;
      sink('subscriptions', subscriptionRow(world, account, deal));
      active.push({ id: deal.id, account, start: world.day, amount: deal.amount });
    },
    evening(world) {
      for (const s of active) {
        if ((world.day - s.start) % MONTH !== 0) continue;
        sink('invoices', invoiceRow(world, s));
        const chance = scramble(scramble(world.options.seed, world.day), s.id);
        if (chance / 4294967296 < TICKETS)
          sink('support_tickets', ticketRow(world, s.account, tickets++, chance));
      }
    },
  };
}

const subscriptionRow = (world: World, account: Account, deal: Deal): Row => ({
  subscription_id: `S${deal.id}`,
  account_id: ids.account(account.id),
  plan: deal.amount > 60_000 ? 'enterprise' : deal.amount > 25_000 ? 'business' : 'team',
  yearly_amount: deal.amount,
  seats: Math.max(3, Math.round(deal.amount / 600)),
  started_at: momentOf(world, deal.id, 22, 22.9),
});

const invoiceRow = (world: World, { id, amount }: Subscription): Row => ({
  invoice_id: `I${id}-${world.day}`,
  subscription_id: `S${id}`,
  amount: Math.round(amount / 12),
  issued_at: momentOf(world, id, 22.9, 23.5),
});

function ticketRow(world: World, account: Account, id: number, state: number): Row {
  const person = account.people[(state >>> 4) % account.people.length]!;
  const opened = world.options.from + world.day * DAY + 9 * 3_600_000;
  return {
    ticket_id: `K${id}`,
    account_id: ids.account(account.id),
    contact_id: ids.person(person.id),
    priority: PRIORITIES[(state >>> 8) % PRIORITIES.length]!,
    opened_at: stamp(opened),
  };
}
