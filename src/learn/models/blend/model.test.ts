import { describe, expect, it } from 'vitest';
import { contractColumn, describeModel } from '../../../../test/contract/model.ts';
import { createRandom } from '../../../util/random.ts';
import { calibrationErrorMetric } from '../../metrics/calibration.ts';
import { createLogisticModel } from '../logistic/model.ts';
import { logisticLoss, logit, sigmoid } from '../shared/math.ts';
import { createTreesModel } from '../trees/model.ts';
import type { FitContext, Fitted, Model, Sample } from '../types.ts';
import { expectedShift, matchLevel } from './base-rate.ts';
import { earlierFolds } from './folds.ts';
import { createBlendModel } from './model.ts';
import { chooseWeights } from './weights.ts';

const equal = () => 1;
const blend = createBlendModel({
  name: 'blend',
  level: 5,
  members: [
    { model: createTreesModel({ name: 'trees', level: 4 }), prior: equal },
    { model: createLogisticModel({ name: 'relational-logistic', level: 4 }), prior: equal },
  ],
});

describeModel(blend, { auroc: 0.75 });

/** A member that says `margin(row value)` of the first column. */
function spokenModel(name: string, margin: (x: number) => number): Model {
  const fitted: Fitted = {
    predict: async ({ data }) => data[0]!.map((x) => sigmoid(margin(x))),
    save: () => null,
  };
  return { name, level: 4, fit: async () => fitted, load: () => fitted };
}

const columns = [contractColumn('x', 'record')];

/** Outcomes with log-odds x − 1. */
function sample(rows: number, seed: number, cutoffs = 1): Sample {
  const random = createRandom(seed);
  const x = Float32Array.from({ length: rows }, () => 1.5 * random.normal());
  return {
    matrix: { rows, columns, data: [x] },
    label: x.map((v) => Number(random.next() < sigmoid(v - 1))),
    cutoff: Float64Array.from({ length: rows }, (_, i) => (i % cutoffs) * 864e5),
    cluster: Int32Array.from({ length: rows }, (_, i) => i),
  };
}

const contextOf = (train: Sample, val: Sample): FitContext => ({
  task: { type: 'binary' },
  train,
  val,
  seed: 1,
  budget: 'quick',
  threads: 1,
});

const lossOf = (p: Float32Array, label: Float32Array): number =>
  p.reduce((sum, v, i) => sum + logisticLoss(logit(v), label[i]!), 0) / p.length;

describe('blend', () => {
  const context = contextOf(sample(1000, 1), sample(2000, 2));
  const test = sample(2000, 3);

  it('calibrates members that are too sure', async () => {
    const sure = spokenModel('sure', (x) => 4 * x + 3);
    const model = createBlendModel({ name: 'b', level: 5, members: [{ model: sure, prior: equal }] });
    const before = lossOf(await (await sure.fit(context)).predict(test.matrix), test.label);
    const after = lossOf(await (await model.fit(context)).predict(test.matrix), test.label);
    const best = lossOf(
      test.matrix.data[0]!.map((x) => sigmoid(x - 1)),
      test.label,
    );
    expect(after).toBeLessThan(before / 2);
    expect(after).toBeLessThan(best + 0.01);
  });

  it('says probabilities that are true and bounds that hold the truth, of members that are too sure', async () => {
    const sure = spokenModel('sure', (x) => 4 * x + 3);
    const model = createBlendModel({ name: 'b', level: 5, members: [{ model: sure, prior: equal }] });
    const fitted = await model.fit(context);
    const p = await fitted.predict(test.matrix);
    expect(calibrationErrorMetric(p, test.label)()).toBeLessThan(0.03);
    const { cases, low, high } = await fitted.interval!(test.matrix);
    expect(cases).toBe(context.val.label.length);
    const truth = test.matrix.data[0]!.map((x) => sigmoid(x - 1));
    const held = truth.filter((t, i) => low[i]! - 0.05 <= t && t <= high[i]! + 0.05).length;
    expect(held / truth.length).toBeGreaterThan(0.9);
    expect(p.some((v, i) => high[i]! - low[i]! < 0.05 && v > 0.1)).toBe(true);
  });

  it('gives a member that knows more the weight, and keeps some for the prior', async () => {
    const members = [
      { model: spokenModel('good', (x) => x - 1), prior: equal },
      { model: spokenModel('wrong', (x) => Math.sin(9 * x)), prior: equal },
    ];
    const fitted = await createBlendModel({ name: 'b', level: 5, members }).fit(context);
    const saved = fitted.save() as { members: { weight: number }[] };
    expect(saved.members[0]!.weight).toBeGreaterThan(0.75);
    expect(saved.members[1]!.weight).toBeGreaterThan(0.02);
  });

  it('needs what it says it needs', () => {
    const model = createBlendModel({
      name: 'b',
      level: 3.5,
      members: [{ model: createLogisticModel({ name: 'l', level: 3 }), prior: equal }],
      needs: { columns: (column) => column.scope === 'account', missing: 'no account totals' },
    });
    expect(model.inapplicable?.(context)).toBe('not applicable: no account totals');
  });
});

