import { expect, test } from 'vitest';
import { signalOf } from './lexicon-signals.ts';

test.each([
  ['sales_activities', undefined, 'engagement'],
  ['salesCalls', undefined, 'engagement'],
  ['sales', undefined, 'past deals'],
  ['sale_lines', 'amount', 'past deals'],
  ['touches', 'pricing_page', 'high-intent content'],
])('counts of %s (%s) speak for %s', (table, column, signal) => {
  expect(signalOf(table, column, 'windows', 'count')).toBe(signal);
});

test('the calendar is timing, and what happened long ago is silence', () => {
  expect(signalOf('deals', 'amount', 'calendar', 'month')).toBe('timing');
  expect(signalOf('deals', undefined, 'recency', 'sinceLast')).toBe('silence');
});
