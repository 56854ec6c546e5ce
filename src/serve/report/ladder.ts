/** The ladder of models as a table whose AUROC column carries a picture of its interval. */
import type { CompareReport, RungResult } from '../scoring/types.ts';
import { px } from './axes.ts';
import { type Html, html } from './html.ts';
import { hasFigures } from './rung-facts.ts';

const number = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);

const amount = (value: number | undefined): string =>
  value === undefined ? '–' : Number(value.toPrecision(4)).toLocaleString('en-US');

const span = (ends: readonly [number, number] | undefined): string =>
  ends === undefined ? '–' : `${amount(ends[0])} to ${amount(ends[1])}`;

interface LadderColumn {
  readonly title: string;
  readonly value: (rung: RungResult) => string;
}

const BINARY: readonly LadderColumn[] = [
  { title: 'AP', value: (r) => number(r.average_precision, 3) },
  { title: 'lift 10 %', value: (r) => number(r.lift10, 2) },
  { title: 'lift 20 %', value: (r) => number(r.lift20, 2) },
  { title: 'Brier', value: (r) => number(r.brier, 3) },
  { title: 'calibration error', value: (r) => number(r.ece, 3) },
];

const MULTICLASS: readonly LadderColumn[] = [
  { title: 'accuracy', value: (r) => number(r.accuracy, 3) },
  { title: 'macro F1', value: (r) => number(r.macro_f1, 3) },
  { title: 'MRR', value: (r) => number(r.mrr, 3) },
];

const RANKING: readonly LadderColumn[] = [
  { title: 'MAP', value: (r) => number(r.map, 3) },
  { title: '95 % interval', value: (r) => span(r.map_ci) },
  { title: 'recall', value: (r) => number(r.recall, 3) },
  { title: 'hit', value: (r) => number(r.hit, 3) },
  { title: 'MRR', value: (r) => number(r.mrr, 3) },
  { title: 'NDCG', value: (r) => number(r.ndcg, 3) },
];

const MULTILABEL: readonly LadderColumn[] = [
  { title: 'micro AP', value: (r) => number(r.micro_ap, 3) },
  { title: '95 % interval', value: (r) => span(r.micro_ap_ci) },
  { title: 'macro AP', value: (r) => number(r.macro_ap, 3) },
  { title: 'micro F1', value: (r) => number(r.micro_f1, 3) },
  { title: 'macro F1', value: (r) => number(r.macro_f1, 3) },
];

const REGRESSION: readonly LadderColumn[] = [
  { title: 'RMSE', value: (r) => amount(r.rmse) },
  { title: '95 % interval', value: (r) => span(r.rmse_ci) },
  { title: 'R²', value: (r) => number(r.r2, 3) },
  { title: 'MAE', value: (r) => amount(r.mae) },
  { title: '95 % interval', value: (r) => span(r.mae_ci) },
  { title: 'NMAE', value: (r) => number(r.nmae, 3) },
  { title: 'in 80 % interval', value: (r) => number(r.coverage, 3) },
];

const COLUMNS: Readonly<Record<CompareReport['task']['type'], readonly LadderColumn[]>> = {
  binary: BINARY,
  multiclass: MULTICLASS,
  regression: REGRESSION,
  forecast: [
    ...REGRESSION,
    { title: 'MASE', value: (r) => number(r.mase, 3) },
    { title: 'WAPE', value: (r) => number(r.wape, 3) },
  ],
  ranking: RANKING,
  multilabel: MULTILABEL,
};

export function ladderTable({ task, rungs }: CompareReport): Html {
  const binary = task.type === 'binary';
  const columns = COLUMNS[task.type];
  const range = aurocRange(rungs);
  const head = html`<tr><th>level</th><th>model</th>${binary && html`<th>AUROC, 95 % interval</th>`}${columns.map((c) => html`<th class="n">${c.title}</th>`)}<th class="n">seconds</th></tr>`;
  const body = rungs.map((rung) =>
    hasFigures(rung)
      ? html`<tr><td>${rung.level}</td><td>${rung.name}${rung.note !== undefined && html`<br><span class="dim">${rung.note}</span>`}</td>${binary && html`<td class="auroc">${number(rung.auroc, 3)} ${whisker(rung, range)}</td>`}${columns.map((c) => html`<td class="n">${c.value(rung)}</td>`)}<td class="n">${number(rung.seconds, 1)}</td></tr>`
      : html`<tr class="note"><td>${rung.level}</td><td>${rung.name}</td><td colspan="${columns.length + (binary ? 2 : 1)}">${rung.note}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead>${head}</thead><tbody>${body}</tbody></table></div>`;
}

function aurocRange(rungs: readonly RungResult[]): readonly [number, number] {
  const all = rungs.flatMap((r) => [r.auroc ?? 0.5, ...(r.auroc_ci ?? [])]);
  return [Math.min(0.5, ...all), Math.max(0.6, ...all)];
}

const WHISKER_WIDTH = 120;

/** A dot at the AUROC, a bar over its interval, a tick at chance. */
function whisker({ auroc, auroc_ci: ci }: RungResult, [low, high]: readonly [number, number]): Html | false {
  if (auroc === null) return false;
  const x = (value: number): string => px(4 + ((value - low) / (high - low)) * (WHISKER_WIDTH - 8));
  const text = ci === null ? `${number(auroc, 3)}` : `${number(ci[0], 3)} to ${number(ci[1], 3)}`;
  return html`<svg class="whisker" viewBox="0 0 ${WHISKER_WIDTH} 16" width="${WHISKER_WIDTH}" height="16" role="img" aria-label="${text}"><title>${text}</title><line class="grid" x1="${x(0.5)}" x2="${x(0.5)}" y1="0" y2="16"/>${ci && html`<line class="range" x1="${x(ci[0])}" x2="${x(ci[1])}" y1="8" y2="8"/>`}<circle class="dot c0" cx="${x(auroc)}" cy="8" r="4"/></svg>`;
}
