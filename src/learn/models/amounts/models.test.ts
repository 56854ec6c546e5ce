import { describe, expect, it } from 'vitest';
import { contractColumn, contractColumns, describeModel } from '../../../../test/contract/model.ts';
import { createRandom } from '../../../util/random.ts';
import { LAG_MEAN, LAG_MEDIAN } from '../../features/lags/lags.ts';
import type { FeatureColumn } from '../../features/types.ts';
import { createLogisticModel } from '../logistic/model.ts';
import { createTreesModel } from '../trees/model.ts';
import type { FitContext, Sample } from '../types.ts';
import { createPastMeanModel, createPastMedianModel } from './constants.ts';
import { createHurdleModel } from './hurdle.ts';
import { amountRungs } from './ladder.ts';
import { createLogTargetModel } from './log-target.ts';
import { conformalShift, weightedQuantile } from './quantile.ts';
import { isHeavyTailed, isZeroHeavy } from './shape.ts';

const lag = (primitive: string): FeatureColumn => ({ ...contractColumn(primitive, 'own'), primitive });
const columns = [...contractColumns(), lag(LAG_MEAN), lag(LAG_MEDIAN)];
const trees = createTreesModel({ name: 'trees', level: 4 });
const amounts = { tasks: ['regression'], columns } as const;

describeModel(createPastMeanModel(), amounts);
describeModel(createPastMedianModel(), amounts);
describeModel(createLogTargetModel(trees, 'log', true), amounts);

/** y is 0 with chance 1 − share, else 10·e^(x + noise/2); the share rises with x. */
function heavySample(seed: number, rows: number): Sample {
  const random = createRandom(seed);
  const x = Float32Array.from({ length: rows }, () => 2 * random.next() - 1);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const label = x.map((v) => (random.next() < 0.35 + 0.3 * v ? 10 * Math.exp(v + 0.5 * normal()) : 0));
  return {
    matrix: {
      rows,
      columns: [contractColumn('x', 'own'), lag(LAG_MEAN)],
      data: [x, label.map(() => Number.NaN)],
    },
    label,
    cutoff: Float64Array.from({ length: rows }, (_, i) => (i % 5) * 86_400_000),
    cluster: Int32Array.from({ length: rows }, (_, i) => i),
  };
}

const context: FitContext = {
  task: { type: 'regression' },
  train: heavySample(1, 3000),
  val: heavySample(2, 1000),
  seed: 1,
  budget: 'quick',
  threads: 1,
};
const fresh = heavySample(3, 4000);
const expected = (x: number): number => (0.35 + 0.3 * x) * 10 * Math.exp(x + 0.125);
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const truth = Float32Array.from(fresh.matrix.data[0]!, expected);
const rmse = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(mean(Array.from(a, (v, i) => (v - b[i]!) ** 2)));

describe('amounts that are often zero and heavy-tailed', () => {
  it('are recognised', () => {
    expect(isZeroHeavy(context.train.label)).toBe(true);
    expect(isHeavyTailed(context.train.label)).toBe(true);
    expect(isZeroHeavy(Float32Array.of(-1, 0, 1))).toBe(false);
    expect(isHeavyTailed(context.train.matrix.data[0]!)).toBe(false);
  });

  it('hurdle comes near the expected amount, held out as well, and its attributions add up', async () => {
    const hurdle = createHurdleModel({
      name: 'hurdle',
      level: 4,
      whether: trees,
      amount: createLogTargetModel(trees, 'amount', true),
    });
    const fitted = await hurdle.fit(context);
    const value = await fitted.predict(fresh.matrix);
    expect(mean(value) / mean(fresh.label)).toBeGreaterThan(0.85);
    expect(mean(value) / mean(fresh.label)).toBeLessThan(1.15);
    expect(rmse(value, truth)).toBeLessThan(
      0.35 *
        rmse(
          truth.map(() => mean(truth)),
          truth,
        ),
    );
    expect(fitted.heldOut).toHaveLength(context.val.label.length);
    const { base, values } = await fitted.attribute!(fresh.matrix);
    for (const i of [0, 17, 3999])
      expect(values.reduce((sum, column) => sum + column[i]!, base)).toBeCloseTo(value[i]!, 3);
    const again = hurdle.load(JSON.parse(JSON.stringify(fitted.save())));
    expect(await again.predict(fresh.matrix)).toEqual(value);
  });

  it('linear models of the logarithm keep the total', async () => {
    const model = createLogTargetModel(createLogisticModel({ name: 'linear', level: 3 }), 'log-linear');
    const fitted = await model.fit(context);
    expect(mean(await fitted.predict(fresh.matrix)) / mean(fresh.label)).toBeCloseTo(1, 0);
  });

  it('blend: the expected amount lies in an interval that holds 80 % of fresh rows, and the median under it', async () => {
    const { relational } = amountRungs(
      () => true,
      () => true,
    );
    const blend = relational.find((m) => m.name === 'blend')!;
    const fitted = await blend.fit(context);
    const value = await fitted.predict(fresh.matrix);
    const { low, high, cases } = await fitted.interval!(fresh.matrix);
    expect(cases).toBe(1000);
    expect(rmse(value, truth)).toBeLessThan(
      0.4 *
        rmse(
          truth.map(() => mean(truth)),
          truth,
        ),
    );
    const held = mean(fresh.label.map((y, i) => (y >= low[i]! && y <= high[i]! ? 1 : 0)));
    expect(held).toBeGreaterThan(0.76);
    expect(value.every((v, i) => v >= low[i]! && v <= high[i]! && low[i]! >= 0)).toBe(true);
    expect(mean(await fitted.median!(fresh.matrix))).toBeLessThan(mean(value));
    const again = blend.load(JSON.parse(JSON.stringify(fitted.save())));
    expect(await again.interval!(fresh.matrix)).toEqual({ low, high, cases });
  });
});

describe('quantiles', () => {
  it('are the least value with enough weight below', () => {
    expect(weightedQuantile([3, 1, 2], 0.5)).toBe(2);
    expect(weightedQuantile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(weightedQuantile([3, 1], 0.5, (i) => [3, 1][i]!)).toBe(3);
    expect(weightedQuantile([], 0.5)).toBeNaN();
  });

  it('conformal shift: the score of rank ⌈(n + 1)·coverage⌉', () => {
    // Scores max(low − y, y − high) of y = 1…9 in [0, 4]: −1 −2 −2… in order −2 −1 −1 0 1 2 3 4 5.
    const label = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const low = label.map(() => 0);
    const high = label.map(() => 4);
    expect(conformalShift(low, high, label, 0.8)).toBe(4);
    expect(conformalShift(low, high, label, 0.95)).toBe(0);
  });
});
