import { describe, expect, it } from 'vitest';
import { accuracyMetric, mrrMetric } from './multiclass.ts';
import { summariseMulticlass } from './summary.ts';

// Known answers of scikit-learn 1.7 (accuracy_score, f1_score macro) on the same rows.
const P = [0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.2, 0.7, 0.4, 0.35, 0.25, 0.3, 0.3, 0.4, 0.05, 0.9, 0.05];
const TRUTH = [0, 1, 1, 2, 2, 1];

describe('multiclass metrics', () => {
  it('agree with scikit-learn and with ranks by hand', () => {
    const summary = summariseMulticlass(P, TRUTH, 3);
    expect(summary.accuracy).toBeCloseTo(0.6666666666666666, 12);
    expect(summary.macroF1).toBeCloseTo(0.6555555555555556, 12);
    expect(summary.mrr).toBeCloseTo((1 + 1 + 1 / 2 + 1 / 3 + 1 + 1) / 6, 12);
  });

  it('take the expected value over ties', () => {
    expect(accuracyMetric([0.5, 0.5], [1], 2)()).toBe(0.5);
    expect(mrrMetric([0.25, 0.25, 0.25, 0.25], [2], 4)()).toBeCloseTo(1 / 2.5, 12);
  });

  it('weigh rows', () => {
    expect(accuracyMetric(P, TRUTH, 3)(Float64Array.of(1, 1, 0, 0, 1, 1))).toBe(1);
  });
});
