import { expect, test } from 'vitest';
import type { Link, Schema } from '../../data/schema/types.ts';
import { findLink, shortestPaths, viaFor } from './links.ts';

const link = (from: string, column: string, to: string): Link => ({
  name: `${from}.${column}`,
  from,
  columns: [column],
  to,
});
const schema: Schema = {
  tables: [],
  links: [
    link('person', 'firm', 'firm'),
    link('person', 'boss', 'person'),
    link('deal', 'firm', 'firm'),
    link('deal', 'buyer', 'person'),
    link('deal', 'seller', 'person'),
    link('line', 'deal', 'deal'),
  ],
  derivedLinks: [],
};
const names = (paths: readonly (readonly Link[])[]): readonly string[] =>
  paths.map((p) => p.map((l) => l.name).join(' '));

test('a path may go up to a parent and down again', () => {
  const via = [findLink(schema, 'person.firm')!];
  expect(names(shortestPaths(schema, 'deal', 'person', via))).toEqual(['deal.firm person.firm']);
  expect(names(shortestPaths(schema, 'person', 'person', via))).toEqual(['person.firm person.firm']);
});

test('every shortest path is found, so that ambiguity shows', () => {
  expect(names(shortestPaths(schema, 'line', 'person'))).toEqual([
    'line.deal deal.buyer',
    'line.deal deal.seller',
  ]);
  expect(shortestPaths(schema, 'deal', 'nothing')).toEqual([]);
});

test('the suggested links leave one path', () => {
  const [path] = shortestPaths(schema, 'line', 'firm');
  expect(viaFor(schema, 'line', 'firm', path!).map((l) => l.name)).toEqual(['deal.firm']);
});

test('links are found by name in any case, or not at all', () => {
  expect(findLink(schema, 'DEAL.Buyer')?.name).toBe('deal.buyer');
  expect(findLink(schema, 'deal.owner')).toBeUndefined();
});
