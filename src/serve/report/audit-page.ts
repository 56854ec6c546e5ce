/** The audit as one page. */
import type {
  AuditReport,
  ContactsRow,
  FairnessView,
  ScoreAudit,
  SegmentView,
} from '../scoring/audit-types.ts';
import type { Estimate, RateRow } from '../scoring/backtest-types.ts';
import { type Html, html } from './html.ts';
import { type PageHead, pageOf } from './page.ts';
import { question } from './question.ts';
import { warningsSection } from './sections.ts';
import { timeChart } from './time-charts.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;
const estimate = ({ value, ci }: Estimate, digits = 3): string =>
  value === null
    ? '–'
    : `${value.toFixed(digits)}${ci === null ? '' : ` [${ci[0].toFixed(digits)}, ${ci[1].toFixed(digits)}]`}`;
const rate = ({ rate: r, ci, rows }: RateRow): string =>
  `${percent(r)} [${percent(ci[0])}, ${percent(ci[1])}], ${count(rows)} cases`;

type Cell = string | Html;

const tableOf = (head: readonly string[], rows: readonly (readonly Cell[])[]): Html =>
  html`<div class="scroll"><table><thead><tr>${head.map((h) => html`<th>${h}</th>`)}</tr></thead><tbody>${rows.map((r) => html`<tr>${r.map((c) => html`<td>${c}</td>`)}</tr>`)}</tbody></table></div>`;

export function renderAudit(head: PageHead, report: AuditReport): string {
  const [words, query] = question(report.task);
  const body = html`<section><p>${words}</p>${query !== undefined && html`<pre>${query}</pre>`}
<p class="dim">${count(report.rows)} test cases, ${count(report.positives)} of them positive, later than all training. Intervals hold 95 %, clustered by account and cutoff.</p>
<h2>Outcomes</h2><p>${report.sufficiency.sentence}</p>
${scoresSection(report.scores)}${leaksSection(report)}${colleagueSection(report)}${capacitySection(report)}
${report.money !== null && html`<h2>Money</h2>${report.money.sentences.map((s) => html`<p>${s}</p>`)}`}
${report.segments !== null && segmentSection(report.segments)}${report.fairness.map(fairnessSection)}
${warningsSection(report.warnings)}</section>`;
  return pageOf(head, false, body);
}

function scoresSection(scores: readonly ScoreAudit[]): Html {
  const shown = scores.slice(-4);
  const series = shown.map((s, colour) => ({
    name: s.name,
    colour,
    points: s.slices.map((x) => ({ value: x.rate, ci: x.ci, note: `fifth ${x.slice}: ${rate(x)}` })),
  }));
  const legend = series.map((s) => html`<li><i class="c${s.colour}"></i>${s.name}</li>`);
  return html`<h2>Scores in use against the model</h2>${scores.map((s) => html`<p>${s.sentence}${s.note !== null && html` <span class="dim">(${s.note})</span>`}</p>`)}
<div class="charts"><figure>${timeChart({
    title: 'Win rate by fifth',
    axis: 'won',
    periods: ['best', '2', '3', '4', 'worst'],
    series,
    percent: true,
  })}<figcaption><strong>Win rate by fifth</strong> of each order, with 95 % intervals. A useful one falls from left to right.<ul class="legend">${legend}</ul></figcaption></figure></div>
${tableOf(
  ['score', 'AUROC [95 %]', 'best : worst fifth [95 %]', 'in order', 'model − score, AUROC'],
  scores.map((s) => [
    s.name,
    estimate(s.auroc),
    `${s.top_to_bottom.ratio.toFixed(1)} [${s.top_to_bottom.ci.map((x) => x.toFixed(1)).join(', ')}]`,
    s.monotone ? 'yes' : 'no',
    s.model_minus_score ? estimate(s.model_minus_score) : '',
  ]),
)}`;
}

function leaksSection({ leaks, collapses }: AuditReport): Html {
  if (leaks.length === 0 && collapses.length === 0)
    return html`<h2>Leaks</h2><p>No column was found to know the outcome.</p>`;
  return html`<h2>Leaks</h2>${tableOf(
    ['column', 'found by', 'done', 'evidence'],
    leaks.map((l) => [
      html`<code>${l.column}</code>`,
      l.kind,
      l.action === 'withhold' ? 'withheld' : 'warned',
      l.evidence,
    ]),
  )}${
    collapses.length > 0 &&
    html`<h3>Importance as exported against as of the cutoff</h3>${tableOf(
      ['column', 'evidence'],
      collapses.map((c) => [html`<code>${c.column}</code>`, c.evidence]),
    )}`
  }`;
}

function colleagueSection({ colleagues: study }: AuditReport): Html | false {
  if (!study) return false;
  const figure = (title: string, rows: readonly ContactsRow[]): Html =>
    html`<figure>${timeChart({
      title,
      axis: 'won',
      periods: rows.map((r) => r.contacts),
      series: [
        {
          name: title,
          colour: 0,
          points: rows.map((r) => ({ value: r.rate, ci: r.ci, note: `${r.contacts}: ${rate(r)}` })),
        },
      ],
      percent: true,
    })}<figcaption><strong>${title}</strong>: ${rows.map((r) => `${r.contacts}: ${count(r.rows)}`).join(', ')} cases.</figcaption></figure>`;
  return html`<h2>Active ${study.people}</h2><p>${study.sentence}</p><p class="dim">Active: a row of ${study.events.join(', ')} in the ${study.days} days before the cutoff.</p>
<div class="charts">${figure('Win rate by active people', study.by_contacts)}${figure('Win rate by departments', study.by_departments)}</div>`;
}

const capacitySection = ({ capacity: view }: AuditReport): Html | false =>
  view !== null &&
  html`<h2>Capacity</h2><p>${view.sentence}</p>${tableOf(
    ['order', 'worked a list', 'wins a list [95 %]', 'more than in no order [95 %]'],
    view.orders.map((o) => [o.name, o.worked.toFixed(0), estimate(o.wins, 1), estimate(o.more, 1)]),
  )}`;

const segmentSection = ({ column, segments, sentence }: SegmentView): Html =>
  html`<h2>By ${column}</h2><p>${sentence}</p>${tableOf(
    [
      'segment',
      'win rate [95 %]',
      'AUROC [95 %]',
      'lift 20 % [95 %]',
      'happened ÷ predicted',
      'own model − common',
    ],
    segments.map((s) => [
      s.segment,
      rate(s),
      estimate(s.auroc),
      estimate(s.lift20, 2),
      estimate(s.observed_over_expected, 2),
      s.own_model ? estimate(s.own_model) : '',
    ]),
  )}`;

const fairnessSection = (view: FairnessView): Html =>
  html`<h2>Excluded: ${view.column}</h2><p>${view.sentence}</p>${tableOf(
    ['value', 'win rate [95 %]', 'mean score', 'happened ÷ predicted', 'in the best fifth'],
    view.values.map((v) => [
      v.value,
      rate(v),
      percent(v.mean_score),
      estimate(v.observed_over_expected, 2),
      percent(v.in_top_fifth),
    ]),
  )}${
    view.proxies.length > 0 &&
    html`<h3>Columns that tell “${view.told}”</h3>${tableOf(
      ['AUROC', 'column'],
      view.proxies.map((p) => [p.auroc.toFixed(3), p.sentence]),
    )}`
  }`;
