import { expect, test } from 'vitest';
import { createRandom } from '../../../util/random.ts';
import { type SparseRow, singularDirections } from './directions.ts';

const dense = (rows: readonly (readonly number[])[]): readonly SparseRow[] =>
  rows.map((row) => ({ at: Int32Array.from(row.keys()), value: Float64Array.from(row) }));

test('the directions of a matrix of known rank come back', () => {
  const [u, v] = [
    [0.6, 0.8, 0],
    [0, 0, 1],
  ];
  const random = createRandom(5);
  const rows = Array.from({ length: 40 }, () => {
    const [a, b] = [5 * random.normal(), random.normal()];
    return [0, 1, 2].map((i) => a * u![i]! + b * v![i]!);
  });
  const found = singularDirections(dense(rows), 3, 3, 1);
  expect(found.length).toBe(2);
  for (const [i, x] of [0.6, 0.8, 0].entries()) expect(found[0]![i]).toBeCloseTo(x, 1);
  expect(Math.abs(found[0]!.reduce((s, x, i) => s + x * found[1]![i]!, 0))).toBeLessThan(1e-9);
});

test('the captured variance is that of the eigenvalues of the Gram matrix', () => {
  const random = createRandom(9);
  const rows = Array.from({ length: 60 }, () =>
    Array.from({ length: 12 }, (_, j) => random.normal() / (1 + j)),
  );
  const found = singularDirections(dense(rows), 12, 4, 3);
  const variance = (d: ArrayLike<number>): number =>
    rows.reduce((sum, row) => sum + row.reduce((s, x, j) => s + x * d[j]!, 0) ** 2, 0);
  for (const d of found) {
    const image = new Float64Array(12);
    for (const row of rows) {
      const p = row.reduce((s, x, j) => s + x * d[j]!, 0);
      row.forEach((x, j) => {
        image[j]! += p * x;
      });
    }
    const value = variance(d);
    for (const [j, x] of image.entries()) expect(x / value).toBeCloseTo(d[j]!, 6);
  }
});

test('no rows, no directions', () => {
  expect(singularDirections([], 5, 3, 1)).toEqual([]);
});
