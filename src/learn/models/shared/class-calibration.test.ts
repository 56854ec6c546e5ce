import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../util/random.ts';
import { calibrateClasses, fitClassCalibration, identityClasses } from './class-calibration.ts';
import { centreRows, softmaxRows } from './math.ts';

const CLASSES = 3;

/** Labels drawn from softmax(0.5 × margin + offset); margins are twice too sure. */
function drawn(rows: number, seed: number): { readonly margins: Float64Array; readonly label: Float32Array } {
  const random = createRandom(seed);
  const margins = centreRows(
    Float64Array.from({ length: rows * CLASSES }, () => 2 * random.normal()),
    CLASSES,
  );
  const truth = { slope: 0.5, offsets: [0.6, -0.2, -0.4] };
  const p = softmaxRows(calibrateClasses(truth, margins), CLASSES);
  const label = Float32Array.from({ length: rows }, (_, i) => {
    const u = random.next();
    return u < p[i * CLASSES]! ? 0 : u < p[i * CLASSES]! + p[i * CLASSES + 1]! ? 1 : 2;
  });
  return { margins, label };
}

describe('class calibration', () => {
  it('finds slope and offsets with many rows', () => {
    const { margins, label } = drawn(20_000, 1);
    const { slope, offsets } = fitClassCalibration(margins, label, CLASSES);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(offsets[0]).toBeCloseTo(0.6, 1);
    expect(offsets[1]).toBeCloseTo(-0.2, 1);
    expect(offsets.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
  });

  it('stays near the identity with few', () => {
    const { margins, label } = drawn(5, 2);
    const { slope, offsets } = fitClassCalibration(margins, label, CLASSES);
    expect(Math.abs(slope - 1)).toBeLessThan(0.35);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(0.8);
  });

  it('leaves margins alone as the identity', () => {
    const { margins } = drawn(10, 3);
    expect(calibrateClasses(identityClasses(CLASSES), margins)).toEqual(margins);
  });
});
