import { expect, test } from 'vitest';
import { parseDate, parseIsoDate } from './dates.ts';

test('dates take any of the three separators and are padded', () => {
  expect(parseDate('2024/3/1')).toEqual({ value: '2024-03-01T00:00:00', dateOnly: true });
  expect(parseDate('2024.12.31', '9:5:0')).toEqual({ value: '2024-12-31T09:05:00', dateOnly: false });
});

test.each(['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-01', '2024-04-31', '24-01-01', '31-01-2024'])(
  'no such date: %s',
  (date) => expect(parseDate(date)).toBeUndefined(),
);

test('leap days of 2000 and 2024 exist', () => {
  expect([parseDate('2000-02-29'), parseDate('2024-02-29')]).not.toContain(undefined);
});

test('quoted dates may have T, a zone, no seconds', () => {
  expect(parseIsoDate('2024-01-01')).toEqual({ value: '2024-01-01T00:00:00', dateOnly: true });
  expect(parseIsoDate('2024-01-01T10:30Z')?.value).toBe('2024-01-01T10:30:00');
  expect(parseIsoDate('2024-01-01 00:30:00-0200')?.value).toBe('2024-01-01T02:30:00');
  expect(parseIsoDate('9999-12-31T23:30-01:00')).toBeUndefined();
  expect(parseIsoDate('2024-01-01T10:30+25:00')).toBeUndefined();
  expect(parseIsoDate('01/02/2024')).toBeUndefined();
});
