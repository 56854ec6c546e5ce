/**
 * The report: one HTML page that needs nothing else, no script, no network. Pure functions from data to text;
 * everything from the user's tables is escaped.
 */
import type { CompareDetail } from '../scoring/types.ts';
import { decilesSection } from './deciles.ts';
import { type Html, html, raw } from './html.ts';
import { ladderTable } from './ladder.ts';
import { chartsSection, leadsSection, leaksSection, questionSection, warningsSection } from './sections.ts';
import { severalSection } from './several.ts';
import { STYLE } from './style.ts';

export interface ReportCase {
  readonly title: string;
  readonly detail: CompareDetail;
  /** The picture of the tables, as SVG text. */
  readonly schemaSvg: string;
}

export interface ReportInput {
  readonly title: string;
  readonly made: Date;
  readonly cases: readonly ReportCase[];
}

export function renderReport({ title, made, cases }: ReportInput): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><header><h1>${title}</h1><p class="dim">Made by Leadlight on ${made.toISOString().slice(0, 10)} from the tables described below.</p>
${cases.length > 1 && html`<nav>${cases.map((c, i) => html`<a href="#case-${i + 1}">${c.title}</a>`)}</nav>`}</header>
<main>${cases.map(caseSection)}</main>${howToRead()}</body></html>
`;
  return page.html;
}

function caseSection({ title, detail, schemaSvg }: ReportCase, index: number): Html {
  const { report, top } = detail;
  return html`<section id="case-${index + 1}"><h2>${title}</h2>${questionSection(report)}
<h3>Verdict</h3><p class="verdict">${report.verdict}</p>
<h3>The ladder of models</h3>${ladderTable(report)}
${chartsSection(detail)}${severalSection(report)}${report.deciles && decilesSection(report.deciles)}${leadsSection(top.slice(0, 10), report.task.entity)}${leaksSection(report)}
<h3>The tables</h3><div class="map"><img alt="Map of the tables, their keys, times and links" src="${pictureUrl(schemaSvg)}"></div>${warningsSection(report.warnings)}</section>`;
}

// As an image, the picture's own styles and ids cannot meet those of the page.
const pictureUrl = (svg: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

const howToRead = (): Html => html`<section><h2>How to read this</h2>
<p><strong>AUROC</strong>: how often a case that happened is ranked above one that did not; 0.5 is chance. <strong>AP</strong>: average precision, the same with the weight on the top. <strong>Lift 10 %</strong>: how many times the average rate in the best tenth. <strong>Brier</strong> and <strong>calibration error</strong>: how far probabilities are from what happened; smaller is better.</p>
<p>Every figure is for test rows, later than all training rows. Intervals hold 95 % of bootstrap resamples, drawn by account and cutoff. No model saw anything recorded after the cutoff of its row.</p></section>`;
