/** One page of what the model goes by: bars of the signals, and per feature predicted and observed by range of values. */
import type { SignalsReport } from '../scoring/global-view.ts';
import { chart, createPlot, niceTicks, path, px } from './axes.ts';
import { type Html, html } from './html.ts';
import { count, percent } from './numbers.ts';
import { type PageHead, pageOf } from './page.ts';

type Effect = SignalsReport['effects'][number];
type Cohort = Effect['cohorts'][number];
type Segments = SignalsReport['segments'][number];

export function renderSignals(head: PageHead, report: SignalsReport): string {
  const { task, model, rows, positives } = report;
  const outcome = positives === null ? '' : `, ${count(positives)} of them with the outcome`;
  const body = html`<section><p>${task.description}</p>
<p>Model ${model.rung} ${model.version}, over ${count(rows)} past examples${outcome}. The model has seen most of them in training: how well it ranks new ones is for the comparison to say.</p>
<h2>Signals</h2>${signalTable(report)}
<h2>The weightiest features</h2><p>Bars: share of cases. Line: mean prediction. Dots: what happened, with its 95 % interval. These are associations, not causes.</p>
<div class="charts">${report.effects.map(effectFigure)}</div>
${report.segments.length > 0 && html`<h2>By segment</h2>${report.segments.map(segmentTable)}`}</section>`;
  return pageOf(head, false, body);
}

function signalTable({ signals, positives }: SignalsReport): Html {
  const unit = positives === null ? 'unit of the value' : 'log-odds';
  const rows = signals.map(
    (
      s,
    ) => html`<tr><td>${s.signal}</td><td><span class="share up" style="width:${Math.max(2, Math.round(s.share * 240))}px"></span>${percent(s.share)}</td>
<td class="n">${s.importance.toFixed(3)}</td><td class="n">${s.cohort_variance === null ? '–' : Math.sqrt(s.cohort_variance).toFixed(3)}</td><td class="n">${count(s.features)}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>signal</th><th>share of the effect</th><th class="n">mean effect (${unit})</th><th class="n">spread between cutoffs</th><th class="n">features</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const effectFigure = (effect: Effect): Html =>
  html`<figure>${effectChart(effect)}<figcaption><strong>${effect.sentence}</strong> (${effect.signal})${cohortTable(effect.cohorts)}</figcaption></figure>`;

/** Drawn from 0, so that small differences look small. */
function effectChart({ cohorts, sentence }: Effect): Html {
  const known = [...cohorts.map((c) => c.predicted), ...cohorts.map((c) => c.interval?.[1] ?? c.observed)];
  const ticks = niceTicks(Math.max(...known.filter(Number.isFinite), 1e-6), 4);
  const binary = cohorts.some((c) => c.interval);
  const plot = createPlot(
    {
      title: 'range of values, as listed below',
      domain: [0.4, cohorts.length + 0.6],
      ticks: cohorts.map((_, i) => i + 1),
      label: String,
    },
    {
      title: binary ? 'probability' : 'value',
      domain: [0, ticks.at(-1) ?? 1],
      ticks,
      label: (t) => (binary ? `${Number((t * 100).toPrecision(3))} %` : String(t)),
    },
  );
  const top = ticks.at(-1) ?? 1;
  const bars = cohorts.map((c, i) => {
    const [left, right, y] = [plot.x(i + 0.65), plot.x(i + 1.35), plot.y(c.share * top)];
    return html`<rect class="bar c5" opacity="0.25" x="${px(left)}" y="${px(y)}" width="${px(right - left)}" height="${px(plot.y(0) - y)}"/>`;
  });
  const line = path(cohorts.map((c, i) => [plot.x(i + 1), plot.y(Math.max(0, c.predicted))] as const));
  const dots = cohorts.map((c, i) => {
    const x = px(plot.x(i + 1));
    const range =
      c.interval &&
      html`<line class="range" x1="${x}" x2="${x}" y1="${px(plot.y(c.interval[0]))}" y2="${px(plot.y(c.interval[1]))}"/>`;
    return html`${range}<circle class="dot c0" cx="${x}" cy="${px(plot.y(Math.max(0, c.observed)))}" r="3.5"/>`;
  });
  return chart(sentence, html`${plot.axes}${bars}<path class="line c1" d="${line}"/>${dots}`);
}

function cohortTable(cohorts: readonly Cohort[]): Html {
  const figure = (c: Cohort, x: number): string => (c.interval ? percent(x) : x.toPrecision(4));
  const rows = cohorts.map(
    (c, i) =>
      html`<tr><td>${i + 1}. ${c.label}</td><td class="n">${count(c.rows)}</td><td class="n">${figure(c, c.predicted)}</td><td class="n">${figure(c, c.observed)}</td></tr>`,
  );
  return html`<table><thead><tr><th>value</th><th class="n">cases</th><th class="n">predicted</th><th class="n">observed</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function segmentTable({ sentence, cohorts }: Segments): Html {
  const figure = (c: Cohort, x: number): string => (c.interval ? percent(x) : x.toPrecision(4));
  const rows = cohorts.map((c) => {
    const pulls = c.signals.map(
      (s) => `${s.signal} ${s.contribution < 0 ? '−' : '+'}${Math.abs(s.contribution).toFixed(2)}`,
    );
    const range = c.interval ? ` (${c.interval.map(percent).join(' to ')})` : '';
    return html`<tr><td>${c.label}</td><td class="n">${count(c.rows)}</td><td class="n">${figure(c, c.predicted)}</td><td class="n">${figure(c, c.observed)}${range}</td><td>${pulls.join(', ')}</td></tr>`;
  });
  return html`<h3>${sentence}</h3><div class="scroll"><table><thead><tr><th>value</th><th class="n">cases</th><th class="n">predicted</th><th class="n">observed</th><th>what pulls its scores</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
