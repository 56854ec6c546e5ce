/** The figures of one rung over all origins, and of the base rate by month. */
import { changeOf, observedOverExpected, rateDrift } from '../../learn/metrics/drift.ts';
import { liftTable, sliceShares } from '../../learn/metrics/lift-table.ts';
import { aurocMetric, liftMetric } from '../../learn/metrics/ranking.ts';
import { clusteredRate, type Rate } from '../../learn/metrics/rate.ts';
import { estimated, estimateOf, NO_ESTIMATE, type Pool, subPool, withinOrigins } from './backtest-pool.ts';
import type {
  BacktestRung,
  BaseRate,
  DecileRow,
  Estimate,
  MonthDeciles,
  OriginFigures,
  Pair,
  RateRow,
} from './backtest-types.ts';

const SLICES = 10;

export const rateRow = ({ rows, positives, rate, low, high }: Rate): RateRow => ({
  rows,
  positives,
  rate,
  ci: [low, high],
});

/** Ranked tables of one order of test rows; `list` says which rows were ranked together. */
export interface Ordered {
  readonly score: Float32Array;
  readonly label: Float32Array;
  readonly clusters: { readonly account: ArrayLike<number>; readonly cutoff: ArrayLike<number> };
  readonly list: ArrayLike<number>;
}

export function decileRows(of: Ordered, seed: number): readonly DecileRow[] {
  const pair = (low: number, high: number): Pair | null =>
    Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
  return liftTable(of, SLICES, seed).map((s) => ({
    decile: s.slice,
    ...rateRow(s),
    predicted: s.meanScore,
    lift: Number.isFinite(s.lift) ? s.lift : null,
    lift_ci: pair(s.liftLow, s.liftHigh),
  }));
}

export const monthOf = (at: number): string =>
  Number.isNaN(at) ? 'undated' : new Date(at).toISOString().slice(0, 7);

/** Tenths are those of each row's own list; a month shows the part of them that its cutoffs hold. */
export function decilesByMonth(of: Ordered): readonly MonthDeciles[] {
  const shares = sliceShares(of.score, of.list, SLICES);
  const month = Array.from(of.clusters.cutoff, monthOf);
  return [...new Set(month)].sort().map((name) => {
    const inMonth = (share: ArrayLike<number>): Float64Array =>
      Float64Array.from(month, (m, i) => (m === name ? share[i]! : 0));
    const all = clusteredRate(of.label, of.clusters, inMonth(new Float64Array(month.length).fill(1)));
    const deciles = shares.flatMap((share, s) => {
      const rate = clusteredRate(of.label, of.clusters, inMonth(share));
      return rate.rows > 0 ? [{ decile: s + 1, ...rateRow(rate) }] : [];
    });
    return { month: name, rows: all.rows, positives: all.positives, deciles };
  });
}

export interface RungInput {
  readonly name: string;
  readonly level: number;
  readonly note?: string;
  /** NaN at origins where it did not run. */
  readonly score: Float32Array;
}

export function rungFigures(
  all: Pool,
  rung: RungInput,
  origins: readonly string[],
  seed: number,
): BacktestRung {
  const ran = new Set(all.parts.filter((p) => !Number.isNaN(rung.score[p.from]!)).map((p) => p.origin));
  const head = {
    name: rung.name,
    level: rung.level,
    origins: ran.size,
    ...(rung.note === undefined ? {} : { note: rung.note }),
  };
  if (ran.size === 0) return { ...head, ...EMPTY };
  const { pool, rows } = subPool(all, (o) => ran.has(o));
  const score = Float32Array.from(rows, (i) => rung.score[i]!);
  const ordered = { score, label: pool.label, clusters: pool.clusters, list: pool.origin };
  const { clusters } = pool;
  const halves = halvesOf(pool);
  return {
    ...head,
    auroc: estimated(withinOrigins(aurocMetric, score, pool), clusters, seed),
    lift10: estimated(withinOrigins(liftMetric(0.1), score, pool), clusters, seed),
    observed_over_expected: estimated(observedOverExpected(score, pool.label), clusters, seed),
    auroc_change: halves
      ? change(pool, halves, seed, (part, at) => withinOrigins(aurocMetric, pick(score, at), part))
      : NO_ESTIMATE,
    calibration_change: halves
      ? change(pool, halves, seed, (part, at) => observedOverExpected(pick(score, at), part.label))
      : NO_ESTIMATE,
    by_origin: pool.parts.map((p) => originFigures(pool, p.origin, origins[p.origin]!, score, seed)),
    deciles: decileRows(ordered, seed),
    by_month: decilesByMonth(ordered),
  };
}

