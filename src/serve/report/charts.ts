/** The pictures of one comparison, each a pure function from test-row predictions to SVG text. */
import { calibrationCurve } from '../../learn/metrics/calibration.ts';
import { decileTable, rocCurve } from '../../learn/metrics/deciles.ts';
import { type Axis, chart, createPlot, niceTicks, path, px } from './axes.ts';
import { type Html, html } from './html.ts';

export interface Series {
  readonly name: string;
  /** Index of the colour, 0 to 5. */
  readonly colour: number;
  readonly predictions: ArrayLike<number>;
}

const share = (title: string): Axis => ({
  title,
  domain: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  label: (tick) => `${Math.round(tick * 100)} %`,
});

/** Positives found against false alarms, one line a model; the diagonal is chance. */
export function rocChart(series: readonly Series[], outcomes: ArrayLike<number>): Html {
  const plot = createPlot(share('false alarms among those who did not'), share('found among those who did'));
  const lines = series.map(({ name, colour, predictions }) => {
    const points = rocCurve(predictions, outcomes).map((p) => [plot.x(p.x), plot.y(p.y)] as const);
    return html`<path class="line c${colour}" d="${path(points)}"><title>${name}</title></path>`;
  });
  const chance = path([
    [plot.x(0), plot.y(0)],
    [plot.x(1), plot.y(1)],
  ]);
  return chart('ROC curves', html`${plot.axes}<path class="chance" d="${chance}"/>${lines}`);
}

/** Rate of positives in each tenth of the ranking, as a multiple of the average; bars, best tenth first. */
export function liftChart({ name, colour, predictions }: Series, outcomes: ArrayLike<number>): Html {
  const deciles = decileTable(predictions, outcomes).filter((d) => Number.isFinite(d.lift));
  const ticks = niceTicks(Math.max(1.5, ...deciles.map((d) => d.lift)), 4);
  const plot = createPlot(
    {
      title: 'tenth of the ranking, best first',
      domain: [0.4, 10.6],
      ticks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      label: String,
    },
    { title: 'times the average rate', domain: [0, ticks.at(-1) ?? 1], ticks, label: (t) => `${t}×` },
  );
  const bars = deciles.map((d) => {
    const [left, right, top] = [plot.x(d.decile - 0.38), plot.x(d.decile + 0.38), plot.y(d.lift)];
    return html`<rect class="bar c${colour}" x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(plot.y(0) - top)}"><title>tenth ${d.decile}: ${d.lift.toFixed(2)}×, ${Math.round(d.positives)} of ${Math.round(d.rows)}</title></rect>`;
  });
  const average = path([
    [plot.x(0.4), plot.y(1)],
    [plot.x(10.6), plot.y(1)],
  ]);
  return chart(`Lift by decile of ${name}`, html`${plot.axes}${bars}<path class="chance" d="${average}"/>`);
}

/** Predicted probability against what happened, ten groups of equal size; on the diagonal the model is honest. */
export function calibrationChart({ name, colour, predictions }: Series, outcomes: ArrayLike<number>): Html {
  const points = calibrationCurve(predictions, outcomes);
  const highest = Math.max(0.02, ...points.flatMap((p) => [p.predicted, p.observed]));
  const ticks = niceTicks(Math.min(1, highest), 4);
  const top = Math.min(1, ticks.at(-1) ?? 1);
  const axis = (title: string): Axis => ({
    title,
    domain: [0, top],
    ticks: ticks.filter((t) => t <= top),
    label: (t) => `${Number((t * 100).toPrecision(3))} %`,
  });
  const plot = createPlot(axis('predicted'), axis('happened'));
  const honest = path([
    [plot.x(0), plot.y(0)],
    [plot.x(top), plot.y(top)],
  ]);
  const line = path(points.map((p) => [plot.x(p.predicted), plot.y(p.observed)] as const));
  const dots = points.map(
    (p) =>
      html`<circle class="dot c${colour}" cx="${px(plot.x(p.predicted))}" cy="${px(plot.y(p.observed))}" r="4"><title>predicted ${(p.predicted * 100).toFixed(1)} %, happened ${(p.observed * 100).toFixed(1)} %, ${Math.round(p.rows)} rows</title></circle>`,
  );
  return chart(
    `Calibration of ${name}`,
    html`${plot.axes}<path class="chance" d="${honest}"/><path class="line c${colour}" d="${line}"/>${dots}`,
  );
}
