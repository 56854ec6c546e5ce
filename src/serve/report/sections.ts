/** The parts of one case of the report. */
import type { CompareDetail, CompareReport, Reason, Score } from '../scoring/types.ts';
import { calibrationChart, liftChart, rocChart, type Series } from './charts.ts';
import { type Html, html } from './html.ts';
import { count, percent } from './numbers.ts';
import { question } from './question.ts';
import { leadRung } from './rung-facts.ts';
import { historyLines } from './score-history.ts';

const COLOURS = 6;

export function questionSection({ task, snapshots }: CompareReport): Html {
  const binary = task.type === 'binary';
  const split = (name: string, key: 'train' | 'val' | 'test'): Html => {
    const { rows, positives } = snapshots[key];
    return html`<tr><td>${name}</td><td class="n">${count(rows)}</td>${binary && html`<td class="n">${count(positives)}</td><td class="n">${rows > 0 ? percent(positives / rows, 1) : '–'}</td>`}</tr>`;
  };
  const [words, query] = question(task);
  return html`<p>${words}</p>${query !== undefined && html`<pre>${query}</pre>`}
<div class="scroll"><table><thead><tr><th>cases</th><th class="n">rows</th>${binary && html`<th class="n">positives</th><th class="n">share</th>`}</tr></thead>
<tbody>${split('training', 'train')}${split('validation', 'val')}${split('test, never seen while training', 'test')}</tbody></table></div>`;
}

export function chartsSection(detail: CompareDetail): Html | false {
  const { report, outcomes, predictions } = detail;
  const lead = leadRung(report);
  if (report.task.type !== 'binary' || lead === undefined || outcomes.length === 0) return false;
  const series = report.rungs
    .filter((rung) => predictions[rung.name] !== undefined)
    .sort((a, b) => Number(b.name === lead) - Number(a.name === lead) || (b.auroc ?? 0) - (a.auroc ?? 0))
    .slice(0, COLOURS)
    .map((rung, colour): Series => ({ name: rung.name, colour, predictions: predictions[rung.name] ?? [] }));
  const first = series[0];
  if (first === undefined) return false;
  const legend = series.map((s) => html`<li><i class="c${s.colour}"></i>${s.name}</li>`);
  return html`<h3>How well it ranks and how honest it is</h3><div class="charts">
<figure>${rocChart(series, outcomes)}<figcaption><strong>ROC.</strong> Further up and left is better; the dashed line is chance.<ul class="legend">${legend}</ul></figcaption></figure>
<figure>${liftChart(first, outcomes)}<figcaption><strong>Lift by decile</strong> of ${first.name}: how much likelier each tenth is than the average.</figcaption></figure>
<figure>${calibrationChart(first, outcomes)}<figcaption><strong>Calibration</strong> of ${first.name}: on the dashed line, a predicted 20 % happens 20 % of the time.</figcaption></figure></div>`;
}

export function leadsSection(scores: readonly Score[], { entity }: CompareReport['task']): Html | false {
  if (scores.length === 0) return false;
  return html`<h3>Top ${entity}, with reasons</h3><ol class="leads">${scores.map(leadCard)}</ol>`;
}

function leadCard(score: Score): Html {
  const names = Object.values(score.names).filter((name) => name !== '');
  const facts = [
    `band ${score.band}`,
    between(score),
    score.contacts && `contacts ${score.contacts}`,
    score.trend,
    score.cutoff && `as of ${score.cutoff.slice(0, 10)}`,
  ].filter(Boolean);
  return html`<li class="lead"><h4><span>${score.entity}</span><span>${score.value === undefined ? percent(score.probability, 1) : score.value.toPrecision(4)}</span></h4>
<div class="dim">${names.join(' · ')}</div><div class="dim">${facts.join(' · ')}</div>
<ul>${score.reasons.map(reasonLine)}</ul>${historyLines(score)}<div class="action">${score.action}</div></li>`;
}

function between({ interval, value }: Score): string | false {
  if (interval === null) return false;
  const show = (x: number): string => (value === undefined ? percent(x, 1) : x.toPrecision(4));
  return `between ${show(interval.low)} and ${show(interval.high)} (n=${count(interval.cases)})`;
}

const reasonLine = (reason: Reason): Html =>
  html`<li><span class="share ${reason.direction}" style="width:${Math.max(4, Math.round(reason.share * 60))}px"></span>${percent(reason.share, 0)} <strong>${reason.signal}</strong> ${reason.direction === 'down' && '(against) '}${reason.sentence}</li>`;

export function leaksSection({ withheld }: Pick<CompareReport, 'withheld'>): Html {
  const lead = html`<h3>Leak report</h3>`;
  if (withheld.length === 0) return html`${lead}<p>No column was found to know the outcome.</p>`;
  const rows = withheld.map((w) => html`<tr><td><code>${w.column}</code></td><td>${w.reason}</td></tr>`);
  return html`${lead}<p>Withheld from every model, because they know the outcome or may have been changed after the cutoff:</p>
<div class="scroll"><table><thead><tr><th>column</th><th>evidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function warningsSection(warnings: readonly string[]): Html | false {
  return warnings.length > 0 && html`<h3>Warnings</h3><ul>${warnings.map((w) => html`<li>${w}</li>`)}</ul>`;
}
