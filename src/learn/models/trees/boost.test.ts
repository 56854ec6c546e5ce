import { describe, expect, test } from 'vitest';
import { makeTrees } from '../../../../test/contract/tree-data.ts';
import { createRandom } from '../../../util/random.ts';
import { fitTrees, openTrainer } from './boost.ts';
import { auroc } from './metric.ts';
import { linkMargins, predictTrees } from './predict.ts';
import { saveTrees } from './save.ts';
import type { TreeData, TreeParams } from './types.ts';

const QUICK: Partial<TreeParams> = { rounds: 30, leaves: 8, minDataInLeaf: 10, minDataPerGroup: 10 };

async function margins(params: Partial<TreeParams>, train: TreeData, on: TreeData = train) {
  const { ensemble } = await fitTrees({ ...QUICK, ...params }, train);
  return predictTrees(ensemble, on.columns, on.rows);
}

function rmse(predicted: ArrayLike<number>, label: Float32Array): number {
  return Math.sqrt(label.reduce((sum, y, i) => sum + (y - predicted[i]!) ** 2, 0) / label.length);
}

describe('what it learns', () => {
  test('binary: ranks fresh rows', async () => {
    const fresh = makeTrees({ seed: 2 });
    expect(auroc(await margins({}, makeTrees(), fresh), fresh.label)).toBeGreaterThan(0.83);
  });

  test('softmax: probabilities add up and beat the base rates', async () => {
    const train = makeTrees({ kind: 'classes' });
    const fresh = makeTrees({ kind: 'classes', seed: 2 });
    const { ensemble } = await fitTrees({ ...QUICK, objective: 'softmax', classes: 3 }, train);
    const p = linkMargins(ensemble, predictTrees(ensemble, fresh.columns, fresh.rows));
    let hits = 0;
    for (let i = 0; i < fresh.rows; i++) {
      const row = p.subarray(3 * i, 3 * i + 3);
      expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 5);
      if (row.indexOf(Math.max(...row)) === fresh.label[i]) hits++;
    }
    expect(hits / fresh.rows).toBeGreaterThan(0.6);
  });

  test.each(['l2', 'quantile'] as const)('%s: comes near the noise', async (objective) => {
    const fresh = makeTrees({ kind: 'value', seed: 2 });
    const predicted = await margins({ objective, rounds: 150 }, makeTrees({ kind: 'value' }), fresh);
    expect(rmse(predicted, fresh.label)).toBeLessThan(0.6);
  });

  test('the median is not moved by outliers', async () => {
    const train = makeTrees({ kind: 'value' });
    const label = train.label.map((y, i) => (i % 50 === 0 ? y + 1000 : y));
    const predicted = await margins({ objective: 'quantile', rounds: 100 }, { ...train, label });
    expect(rmse(predicted, train.label)).toBeLessThan(1);
  });

  test.each([0.1, 0.9])('the %d quantile is exceeded by its share of fresh rows', async (quantile) => {
    const fresh = makeTrees({ kind: 'value', seed: 2, rows: 4000 });
    const train = makeTrees({ kind: 'value', rows: 4000 });
    const predicted = await margins({ objective: 'quantile', quantile, rounds: 100 }, train, fresh);
    const below = fresh.label.reduce((n, y, i) => n + (y <= predicted[i]! ? 1 : 0), 0);
    expect(below / fresh.rows).toBeGreaterThan(quantile - 0.06);
    expect(below / fresh.rows).toBeLessThan(quantile + 0.06);
  });

  test('a stump splits where the plain search splits', async () => {
    const train = makeTrees({ rows: 300, kind: 'value' });
    const column = train.columns[0]!;
    const one = { ...train, columns: [column], categorical: [false] };
    const { ensemble } = await fitTrees(
      {
        objective: 'l2',
        rounds: 1,
        leaves: 2,
        learningRate: 1,
        minDataInLeaf: 5,
        minDataInBin: 1,
        maxBin: 255,
      },
      one,
    );
    const threshold = ensemble.threshold[0]!;
    const cost = (cut: number): number => {
      const sides = [true, false].map((left) => one.label.filter((_, i) => column[i]! <= cut === left));
      if (sides.some((side) => side.length < 5)) return Infinity;
      return sides.reduce((sum, side) => {
        const mean = side.reduce((a, b) => a + b, 0) / side.length;
        return sum + side.reduce((a, y) => a + (y - mean) ** 2, 0);
      }, 0);
    };
    const least = Math.min(...[...column].map(cost));
    expect(cost(threshold)).toBeLessThan(least * 1.001);
  });
});

