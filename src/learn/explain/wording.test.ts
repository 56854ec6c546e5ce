import { expect, it } from 'vitest';
import { wordingOf } from './wording.ts';

it('calls entities by their table and only conversions by a verb', () => {
  expect(wordingOf('TrialUsers', 'will_convert')).toEqual({
    ...{ entities: 'trial users', outcome: 'converted', currency: '' },
  });
  expect(wordingOf('leads', "STATUS = 'Closed Won'").outcome).toBe('converted');
  expect(wordingOf('patients', 'COUNT(visits.*, 0, 30) > 0').outcome).toBe('had the outcome');
});
