/** Opportunities as an export shows them at the end, their stages and amounts as they change, and who takes part. */
import { type Account, type Deal, type Person, type Row, type Sink, STAGES, type World } from '../types.ts';
import type { TableRecorder } from './combine.ts';
import { ids } from './ids.ts';
import { momentOf } from './names.ts';

export function dealTables(sink: Sink): TableRecorder {
  const deals = new Map<number, Row>();
  const change = (deal: Deal, cells: Row): void => {
    deals.set(deal.id, { ...deals.get(deal.id), ...cells });
  };
  return {
    opened(world, account, deal) {
      deals.set(deal.id, dealRow(world, account, deal));
      historyRow(sink, world, deal, STAGES[deal.stage]!, 18);
      for (const place of deal.roles)
        sink('opportunity_contacts', roleRow(world, account, deal, account.people[place]!));
    },
    moved(world, _account, deal) {
      const stage = STAGES[deal.stage]!;
      historyRow(sink, world, deal, stage, 19);
      change(deal, { stage, amount: deal.amount });
      if (stage === 'Proposal')
        sink('quotes', {
          quote_id: `Q${deal.id}`,
          opp_id: ids.deal(deal.id),
          amount: deal.amount,
          sent_at: momentOf(world, deal.id, 19, 19.9),
        });
    },
    closed(world, _account, deal, won) {
      const stage = won ? 'Closed Won' : 'Closed Lost';
      historyRow(sink, world, deal, stage, 20);
      change(deal, { stage, closed_at: momentOf(world, deal.id, 20, 20.9) });
    },
    finish() {
      for (const row of deals.values()) sink('opportunities', row);
    },
  };
}

const dealRow = (world: World, account: Account, deal: Deal): Row => ({
  opp_id: ids.deal(deal.id),
  account_id: ids.account(account.id),
  amount: deal.amount,
  stage: STAGES[deal.stage]!,
  created_at: momentOf(world, deal.id, 18, 18.9),
  closed_at: null,
});

const historyRow = (sink: Sink, world: World, deal: Deal, stage: string, hour: number): void =>
  sink('opportunity_history', {
    opp_id: ids.deal(deal.id),
    stage,
    amount: deal.amount,
    changed_at: momentOf(world, deal.id, hour, hour + 0.9),
  });

const roleRow = (world: World, account: Account, deal: Deal, person: Person): Row => ({
  opp_id: ids.deal(deal.id),
  contact_id: ids.person(person.id),
  role: person.champion ? 'Champion' : person.seniority >= 3 ? 'Decision maker' : 'Evaluator',
  added_at: momentOf(world, account.id, 19, 19.9),
});
