import { describe, expect, it } from 'vitest';
import { checkAdditivity, marginsOf } from './additivity.ts';

const attribution = { base: 0.5, values: [Float64Array.of(1, -2), Float64Array.of(-0.25, 0.25)] };
const probabilities = (margins: readonly number[]) =>
  Float32Array.from(margins, (m) => 1 / (1 + Math.exp(-m)));

describe('additivity', () => {
  it('adds columns to the base', () => {
    expect([...marginsOf(attribution, 2)]).toEqual([1.25, -1.25]);
  });

  it('accepts what single precision hides, also near 0 and 1', () => {
    const far = { base: 0, values: [Float64Array.of(12, -12)] };
    expect(() => checkAdditivity(far, probabilities([12, -12]), 'binary')).not.toThrow();
    expect(() => checkAdditivity(attribution, Float32Array.of(1.25, -1.25), 'regression')).not.toThrow();
  });

  it('refuses reasons that are off by more than 1e-6 of the margin, naming the row', () => {
    const off = probabilities([1.25, -1.25 + 1e-5]);
    expect(() => checkAdditivity(attribution, off, 'binary')).toThrow(/reasons of row 1 do not add up/);
    expect(() => checkAdditivity(attribution, Float32Array.of(1.2501, -1.25), 'regression')).toThrow(/row 0/);
  });
});
