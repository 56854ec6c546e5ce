import { expect, test } from 'vitest';
import { fixtureSchema } from '../../../test/golden/pql/fixture-schema.ts';
import { compileQuery } from './compile.ts';
import { describeQuery } from './describe.ts';
import { explainText } from './explain.ts';

const describeText = (text: string): readonly string[] =>
  describeQuery(compileQuery(text, fixtureSchema).checked!, fixtureSchema);

test('a windowed question: target, ends of the window, people, filter, joins, time, absence', () => {
  expect(
    describeText(
      "PREDICT COUNT(deals.* WHERE deals.stage = 'won', 0, 90, days) > 0 FOR EACH leads.lead_id " +
        'WHERE COUNT(touches.*, -30, 0, days) > 0 ASSUMING COUNT(touches.*, 0, 7, days) >= 2',
    ),
  ).toMatchInlineSnapshot(`
    [
      "Predicts whether there is at least one row of deals where deals.stage is "won", in the 90 days after the cutoff.",
      "Label window, start excluded and end included: cutoff < time ≤ cutoff + 90 days.",
      "Task: yes or no (binary classification); temporal: labels lie after the cutoff.",
      "For each row of leads, by leads.lead_id, from leads.created_at on.",
      "Only where there is at least one row of touches in the 30 days before the cutoff, as known at the cutoff.",
      "Assuming that the number of rows of touches in the 7 days after the cutoff is at least 2: only examples where this came true are learnt from, and it is taken as true when predicting. This is no claim about cause.",
      "Tables: leads, deals, touches.",
      "Rows of deals are linked by deals.lead_id.",
      "Rows of touches are linked by touches.lead_id.",
      "A row of deals counts at its deals.closed_at.",
      "Without a qualifying row COUNT is 0 and the example is kept.",
      "Canonical text: PREDICT COUNT(deals.* WHERE deals.stage = "won", 0, 90, days) > 0 FOR EACH leads.lead_id WHERE COUNT(touches.*, -30, 0, days) > 0 ASSUMING COUNT(touches.*, 0, 7, days) >= 2",
    ]
  `);
});

test('a mean leaves inactive entities out; months and gaps are said', () => {
  const lines = describeText('PREDICT AVG(touches.minutes, 1, 2, months) FOR EACH leads.lead_id');
  expect(lines[0]).toBe(
    'Predicts the mean of touches.minutes from 1 month after the cutoff to 2 months after the cutoff.',
  );
  expect(lines).toContain('Without a qualifying row AVG is undefined and the example is dropped.');
});

test('a stored value is imputation', () => {
  const lines = describeText('PREDICT leads.status FOR leads.lead_id IN (1, 2, 3, 4, 5, 6)');
  expect(lines).toContain('For the ids 1, 2, 3, 4, 5 and 1 more of leads, by leads.lead_id.');
  expect(lines).toContain('Rows where leads.status is missing are predicted, not learnt from.');
});

test('BOOL drops entities for which the condition holds already', () => {
  const lines = describeText("PREDICT BOOL(leads.status = 'won', 0, 90, days) FOR EACH leads.lead_id");
  expect(lines[0]).toBe(
    'Predicts whether leads.status is "won" becomes true in the 90 days after the cutoff.',
  );
  expect(lines.at(-2)).toMatch(/^Dropped at a cutoff where leads.status is "won" already holds/);
});

test('the text alone: a declared target is named, its tables are not known', () => {
  const { lines, diagnostics } = explainText('PREDICT will_convert FOR contact USING contact, company');
  expect(lines[0]).toBe('Predicts the target will_convert, whose text is declared in the workspace.');
  expect(lines).toContain('Features read only contact, company.');
  expect(diagnostics.every((d) => d.severity === 'info')).toBe(true);
});

test('strictly, an extension is an error', () => {
  const text = 'PREDICT EXISTS(touches.*, 0, 7) FOR EACH leads.lead_id';
  expect(explainText(text).diagnostics.some((d) => d.severity === 'error')).toBe(false);
  expect(explainText(text, { mode: 'strict' }).diagnostics.map((d) => d.code)).toContain('P14');
});
