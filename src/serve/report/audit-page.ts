/** The audit as one page. */
import type { AuditReport, ContactsRow, FairnessView, ScoreAudit } from '../scoring/audit-types.ts';
import { type Html, html } from './html.ts';
import { count, estimate, percent, rate } from './numbers.ts';
import { navOf, type PageHead, pageOf } from './page.ts';
import { question } from './question.ts';
import { warningsSection } from './sections.ts';
import { segmentSection } from './segments.ts';
import { tableOf } from './table.ts';
import { timeChart } from './time-charts.ts';

export interface AuditCase {
  readonly title: string;
  readonly report: AuditReport;
}

/** One part a target. */
export function renderAudit(head: PageHead, cases: readonly AuditCase[]): string {
  return pageOf(head, navOf(cases), html`${cases.map(auditPart)}`);
}

function auditPart({ title, report }: AuditCase, index: number): Html {
  const [words, query] = question(report.task);
  return html`<section id="case-${index + 1}"><h2>${title}</h2><p>${words}</p>${query !== undefined && html`<pre>${query}</pre>`}
<p class="dim">${count(report.rows)} test cases, ${count(report.positives)} of them positive, later than all training. Intervals hold 95 %, clustered by account and cutoff.</p>
<h3>Outcomes</h3><p>${report.sufficiency.sentence}</p>
${scoresSection(report.scores)}${leaksSection(report)}${colleagueSection(report)}${capacitySection(report)}
${report.money !== null && html`<h4>Money</h3>${report.money.sentences.map((s) => html`<p>${s}</p>`)}`}
${report.segments !== null && segmentSection(report.segments)}${report.fairness.map(fairnessSection)}
${warningsSection(report.warnings)}</section>`;
}

function scoresSection(scores: readonly ScoreAudit[]): Html {
  const shown = scores.slice(-4);
  const series = shown.map((s, colour) => ({
    name: s.name,
    colour,
    points: s.slices.map((x) => ({ value: x.rate, ci: x.ci, note: `fifth ${x.slice}: ${rate(x)}` })),
  }));
  const legend = series.map((s) => html`<li><i class="c${s.colour}"></i>${s.name}</li>`);
  return html`<h3>Scores in use against the model</h3>${scores.map((s) => html`<p>${s.sentence}${s.note !== null && html` <span class="dim">(${s.note})</span>`}</p>`)}
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
    return html`<h3>Leaks</h3><p>No column was found to know the outcome.</p>`;
  return html`<h3>Leaks</h3>${tableOf(
    ['column', 'found by', 'done', 'evidence'],
    leaks.map((l) => [
      html`<code>${l.column}</code>`,
      l.kind,
      l.action === 'withhold' ? 'withheld' : 'warned',
      l.evidence,
    ]),
  )}${
    collapses.length > 0 &&
    html`<h4>Importance as exported against as of the cutoff</h4>${tableOf(
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
  return html`<h3>Active ${study.people}</h3><p>${study.sentence}</p><p class="dim">Active: a row of ${study.events.join(', ')} in the ${study.days} days before the cutoff.</p>
<div class="charts">${figure('Win rate by active people', study.by_contacts)}${figure('Win rate by departments', study.by_departments)}</div>`;
}

const capacitySection = ({ capacity: view }: AuditReport): Html | false =>
  view !== null &&
  html`<h3>Capacity</h3><p>${view.sentence}</p>${tableOf(
    ['order', 'worked a list', 'wins a list [95 %]', 'more than in no order [95 %]'],
    view.orders.map((o) => [o.name, o.worked.toFixed(0), estimate(o.wins, 1), estimate(o.more, 1)]),
  )}`;

const fairnessSection = (view: FairnessView): Html =>
  html`<h3>Excluded: ${view.column}</h3><p>${view.sentence}</p>${tableOf(
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
    html`<h4>Columns that tell “${view.told}”</h4>${tableOf(
      ['AUROC', 'column'],
      view.proxies.map((p) => [p.auroc.toFixed(3), p.sentence]),
    )}`
  }`;
