/** One lead an account, with all its people: what the two lead layouts of the story have in common. */
import type { TableRecorder } from '../tables/combine.ts';
import type { Account, Kind, Person, World } from '../types.ts';

export interface Inbound {
  /**
   * What wins a lead: that sales open an opportunity with it, where the layout knows no deals, or that the deal is won.
   */
  readonly wonBy: 'opening' | 'deal';
  lead(world: World, account: Account, person: Person): void;
  contact(world: World, account: Account, person: Person): void;
  action(world: World, account: Account, person: Person, kind: Kind): void;
  use?(world: World, account: Account, person: Person): void;
  status(world: World, account: Account, status: LeadState): void;
  points?(world: World, account: Account, points: number): void;
}

export type LeadState = 'Open' | 'MQL' | 'Nurture' | 'Won' | 'Lost';

/** Nothing is told of an account before somebody there asks for something. */
export function inboundTables(to: Inbound): TableRecorder {
  const states = new Map<number, LeadState>();
  const owners = new Map<number, number>();
  const change = (world: World, account: Account, state: LeadState): void => {
    const now = states.get(account.id);
    if (now === undefined || now === state || now === 'Won') return;
    states.set(account.id, state);
    to.status(world, account, state);
  };
  return {
    person(world, account, person) {
      if (states.has(account.id)) to.contact(world, account, person);
      else if (person.lead >= 0) {
        states.set(account.id, 'Open');
        owners.set(account.id, person.id);
        to.lead(world, account, person);
        for (const known of account.people) to.contact(world, account, known);
        to.status(world, account, 'Open');
        if (person.status === 'MQL') change(world, account, 'MQL');
      }
    },
    action(world, account, person, kind) {
      if (states.has(account.id)) to.action(world, account, person, kind);
    },
    use(world, account, person) {
      if (states.has(account.id)) to.use?.(world, account, person);
    },
    lead(world, account, person) {
      if (owners.get(account.id) === person.id) to.points?.(world, account, person.points);
      if (person.status === 'MQL') change(world, account, 'MQL');
      if (person.status === 'Nurture' && owners.get(account.id) === person.id)
        change(world, account, 'Nurture');
    },
    opened: (world, account) => change(world, account, to.wonBy === 'opening' ? 'Won' : 'MQL'),
    closed(world, account, _deal, won) {
      if (to.wonBy === 'deal') change(world, account, won ? 'Won' : 'Lost');
    },
  };
}
