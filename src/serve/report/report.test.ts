import { expect, test } from 'vitest';
import { SAMPLE_REPORT, sampleDetail } from '../../../test/support/sample-detail.ts';
import { niceTicks } from './axes.ts';
import { calibrationChart, liftChart, rocChart } from './charts.ts';
import { html } from './html.ts';
import { renderReport } from './report.ts';
import { leadRung } from './rung-facts.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';

const page = (): string =>
  renderReport({
    title: 'Leads & "accounts"',
    made: new Date(Date.UTC(2025, 0, 2)),
    cases: [{ title: 'Leads', detail: sampleDetail(), schemaSvg: SVG }],
  });

test('the page has every section and needs nothing from outside', () => {
  const text = page();
  for (const section of ['Verdict', 'The ladder of models', 'ROC', 'Lift by decile', 'Calibration'])
    expect(text).toContain(section);
  for (const section of ['Top leads, with reasons', 'Leak report', 'The tables', 'Warnings'])
    expect(text).toContain(section);
  expect(text).not.toMatch(/(src|href)="https?:/);
  expect(text).not.toContain('<script');
  expect(text).toContain('filled only after the outcome for 98 % of rows');
  expect(text).toContain('not applicable: no topic table');
});

test('base rate, segments, what was left out and intervals are shown with their cases', () => {
  const detail = sampleDetail();
  const months = [
    { month: '2024-03', rows: 300, positives: 30, rate: 0.1, ci: [0.07, 0.14] as const },
    { month: '2024-04', rows: 400, positives: 80, rate: 0.2, ci: [0.16, 0.24] as const },
  ];
  const auroc = { value: 0.71, ci: [0.6, 0.8] as const };
  const text = renderReport({
    title: 'Leads',
    made: new Date(Date.UTC(2025, 0, 2)),
    cases: ['one', 'two'].map((title) => ({
      title,
      schemaSvg: SVG,
      detail: {
        ...detail,
        report: {
          ...detail.report,
          base_rate: { months, statistic: 9, degrees: 1, p_value: 0.002, sentence: 'The base rate changes.' },
          segments: {
            column: 'leads.<source>',
            sentence: 'Keep one model.',
            segments: [
              {
                ...{ segment: 'web', rows: 120, positives: 20, rate: 0.167, ci: [0.1, 0.25] as const, auroc },
                ...{ observed_over_expected: auroc, lift20: auroc, own_model: null },
              },
            ],
          },
          screened: [{ name: 'weekday', reason: 'drift' as const }],
          selection: {
            ...{ adversarial_auc: 0.93, adversarial_rows: 800, turned: [], note: null, folds: 3, rows: 900 },
            groups: [{ group: 'peers', columns: 7, kept: false, loss_change: -0.001, standard_error: 0.002 }],
          },
        },
      },
    })),
  });
  for (const part of ['href="#case-2"', 'The base rate changes.', 'mean of 700 cases', '120 cases'])
    expect(text).toContain(part);
  for (const part of ['leads.&lt;source&gt;', '1: tells only when', '800 rows', '(n=900)', 'left out'])
    expect(text).toContain(part);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test('text from the tables is escaped wherever it stands', () => {
  const text = page();
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).toContain('Acme &lt;Corp&gt; &amp; &quot;Sons&quot;');
  expect(html`<b title="${'"><i>'}">${'\u0000'}</b>`.html).toBe('<b title="&quot;&gt;&lt;i&gt;">�</b>');
});

test('the same data makes the same page', () => {
  expect(page()).toBe(page());
});

test('charts stay inside their frame and say nothing that is not a number', () => {
  const { predictions, outcomes } = sampleDetail();
  const series = { name: 'blend', colour: 0, predictions: predictions.blend ?? [] };
  for (const picture of [
    rocChart([series], outcomes),
    liftChart(series, outcomes),
    calibrationChart(series, outcomes),
  ]) {
    expect(picture.html).not.toMatch(/NaN|Infinity|undefined/);
    const xs = [...picture.html.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].flatMap((m) => [
      Number(m[1]),
      Number(m[2]),
    ]);
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...xs)).toBeLessThanOrEqual(360);
  }
});

test('a test set of one class is drawn without a curve rather than failing', () => {
  const series = { name: 'blend', colour: 0, predictions: [0.1, 0.2, 0.3] };
  expect(rocChart([series], [0, 0, 0]).html).not.toContain('NaN');
  expect(liftChart(series, [0, 0, 0]).html).not.toContain('NaN');
  expect(calibrationChart(series, [0, 0, 0]).html).not.toContain('NaN');
});

test('the leading rung is the highest that ran, whatever the test says', () => {
  expect(leadRung(SAMPLE_REPORT)).toBe('blend');
  const withoutTop = SAMPLE_REPORT.rungs.map((r) => (r.name === 'blend' ? { ...r, note: 'failed' } : r));
  expect(leadRung({ ...SAMPLE_REPORT, rungs: withoutTop })).toBe('trees');
});

test('ticks are round and reach the largest value', () => {
  expect(niceTicks(2.64, 4)).toEqual([0, 1, 2, 3]);
  expect(niceTicks(0.047, 4)).toEqual([0, 0.02, 0.04, 0.06]);
  expect(niceTicks(0, 4).at(-1)).toBeGreaterThan(-1);
});
