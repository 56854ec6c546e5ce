import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverageMetric,
  deviationOf,
  maeMetric,
  medianErrorMetric,
  pinballMetric,
  r2Metric,
  rmseMetric,
} from './regression.ts';

const VALUE = [1, 2, 3, 10];
const LABEL = [2, 2, 6, 0];

const rows = fc.array(
  fc.record({
    v: fc.integer({ min: -50, max: 50 }),
    y: fc.integer({ min: -50, max: 50 }),
    w: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const seeded = { seed: 20_260_401, numRuns: 200 };

describe('errors of amounts', () => {
  it('agree with sums by hand', () => {
    expect(maeMetric(VALUE, LABEL)()).toBeCloseTo(14 / 4, 12);
    expect(rmseMetric(VALUE, LABEL)()).toBeCloseTo(Math.sqrt(110 / 4), 12);
    expect(medianErrorMetric(VALUE, LABEL)()).toBe(1);
    // Mean 2.5, squares around it 0.25 + 0.25 + 12.25 + 6.25 = 19.
    expect(r2Metric(VALUE, LABEL)()).toBeCloseTo(1 - 110 / 19, 12);
    expect(pinballMetric(VALUE, LABEL, 0.9)()).toBeCloseTo((0.9 + 0 + 2.7 + 1) / 4, 12);
    expect(coverageMetric([2, 0, 0, 1], [3, 1, 9, 4], LABEL)()).toBe(0.5);
    expect(deviationOf(LABEL)).toBeCloseTo(Math.sqrt(19 / 4), 12);
  });

  it('have no value where nothing tells the rows apart', () => {
    expect(r2Metric([1, 2], [3, 3])()).toBeNaN();
    expect(medianErrorMetric([], [])()).toBeNaN();
  });

  it('take a weight of n as n equal rows', () => {
    fc.assert(
      fc.property(rows, (all) => {
        fc.pre(all.some((r) => r.w > 0));
        const repeated = all.flatMap((r) => Array.from({ length: r.w }, () => r));
        const weight = Float64Array.from(all, (r) => r.w);
        const of = (list: typeof all) => [list.map((r) => r.v), list.map((r) => r.y)] as const;
        for (const metric of [maeMetric, rmseMetric, medianErrorMetric])
          expect(metric(...of(all))(weight)).toBeCloseTo(metric(...of(repeated))(), 9);
      }),
      seeded,
    );
  });

  it('pinball loss is least at the quantile, and half the absolute error at the median', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.1, 0.5, 0.9), (all, level) => {
        const label = all.map((r) => r.y);
        const loss = (q: number): number =>
          pinballMetric(
            label.map(() => q),
            label,
            level,
          )();
        const sorted = [...label].sort((a, b) => a - b);
        const at = sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)]!;
        for (const q of label) expect(loss(at)).toBeLessThanOrEqual(loss(q) + 1e-9);
        expect(
          pinballMetric(
            all.map((r) => r.v),
            label,
            0.5,
          )(),
        ).toBeCloseTo(
          maeMetric(
            all.map((r) => r.v),
            label,
          )() / 2,
          9,
        );
      }),
      seeded,
    );
  });
});
