import { expect, test } from 'vitest';
import type { Schema } from '../../data/schema/types.ts';
import { compileQuery } from './compile.ts';
import { shortenQuery } from './shorten.ts';

const column = (name: string, semantic: 'key' | 'timestamp' | 'numeric') => ({
  name,
  semantic,
  type: semantic === 'timestamp' ? ('timestamp' as const) : ('integer' as const),
});
const SCHEMA: Schema = {
  tables: [
    {
      name: 'people',
      origin: { kind: 'file', path: 'people.csv', format: 'csv' },
      key: ['id'],
      role: 'entity',
      time: 'born',
      columns: [column('id', 'key'), column('born', 'timestamp')],
    },
    {
      name: 'orders',
      origin: { kind: 'file', path: 'orders.csv', format: 'csv' },
      key: ['id'],
      role: 'event',
      time: 'at',
      columns: [
        column('id', 'key'),
        column('person', 'key'),
        column('at', 'timestamp'),
        column('paid', 'numeric'),
      ],
    },
  ],
  links: [{ name: 'orders.person', from: 'orders', columns: ['person'], to: 'people' }],
  derivedLinks: [],
};

const short = (predicate: string, days = 14): string | undefined => {
  const text = `PREDICT ${predicate} FOR EACH people.id`;
  const { checked } = compileQuery(text, SCHEMA, { mode: 'lenient', targets: [] });
  return checked && shortenQuery(checked, days)?.text;
};

test.each([
  ['COUNT(orders.*, 0, 90, days) > 0', 'COUNT(orders.*, 0, 14, days) > 0'],
  ['COUNT(orders.*, 0, 3, months) > 0', 'COUNT(orders.*, 0, 14, days) > 0'],
  ['NOT COUNT(orders.*, 7, 30, days) > 0', 'COUNT(orders.*, 7, 14, days)'],
  ['SUM(orders.paid, 0, 90, days) > 5 AND COUNT(orders.*, 0, 90, days) > 1', 'COUNT(orders.*, 0, 14, days)'],
])('%s is asked about the next 14 days', (long, part) => {
  expect(short(long)).toContain(part);
  expect(short(long)).not.toMatch(/90|months/);
});

test('a window that ends sooner stays, and one that begins later cannot be shortened', () => {
  expect(short('COUNT(orders.*, 0, 14, days) > 0')).toBeUndefined();
  expect(short('COUNT(orders.*, 30, 60, days) > 0')).toBeUndefined();
});
