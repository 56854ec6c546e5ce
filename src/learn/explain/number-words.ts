/** Numbers as people write them: 1,234; 12 %; $1.2M; 3 days. */
import type { FeatureColumn } from '../features/types.ts';

const LOCALE = 'en-US';
const grouped = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits });
const WHOLE = grouped(0);
const TENTHS = grouped(1);
const HUNDREDTHS = grouped(2);
const SIGNIFICANT = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 2 });

export const countWords = (n: number): string => (Number.isInteger(n) ? WHOLE : TENTHS).format(n);

export function daysWords(days: number): string {
  if (Math.abs(days) < 1) return days === 0 ? '0 days' : 'less than a day';
  const whole = Math.round(days);
  return `${WHOLE.format(whole)} ${Math.abs(whole) === 1 ? 'day' : 'days'}`;
}

/** 0.3127 → 31 %; 0.004 → 0.4 %. */
export function shareWords(share: number): string {
  const percent = share * 100;
  const format = Math.abs(percent) < 1 ? SIGNIFICANT : WHOLE;
  return `${format.format(percent)} %`;
}

const MAGNITUDES: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/** 1234567 → $1.2M; below 10,000 in full. */
export function moneyWords(amount: number, currency: string): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? '-' : '';
  const magnitude = size < 1e4 ? undefined : MAGNITUDES.find(([unit]) => size >= unit * 0.99995);
  const text = magnitude ? `${TENTHS.format(size / magnitude[0])}${magnitude[1]}` : HUNDREDTHS.format(size);
  return `${sign}${currency}${text}`;
}

/** What is left of a zero after arithmetic. */
const NOTHING = 1e-6;

/** Large numbers whole, small ones with two significant digits, what is nearly nothing as 0. */
export function plainWords(x: number): string {
  const size = Math.abs(x);
  if (size < NOTHING) return '0';
  if (size >= 100 || Number.isInteger(x)) return WHOLE.format(x);
  return (size >= 1 ? HUNDREDTHS : SIGNIFICANT).format(x);
}

export function valueWords(x: number, unit: FeatureColumn['unit'], currency: string): string {
  switch (unit) {
    case 'days':
      return daysWords(x);
    case 'share':
      return shareWords(x);
    case 'money':
      return moneyWords(x, currency);
    case 'count':
      return countWords(x);
    default:
      return plainWords(x);
  }
}
