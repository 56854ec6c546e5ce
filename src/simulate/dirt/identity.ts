/** Records twice under different spellings, private addresses, and links that were never filled. */
import type { Row } from '../types.ts';
import { chanceOf } from './chance.ts';
import type { CreateSoiler } from './types.ts';

const TWICE = 0.08;
const PRIVATE = 0.25;
const UNLINKED = 0.15;
const PROVIDERS = ['gmail.com', 'yahoo.com', 'outlook.com', 'hotmail.com'] as const;
/** Tables whose rows name a person. */
const OF_PEOPLE: ReadonlySet<string> = new Set([
  'content_views',
  'activities',
  'campaign_members',
  'opportunity_contacts',
]);

const dayLater = (cell: unknown): string =>
  new Date(Date.parse(`${String(cell).replace(' ', 'T')}Z`) + 86_400_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');

/** Half of what a person does lands on the second record, from the day it exists. */
export const duplicates: CreateSoiler = ({ seed, level, note }) => {
  const twice = (table: string, id: unknown): boolean =>
    chanceOf(seed, 1, `${table}${String(id)}`) < TWICE * level;
  const since = new Map<string, string>();
  return (table, row) => {
    if (table === 'accounts' && twice(table, row.account_id)) {
      note(table, 'the same company again');
      return [
        { table, row },
        { table, row: secondAccount(row) },
      ];
    }
    if (table === 'contacts' && twice(table, row.contact_id)) {
      note(table, 'the same person again');
      since.set(String(row.contact_id), dayLater(row.created_at));
      return [
        { table, row },
        { table, row: secondContact(row) },
      ];
    }
    const from = OF_PEOPLE.has(table) ? since.get(String(row.contact_id)) : undefined;
    const at = String(row.viewed_at ?? row.occurred_at ?? row.responded_at ?? row.added_at);
    const key = Object.values(row).join('|');
    if (from === undefined || at < from || chanceOf(seed, 2, key) < 0.5) return [{ table, row }];
    note(table, 'on the second record of a person', 'contact_id');
    return [{ table, row: { ...row, contact_id: `${String(row.contact_id)}-2` } }];
  };
};

const secondAccount = (row: Row): Row => ({
  ...row,
  account_id: `${String(row.account_id)}-2`,
  company_name: `${String(row.company_name).toUpperCase()}, Inc.`,
  website: `www.${String(row.website)}`,
  created_at: dayLater(row.created_at),
});

const secondContact = (row: Row): Row => ({
  ...row,
  contact_id: `${String(row.contact_id)}-2`,
  email: String(row.email).toUpperCase(),
  created_at: dayLater(row.created_at),
});

export const freeMail: CreateSoiler =
  ({ seed, level, note }) =>
  (table, row) => {
    if (table !== 'contacts' || chanceOf(seed, 3, row.contact_id ?? null) >= PRIVATE * level)
      return [{ table, row }];
    note(table, 'a private address', 'email');
    const [name = 'someone'] = String(row.email).split('@');
    const provider = PROVIDERS[Math.floor(chanceOf(seed, 4, row.contact_id ?? null) * PROVIDERS.length)]!;
    return [{ table, row: { ...row, email: `${name}@${provider}` } }];
  };

/** The account is missing where the address still tells it. */
export const missingLinks: CreateSoiler =
  ({ seed, level, note }) =>
  (table, row) => {
    if (table !== 'contacts' || chanceOf(seed, 5, row.contact_id ?? null) >= UNLINKED * level)
      return [{ table, row }];
    note(table, 'no account', 'account_id');
    return [{ table, row: { ...row, account_id: null } }];
  };