describe('chooseWeights', () => {
  const loss = ([a = 0, b = 0]: readonly number[]) => (a - 0.8) ** 2 + (b - 0.2) ** 2;

  it('finds the least loss with many outcomes and keeps the prior with none', () => {
    const many = chooseWeights(loss, [0.5, 0.5], 1e6);
    expect(many[0]).toBeCloseTo(0.8, 1);
    expect(chooseWeights(loss, [0.5, 0.5], 0)).toEqual([0.5, 0.5]);
  });

  it('never leaves the simplex', () => {
    const weights = chooseWeights(([a = 0]) => -a, [0.2, 0.3, 0.5], 1e9);
    expect(weights.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 9);
    expect(weights.every((w) => w >= 0)).toBe(true);
  });
});

describe('expectedShift', () => {
  /** Margins of the first column with this intercept: 0 is the truth of `sample`. */
  const marginsOf = ({ matrix }: Sample, intercept: number): Float64Array =>
    Float64Array.from(matrix.data[0]!, (x) => x - 1 + intercept);

  /** A share of the positives turned to negatives: a lower level that no feature explains. */
  const lowered = (from: Sample, firstDay: number, cutoffs = 1): Sample => ({
    ...from,
    label: from.label.map((y, i) => (i % 3 === 0 ? 0 : y)),
    cutoff: from.cutoff.map((_, i) => (firstDay + (i % cutoffs)) * 864e5),
  });

  const shiftOf = (train: Sample, val: Sample): number => {
    const untouched = marginsOf(val, 0);
    const level = matchLevel(untouched, Float64Array.from(val.label));
    const calibrated = untouched.map((m) => m + level);
    const { refit, trend } = expectedShift(train, val, { calibrated, untouched, refitted: calibrated });
    expect(refit).toBeCloseTo(0, 9);
    return trend;
  };

  it('takes undated rows as one: goes back most of the way to the level of a larger training split', () => {
    const undated = (s: Sample): Sample => ({ ...s, cutoff: s.cutoff.map(() => Number.NaN) });
    const val = undated(lowered(sample(1000, 5), 0));
    const level = matchLevel(marginsOf(val, 0), Float64Array.from(val.label));
    expect(level).toBeLessThan(-0.3);
    const shift = shiftOf(undated(sample(9000, 4)), val);
    expect(shift).toBeGreaterThan(-0.6 * level);
    expect(shift).toBeLessThan(-0.9 * level);
  });

  it('forgets most of one odd period after a steady history', () => {
    const shift = shiftOf(sample(12000, 6, 12), lowered(sample(1000, 7), 20));
    expect(shift).toBeGreaterThan(0.1);
  });

  it('keeps a level that lasts, and leaves a steady one', () => {
    expect(Math.abs(shiftOf(sample(8000, 8, 8), lowered(sample(8000, 9), 20, 4)))).toBeLessThan(0.12);
    const steady = { ...sample(4000, 10), cutoff: new Float64Array(4000).fill(20 * 864e5) };
    expect(Math.abs(shiftOf(sample(8000, 11, 8), steady))).toBeLessThan(0.1);
  });
});

describe('matchLevel', () => {
  it('brings the mean probability to the base rate', () => {
    const val = sample(3000, 10);
    const margin = Float64Array.from(val.matrix.data[0]!, (x) => x + 0.5);
    const shift = matchLevel(margin, Float64Array.from(val.label));
    expect(shift).toBeCloseTo(-1.5, 1);
    const level = margin.reduce((sum, m) => sum + sigmoid(m + shift), 0) / 3000;
    expect(level).toBeCloseTo(val.label.reduce((a, b) => a + b, 0) / 3000, 2);
  });
});

describe('earlierFolds', () => {
  it('go forward, never touch the validation rows, and are none when quick', () => {
    const train = sample(3000, 12, 9);
    const context: FitContext = { ...contextOf(train, sample(300, 13)), budget: 'normal' };
    const folds = earlierFolds(context);
    expect(folds.length).toBe(2);
    for (const fold of folds) {
      expect(Math.max(...fold.train.cutoff)).toBeLessThan(Math.min(...fold.val.cutoff));
      expect(fold.train.label.length + fold.val.label.length).toBeLessThanOrEqual(3000);
      expect(fold.refit).toBe(false);
    }
    expect(earlierFolds({ ...context, budget: 'quick' })).toEqual([]);
  });
});
