import { describe, expect, it } from 'vitest';
import { contractColumn, describeModel } from '../../../../test/contract/model.ts';
import { createRandom } from '../../../util/random.ts';
import { createLogisticModel } from '../logistic/model.ts';
import { logisticLoss, logit, sigmoid } from '../shared/math.ts';
import { createTreesModel } from '../trees/model.ts';
import type { FitContext, Fitted, Model, Sample } from '../types.ts';
import { refitShift, trailingShift } from './base-rate.ts';
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

describe('trailingShift', () => {
  it('is nothing with few cutoffs and small when the newest is as usual', () => {
    expect(trailingShift(contextOf(sample(500, 4, 3), sample(500, 5, 3)))).toBe(0);
    expect(Math.abs(trailingShift(contextOf(sample(5000, 6, 8), sample(5000, 7, 8))))).toBeLessThan(0.05);
  });

  it('goes part of the way back after one odd cutoff', () => {
    const train = sample(8000, 8, 8);
    const odd = sample(1000, 9);
    const val = {
      ...odd,
      label: odd.label.map((y, i) => (i % 2 ? 0 : y)),
      cutoff: odd.cutoff.map(() => 9 * 864e5),
    };
    const shift = trailingShift(contextOf(train, val));
    expect(shift).toBeGreaterThan(0.1);
    expect(shift).toBeLessThanOrEqual(0.5);
  });
});

describe('refitShift', () => {
  it('brings the mean probability to the base rate, and leaves it there', () => {
    const val = sample(3000, 10);
    const margin = Float64Array.from(val.matrix.data[0]!, (x) => x + 0.5);
    const shift = refitShift(margin, val);
    expect(shift).toBeCloseTo(-1.5, 1);
    const level = (by: number) => margin.reduce((sum, m) => sum + sigmoid(m + by), 0) / 3000;
    expect(level(shift)).toBeCloseTo(val.label.reduce((a, b) => a + b, 0) / 3000, 2);
  });
});
