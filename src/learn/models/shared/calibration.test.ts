import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../util/random.ts';
import { applyPlatt, calibrateMargin, fitBetaCalibration, fitPlatt } from './calibration.ts';
import { logisticLoss, normalQuantile, sigmoid } from './math.ts';

/** Outcomes of the true log-odds `truth`. */
function outcomes(truth: Float64Array, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from(truth, (m) => (random.next() < sigmoid(m) ? 1 : 0));
}

function normals(rows: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows }, () => random.normal());
}

const meanLoss = (margin: Float64Array, label: Float32Array): number =>
  margin.reduce((sum, m, i) => sum + logisticLoss(m, label[i]!), 0) / label.length;

describe('Platt', () => {
  it('recovers the planted slope and offset', () => {
    const score = normals(20000, 1).map((v) => 5 * v + 40);
    const platt = fitPlatt(
      score,
      outcomes(
        score.map((s) => 0.2 * s - 10),
        2,
      ),
    );
    expect(platt.slope).toBeCloseTo(0.2, 1);
    expect(platt.offset / platt.slope).toBeCloseTo(-50, 0);
  });

  it('keeps the ranking and the base rate when the score runs against the outcomes', () => {
    const score = normals(5000, 3);
    const label = outcomes(
      score.map((s) => -2 * s - 1),
      4,
    );
    const platt = fitPlatt(score, label);
    expect(platt.slope).toBeGreaterThan(0);
    const mean = applyPlatt(platt, score).reduce((a, b) => a + b, 0) / 5000;
    expect(mean).toBeCloseTo(label.reduce((a, b) => a + b, 0) / 5000, 3);
  });

  it('survives a constant score', () => {
    const p = applyPlatt(
      fitPlatt(new Float64Array(10).fill(3), Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
      Float64Array.of(3),
    );
    expect(p[0]).toBeGreaterThan(0.05);
    expect(p[0]).toBeLessThan(0.25);
  });
});

describe('beta calibration', () => {
  it('lowers log loss on distorted probabilities it has not seen', () => {
    const truth = normals(8000, 5).map((m) => m * 1.2 - 2);
    const distorted = truth.map((m) => 2.5 * m + 2);
    const label = outcomes(truth, 6);
    const half = 4000;
    const calibration = fitBetaCalibration(distorted.subarray(0, half), label.subarray(0, half));
    const rest = label.subarray(half);
    const before = meanLoss(distorted.subarray(half), rest);
    const after = meanLoss(
      distorted.subarray(half).map((m) => calibrateMargin(calibration, m)),
      rest,
    );
    expect(after).toBeLessThan(before - 0.05);
    expect(after).toBeLessThan(meanLoss(truth.subarray(half), rest) + 0.005);
  });

  it('is increasing, also where the scores run against the outcomes', () => {
    const margin = normals(2000, 7).map((m) => m * 2);
    const calibration = fitBetaCalibration(
      margin,
      outcomes(
        margin.map((m) => -m),
        8,
      ),
    );
    expect(calibration.a).toBeGreaterThanOrEqual(0);
    expect(calibration.b).toBeGreaterThanOrEqual(0);
    expect(calibrateMargin(calibration, 2)).toBeGreaterThan(calibrateMargin(calibration, -2));
  });

  it('stays near the identity with three outcomes', () => {
    const margin = Float64Array.from({ length: 30 }, (_, i) => (i - 25) / 5);
    const label = Float32Array.from(margin, (_, i) => (i % 10 === 9 ? 1 : 0));
    const { a, b, c } = fitBetaCalibration(margin, label);
    expect(Math.abs(a - 1)).toBeLessThan(0.2);
    expect(Math.abs(b - 1)).toBeLessThan(0.2);
    expect(Math.abs(c)).toBeLessThan(1);
  });
});

describe('normalQuantile', () => {
  it('matches tabled values', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 7);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 7);
  });
});
