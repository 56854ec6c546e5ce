import { expect, test } from 'vitest';
import { nearestName, otherCase, otherNumber } from './names.ts';

test('another case is meant only when one candidate has it', () => {
  expect(otherCase('LEADS', ['leads', 'deals'])).toBe('leads');
  expect(otherCase('LEADS', ['leads', 'Leads'])).toBeUndefined();
});

test('singular and plural stand for one another', () => {
  expect(otherNumber('company', ['companies', 'contacts'])).toBe('companies');
  expect(otherNumber('Boxes', ['box'])).toBe('box');
  expect(otherNumber('activity', ['ACTIVITIES'])).toBe('ACTIVITIES');
  expect(otherNumber('address', ['addresses'])).toBe('addresses');
  expect(otherNumber('lead', ['lead_scores'])).toBeUndefined();
});

test('the nearest name is within a third of the length, swapped letters being one edit', () => {
  expect(nearestName('sorce', ['status', 'source'])).toBe('source');
  expect(nearestName('acounts', ['accounts', 'amounts'])).toBe('accounts');
  expect(nearestName('daels', ['deals'])).toBe('deals');
  expect(nearestName('xyz', ['deals'])).toBeUndefined();
});
