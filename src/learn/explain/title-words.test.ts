import { describe, expect, it } from 'vitest';
import { peopleWords } from './title-words.ts';

describe('people by their titles', () => {
  it.each([
    [['VP Engineering', 'CTO'], '2 (VP + CTO)'],
    [['Data Analyst'], '1 (IC)'],
    [['Director of IT'], '1 (Dir)'],
    [['Chief Risk Officer'], '1 (CRO)'],
    [['Chief Information Security Officer'], '1 (CISO)'],
    [['VP Sales', 'VP Marketing', 'Analyst', 'Intern'], '4 (2 VP + IC + 1 more)'],
    [[null, 'Manager'], '2 (Mgr + 1 more)'],
    [[null, ''], '2'],
    [[], '0'],
  ])('%j → %s', (titles, expected) => {
    expect(peopleWords(titles)).toBe(expected);
  });
});
