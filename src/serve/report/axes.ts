/** The plot area all charts share: a linear scale each way, light grid lines, tick labels and axis titles. */
import { type Html, html } from './html.ts';

export interface Axis {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly label: (tick: number) => string;
}

export interface Plot {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Grid, ticks and titles, to be drawn first. */
  readonly axes: Html;
}

export const WIDTH = 360;
export const HEIGHT = 300;
const MARGIN = { top: 12, right: 22, bottom: 44, left: 48 };

export function createPlot(xAxis: Axis, yAxis: Axis): Plot {
  const x = linear(xAxis.domain, [MARGIN.left, WIDTH - MARGIN.right]);
  const y = linear(yAxis.domain, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const bottom = HEIGHT - MARGIN.bottom;
  const axes = html`${xAxis.ticks.map(
    (t) => html`<line class="grid" x1="${px(x(t))}" x2="${px(x(t))}" y1="${MARGIN.top}" y2="${bottom}"/>
<text class="tick" x="${px(x(t))}" y="${bottom + 16}" text-anchor="middle">${xAxis.label(t)}</text>`,
  )}${yAxis.ticks.map(
    (
      t,
    ) => html`<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${px(y(t))}" y2="${px(y(t))}"/>
<text class="tick" x="${MARGIN.left - 6}" y="${px(y(t) + 4)}" text-anchor="end">${yAxis.label(t)}</text>`,
  )}<text class="axis" x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xAxis.title}</text>
<text class="axis" transform="translate(12 ${(MARGIN.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yAxis.title}</text>`;
  return { x, y, axes };
}

export const chart = (title: string, body: Html, height: number | string = HEIGHT): Html =>
  html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${body}</svg>`;

export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');

export const px = (value: number): string => String(Math.round(value * 10) / 10);

const linear =
  ([from, to]: readonly [number, number], [start, end]: readonly [number, number]) =>
  (value: number): number =>
    start + ((value - from) / (to - from || 1)) * (end - start);

/** About `count` round values that span 0 to `max`; the last may lie above it. */
export function niceTicks(max: number, count = 5): readonly number[] {
  const rough = (max > 0 ? max : 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  );
}
