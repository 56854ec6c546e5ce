/** Pictures of rankings, several labels and forecasts. */
import type { CompareReport, RungResult } from '../scoring/types.ts';
import { chart, createPlot, niceTicks, path, px } from './axes.ts';
import { type Html, html } from './html.ts';

const COLOURS = 6;

export function severalSection(report: CompareReport): Html | false {
  const { type } = report.task;
  if (type === 'ranking') return bars(report, `MAP@${report.ranking?.k ?? ''}`, (r) => [r.map, r.map_ci]);
  if (type === 'multilabel')
    return bars(report, 'micro average precision', (r) => [r.micro_ap, r.micro_ap_ci]);
  return type === 'forecast' && forecastCharts(report);
}

type Figure = readonly [value: number | undefined, range: readonly [number, number] | undefined];

/** One bar a rung with a line over its interval. */
function bars(report: CompareReport, title: string, figure: (rung: RungResult) => Figure): Html | false {
  const rungs = report.rungs.filter((r) => figure(r)[0] !== undefined);
  if (rungs.length === 0) return false;
  const most = Math.max(...rungs.flatMap((r) => [figure(r)[0]!, ...(figure(r)[1] ?? [])]));
  const ticks = niceTicks(most, 4);
  const plot = createPlot(
    {
      title: 'model',
      domain: [0.4, rungs.length + 0.6],
      ticks: rungs.map((_, i) => i + 1),
      label: (t) => rungs[t - 1]?.name ?? '',
    },
    { title, domain: [0, ticks.at(-1) ?? 1], ticks, label: String },
  );
  const drawn = rungs.map((rung, i) => {
    const [value, range] = figure(rung);
    const [left, right, top] = [plot.x(i + 0.7), plot.x(i + 1.3), plot.y(value!)];
    const bar = html`<rect class="bar c${i % COLOURS}" x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(plot.y(0) - top)}"><title>${rung.name}: ${value!.toFixed(3)}</title></rect>`;
    const line =
      range &&
      html`<line class="range" x1="${px(plot.x(i + 1))}" x2="${px(plot.x(i + 1))}" y1="${px(plot.y(range[0]))}" y2="${px(plot.y(range[1]))}"/>`;
    return html`${bar}${line}`;
  });
  return html`<h3>How good the lists are</h3><div class="charts"><figure>${chart(title, html`${plot.axes}${drawn}`)}<figcaption><strong>${title}</strong> with 95 % intervals, on ${report.snapshots.test.rows} test rows.${report.ranking && html` Candidates hold ${(100 * report.ranking.candidate_recall).toFixed(1)} % of the items that came.`}</figcaption></figure></div>`;
}

/** The best learned rung by RMSE: its mean by step against what came, and the error of every rung by step. */
function forecastCharts(report: CompareReport): Html | false {
  const rungs = report.rungs.filter((r) => r.steps !== undefined).slice(-COLOURS);
  const lead = rungs.findLast((r) => r.coverage !== undefined) ?? rungs.at(-1);
  if (!lead?.steps) return false;
  return html`<h3>How far it sees</h3><div class="charts"><figure>${fan(lead)}<figcaption><strong>Mean by step</strong> of ${lead.name} with its 80 % interval; the dashed line is what came, ${lead.steps[0]?.cases} cases a step.</figcaption></figure>
<figure>${errors(rungs)}<figcaption><strong>Error by step</strong>, mean absolute.<ul class="legend">${rungs.map((r, i) => html`<li><i class="c${i}"></i>${r.name}</li>`)}</ul></figcaption></figure></div>`;
}

const stepAxis = (steps: number) => ({
  title: 'steps ahead',
  domain: [0.8, steps + 0.2] as const,
  ticks: Array.from({ length: steps }, (_, i) => i + 1).filter((t) => steps <= 12 || t % 5 === 0),
  label: String,
});

function fan({ name, steps = [] }: RungResult): Html {
  const ticks = niceTicks(
    Math.max(...steps.flatMap((s) => [s.mean_value, s.mean_outcome, s.mean_high ?? 0])),
    4,
  );
  const plot = createPlot(stepAxis(steps.length), {
    title: 'mean',
    domain: [0, ticks.at(-1) ?? 1],
    ticks,
    label: (t) => t.toLocaleString('en-US'),
  });
  const line = (of: (s: (typeof steps)[number]) => number): string =>
    path(steps.map((s) => [plot.x(s.step), plot.y(Math.max(0, of(s)))] as const));
  const whiskers = steps.map(
    (s) =>
      s.mean_low !== undefined &&
      s.mean_high !== undefined &&
      html`<line class="range" x1="${px(plot.x(s.step))}" x2="${px(plot.x(s.step))}" y1="${px(plot.y(Math.max(0, s.mean_low)))}" y2="${px(plot.y(s.mean_high))}"/>`,
  );
  return chart(
    `Forecast of ${name}`,
    html`${plot.axes}${whiskers}<path class="line c0" d="${line((s) => s.mean_value)}"/><path class="chance" d="${line((s) => s.mean_outcome)}"/>`,
  );
}

function errors(rungs: readonly RungResult[]): Html {
  const ticks = niceTicks(Math.max(...rungs.flatMap((r) => (r.steps ?? []).map((s) => s.mae))), 4);
  const plot = createPlot(stepAxis(rungs[0]?.steps?.length ?? 1), {
    title: 'mean absolute error',
    domain: [0, ticks.at(-1) ?? 1],
    ticks,
    label: (t) => t.toLocaleString('en-US'),
  });
  const lines = rungs.map(
    (r, i) =>
      html`<path class="line c${i}" d="${path((r.steps ?? []).map((s) => [plot.x(s.step), plot.y(s.mae)] as const))}"><title>${r.name}</title></path>`,
  );
  return chart('Error by step', html`${plot.axes}${lines}`);
}
