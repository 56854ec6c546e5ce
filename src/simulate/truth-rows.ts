/** True probabilities as rows of a file: table, id, date, target, probability and its standard error. */
import type { TruthAt } from './run.ts';
import type { Shape } from './shapes/shape.ts';
import { ids } from './tables/ids.ts';
import type { Chance } from './truth.ts';
import type { Row } from './types.ts';

/** Ids are printed as the shape prints them. */
export function truthRows({ at, truth, world }: TruthAt, shape: Shape, write: (row: Row) => void): void {
  const date = new Date(at).toISOString().slice(0, 10);
  const put = (target: string, chance: Chance | undefined, plain: Row, table: string): void => {
    const [out] = shape(table, plain);
    if (!chance || !out) return;
    const id = Object.values(out.row)[0]!;
    write({
      table: out.table,
      id,
      at: date,
      target,
      probability: round(chance.p),
      standard_error: round(chance.se),
    });
  };
  for (const account of world.accounts) {
    if (account.people.length === 0) continue;
    const row = blank(ids.account(account.id), 'account_id');
    put('opened', truth.opened[account.id], row, 'accounts');
    put('won', truth.won[account.id], row, 'accounts');
    for (const person of account.people) {
      const contact = blank(ids.person(person.id), 'contact_id');
      put('opened', truth.named.get(person.id), contact, 'contacts');
      put('won', truth.wonWith.get(person.id), contact, 'contacts');
      if (person.lead < 0) continue;
      const lead = blank(ids.lead(person.lead), 'lead_id');
      put('opened', truth.named.get(person.id), lead, 'leads');
      put('won', truth.wonWith.get(person.id), lead, 'leads');
    }
  }
}

const round = (x: number): number => Math.round(x * 1e6) / 1e6;

/** A row of which only the key is read. */
const blank = (id: string, key: string): Row => ({ [key]: id, converted_at: null });
