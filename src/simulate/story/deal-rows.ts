/** Opportunities as an export shows them at the end, and how their stages and amounts changed, in a layout's own words. */
import type { TableRecorder } from '../tables/combine.ts';
import { type Account, type Deal, type Row, type Sink, STAGES, type World } from '../types.ts';

export interface DealLayout {
  readonly table: string;
  readonly key: string;
  readonly id: (deal: Deal) => string;
  /** Cells besides key, stage and amount. */
  readonly opened: (world: World, account: Account) => Row;
  readonly closed: (world: World, won: boolean) => Row;
  readonly time: (world: World, deal: Deal) => string;
}

export function dealRows(sink: Sink, layout: DealLayout): TableRecorder {
  const deals = new Map<number, Row>();
  const note = (world: World, deal: Deal, stage: string, cells: Row = {}): void => {
    const key = { [layout.key]: layout.id(deal) };
    const state = { stage, amount: deal.amount };
    sink(`${layout.table}_history`, { ...key, ...state, changed_at: layout.time(world, deal) });
    deals.set(deal.id, { ...key, ...deals.get(deal.id), ...cells, ...state });
  };
  return {
    opened: (world, account, deal) => note(world, deal, STAGES[deal.stage]!, layout.opened(world, account)),
    moved: (world, _account, deal) => note(world, deal, STAGES[deal.stage]!),
    closed: (world, _account, deal, won) =>
      note(world, deal, won ? 'Closed Won' : 'Closed Lost', layout.closed(world, won)),
    finish() {
      for (const row of deals.values()) sink(layout.table, row);
    },
  };
}
