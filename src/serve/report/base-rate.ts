/** The share of cases that happened, by month of the cutoff: whether probabilities learned early still hold late. */
import type { BaseRate } from '../scoring/backtest-types.ts';
import { type Html, html } from './html.ts';
import { count, percent } from './numbers.ts';
import { timeChart } from './time-charts.ts';

export const baseRateSection = (base: BaseRate): Html =>
  html`<h3>Base rate by month</h3><p>${base.sentence}</p><div class="charts"><figure>${baseRateChart(base)}<figcaption>Share of cases that happened, by month of the cutoff, with 95 % intervals; the dashed line is the mean of ${count(cases(base))} cases.</figcaption></figure></div>`;

const cases = ({ months }: BaseRate): number => months.reduce((n, m) => n + m.rows, 0);

function baseRateChart(base: BaseRate): Html {
  const { months } = base;
  const positives = months.reduce((n, m) => n + m.positives, 0);
  const points = months.map((m) => ({
    value: m.rate,
    ci: m.ci,
    note: `${m.month}: ${percent(m.rate)} of ${count(m.rows)} cases`,
  }));
  return timeChart({
    title: 'Base rate by month',
    axis: 'happened',
    periods: months.map((m) => m.month),
    series: [{ name: 'base rate', colour: 0, points }],
    level: positives / Math.max(1, cases(base)),
    percent: true,
  });
}
