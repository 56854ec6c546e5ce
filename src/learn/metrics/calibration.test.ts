import { describe, expect, it } from 'vitest';
import { brierMetric, calibrationCurve, calibrationErrorMetric, logLossMetric } from './calibration.ts';
import { decileTable, liftCurve, rocCurve } from './deciles.ts';
import { summariseBinary } from './summary.ts';

// Known answers of scikit-learn 1.7 on the same rows.
const SCORE = [0.9, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.4, 0.3, 0.3, 0.2, 0.05];
const LABEL = [1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0];
const WEIGHT = Float64Array.of(1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 1, 1);

describe('calibration metrics', () => {
  it('agree with scikit-learn', () => {
    expect(brierMetric(SCORE, LABEL)()).toBeCloseTo(0.20354166666666665, 12);
    expect(brierMetric(SCORE, LABEL)(WEIGHT)).toBeCloseTo(0.18308823529411763, 12);
    expect(logLossMetric(SCORE, LABEL)()).toBeCloseTo(0.581994519049299, 12);
    expect(logLossMetric(SCORE, LABEL)(WEIGHT)).toBeCloseTo(0.54078784374095, 12);
  });

  it('bound the cost of a sure miss', () => {
    expect(logLossMetric([0, 1], [1, 0])()).toBeCloseTo(-Math.log(1e-7), 6);
  });

  it('measure calibration error in ten equal bins by hand', () => {
    // Twenty rows: ten at 0.2 of which 1 is positive, ten at 0.7 of which 9 are: |.2−.1|/2 + |.7−.9|/2.
    const probability = Array.from({ length: 20 }, (_, i) => (i < 10 ? 0.2 : 0.7));
    const label = Array.from({ length: 20 }, (_, i) => (i === 3 || i > 10 ? 1 : 0));
    expect(calibrationErrorMetric(probability, label)()).toBeCloseTo(0.15, 12);
    const curve = calibrationCurve(probability, label);
    expect(curve).toHaveLength(10);
    expect(curve[0]!.observed).toBeCloseTo(0.1, 12);
    expect(curve[9]!.observed).toBeCloseTo(0.9, 12);
    expect(curve[9]!.predicted).toBeCloseTo(0.7, 12);
  });
});

describe('deciles and curves', () => {
  const score = Array.from({ length: 40 }, (_, i) => 40 - i);
  const label = Array.from({ length: 40 }, (_, i) => (i < 4 || i === 39 ? 1 : 0));

  it('add up to the whole', () => {
    const table = decileTable(score, label);
    expect(table.map((d) => d.rows)).toEqual(Array(10).fill(4));
    expect(table[0]).toMatchObject({ decile: 1, positives: 4, rate: 1, lift: 8, captured: 0.8 });
    expect(table[9]!.captured).toBeCloseTo(1, 12);
  });

  it('run from corner to corner, with area equal to AUROC', () => {
    const roc = rocCurve(score, label);
    expect(roc[0]).toEqual({ x: 0, y: 0 });
    expect(roc.at(-1)).toEqual({ x: 1, y: 1 });
    let area = 0;
    for (let i = 1; i < roc.length; i++) {
      area += ((roc[i]!.x - roc[i - 1]!.x) * (roc[i]!.y + roc[i - 1]!.y)) / 2;
    }
    expect(area).toBeCloseTo(summariseBinary(score, label).auroc, 12);
    expect(liftCurve(score, label).at(-1)).toEqual({ x: 1, y: 1 });
  });

  it('thin long curves to about the points asked for', () => {
    const many = Array.from({ length: 5000 }, (_, i) => i);
    const curve = rocCurve(
      many,
      many.map((i) => i % 2),
      100,
    );
    expect(curve.length).toBeLessThan(110);
    expect(curve.at(-1)).toEqual({ x: 1, y: 1 });
  });

  it('are empty with one class', () => {
    expect(rocCurve([1, 2], [1, 1])).toEqual([]);
  });
});