const EMPTY = {
  auroc: NO_ESTIMATE,
  lift10: NO_ESTIMATE,
  observed_over_expected: NO_ESTIMATE,
  auroc_change: NO_ESTIMATE,
  calibration_change: NO_ESTIMATE,
  by_origin: [],
  deciles: [],
  by_month: [],
} as const;

const pick = (score: Float32Array, rows: Int32Array): Float32Array =>
  Float32Array.from(rows, (i) => score[i]!);

type Half = ReturnType<typeof subPool>;

function halvesOf(pool: Pool): readonly [Half, Half] | undefined {
  const origins = pool.parts.map((p) => p.origin);
  if (origins.length < 2) return undefined;
  const middle = origins[Math.floor(origins.length / 2)]!;
  return [subPool(pool, (o) => o < middle), subPool(pool, (o) => o >= middle)];
}

/** Later half minus earlier half on the same resamples of all rows. */
function change(
  pool: Pool,
  [early, late]: readonly [Half, Half],
  seed: number,
  make: (part: Pool, rows: Int32Array) => (weight?: Float64Array) => number,
): Estimate {
  const on = ({ pool: part, rows }: Half) => {
    const metric = make(part, rows);
    return (weight?: Float64Array): number =>
      metric(weight ? Float64Array.from(rows, (i) => weight[i]!) : undefined);
  };
  return estimateOf(changeOf(on(early), on(late), pool.clusters, seed));
}

function originFigures(
  pool: Pool,
  origin: number,
  name: string,
  score: Float32Array,
  seed: number,
): OriginFigures {
  const { pool: part, rows } = subPool(pool, (o) => o === origin);
  const own = pick(score, rows);
  return {
    origin: name,
    rows: part.rows,
    positives: part.label.reduce((a, b) => a + b, 0),
    auroc: estimated(aurocMetric(own, part.label), part.clusters, seed),
    observed_over_expected: estimated(observedOverExpected(own, part.label), part.clusters, seed),
  };
}

export function baseRate(label: Float32Array, cutoff: Float64Array, account: Int32Array): BaseRate {
  const month = Array.from(cutoff, monthOf);
  const names = [...new Set(month)].sort();
  const place = new Map(names.map((m, k) => [m, k]));
  const drift = rateDrift(
    label,
    month.map((m) => place.get(m)!),
    { account, cutoff },
  );
  const months = drift.periods.map((p, k) => ({ month: names[k]!, ...rateRow(p) }));
  return {
    months,
    statistic: Number.isNaN(drift.statistic) ? null : drift.statistic,
    degrees: drift.degrees,
    p_value: Number.isNaN(drift.pValue) ? null : drift.pValue,
    sentence: baseRateSentence(months, drift.pValue),
  };
}

const percent = (x: number): string => `${(x * 100).toFixed(1)} %`;

function baseRateSentence(months: BaseRate['months'], p: number): string {
  const cases = months.reduce((n, m) => n + m.rows, 0);
  if (months.length < 2 || Number.isNaN(p))
    return `${cases} cases in one month do not tell whether the base rate changes.`;
  const rates = [...months].sort((a, b) => a.rate - b.rate);
  const [low, high] = [rates[0]!, rates.at(-1)!];
  const range = `from ${percent(low.rate)} (${low.month}, ${low.rows} cases) to ${percent(high.rate)} (${high.month}, ${high.rows} cases)`;
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
  if (p < 0.05)
    return `The base rate changes by month beyond chance (${chance}), ${range}: probabilities need refitting more than ranks do.`;
  return `The base rate by month runs ${range}, no more than chance would bring (${chance}).`;
}
