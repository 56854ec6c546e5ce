import { describe, expect, it } from 'vitest';
import { maseMetric, naiveScale, wapeMetric } from './forecast.ts';

describe('errors of forecasts', () => {
  it('agree with sums by hand', () => {
    expect(wapeMetric([1, 5, 0], [2, 4, 4])()).toBeCloseTo(6 / 10, 12);
    expect(wapeMetric([1, 5, 0], [2, 4, 4])(Float64Array.of(1, 1, 0))).toBeCloseTo(2 / 6, 12);
    // |3 − 1|, |1 − 4| and, in the second series, |2 − 2|; a missing window counts for none.
    expect(
      naiveScale([
        [3, 2],
        [1, 2],
        [4, Number.NaN],
      ]),
    ).toBeCloseTo(5 / 3, 12);
    expect(maseMetric([1, 5, 0], [2, 4, 4], 4)()).toBeCloseTo(0.5, 12);
  });

  it('have no value where there is nothing to divide by', () => {
    expect(wapeMetric([1], [0])()).toBeNaN();
    expect(maseMetric([1], [0], 0)()).toBeNaN();
    expect(naiveScale([[1, 2]])).toBeNaN();
  });
});
