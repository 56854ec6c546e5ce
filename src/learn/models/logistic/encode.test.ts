import { describe, expect, it } from 'vitest';
import { contractColumn } from '../../../../test/contract/model.ts';
import { createRandom } from '../../../util/random.ts';
import {
  type Encoder,
  encodeLevels,
  fitEncoders,
  type LevelEncoder,
  missingTerm,
  type NumericEncoder,
  numericTerm,
} from './encode.ts';

const numeric = contractColumn('x', 'record');
const kinds = contractColumn('kind', 'record', ['often', 'rare', 'also']);

const fitOne = (data: Float32Array, column = numeric): readonly Encoder[] => fitEncoders([column], [[data]]);

describe('numeric encoder', () => {
  const random = createRandom(1);
  const skewed = Float32Array.from({ length: 5000 }, () => Math.exp(3 * random.normal()));
  const [encoder] = fitOne(skewed) as [NumericEncoder];
  const term = numericTerm(encoder);

  it('makes any increasing column standard normal', () => {
    const z = [...skewed].map(term);
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    const variance = z.reduce((sum, v) => sum + (v - mean) ** 2, 0) / z.length;
    expect(mean).toBeCloseTo(0, 3);
    expect(variance).toBeCloseTo(1, 2);
    // exp(3) is one standard deviation above the median of exp(3·normal).
    expect(term(Math.exp(3))).toBeCloseTo(1, 1);
    expect(encoder.values.length).toBeLessThanOrEqual(200);
  });

  it('is increasing, bounded, and neutral on missing', () => {
    const probes = [-1e30, 0, 0.001, 0.5, 1, 3, 50, 4000, 1e30, Number.POSITIVE_INFINITY];
    const z = probes.map(term);
    expect([...z].sort((a, b) => a - b)).toEqual(z);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(3.2);
    expect(term(Number.NaN)).toBe(0);
  });

  it('meets huge and infinite training values', () => {
    const [wild] = fitOne(
      Float32Array.from({ length: 100 }, (_, i) => (i === 0 ? -1e30 : i > 97 ? Infinity : i)),
    );
    const values = [-1e30, 5, 1e20, Infinity].map(numericTerm(wild as NumericEncoder));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('leaves out constant and empty columns', () => {
    expect(fitOne(new Float32Array(50).fill(3))).toEqual([]);
    expect(fitOne(new Float32Array(50).fill(Number.NaN))).toEqual([]);
  });
});

describe('missing flags', () => {
  it('come once for each pattern of missing cells', () => {
    const holes = (every: number) =>
      Float32Array.from({ length: 200 }, (_, i) => (i % every === 0 ? Number.NaN : i % 7));
    const columns = ['a', 'b', 'c'].map((name) => contractColumn(name, 'record'));
    const encoders = fitEncoders(columns, [[holes(4)], [holes(4)], [holes(5)]]);
    const flags = encoders.filter((e) => e.kind === 'missing');
    expect(flags.map((e) => e.column)).toEqual(['a', 'c']);
    expect(missingTerm(flags[0]!)(Number.NaN)).toBeGreaterThan(missingTerm(flags[0]!)(1));
  });
});

describe('levels', () => {
  const data = Float32Array.from({ length: 100 }, (_, i) =>
    i < 5 ? 1 : i < 30 ? 2 : i < 45 ? Number.NaN : 0,
  );
  const [encoder] = fitOne(data, kinds) as [LevelEncoder];

  it('are the values of ten rows or more, missing among them', () => {
    expect(encoder.levels).toEqual(['often', 'also', null]);
    expect(encoder.shares.map((s) => Math.round(s * 100))).toEqual([5, 55, 25, 15]);
  });

  it('are met again by text', () => {
    const now = { ...kinds, categories: ['new', 'also', 'often'] };
    const codes = new Uint16Array(5);
    encodeLevels(encoder, now, Float32Array.of(0, 1, 2, Number.NaN, 99), codes);
    expect([...codes]).toEqual([0, 2, 1, 3, 3]);
  });
});
