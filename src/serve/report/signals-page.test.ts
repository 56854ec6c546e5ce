import { expect, test } from 'vitest';
import { sampleSignals } from '../../../test/support/sample-explain.ts';
import { renderSignals } from './signals-page.ts';

const MODEL = {
  ...{ rung: 'blend', version: 'abc', status: null, data_cutoff: null, trained_rows: 2400, positives: 241 },
} as const;
const page = () => renderSignals({ title: 'Signals', made: new Date(0) }, sampleSignals(MODEL));

test('the page shows signals, effects and segments, with their numbers of cases', () => {
  const text = page();
  for (const part of [
    'Signals',
    'The weightiest features',
    'By segment',
    '2,000 past examples',
    'engagement −0.20',
  ])
    expect(text).toContain(part);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});

test('text from the tables is escaped, and the same report makes the same page', () => {
  expect(page()).toContain('Finance &amp; &quot;Co&quot;');
  expect(page()).toContain('industry &lt;of the firm&gt;');
  expect(page()).toBe(page());
});
