/** Win rate by tenth: as a table with intervals, and by month as a picture. */
import type { DecileRow, MonthDeciles } from '../scoring/backtest-types.ts';
import type { CompareReport } from '../scoring/types.ts';
import { type Html, html } from './html.ts';
import { count, pair, percent } from './numbers.ts';
import { sliceGrid } from './time-charts.ts';

export const monthGrid = (name: string, months: readonly MonthDeciles[]): Html =>
  sliceGrid(
    `Win rate of ${name} by tenth and month`,
    months.map((m) => ({
      period: m.month,
      cells: m.deciles.map((d) => ({
        slice: d.decile,
        rate: d.rate,
        note: `${m.month}, tenth ${d.decile}: ${percent(d.rate)} [${pair(d.ci, percent)}], ${d.positives.toFixed(0)} of ${count(d.rows)}`,
      })),
    })),
  );

export function decileTable(name: string, deciles: readonly DecileRow[]): Html {
  const rows = deciles.map(
    (d) =>
      html`<tr><td>${d.decile}</td><td class="n">${count(d.rows)}</td><td class="n">${d.positives.toFixed(0)}</td><td class="n">${percent(d.rate)}</td><td class="n">${pair(d.ci, percent)}</td><td class="n">${d.lift === null ? '–' : `${d.lift.toFixed(2)}×`}</td><td class="n">${pair(d.lift_ci, (x) => x.toFixed(2))}</td><td class="n">${percent(d.predicted)}</td></tr>`,
  );
  return html`<h3>Win rate by tenth of ${name}</h3><div class="scroll"><table><thead><tr><th>tenth</th><th class="n">cases</th><th class="n">won</th><th class="n">rate</th><th class="n">95 %</th><th class="n">lift</th><th class="n">95 %</th><th class="n">predicted</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

export const decilesSection = ({ rung, all, by_month }: NonNullable<CompareReport['deciles']>): Html =>
  html`${decileTable(rung, all)}<div class="charts"><figure>${monthGrid(rung, by_month)}<figcaption><strong>Win rate (%) by tenth and month</strong> of the cutoff, best tenth left.</figcaption></figure></div>`;
