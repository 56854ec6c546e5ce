import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FitContext, Sample } from '../types.ts';
import { forwardFolds, groupedFolds, withValidation } from './folds.ts';

function sampleOf(label: number[], cluster: number[], cutoff: number[]): Sample {
  return {
    matrix: { rows: label.length, columns: [], data: [] },
    label: Float32Array.from(label),
    cluster: Int32Array.from(cluster),
    cutoff: Float64Array.from(cutoff),
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

const EMPTY = sampleOf([], [], []);

describe('folds', () => {
  it('keep a cluster together, whatever the row order (seed 11)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 20 }), { minLength: 1 }),
        fc.integer({ min: 2, max: 5 }),
        (ids, k) => {
          const fold = groupedFolds(ids, k, 3);
          const turned = groupedFolds([...ids].reverse(), k, 3).reverse();
          expect(turned).toEqual(fold);
          ids.forEach((id, i) => {
            expect(fold[i]).toBe(fold[ids.indexOf(id)]);
            expect(fold[i]).toBeLessThan(k);
          });
        },
      ),
      { seed: 11 },
    );
  });

  it('go forward: every tested cutoff is later than every trained one (seed 12)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (days) => {
        const cutoff = Float64Array.from(days);
        const folds = forwardFolds(cutoff, 3);
        expect(folds.length).toBeLessThanOrEqual(3);
        if (new Set(days).size > 1) expect(folds.length).toBeGreaterThan(0);
        for (const { train, test } of folds) {
          expect(Math.max(...[...train].map((i) => cutoff[i]!))).toBeLessThan(
            Math.min(...[...test].map((i) => cutoff[i]!)),
          );
        }
      }),
      { seed: 12 },
    );
  });

  it('train only on labels known when the test begins (seed 13)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2 }),
        fc.integer({ min: 0, max: 12 }),
        (days, horizonDays) => {
          const cutoff = Float64Array.from(days, (day) => day * 864e5);
          for (const { train, test } of forwardFolds(cutoff, 3, horizonDays)) {
            expect(train.length).toBeGreaterThan(0);
            const begin = Math.min(...[...test].map((i) => days[i]!));
            for (const row of train) expect(days[row]! + horizonDays).toBeLessThanOrEqual(begin);
          }
        },
      ),
      { seed: 13 },
    );
  });

  it('are none for static tasks', () => {
    expect(forwardFolds(new Float64Array(5).fill(Number.NaN), 3)).toEqual([]);
  });
});

describe('withValidation', () => {
  it('keeps a context whose validation rows differ', () => {
    const context = contextOf(sampleOf([0, 1], [1, 2], [1, 1]), sampleOf([0, 1], [1, 2], [2, 2]));
    expect(withValidation(context)).toBe(context);
  });

  it('takes the newest cutoffs, else whole accounts', () => {
    const labels = Array.from({ length: 20 }, (_, i) => i % 2);
    const dated = withValidation(
      contextOf(
        sampleOf(
          labels,
          labels.map((_, i) => i),
          labels.map((_, i) => Math.floor(i / 2)),
        ),
        EMPTY,
      ),
    );
    expect(Math.max(...dated.train.cutoff)).toBeLessThan(Math.min(...dated.val.cutoff));
    const fixed = withValidation(
      contextOf(
        sampleOf(
          labels,
          labels.map((_, i) => Math.floor(i / 2)),
          labels.map(() => Number.NaN),
        ),
        EMPTY,
      ),
    );
    expect(fixed.val.label.length).toBeGreaterThan(0);
    expect([...fixed.val.cluster].some((id) => fixed.train.cluster.includes(id))).toBe(false);
  });

  it('gives back validation rows of one class to training', () => {
    const context = withValidation(contextOf(sampleOf([0, 1], [1, 2], [1, 1]), sampleOf([1], [3], [2])));
    expect(context.train.label.length + context.val.label.length).toBe(3);
  });
});
