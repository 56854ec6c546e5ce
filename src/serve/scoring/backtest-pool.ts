/** Test rows of all origins behind one another, and metrics that compare only rows of one origin. */
import { type BootstrapInterval, type Clusters, clusteredInterval } from '../../learn/metrics/bootstrap.ts';
import type { WeightedMetric } from '../../learn/metrics/ranked.ts';
import type { MetricFactory } from '../../learn/metrics/ranking.ts';
import type { OriginRun } from './backtest-run.ts';
import type { Estimate, Regime } from './backtest-types.ts';

export interface Part {
  readonly from: number;
  readonly to: number;
  /** Position in the list of origins, oldest first. */
  readonly origin: number;
}

export interface Pool {
  readonly rows: number;
  readonly label: Float32Array;
  readonly origin: Int32Array;
  readonly clusters: { readonly account: Int32Array; readonly cutoff: Float64Array };
  readonly parts: readonly Part[];
}

export function poolOf(runs: readonly OriginRun[]): Pool {
  let from = 0;
  const parts = runs.map((run, origin) => {
    const part = { from, to: from + run.test.rows.length, origin };
    from = part.to;
    return part;
  });
  return {
    rows: from,
    label: Float32Array.from(runs.flatMap((r) => Array.from(r.test.label))),
    origin: Int32Array.from(runs.flatMap((r, k) => Array.from(r.test.rows, () => k))),
    clusters: {
      account: Int32Array.from(runs.flatMap((r) => Array.from(r.test.clusters.account))),
      cutoff: Float64Array.from(runs.flatMap((r) => Array.from(r.test.clusters.cutoff ?? []))),
    },
    parts,
  };
}

/** The rows of some origins alone. */
export function subPool(pool: Pool, keep: (origin: number) => boolean): { pool: Pool; rows: Int32Array } {
  const rows = Int32Array.from([...pool.origin.keys()].filter((i) => keep(pool.origin[i]!)));
  let from = 0;
  const parts = pool.parts
    .filter((p) => keep(p.origin))
    .map((p) => {
      const part = { from, to: from + p.to - p.from, origin: p.origin };
      from = part.to;
      return part;
    });
  return {
    rows,
    pool: {
      rows: rows.length,
      label: Float32Array.from(rows, (i) => pool.label[i]!),
      origin: Int32Array.from(rows, (i) => pool.origin[i]!),
      clusters: {
        account: Int32Array.from(rows, (i) => pool.clusters.account[i]!),
        cutoff: Float64Array.from(rows, (i) => pool.clusters.cutoff[i]!),
      },
      parts,
    },
  };
}

/** Predictions of a rung at the origins where it ran, NaN elsewhere. */
export function pooledPrediction(
  runs: readonly OriginRun[],
  pool: Pool,
  rung: string,
  regime: Regime,
): Float32Array {
  const pooled = new Float32Array(pool.rows).fill(Number.NaN);
  runs.forEach((run, k) => {
    const found = run.rungs.find((r) => r.name === rung)?.predictions[regime];
    if (found) pooled.set(found, pool.parts[k]!.from);
  });
  return pooled;
}

/**
 * Mean over origins of a metric worked out within each, an origin weighing by its positives: models of two origins
 * differ, so their scores are never ranked together.
 */
export function withinOrigins(make: MetricFactory, score: Float32Array, pool: Pool): WeightedMetric {
  const metrics = pool.parts.map((p) =>
    make(score.subarray(p.from, p.to), pool.label.subarray(p.from, p.to)),
  );
  return (weight) => {
    let [sum, mass] = [0, 0];
    pool.parts.forEach((p, k) => {
      const value = metrics[k]!(weight?.subarray(p.from, p.to));
      if (Number.isNaN(value)) return;
      let positives = 0;
      for (let i = p.from; i < p.to; i++) positives += (weight ? weight[i]! : 1) * pool.label[i]!;
      sum += positives * value;
      mass += positives;
    });
    return mass > 0 ? sum / mass : Number.NaN;
  };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

export function estimateOf({ estimate, low, high }: BootstrapInterval): Estimate {
  const ci = Number.isFinite(low) && Number.isFinite(high) ? ([low, high] as const) : null;
  return { value: finite(estimate), ci };
}

export const estimated = (metric: WeightedMetric, clusters: Clusters, seed: number): Estimate =>
  estimateOf(clusteredInterval(metric, clusters, { seed }));

export const NO_ESTIMATE: Estimate = { value: null, ci: null };
