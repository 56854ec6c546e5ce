import { describe, expect, it } from 'vitest';
import { daysWords, moneyWords, plainWords, shareWords, valueWords } from './number-words.ts';

describe('numbers in words', () => {
  it.each([
    [daysWords(0), '0 days'],
    [daysWords(0.3), 'less than a day'],
    [daysWords(1.2), '1 day'],
    [daysWords(1500), '1,500 days'],
    [shareWords(0.31), '31 %'],
    [shareWords(0.0042), '0.42 %'],
    [shareWords(0), '0 %'],
    [moneyWords(1_234_567, '$'), '$1.2M'],
    [moneyWords(92_000, '$'), '$92K'],
    [moneyWords(999_999, ''), '1M'],
    [moneyWords(5e9, '€'), '€5B'],
    [moneyWords(-1234.5, '$'), '-$1,234.5'],
    [plainWords(0.01234), '0.012'],
    [plainWords(-1.1e-12), '0'],
    [plainWords(2.3456), '2.35'],
    [plainWords(12345.6), '12,346'],
    [valueWords(2.5, 'count', ''), '2.5'],
    [valueWords(7, undefined, ''), '7'],
  ])('%s', (found, expected) => {
    expect(found).toBe(expected);
  });
});
