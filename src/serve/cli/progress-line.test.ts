import { expect, test } from 'vitest';
import { fakeIo } from '../../../test/support/fake-cli.ts';
import { createProgress, describe } from './progress-line.ts';

test('a line tells stage, percent, rows and time left', () => {
  const event = { stage: 'features', done: 25_000, total: 100_000, unit: 'rows' };
  expect(describe(event, { seconds: 10, done: 25_000 })).toBe(
    'features: 25 %, 25,000 of 100,000 rows, 30 s left',
  );
  expect(describe(event, { seconds: 0.1, done: 25_000 })).toBe('features: 25 %, 25,000 of 100,000 rows');
  expect(describe(event, { seconds: 10, done: 0 })).toBe('features: 25 %, 25,000 of 100,000 rows');
  expect(describe({ stage: 'trees', done: 0.5, total: 2 }, { seconds: 3, done: 0.5 })).toBe(
    'trees: 25 %, 9 s left',
  );
  expect(describe({ stage: 'reading', done: 0 }, { seconds: 1, done: 0 })).toBe('reading …');
  expect(describe({ stage: 'reading', done: 12_000, unit: 'rows' }, { seconds: 1, done: 12_000 })).toBe(
    'reading: 12,000 rows',
  );
});

test('away from a terminal there is a line when a stage begins and one each ten seconds', () => {
  let now = 0;
  const io = fakeIo({ clock: () => now });
  const { report, clear } = createProgress(io.io, false);
  for (now = 0; now <= 25_000; now += 500) report({ stage: 'trees', done: now, total: 50_000 });
  report({ stage: 'scores', done: 0 });
  clear();
  expect(io.err()).toBe(
    [
      'trees: 0 %, 0 of 50,000',
      'trees: 20 %, 10,000 of 50,000, 40 s left',
      'trees: 40 %, 20,000 of 50,000, 30 s left',
      'scores …',
      '',
    ].join('\n'),
  );
});

test('on a terminal the line redraws itself and is erased at the end', () => {
  let now = 0;
  const io = fakeIo({ clock: () => now, isTty: true, columns: 40 });
  const { report, clear } = createProgress(io.io, false);
  for (now = 0; now < 300; now += 50) report({ stage: 'trees', done: now, total: 300 });
  clear();
  const lines = io.err().split('\r\x1b[2K');
  expect(lines).toHaveLength(5);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
  expect(lines.at(-1)).toBe('');
});

test('quiet is quiet', () => {
  const io = fakeIo({ isTty: true });
  const { report, clear } = createProgress(io.io, true);
  report({ stage: 'trees', done: 1, total: 2 });
  clear();
  expect(io.err()).toBe('');
});
