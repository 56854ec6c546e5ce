/** The backtest as one page: verdict, rungs over origins, pictures along time, deciles by month. */
import type { BacktestDetail, BacktestRung, RegimeReport } from '../scoring/backtest-types.ts';
import { baseRateSection } from './base-rate.ts';
import { calibrationChart } from './charts.ts';
import { decileTable, monthGrid } from './deciles.ts';
import { type Html, html } from './html.ts';
import { count, estimate } from './numbers.ts';
import { type PageHead, pageOf } from './page.ts';
import { question } from './question.ts';
import { ONE_CUTOFF, oneCutoffEach } from './regimes.ts';
import { leaksSection, warningsSection } from './sections.ts';
import { timeChart } from './time-charts.ts';

export function renderBacktest(head: PageHead, detail: BacktestDetail): string {
  const { report } = detail;
  const [words, query] = question(report.task);
  const body = html`<section><p>${words}</p>${query !== undefined && html`<pre>${query}</pre>`}
${originsTable(detail)}
${report.regimes.map((regime) => regimeSection(regime, detail))}
${regimeDifference(detail)}
${baseRateSection(report.base_rate)}
${leaksSection(report)}${warningsSection(report.warnings)}</section>`;
  return pageOf(head, false, body);
}

function originsTable({ report }: BacktestDetail): Html {
  const rows = report.origins.map(
    (o) =>
      html`<tr><td>${o.origin}</td><td>${o.to}</td><td class="n">${o.cutoffs}</td><td class="n">${count(o.train)}</td><td class="n">${count(o.val)}</td><td class="n">${count(o.rows)}</td><td class="n">${count(o.positives)}</td></tr>`,
  );
  return html`<h2>Origins</h2><p>At each origin the models were fitted anew on labels complete by then and judged on the cutoffs that follow: ${count(report.rows)} test cases in all, ${count(report.positives)} of them positive.</p>
<div class="scroll"><table><thead><tr><th>origin</th><th>last test cutoff</th><th class="n">cutoffs</th><th class="n">training</th><th class="n">validation</th><th class="n">test</th><th class="n">positives</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const REGIME_WORDS = {
  rolling: 'Rolling: the database as of each row’s own cutoff, as in daily use.',
  frozen: 'Frozen: the database cut at each origin; later cutoffs are seen as they stood then.',
} as const;

const leadOf = (rungs: readonly BacktestRung[]): BacktestRung | undefined =>
  rungs.filter((r) => r.note === undefined && r.origins > 0).at(-1);

function regimeSection(regime: RegimeReport, detail: BacktestDetail): Html {
  const lead = leadOf(regime.rungs);
  const rows = regime.rungs.map((r) =>
    r.origins === 0
      ? html`<tr class="note"><td>${r.level}</td><td>${r.name}</td><td colspan="5">${r.note}</td></tr>`
      : html`<tr><td>${r.level}</td><td>${r.name}${r.note !== undefined && html`<br><span class="dim">${r.note}</span>`}</td><td class="n">${r.origins}</td><td class="n">${estimate(r.auroc)}</td><td class="n">${estimate(r.lift10, 2)}</td><td class="n">${estimate(r.observed_over_expected, 2)}</td><td class="n">${estimate(r.auroc_change)}</td></tr>`,
  );
  return html`<h2>Regime: ${regime.regime}</h2><p class="dim">${REGIME_WORDS[regime.regime]}</p><p class="verdict">${regime.verdict}</p>
<div class="scroll"><table><thead><tr><th>level</th><th>model</th><th class="n">origins</th><th class="n">AUROC [95 %]</th><th class="n">lift 10 % [95 %]</th><th class="n">happened ÷ predicted [95 %]</th><th class="n">AUROC later − earlier [95 %]</th></tr></thead><tbody>${rows}</tbody></table></div>
${lead && pictures(lead, regime, detail)}${lead && decileTable(lead.name, lead.deciles)}`;
}

function pictures(lead: BacktestRung, regime: RegimeReport, { predictions, outcomes }: BacktestDetail): Html {
  const baselines = regime.rungs.filter((r) => r !== lead && r.origins > 0 && r.level <= 2).slice(0, 3);
  const series = [lead, ...baselines].map((r, colour) => ({
    name: r.name,
    colour,
    points: lead.by_origin.map((o) => {
      const found = r.by_origin.find((x) => x.origin === o.origin);
      return {
        value: found?.auroc.value ?? null,
        ci: found?.auroc.ci ?? null,
        note: `${o.origin}: ${found ? estimate(found.auroc) : 'did not run'}, ${count(o.rows)} cases, ${count(o.positives)} positive`,
      };
    }),
  }));
  const chosen = predictions[regime.regime]?.[lead.name] ?? new Float32Array(0);
  const ran = [...chosen.keys()].filter((i) => !Number.isNaN(chosen[i]!));
  const calibration = calibrationChart(
    { name: lead.name, colour: 0, predictions: ran.map((i) => chosen[i]!) },
    ran.map((i) => outcomes[i]!),
  );
  const legend = series.map((s) => html`<li><i class="c${s.colour}"></i>${s.name}</li>`);
  return html`<div class="charts">
<figure>${timeChart({
    title: 'AUROC by origin',
    axis: 'AUROC',
    periods: lead.by_origin.map((o) => o.origin),
    series,
    level: 0.5,
    from: 0.3,
  })}<figcaption><strong>AUROC by origin</strong> with 95 % intervals; the dashed line is chance.<ul class="legend">${legend}</ul></figcaption></figure>
<figure>${monthGrid(lead.name, lead.by_month)}<figcaption><strong>Win rate (%) by tenth and month</strong> of ${lead.name}: best tenth left. A good order is dark on the left in every month.</figcaption></figure>
<figure>${calibration}<figcaption><strong>Calibration</strong> of ${lead.name} over all origins.</figcaption></figure></div>`;
}

function regimeDifference({ report }: BacktestDetail): Html | false {
  const { regime_difference: d } = report;
  return (
    d !== null &&
    html`<p>Rolling − frozen AUROC of the highest model: ${estimate(d)}.${oneCutoffEach(report) && ` ${ONE_CUTOFF}`}</p>`
  );
}
