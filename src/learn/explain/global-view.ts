/**
 * What the model goes by over many rows: how much each signal moves scores, and for the weightiest features what was
 * predicted and what happened in each range of values. Rows are past examples whose outcome is known.
 */
import type { FeatureMatrix } from '../features/types.ts';
import type { Clusters } from '../metrics/bootstrap.ts';
import { clusteredRate } from '../metrics/rate.ts';
import type { Attribution } from '../models/types.ts';
import { type Bin, binsOf } from './bins.ts';
import { columnWeights } from './similar.ts';

export interface ExplainedRows {
  readonly matrix: FeatureMatrix;
  readonly attribution: Attribution;
  /** Probability (value, for regression) per row. */
  readonly prediction: ArrayLike<number>;
  /** What happened: 0 or 1, or the value. */
  readonly label: ArrayLike<number>;
  /** Rows that share an account or a cutoff are no independent cases. */
  readonly clusters: Clusters;
  /** Outcomes are 0 or 1. */
  readonly binary: boolean;
}

export interface SignalImportance {
  readonly signal: string;
  /** Mean |contribution| to the margin over the rows. */
  readonly importance: number;
  /** Of the sum over signals. */
  readonly share: number;
  /**
   * Variance over cohorts (rows of one cutoff) of the cohort's mean contribution: what moves whole cohorts rather than
   * entities within one. Null with one cohort.
   */
  readonly cohort_variance: number | null;
  readonly features: number;
}

/** Rows whose value lies in one range. */
export interface Cohort {
  readonly label: string;
  readonly rows: number;
  /** Of all rows. */
  readonly share: number;
  readonly predicted: number;
  /** Share with the outcome (mean value, for regression) and its 95 % interval; the interval is null for regression. */
  readonly observed: number;
  readonly interval: readonly [number, number] | null;
}

export interface FeatureEffect {
  readonly feature: string;
  readonly signal: string;
  /** What the feature is, in words. */
  readonly sentence: string;
  readonly importance: number;
  readonly cohorts: readonly Cohort[];
}

export interface Segment extends Cohort {
  /** Value of the segment's column: `label`. Signals that pull its scores most, with their mean contribution. */
  readonly signals: readonly { readonly signal: string; readonly contribution: number }[];
}

export interface GlobalView {
  readonly rows: number;
  readonly positives: number | null;
  readonly signals: readonly SignalImportance[];
  readonly effects: readonly FeatureEffect[];
  readonly segments: readonly {
    readonly feature: string;
    readonly sentence: string;
    readonly cohorts: readonly Segment[];
  }[];
}

const EFFECTS = 12;
const SEGMENT_COLUMNS = 3;
const SEGMENT_SIGNALS = 3;
const MAX_SEGMENTS = 8;
/** A segment with fewer rows says more about chance. */
const MIN_SEGMENT = 20;

/** `currency` stands before amounts of money. */
export function globalView(of: ExplainedRows, currency = ''): GlobalView {
  const weights = columnWeights(of.attribution);
  const order = [...weights.keys()]
    .filter((c) => weights[c]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b);
  const total = clusteredRate(of.label, of.clusters);
  return {
    rows: of.matrix.rows,
    positives: of.binary ? total.positives : null,
    signals: signalImportances(of),
    effects: order
      .slice(0, EFFECTS)
      .map((c) => ({ ...namesOf(of, c), importance: weights[c]!, cohorts: cohortsOf(of, c, currency) })),
    segments: order
      .filter((c) => isSegmenting(of, c))
      .slice(0, SEGMENT_COLUMNS)
      .map((c) => segmentsOf(of, c, currency)),
  };
}

const namesOf = ({ matrix }: ExplainedRows, c: number) => {
  const { name, signal, sentence } = matrix.columns[c]!;
  return { feature: name, signal, sentence };
};

/** Contributions of each signal, per row. */
function contributions({ matrix, attribution }: ExplainedRows): ReadonlyMap<string, Float64Array> {
  const by = new Map<string, Float64Array>();
  matrix.columns.forEach(({ signal }, c) => {
    const sums = by.get(signal) ?? new Float64Array(matrix.rows);
    const values = attribution.values[c]!;
    for (let row = 0; row < matrix.rows; row++) sums[row]! += values[row]!;
    by.set(signal, sums);
  });
  return by;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((s, x) => s + x, 0) / Math.max(1, values.length);

function signalImportances(of: ExplainedRows): readonly SignalImportance[] {
  const found = [...contributions(of)].map(([signal, values]) => ({
    signal,
    importance: mean(values.map(Math.abs)),
    cohort_variance: cohortVariance(values, of.clusters.cutoff),
    features: of.matrix.columns.filter((c) => c.signal === signal).length,
  }));
  const sum = found.reduce((s, f) => s + f.importance, 0);
  return found
    .filter((f) => f.importance > 0)
    .map((f) => ({ ...f, share: f.importance / sum }))
    .sort((a, b) => b.importance - a.importance || (a.signal < b.signal ? -1 : 1));
}

/** Between-cohort variance, cohorts weighted by their rows. */
function cohortVariance(values: Float64Array, cutoff: ArrayLike<number> | undefined): number | null {
  const by = new Map<number, { n: number; sum: number }>();
  values.forEach((x, row) => {
    const cohort = by.get(cutoff?.[row] ?? Number.NaN) ?? { n: 0, sum: 0 };
    cohort.n++;
    cohort.sum += x;
    by.set(cutoff?.[row] ?? Number.NaN, cohort);
  });
  if (by.size < 2) return null;
  const all = mean(values);
  return [...by.values()].reduce((s, c) => s + (c.n * (c.sum / c.n - all) ** 2) / values.length, 0);
}

const cohortsOf = (of: ExplainedRows, column: number, currency: string): readonly Cohort[] =>
  binsOf(of.matrix.columns[column]!, of.matrix.data[column]!, currency).map((bin) => cohortOf(of, bin));

function cohortOf(
  { matrix, prediction, label, clusters, binary }: ExplainedRows,
  { label: text, rows }: Bin,
): Cohort {
  const inside = new Float64Array(matrix.rows);
  for (const row of rows) inside[row] = 1;
  const rate = binary ? clusteredRate(label, clusters, inside) : undefined;
  return {
    label: text,
    rows: rows.length,
    share: rows.length / matrix.rows,
    predicted: mean(rows.map((row) => prediction[row]!)),
    observed: rate ? rate.rate : mean(rows.map((row) => label[row]!)),
    interval: rate ? [rate.low, rate.high] : null,
  };
}

/** What an entity is, in few values. */
function isSegmenting({ matrix }: ExplainedRows, column: number): boolean {
  const { kind, family, primitive } = matrix.columns[column]!;
  return kind === 'categorical' && (family === 'static' || family === 'parents') && primitive === 'category';
}

function segmentsOf(of: ExplainedRows, column: number, currency: string): GlobalView['segments'][number] {
  const by = [...contributions(of)];
  const bins = binsOf(of.matrix.columns[column]!, of.matrix.data[column]!, currency)
    .filter((bin) => bin.rows.length >= MIN_SEGMENT)
    .slice(0, MAX_SEGMENTS);
  const { feature, sentence } = namesOf(of, column);
  return {
    feature,
    sentence,
    cohorts: bins.map((bin) => ({
      ...cohortOf(of, bin),
      signals: by
        .map(([signal, values]) => ({ signal, contribution: mean(bin.rows.map((row) => values[row]!)) }))
        .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.signal < b.signal ? -1 : 1))
        .slice(0, SEGMENT_SIGNALS),
    })),
  };
}
