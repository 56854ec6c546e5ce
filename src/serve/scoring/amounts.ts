/** Regression: the figures of one rung on test rows, and the verdict on the expected and on the typical amount. */
import { clusteredInterval, pairedDifference } from '../../learn/metrics/bootstrap.ts';
import type { WeightedMetric } from '../../learn/metrics/ranked.ts';
import {
  coverageMetric,
  deviationOf,
  maeMetric,
  medianErrorMetric,
  pinballMetric,
  r2Metric,
  rmseMetric,
} from '../../learn/metrics/regression.ts';
import { HIGH, LOW } from '../../learn/models/amounts/blend.ts';
import type { Interval } from '../../learn/models/types.ts';
import { EMPTY, type HeldOut } from './evaluate.ts';
import type { RungResult } from './types.ts';

export interface AmountPrediction {
  readonly value: Float32Array;
  readonly interval?: Interval;
}

interface RungHead {
  readonly name: string;
  readonly level: number;
  readonly seconds: number;
}

/** `trainLabels`: their spread is the unit of NMAE. */
export function judgeAmount(
  rung: RungHead,
  { value, interval }: AmountPrediction,
  test: HeldOut,
  trainLabels: Float32Array,
  seed: number,
): RungResult {
  const { label, clusters } = test;
  const ci = (metric: WeightedMetric): readonly [number, number] => {
    const { low, high } = clusteredInterval(metric, clusters, { seed });
    return [low, high];
  };
  const mae = maeMetric(value, label);
  const rmse = rmseMetric(value, label);
  const spread = deviationOf(trainLabels);
  return {
    ...rung,
    ...EMPTY,
    mae: mae(),
    mae_ci: ci(mae),
    rmse: rmse(),
    rmse_ci: ci(rmse),
    median_ae: medianErrorMetric(value, label)(),
    ...finite('r2', r2Metric(value, label)()),
    ...finite('nmae', mae() / spread),
    ...(interval ? judgeInterval(interval, test, ci) : {}),
  };
}

const finite = <K extends string>(name: K, value: number): Partial<Record<K, number>> =>
  Number.isFinite(value) ? ({ [name]: value } as Record<K, number>) : {};

function judgeInterval(
  { low, high, cases }: Interval,
  { label }: HeldOut,
  ci: (metric: WeightedMetric) => readonly [number, number],
) {
  const coverage = coverageMetric(low, high, label);
  return {
    pinball10: pinballMetric(low, label, LOW)(),
    pinball90: pinballMetric(high, label, HIGH)(),
    coverage: coverage(),
    coverage_ci: ci(coverage),
    interval_cases: cases,
  };
}

type Loss = 'rmse' | 'mae';

const LOSSES = {
  rmse: { metric: rmseMetric, name: 'RMSE', asks: 'Expected amount' },
  mae: { metric: maeMetric, name: 'MAE', asks: 'Typical amount' },
} as const;

/** Best rung by squared and by absolute error, each against the best rung that learns nothing. */
export function amountVerdict(
  results: readonly RungResult[],
  predictions: Readonly<Record<string, Float32Array>>,
  test: HeldOut,
  seed: number,
): string {
  const parts = (['rmse', 'mae'] as const).map((loss) => verdictBy(loss, results, predictions, test, seed));
  return parts.every((p) => p === undefined) ? 'No rung could be judged.' : parts.join(' ');
}

function verdictBy(
  loss: Loss,
  results: readonly RungResult[],
  predictions: Readonly<Record<string, Float32Array>>,
  test: HeldOut,
  seed: number,
): string | undefined {
  const { metric, name, asks } = LOSSES[loss];
  const judged = results.filter((r) => Number.isFinite(r[loss]) && predictions[r.name] !== undefined);
  const least = (rungs: readonly RungResult[]): RungResult | undefined =>
    [...rungs].sort((a, b) => a[loss]! - b[loss]! || a.level - b.level)[0];
  const best = least(judged);
  const naive = least(judged.filter((r) => r.level < 1));
  if (!best) return undefined;
  const head = `${asks}: best is ${best.name} with ${name} ${figure(best[loss]!)} on ${test.rows.length} test cases.`;
  if (!naive) return head;
  if (naive.name === best.name) return `${head} Nothing does better than this constant.`;
  const of = (rung: RungResult): WeightedMetric => {
    const error = metric(predictions[rung.name]!, test.label);
    return (weight) => -error(weight);
  };
  const d = pairedDifference(of(best), of(naive), test.clusters, { seed });
  const gap = `${figure(d.estimate)} (95 % interval ${figure(d.low)} to ${figure(d.high)})`;
  return d.low > 0
    ? `${head} It beats ${naive.name} (${figure(naive[loss]!)}) by ${gap}.`
    : `${head} That is no better than ${naive.name} (${figure(naive[loss]!)}) beyond noise: ${gap}.`;
}

const figure = (value: number): string => Number(value.toPrecision(4)).toLocaleString('en-US');
