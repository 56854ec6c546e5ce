import { expect, it } from 'vitest';
import { parseTitle, seniorityRank } from './title.ts';

it.each([
  ['VP of Engineering', 'vp', 'engineering'],
  ['CTO', 'c-level', 'engineering'],
  ['Chief Information Security Officer', 'c-level', 'security'],
  ['Head of Procurement', 'head', 'procurement'],
  ['Director Analytics', 'director', 'data'],
  ['Marketing Manager', 'manager', 'marketing'],
  ['Senior Software Developer', 'senior', 'engineering'],
  ['Data Scientist', 'ic', 'data'],
  ['Executive Assistant to the CEO', 'junior', 'operations'],
  ['Founder & CEO', 'c-level', 'executive'],
  ['VP Product', 'vp', 'product'],
  ['Accountant', 'ic', 'finance'],
  ['Account Executive', 'ic', 'sales'],
  ['Vice President, Finance', 'vp', 'finance'],
])('%s', (title, seniority, department) => {
  expect(parseTitle(title)).toEqual({ seniority, department });
});

it('says nothing about what it does not know', () => {
  expect(parseTitle('Blog view')).toEqual({});
  expect(parseTitle('')).toEqual({});
});

it('ranks seniority', () => {
  expect(seniorityRank('c-level')).toBeGreaterThan(seniorityRank('vp'));
  expect(seniorityRank('ic')).toBeGreaterThan(seniorityRank('junior'));
});
