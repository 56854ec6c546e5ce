/**
 * The report: one HTML page that needs nothing else, no script, no network. Pure functions from data to text;
 * everything from the user's tables is escaped.
 */
import type { CeilingReport } from '../scoring/ceiling-types.ts';
import type { CompareDetail } from '../scoring/types.ts';
import { baseRateSection } from './base-rate.ts';
import { ceilingSection } from './ceiling.ts';
import { decilesSection } from './deciles.ts';
import { type Html, html } from './html.ts';
import { ladderTable } from './ladder.ts';
import { modelInputs } from './model-inputs.ts';
import { navOf, type PageHead, pageOf } from './page.ts';
import { chartsSection, leadsSection, leaksSection, questionSection, warningsSection } from './sections.ts';
import { segmentSection } from './segments.ts';
import { severalSection } from './several.ts';

export interface ReportCase {
  readonly title: string;
  readonly detail: CompareDetail;
  /** The picture of the tables, as SVG text. */
  readonly schemaSvg: string;
  /** Beside true probabilities. */
  readonly ceiling?: CeilingReport;
}

export interface ReportInput extends PageHead {
  readonly cases: readonly ReportCase[];
}

export const renderReport = ({ title, made, cases }: ReportInput): string =>
  pageOf({ title, made }, navOf(cases), html`${cases.map(caseSection)}${howToRead()}`);

function caseSection({ title, detail, schemaSvg, ceiling }: ReportCase, index: number): Html {
  const { report, top } = detail;
  return html`<section id="case-${index + 1}"><h2>${title}</h2>${questionSection(report)}
<h3>Verdict</h3><p class="verdict">${report.verdict}</p>
<h3>The ladder of models</h3>${ladderTable(report)}
${ceiling && ceilingSection(ceiling)}${chartsSection(detail)}${severalSection(report)}${report.deciles && decilesSection(report.deciles)}${report.segments && segmentSection(report.segments)}${report.base_rate && baseRateSection(report.base_rate)}
${leadsSection(top.slice(0, 10), report.task)}${modelInputs(report)}${leaksSection(report)}
<h3>The tables</h3><div class="map"><img alt="Map of the tables, their keys, times and links" src="${pictureUrl(schemaSvg)}"></div>${warningsSection(report.warnings)}</section>`;
}

// As an image, the picture's own styles and ids cannot meet those of the page.
const pictureUrl = (svg: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

const howToRead = (): Html => html`<section><h2>How to read this</h2>
<p><strong>AUROC</strong>: how often a case that happened is ranked above one that did not; 0.5 is chance. <strong>AP</strong>: average precision, the same with the weight on the top. <strong>Lift 10 %</strong>: how many times the average rate in the best tenth. <strong>Brier</strong> and <strong>calibration error</strong>: how far probabilities are from what happened; smaller is better.</p>
<p>Every figure is for test rows, later than all training rows. Intervals hold 95 % of bootstrap resamples, drawn by account and cutoff. No model saw anything recorded after the cutoff of its row.</p></section>`;
