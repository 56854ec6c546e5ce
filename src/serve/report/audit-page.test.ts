import { expect, test } from 'vitest';
import { sampleAudit } from '../../../test/support/sample-proof.ts';
import { printAudit } from '../cli/audit-text.ts';
import { OUTPUT_SCHEMAS } from '../cli/output-schemas.ts';
import { renderAudit } from './audit-page.ts';

const head = { title: 'Audit', made: new Date(Date.UTC(2025, 0, 2)) };

test('the page has every part, escapes names and needs nothing from outside', () => {
  const page = renderAudit(head, [{ title: 'leads', report: sampleAudit() }]);
  for (const part of ['Outcomes', 'Scores in use', 'Leaks', 'Active contacts', 'Capacity', 'Money'])
    expect(page).toContain(part);
  expect(page).toContain('leads.&lt;points&gt;');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).not.toMatch(/(src|href)="https?:/);
});

test('the text says the same, every rate with its cases', () => {
  const text = printAudit(sampleAudit());
  expect(text).toContain('150 settled outcomes, 60 of them positive: enough for a weak model only');
  expect(text).toContain('14 of the last 20 wins');
  expect(text).toMatch(/4\+ +80 +8 +10\.0 %/);
  expect(text).toContain('2,400,000 to 6,400,000 in revenue');
  expect(text).not.toMatch(/NaN|undefined/);
});

test('what is printed as JSON is what its schema says', () => {
  expect(() => OUTPUT_SCHEMAS.audit.parse(JSON.parse(JSON.stringify(sampleAudit())))).not.toThrow();
});
