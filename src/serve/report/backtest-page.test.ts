import { expect, test } from 'vitest';
import { sampleBacktest } from '../../../test/support/sample-proof.ts';
import { printBacktest } from '../cli/backtest-text.ts';
import { renderBacktest } from './backtest-page.ts';

const head = { title: 'Backtest <of> "us"', made: new Date(Date.UTC(2025, 0, 2)) };

test('the page names its regime, its cases and every picture, and needs nothing from outside', () => {
  const page = renderBacktest(head, sampleBacktest());
  for (const text of ['Regime: rolling', 'AUROC by origin', 'by tenth and month', 'Base rate by month'])
    expect(page).toContain(text);
  expect(page).toContain('600 test cases');
  expect(page).toContain('Backtest &lt;of&gt; &quot;us&quot;');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).not.toMatch(/(src|href)="https?:/);
  expect(page).toBe(renderBacktest(head, sampleBacktest()));
});

test('the text names origins, tenths with intervals and cases, and what did not run', () => {
  const text = printBacktest(sampleBacktest().report);
  expect(text).toContain('2 origins, 600 test cases');
  expect(text).toContain('Regime rolling (the database as of each row’s cutoff, as in daily use)');
  expect(text).toMatch(/1 +60 +\d+ +\d+\.\d % \[/);
  expect(text).toContain('intent: not applicable: no topic table');
  expect(text).not.toMatch(/NaN|undefined/);
});