describe('the same for any number of threads', () => {
  // More than half a million cells, or one thread would do it all.
  const wide = (): TreeData => {
    const base = makeTrees({ rows: 20_000 });
    const random = createRandom(9);
    const noise = Array.from({ length: 20 }, () =>
      Float32Array.from({ length: base.rows }, () => random.normal()),
    );
    return {
      ...base,
      columns: [...base.columns, ...noise],
      categorical: [...base.categorical, ...noise.map(() => false)],
    };
  };

  test.each([
    ['plain', {}],
    ['sampled', { bagging: 0.7, featureFraction: 0.5 }],
    ['random thresholds', { extraTrees: true }],
  ])('%s', async (_, params) => {
    const data = wide();
    const fits = await Promise.all(
      [1, 2, 3].map((threads) => fitTrees({ ...QUICK, ...params, rounds: 6, leaves: 31, threads }, data)),
    );
    const saved = fits.map((fit) => JSON.stringify(saveTrees(fit.ensemble)));
    expect(saved[1]).toBe(saved[0]);
    expect(saved[2]).toBe(saved[0]);
  });
});

describe('constraints and regularisation', () => {
  test.each([1, -1])('monotone %i holds everywhere', async (direction) => {
    const train = makeTrees({ kind: 'value' });
    const { ensemble } = await fitTrees(
      { ...QUICK, objective: 'l2', rounds: 60, monotone: [direction, 0, 0, 0, 0, 0] },
      train,
    );
    const random = createRandom(3);
    const grid = Float32Array.from({ length: 200 }, (_, i) => (i - 100) / 30);
    for (let k = 0; k < 30; k++) {
      const others = [1, 2, 3].map(() => new Float32Array(200).fill(random.normal()));
      const codes = [12, 3].map((n) => new Float32Array(200).fill(random.int(n)));
      const m = predictTrees(ensemble, [grid, ...others, ...codes], 200);
      for (let i = 1; i < 200; i++) expect((m[i]! - m[i - 1]!) * direction).toBeGreaterThanOrEqual(-1e-12);
    }
  });

  test('leaves hold at least minDataInLeaf rows; depth and leaves are limits', async () => {
    const train = makeTrees({ kind: 'value' });
    const { ensemble } = await fitTrees(
      { ...QUICK, objective: 'l2', leaves: 31, maxDepth: 3, minDataInLeaf: 40 },
      train,
    );
    expect(Math.min(...ensemble.cover)).toBeGreaterThanOrEqual(40);
    expect(ensemble.value.length / ensemble.roots.length).toBeLessThanOrEqual(8);
  });

  test('lambda shrinks', async () => {
    const train = makeTrees();
    const spread = (m: Float64Array): number => Math.max(...m) - Math.min(...m);
    expect(spread(await margins({ lambda: 100 }, train))).toBeLessThan(
      spread(await margins({}, train)) * 0.7,
    );
  });
});

describe('missing values and categories', () => {
  test('missing values go to the side that fits them', async () => {
    const train = makeTrees();
    const m = await margins({}, train);
    const mean = (missing: boolean): number => {
      const rows = [...m.keys()].filter((i) => Number.isNaN(train.columns[1]![i]!) === missing);
      return rows.reduce((sum, i) => sum + m[i]!, 0) / rows.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.5);
  });

  test('codes never seen, negative and huge codes are predicted', async () => {
    const train = makeTrees();
    const { ensemble } = await fitTrees(QUICK, train);
    const rows = 4;
    const columns = train.columns.map((_, c) =>
      train.categorical[c] ? Float32Array.of(99, -1, 1e30, NaN) : new Float32Array(rows),
    );
    expect(predictTrees(ensemble, columns, rows).every(Number.isFinite)).toBe(true);
  });

  test('a noise column of as many codes as rows is left alone', async () => {
    const train = makeTrees();
    const ids = Float32Array.from({ length: train.rows }, (_, i) => i);
    const { ensemble } = await fitTrees(
      { ...QUICK, minDataPerGroup: 100 },
      { ...train, columns: [...train.columns, ids], categorical: [...train.categorical, true] },
    );
    expect([...ensemble.column]).not.toContain(6);
  });
});

describe('weights', () => {
  test('a weight of two is the row twice', async () => {
    const train = makeTrees({ kind: 'value', rows: 400 });
    const twice = Array.from({ length: train.rows }, (_, i) => i).flatMap((i) =>
      i % 3 === 0 ? [i, i] : [i],
    );
    const take = (values: Float32Array): Float32Array => Float32Array.from(twice, (i) => values[i]!);
    const repeated = {
      ...train,
      rows: twice.length,
      columns: train.columns.map(take),
      label: take(train.label),
    };
    const weighted = { ...train, weight: train.label.map((_, i) => (i % 3 === 0 ? 2 : 1)) };
    // One leaf-wise split at a time on few-valued columns: bins are the same in both.
    const params = {
      objective: 'l2' as const,
      minDataInLeaf: 1,
      minHessianInLeaf: 20.5,
      minDataInBin: 1,
      catSmooth: 1,
    };
    const coarse = (data: TreeData): TreeData => ({
      ...data,
      columns: data.columns.map((c) => c.map((v) => Math.round(v * 4) / 4)),
    });
    const a = await margins({ ...params, minDataPerGroup: 1 }, coarse(repeated), coarse(train));
    const b = await margins({ ...params, minDataPerGroup: 1 }, coarse(weighted), coarse(train));
    expect(rmse(a, Float32Array.from(b))).toBeLessThan(1e-3);
  });

  test('rows of weight zero do not matter', async () => {
    const train = makeTrees();
    const weight = train.label.map((_, i) => (i % 4 === 0 ? 0 : 1));
    const spoiled = train.label.map((y, i) => (i % 4 === 0 ? 1 - y : y));
    const a = await margins({}, { ...train, weight });
    const b = await margins({}, { ...train, weight, label: spoiled });
    expect(a).toEqual(b);
  });
});

