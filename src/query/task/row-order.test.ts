import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeadlightError } from '../../errors.ts';
import { spreadByRowOrder } from './row-order.ts';

const day = (n: number): number => Date.UTC(2024, 0, 1 + n);
const spread = (cutoff: readonly number[], row: readonly number[]): number[] =>
  [...spreadByRowOrder(Float64Array.from(cutoff), Int32Array.from(row), 'tasks.csv')].map(
    (ms) => (ms - day(0)) / 864e5,
  );

describe('spreadByRowOrder', () => {
  it('spreads rows of one cutoff over the days to the next, the last as long as the one before', () => {
    const cutoffs = [day(0), day(0), day(0), day(0), day(8), day(8)];
    expect(spread(cutoffs, [0, 1, 2, 3, 4, 5])).toEqual([0, 2, 4, 6, 8, 12]);
  });

  it('goes by the order of the entities, not of the file, and leaves unknown entities alone', () => {
    expect(spread([day(8), day(0), day(3), day(0)], [7, 5, -1, 2])).toEqual([8, 4, 3, 0]);
  });

  it('refuses an order that contradicts the cutoffs, and tasks without any', () => {
    const fault = (cutoff: readonly number[]) => {
      try {
        spread(cutoff, [0, 1]);
      } catch (error) {
        return error instanceof LeadlightError ? error.message : undefined;
      }
      return undefined;
    };
    expect(fault([day(8), day(0)])).toContain('row 1 has cutoff 2024-01-01');
    expect(fault([Number.NaN, Number.NaN])).toContain('no cutoffs');
  });

  it('never moves a row before its cutoff or past the next, and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 60 }), (months) => {
        const cutoffs = [...months].sort((a, b) => a - b).map((m) => day(m * 30));
        const rows = cutoffs.map((_, i) => i);
        const out = spreadByRowOrder(Float64Array.from(cutoffs), Int32Array.from(rows), 'tasks.csv');
        const distinct = [...new Set(cutoffs)];
        out.forEach((ms, i) => {
          const next = distinct[distinct.indexOf(cutoffs[i]!) + 1];
          expect(ms).toBeGreaterThanOrEqual(cutoffs[i]!);
          if (next !== undefined) expect(ms).toBeLessThan(next);
          if (i > 0) expect(ms).toBeGreaterThanOrEqual(out[i - 1]!);
        });
      }),
      { seed: 5 },
    );
  });
});
