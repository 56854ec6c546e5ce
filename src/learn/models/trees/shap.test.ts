import { describe, expect, test } from 'vitest';
import { makeTrees } from '../../../../test/contract/tree-data.ts';
import { fitTrees } from './boost.ts';
import { binOf, goesLeft, predictTrees } from './predict.ts';
import { loadTrees, saveTrees } from './save.ts';
import { expectedMargin, openShap } from './shap.ts';
import type { TreeData, TreeEnsemble, TreeParams } from './types.ts';

async function fitted(params: Partial<TreeParams>, data: TreeData): Promise<TreeEnsemble> {
  const fit = await fitTrees(
    { rounds: 12, leaves: 8, minDataInLeaf: 10, minDataPerGroup: 10, ...params },
    data,
  );
  return fit.ensemble;
}

async function shapTrees(ensemble: TreeEnsemble, columns: readonly Float32Array[], rows: number, output = 0) {
  const shap = await openShap(ensemble, rows);
  return { base: expectedMargin(ensemble, output), values: shap.contributions(columns, rows, output) };
}

/** Expected margin of a row when only the columns in `known` are known: unknown splits average by cover. */
function expectation(e: TreeEnsemble, row: readonly number[], known: number): number {
  const cover = (child: number): number =>
    child < 0 ? e.cover[~child]! : cover(e.left[child]!) + cover(e.right[child]!);
  const descend = (child: number): number => {
    if (child < 0) return e.value[~child]!;
    const [left, right] = [e.left[child]!, e.right[child]!];
    const column = e.column[child]!;
    const codes = e.codeBins[column];
    if ((known >> column) & 1) {
      const value = codes ? binOf(codes, row[column]!) : row[column]!;
      return descend(goesLeft(e, child, value) ? left : right);
    }
    return (cover(left) * descend(left) + cover(right) * descend(right)) / cover(child);
  };
  return e.roots.reduce((sum, root) => sum + descend(root), e.base[0]!);
}

/** Shapley values by the definition, over all subsets. */
function shapley(e: TreeEnsemble, row: readonly number[]): number[] {
  const n = e.columns;
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const size = (s: number): number => s.toString(2).replaceAll('0', '').length;
  return Array.from({ length: n }, (_, j) => {
    let sum = 0;
    for (let s = 0; s < 2 ** n; s++) {
      if ((s >> j) & 1) continue;
      const share = (factorial(size(s)) * factorial(n - size(s) - 1)) / factorial(n);
      sum += share * (expectation(e, row, s | (1 << j)) - expectation(e, row, s));
    }
    return sum;
  });
}

describe('TreeSHAP', () => {
  test.each([
    ['numeric, missing and categorical', makeTrees({ rows: 600 }), {}],
    [
      'weighted',
      { ...makeTrees({ rows: 600 }), weight: new Float32Array(600).map((_, i) => 0.5 + (i % 4)) },
      {},
    ],
    ['deep', makeTrees({ rows: 600 }), { leaves: 31, minDataInLeaf: 2 }],
  ])('equals Shapley values by definition: %s', async (_, data, params) => {
    const ensemble = await fitted(params, data);
    const { base, values } = await shapTrees(ensemble, data.columns, data.rows);
    expect(base).toBeCloseTo(expectation(ensemble, [], 0), 8);
    for (const i of [0, 1, 2, 3, 17, 99, 598]) {
      const row = data.columns.map((column) => column[i]!);
      shapley(ensemble, row).forEach((phi, c) => {
        expect(values[c]![i]).toBeCloseTo(phi, 8);
      });
    }
  });

  test('adds up to the margin on unseen, missing, infinite and unknown values', async () => {
    const ensemble = await fitted({ rounds: 60, leaves: 31, minDataInLeaf: 2 }, makeTrees({ rows: 3000 }));
    const fresh = makeTrees({ rows: 500, seed: 8 });
    fresh.columns.forEach((column, c) => {
      for (let i = c; i < 500; i += 9) column[i] = [NaN, Infinity, -Infinity, 77, -0][i % 5]!;
    });
    const margins = predictTrees(ensemble, fresh.columns, fresh.rows);
    const { base, values } = await shapTrees(ensemble, fresh.columns, fresh.rows);
    for (let i = 0; i < fresh.rows; i++) {
      const sum = values.reduce((total, column) => total + column[i]!, base);
      expect(Math.abs(sum - margins[i]!)).toBeLessThan(1e-6);
    }
  });

  test('paths of more columns than patterns are tabled for', async () => {
    const rows = 2000;
    const base = makeTrees({ rows });
    const bits = Array.from({ length: 16 }, (_, c) =>
      Float32Array.from({ length: rows }, (_, i) => (i * (c + 3)) % 7),
    );
    const label = Float32Array.from({ length: rows }, (_, i) =>
      bits.reduce((m, b, c) => (b[i]! < 2 ? m : c), 0),
    );
    const data = { ...base, columns: bits, categorical: bits.map(() => false), label };
    const ensemble = await fitted({ objective: 'l2', leaves: 200, minDataInLeaf: 1, rounds: 3 }, data);
    const margins = predictTrees(ensemble, bits, 50);
    const { base: start, values } = await shapTrees(ensemble, bits, 50);
    for (let i = 0; i < 50; i++) {
      expect(values.reduce((total, column) => total + column[i]!, start)).toBeCloseTo(margins[i]!, 6);
    }
  });

  test('a row has the same contributions to the bit, whatever rows stand beside it', async () => {
    const data = makeTrees({ rows: 2600 });
    const ensemble = await fitted({ leaves: 31, minDataInLeaf: 2 }, data);
    const { values } = await shapTrees(ensemble, data.columns, data.rows);
    const shap = await openShap(ensemble, 700);
    for (const [from, to] of [
      [0, 700],
      [1, 2],
      [1021, 1030],
      [1999, 2600],
    ] as const) {
      const part = data.columns.map((column) => column.subarray(from, to));
      const found = shap.contributions(part, to - from);
      expect(found).toEqual(values.map((column) => column.slice(from, to)));
    }
    await shap.close();
  });

  test('explains each output of a multiclass model', async () => {
    const data = makeTrees({ rows: 600, kind: 'classes' });
    const ensemble = await fitted({ objective: 'softmax', classes: 3 }, data);
    const margins = predictTrees(ensemble, data.columns, 20);
    for (const k of [0, 1, 2]) {
      const { base, values } = await shapTrees(ensemble, data.columns, 20, k);
      for (let i = 0; i < 20; i++) {
        expect(values.reduce((total, column) => total + column[i]!, base)).toBeCloseTo(
          margins[3 * i + k]!,
          8,
        );
      }
    }
  });
});

describe('save and load', () => {
  test('keep every bit', async () => {
    const data = makeTrees({ rows: 600 });
    const ensemble = await fitted({}, data);
    const loaded = loadTrees(JSON.parse(JSON.stringify(saveTrees(ensemble))));
    expect(loaded).toEqual(ensemble);
    expect(predictTrees(loaded, data.columns, 600)).toEqual(predictTrees(ensemble, data.columns, 600));
  });

  test('reject what is not a saved ensemble', () => {
    expect(() => loadTrees({ version: 2 })).toThrow();
  });
});
