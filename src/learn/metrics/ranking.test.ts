import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc, aurocMetric, averagePrecisionMetric, capturedMetric, liftMetric } from './ranking.ts';

// Known answers of scikit-learn 1.7 (roc_auc_score, average_precision_score) on the same rows.
const SCORE = [0.9, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.4, 0.3, 0.3, 0.2, 0.05];
const LABEL = [1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0];
const WEIGHT = Float64Array.of(1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 1, 1);

describe('ranking metrics', () => {
  it('agree with scikit-learn, ties and weights included', () => {
    expect(auroc(SCORE, LABEL)).toBeCloseTo(0.7714285714285715, 12);
    expect(aurocMetric(SCORE, LABEL)(WEIGHT)).toBeCloseTo(0.826388888888889, 12);
    expect(averagePrecisionMetric(SCORE, LABEL)()).toBeCloseTo(0.6976190476190477, 12);
    expect(averagePrecisionMetric(SCORE, LABEL)(WEIGHT)).toBeCloseTo(0.7801406926406926, 12);
  });

  it('give half for a constant score and NaN for one class', () => {
    expect(auroc([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
    expect(auroc([0.1, 0.2], [1, 1])).toBeNaN();
    expect(averagePrecisionMetric([0.1, 0.2], [0, 0])()).toBeNaN();
    expect(auroc([], [])).toBeNaN();
  });

  it('rank a NaN score last and survive infinities', () => {
    expect(auroc([Number.NaN, 0.2, 0.3], [0, 1, 1])).toBe(1);
    expect(auroc([Number.NEGATIVE_INFINITY, 0.2, Number.POSITIVE_INFINITY], [0, 0, 1])).toBe(1);
  });

  it('take the expected value of lift over ties at the edge', () => {
    // Top fifth of 10 rows = 2 places: one sure positive, then one of four tied rows of which one is positive.
    const score = [9, 5, 5, 5, 5, 1, 1, 1, 1, 1];
    const label = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(capturedMetric(0.2)(score, label)()).toBeCloseTo((1 + 0.25) / 2, 12);
    expect(liftMetric(0.2)(score, label)()).toBeCloseTo(0.625 / 0.2, 12);
  });

  it('depend neither on row order nor on an increasing map of the scores (seed 7)', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (pairs) => {
        const turned = [...pairs].reverse();
        for (const metric of [aurocMetric, averagePrecisionMetric, liftMetric(0.1), capturedMetric(0.2)]) {
          const value = metric(
            pairs.map(([s]) => s),
            pairs.map(([, y]) => y),
          )();
          const other = metric(
            turned.map(([s]) => Math.exp(s)),
            turned.map(([, y]) => y),
          )();
          if (Number.isNaN(value)) expect(other).toBeNaN();
          else expect(other).toBeCloseTo(value, 10);
        }
      }),
      { seed: 7 },
    );
  });

  it('equal the count over all pairs (seed 8)', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (pairs) => {
        const won = pairs.filter(([, y]) => y);
        const lost = pairs.filter(([, y]) => !y);
        fc.pre(won.length > 0 && lost.length > 0);
        const points = won.flatMap(([a]) => lost.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0) as number));
        const expected = points.reduce((sum, p) => sum + p, 0) / points.length;
        const value = auroc(
          pairs.map(([s]) => s),
          pairs.map(([, y]) => Number(y)),
        );
        expect(value).toBeCloseTo(expected, 12);
      }),
      { seed: 8 },
    );
  });
});