describe('early stopping', () => {
  test.each(['logloss', 'auroc'] as const)('on %s keeps the best rounds', async (metric) => {
    const val = makeTrees({ seed: 2 });
    const fit = await fitTrees(
      { ...QUICK, rounds: 500, learningRate: 0.3, patience: 10, metric },
      makeTrees(),
      val,
    );
    expect(fit.rounds).toBe(fit.history.indexOf(Math.min(...fit.history)) + 1);
    expect(fit.history.length).toBe(fit.rounds + 10);
    expect(fit.ensemble.roots.length).toBe(fit.rounds);
  });

  test('log loss forgives a shift of the base rate', async () => {
    const val = makeTrees({ seed: 2 });
    const keep = [...val.label.keys()].filter((i) => val.label[i] === 0 || i % 10 === 0);
    const take = (values: Float32Array): Float32Array => Float32Array.from(keep, (i) => values[i]!);
    const rare = { ...val, rows: keep.length, columns: val.columns.map(take), label: take(val.label) };
    const fit = await fitTrees({ ...QUICK, rounds: 200, patience: 20 }, makeTrees(), rare);
    expect(fit.rounds).toBeGreaterThan(10);
  });
});

describe('awkward data', () => {
  const constant = (rows: number, value: number): Float32Array => new Float32Array(rows).fill(value);

  test('constant and empty columns give the base margin', async () => {
    const { label, rows } = makeTrees({ rows: 100 });
    const data = {
      rows,
      label,
      columns: [constant(rows, 3), constant(rows, NaN)],
      categorical: [false, true],
    };
    const m = await margins({}, data);
    const positives = label.reduce((a, b) => a + b, 0);
    for (const value of m) expect(value).toBeCloseTo(Math.log(positives / (rows - positives)), 12);
  });

  test('infinite and huge values', async () => {
    const train = makeTrees({ rows: 300 });
    const columns = train.columns.map((column, c) =>
      train.categorical[c]
        ? column
        : column.map((v, i) => (i % 7 === 0 ? Infinity : i % 11 === 0 ? -Infinity : v * 1e30)),
    );
    expect((await margins({}, { ...train, columns })).every(Number.isFinite)).toBe(true);
  });

  test('one row, and no columns', async () => {
    const one = { rows: 1, columns: [Float32Array.of(1)], categorical: [false], label: Float32Array.of(5) };
    expect([...(await margins({ objective: 'l2' }, one))]).toEqual([5]);
    const none = { rows: 2, columns: [], categorical: [], label: Float32Array.of(1, 3) };
    expect([...(await margins({ objective: 'l2' }, none))]).toEqual([2, 2]);
  });

  test('one class is refused', async () => {
    const train = makeTrees({ rows: 50 });
    await expect(fitTrees(QUICK, { ...train, label: constant(50, 1) })).rejects.toMatchObject({
      code: 'TASK_ONE_CLASS',
      message: expect.stringContaining('All 50 training labels are true'),
    });
  });

  test('an aborted fit stops', async () => {
    const control = { signal: AbortSignal.abort() };
    await expect(fitTrees(QUICK, makeTrees(), undefined, control)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

test('one trainer serves several fits', async () => {
  const data = makeTrees();
  const trainer = await openTrainer(data, undefined, { leaves: 8, outputs: 1 });
  const first = await trainer.fit({ ...QUICK, seed: 1, bagging: 0.5 });
  await trainer.fit({ ...QUICK, seed: 2, bagging: 0.5, featureFraction: 0.3 });
  const again = await trainer.fit({ ...QUICK, seed: 1, bagging: 0.5 });
  await trainer.close();
  expect(saveTrees(again.ensemble)).toEqual(saveTrees(first.ensemble));
});

test('an initial score moves the start', async () => {
  const train = makeTrees({ kind: 'value' });
  const initScore = Float64Array.from(train.label, (y) => y - 1);
  const { ensemble } = await fitTrees({ ...QUICK, objective: 'l2' }, { ...train, initScore });
  expect(ensemble.base[0]).toBeCloseTo(1, 3);
});
