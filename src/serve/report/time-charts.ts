/** Pictures along time: values with intervals by period, and win rate by tenth and month. */
import { type Axis, chart, createPlot, HEIGHT, niceTicks, path, px, WIDTH } from './axes.ts';
import { type Html, html } from './html.ts';

export interface TimePoint {
  readonly value: number | null;
  readonly ci: readonly [number, number] | null;
  /** What hovering says. */
  readonly note: string;
}

export interface TimeSeries {
  readonly name: string;
  readonly colour: number;
  readonly points: readonly TimePoint[];
}

export interface TimeChart {
  readonly title: string;
  readonly axis: string;
  readonly periods: readonly string[];
  readonly series: readonly TimeSeries[];
  /** A dashed level: chance, or the mean. */
  readonly level?: number;
  readonly percent?: boolean;
  /** Lower end of the axis; default 0. */
  readonly from?: number;
}

const LABELS = 5;

/** Dots with 95 % whiskers, one column a period, series side by side. */
export function timeChart({ title, axis, periods, series, level, percent, from = 0 }: TimeChart): Html {
  const ends = series.flatMap((s) => s.points.flatMap((p) => [p.value ?? 0, ...(p.ci ?? [])]));
  const ticks = niceTicks(Math.max(0.02, level ?? 0, ...ends) - from, 4).map((t) => t + from);
  const plot = createPlot(periodAxis(periods), {
    title: axis,
    domain: [from, ticks.at(-1) ?? 1],
    ticks,
    label: (t) => (percent ? `${Number((t * 100).toPrecision(3))} %` : String(Number(t.toPrecision(3)))),
  });
  const low = (y: number): number => Math.min(plot.y(from), plot.y(y));
  const marks = series.map((s, k) => {
    const shift = ((k + 0.5) / series.length - 0.5) * 0.5;
    return s.points.map((p, i) => {
      if (p.value === null) return false;
      const x = px(plot.x(i + shift));
      return html`${p.ci && html`<line class="range c${s.colour}" x1="${x}" x2="${x}" y1="${px(low(Math.max(from, p.ci[0])))}" y2="${px(plot.y(p.ci[1]))}"/>`}<circle class="dot c${s.colour}" cx="${x}" cy="${px(low(p.value))}" r="4"><title>${s.name}, ${p.note}</title></circle>`;
    });
  });
  const line =
    level !== undefined &&
    html`<path class="chance" d="${path([
      [plot.x(-0.5), plot.y(level)],
      [plot.x(periods.length - 0.5), plot.y(level)],
    ])}"/>`;
  return chart(title, html`${plot.axes}${line}${marks}`);
}

function periodAxis(periods: readonly string[]): Axis {
  const every = Math.max(1, Math.ceil(periods.length / LABELS));
  return {
    title: '',
    domain: [-0.5, Math.max(0.5, periods.length - 0.5)],
    ticks: [...periods.keys()].filter((k) => k % every === 0),
    label: (k) => (periods[k] ?? '').slice(0, 10),
  };
}

export interface HeatRow {
  readonly period: string;
  readonly cells: readonly { readonly slice: number; readonly rate: number; readonly note: string }[];
}

const LEFT = 64;
const TOP = 26;

/** Win rate of each tenth in each month as a grid: dark is high; a good order is dark on the left in every line. */
export function sliceGrid(title: string, rows: readonly HeatRow[], slices = 10): Html {
  const width = (WIDTH - LEFT - 8) / slices;
  const height = Math.min(44, (HEIGHT - TOP - 8) / Math.max(1, rows.length));
  const most = Math.max(1e-9, ...rows.flatMap((r) => r.cells.map((c) => c.rate)));
  const head = Array.from(
    { length: slices },
    (_, s) =>
      html`<text class="tick" x="${px(LEFT + (s + 0.5) * width)}" y="${TOP - 8}" text-anchor="middle">${s + 1}</text>`,
  );
  const lines = rows.map((row, r) => {
    const y = TOP + r * height;
    const cells = row.cells.map((c) => {
      const x = LEFT + (c.slice - 1) * width;
      const strength = c.rate / most;
      return html`<rect class="bar c0" fill-opacity="${(0.06 + 0.94 * strength).toFixed(3)}" x="${px(x + 1)}" y="${px(y + 1)}" width="${px(width - 2)}" height="${px(height - 2)}"><title>${c.note}</title></rect>${height >= 14 && html`<text class="${strength > 0.55 ? 'cell on' : 'cell'}" x="${px(x + width / 2)}" y="${px(y + height / 2 + 3.5)}" text-anchor="middle">${Math.round(c.rate * 100)}</text>`}`;
    });
    return html`<text class="tick" x="${LEFT - 6}" y="${px(y + height / 2 + 4)}" text-anchor="end">${row.period}</text>${cells}`;
  });
  return chart(title, html`${head}${lines}`, px(TOP + rows.length * height + 8));
}
