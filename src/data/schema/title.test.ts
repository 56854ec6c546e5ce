import { expect, it } from 'vitest';
import { parseTitle, SENIOR_PATTERNS, seniorityRank } from './title.ts';

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

it('tells senior titles by a pattern as by their rank', () => {
  const heads = [
    'vp',
    'SVP',
    'vice-president',
    'Vice  President',
    'president',
    'chief',
    'C-suite',
    'c level',
    'CTO',
  ];
  const others = [
    'co-founder',
    'owner',
    'managing_director',
    'head',
    'director',
    'senior',
    'assistant to the',
    'EA to',
  ];
  const rest = ['', ' of Sales', ', Data', '/Engineer', ' Intern', '_it', ' Ventures', 's'];
  const titles = [...heads, ...others].flatMap((h) => rest.flatMap((r) => [`${h}${r}`, `Deputy ${h}${r}`]));
  const by = (pattern: string, title: string): boolean => new RegExp(pattern).test(title.toLowerCase());
  for (const title of titles) {
    const { seniority } = parseTitle(title);
    const isSenior = seniority !== undefined && seniorityRank(seniority) >= seniorityRank('vp');
    expect([title, by(SENIOR_PATTERNS.senior, title) && !by(SENIOR_PATTERNS.assistant, title)]).toEqual([
      title,
      isSenior,
    ]);
  }
});
