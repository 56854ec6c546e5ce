import { describe, expect, it } from 'vitest';
import { contractColumn, describeModel } from '../../../../test/contract/model.ts';
import { createRandom } from '../../../util/random.ts';
import { sigmoid } from '../shared/math.ts';
import type { FitContext, ModelTask, Sample } from '../types.ts';
import { createLogisticModel } from './model.ts';

const model = createLogisticModel({ name: 'logistic', level: 3 });

describeModel(model, { auroc: 0.75 });

/** Standard normal columns, log-odds x0 − 0.5·x1 − 1, or the value 3·x0 + 10. */
function planted(rows: number, seed: number, type: 'binary' | 'regression'): Sample {
  const random = createRandom(seed);
  const columns = ['x0', 'x1', 'x2'].map((name) => contractColumn(name, 'record'));
  const data = columns.map(() => Float32Array.from({ length: rows }, () => random.normal()));
  const label = Float32Array.from({ length: rows }, (_, i) =>
    type === 'binary'
      ? Number(random.next() < sigmoid(data[0]![i]! - 0.5 * data[1]![i]! - 1))
      : 3 * data[0]![i]! + 10 + 0.1 * random.normal(),
  );
  return {
    matrix: { rows, columns, data },
    label,
    cutoff: new Float64Array(rows).fill(Number.NaN),
    cluster: Int32Array.from({ length: rows }, (_, i) => i),
  };
}

const contextOf = (train: Sample, val: Sample, task: ModelTask = { type: 'binary' }): FitContext => ({
  task,
  train,
  val,
  seed: 1,
  budget: 'normal',
  threads: 1,
});

describe('logistic model', () => {
  it('recovers planted coefficients', async () => {
    const fitted = await model.fit(contextOf(planted(20000, 1, 'binary'), planted(4000, 2, 'binary')));
    const at = async (...x: number[]) => {
      const { columns } = planted(1, 3, 'binary').matrix;
      const p = await fitted.predict({ rows: 1, columns, data: x.map((v) => Float32Array.of(v)) });
      return Math.log(p[0]! / (1 - p[0]!));
    };
    expect(await at(0, 0, 0)).toBeCloseTo(-1, 1);
    // Standard errors of these differences are about 0.04.
    expect(Math.abs((await at(1, 0, 0)) - (await at(-1, 0, 0)) - 2)).toBeLessThan(0.12);
    expect(Math.abs((await at(0, 1, 0)) - (await at(0, -1, 0)) + 1)).toBeLessThan(0.12);
    expect(Math.abs((await at(0, 0, 1)) - (await at(0, 0, -1)))).toBeLessThan(0.15);
  });

  it('predicts amounts in their own unit', async () => {
    const task = { type: 'regression' } as const;
    const fitted = await model.fit(
      contextOf(planted(2000, 4, 'regression'), planted(500, 5, 'regression'), task),
    );
    const test = planted(500, 6, 'regression');
    const p = await fitted.predict(test.matrix);
    const error = p.reduce((sum, v, i) => sum + Math.abs(v - test.label[i]!), 0) / 500;
    expect(error).toBeLessThan(0.3);
  });

  it('draws noise to the base rate', async () => {
    const noise = (seed: number): Sample => {
      const sample = planted(400, seed, 'binary');
      return { ...sample, label: sample.label.map((_, i) => Number((i * 7) % 10 < 3)) };
    };
    const fitted = await model.fit(contextOf(noise(7), noise(8)));
    const p = await fitted.predict(noise(9).matrix);
    expect(Math.max(...p)).toBeLessThan(0.5);
    expect(Math.min(...p)).toBeGreaterThan(0.15);
  });

  it('hands out validation predictions made before it saw those labels', async () => {
    const [train, val] = [planted(300, 10, 'binary'), planted(300, 11, 'binary')];
    const honest = await model.fit(contextOf(train, val));
    const flipped = await model.fit(contextOf(train, { ...val, label: val.label.map((y) => 1 - y) }));
    const side = (p: Float32Array) => [...p].sort((a, b) => a - b)[150]!;
    expect(honest.heldOut).toHaveLength(300);
    expect(side(flipped.heldOut!)).toBeCloseTo(side(honest.heldOut!), 1);
    expect(side(await flipped.predict(val.matrix))).not.toBeCloseTo(
      side(await honest.predict(val.matrix)),
      1,
    );
  });

  it('fits with no columns, one row of each class, and a label that never varies in amount', async () => {
    const bare = (sample: Sample): Sample => ({
      ...sample,
      matrix: { rows: sample.label.length, columns: [], data: [] },
    });
    const [train, val] = [planted(200, 12, 'binary'), planted(100, 13, 'binary')];
    const none = await model.fit(contextOf(bare(train), bare(val)));
    const rate = (await none.predict({ rows: 1, columns: [], data: [] }))[0]!;
    const labels = [...train.label, ...val.label];
    expect(rate).toBeCloseTo(labels.reduce((a, b) => a + b, 0) / 300, 3);

    const two = planted(2, 14, 'binary');
    const tiny = await model.fit(
      contextOf({ ...two, label: Float32Array.of(0, 1) }, planted(0, 15, 'binary')),
    );
    expect((await tiny.predict(two.matrix)).every(Number.isFinite)).toBe(true);

    const constant = { ...planted(50, 16, 'regression'), label: new Float32Array(50).fill(4) };
    const flat = await model.fit(contextOf(constant, constant, { type: 'regression' }));
    expect((await flat.predict(constant.matrix)).every((v) => Math.abs(v - 4) < 1e-5)).toBe(true);
  });
});
