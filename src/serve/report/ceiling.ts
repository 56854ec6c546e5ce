/** Rungs beside the true probabilities: how much of what can be known each knows. */
import type { CeilingReport, CeilingRung } from '../scoring/ceiling-types.ts';
import type { RungResult } from '../scoring/types.ts';
import { px } from './axes.ts';
import { type Html, html } from './html.ts';
import { count, pair, percent } from './numbers.ts';

const number = (value: number | null, digits = 3): string => (value === null ? '–' : value.toFixed(digits));

export function ceilingSection(ceiling: CeilingReport): Html {
  const { truth, rungs, notes } = ceiling;
  const head = [
    'AUROC',
    '95 % interval',
    'log loss',
    'Brier',
    'AP',
    'lift 10 %',
    'lift 20 %',
    'calibration error',
  ];
  return html`<h3>Beside the true probabilities</h3><p>${ceilingWords(ceiling)}</p>${notes.map((n) => html`<p>${n}</p>`)}
<div class="scroll"><table><thead><tr><th>model</th>${head.map((h) => html`<th class="n">${h}</th>`)}<th>of the possible advantage</th></tr></thead>
<tbody>${[truth, ...rungs].map((r) => html`<tr><td>${r.name}</td>${cells(r).map((c) => html`<td class="n">${c}</td>`)}<td>${'share' in r && bar(r as CeilingRung)}</td></tr>`)}</tbody></table></div>`;
}

export const ceilingWords = ({ rows, positives, expected, dates, standard_error }: CeilingReport): string =>
  `${count(rows)} cases of ${dates.join(', ')}; ${count(positives)} came, ${expected.toFixed(1)} were to be expected. The true probabilities are known to ±${(100 * standard_error).toFixed(2)} percentage points; what they do not tell is luck.`;

const cells = (r: RungResult): readonly string[] => [
  number(r.auroc),
  r.auroc_ci === null ? '' : r.auroc_ci.map((x) => number(x)).join(' to '),
  number(r.log_loss, 4),
  number(r.brier, 4),
  number(r.average_precision),
  number(r.lift10, 2),
  number(r.lift20, 2),
  number(r.ece),
];

const WIDTH = 140;

/** From none to all of the advantage; a line over the interval. */
function bar({ share, share_ci: ci }: CeilingRung): Html | false {
  if (share === null) return false;
  const x = (value: number): number => Math.max(0, Math.min(1.1, value)) * (WIDTH / 1.1);
  const text = ci === null ? percent(share) : `${percent(share)} (${pair(ci, percent)})`;
  return html`<svg class="whisker" viewBox="0 0 ${WIDTH} 16" width="${WIDTH}" height="16" role="img" aria-label="${text}"><title>${text}</title><rect class="bar c0" x="0" y="4" width="${px(x(share))}" height="8"/><line class="grid" x1="${px(x(1))}" x2="${px(x(1))}" y1="0" y2="16"/>${ci && html`<line class="range" x1="${px(x(ci[0]))}" x2="${px(x(ci[1]))}" y1="8" y2="8"/>`}</svg> ${percent(share)}`;
}
