import { describe, expect, it } from 'vitest';
import type { FeatureColumn } from '../features/types.ts';
import { fitAndEngagement } from './fit-engagement.ts';
import { bandOf, DEFAULT_BANDS, percentiles, trendOf } from './percentiles.ts';

describe('percentiles', () => {
  it('puts ties in the middle of their range and leaves missing values', () => {
    expect([...percentiles([1, 2, 2, 3, Number.NaN])]).toEqual([12.5, 50, 50, 87.5, Number.NaN]);
  });

  it('measures against another population', () => {
    expect([...percentiles([0, 5, 9], [1, 2, 3, 4])]).toEqual([0, 100, 100]);
    expect([...percentiles([1], [])]).toEqual([Number.NaN]);
  });

  it('gives bands of 10, 15, 25 and 50 % of distinct scores', () => {
    const scores = Float64Array.from({ length: 100 }, (_, i) => i);
    const names = [...percentiles(scores)].map((percentile) => bandOf({ probability: 0, percentile }));
    const counts = DEFAULT_BANDS.bands.map((b) => names.filter((n) => n === b.name).length);
    expect(counts).toEqual([10, 15, 25, 50]);
  });

  it('takes bands by probability when told so', () => {
    const scheme = {
      by: 'probability',
      bands: [
        { name: 'hot', from: 0.5 },
        { name: 'cold', from: 0.1 },
      ],
    } as const;
    const band = (probability: number) => bandOf({ probability, percentile: 1 }, scheme);
    expect([band(0.7), band(0.2), band(0.01)]).toEqual(['hot', 'cold', 'cold']);
  });
});

describe('trend', () => {
  it.each([
    [0.14, 0.1, 'steady'],
    [0.16, 0.1, 'rising'],
    [0.1, 0.2, 'falling'],
    [0.5, Number.NaN, 'new'],
    [0.5, undefined, null],
    [1, 0, 'rising'],
  ])('%d after %s is %s', (now, before, expected) => {
    expect(trendOf(now, before)).toBe(expected);
  });
});

describe('fit and engagement', () => {
  const column = (family: FeatureColumn['family']): FeatureColumn => ({
    ...{ name: family, kind: 'numeric', family, scope: 'own', signal: 'other', path: [] },
    ...{ table: 't', primitive: 'count', sentence: 's' },
  });
  const values = [Float64Array.of(1, 2), Float64Array.of(2, 0), Float64Array.of(5, 9)];

  it('splits the margin by what an entity is and what it does', () => {
    const columns = [column('static'), column('peers'), column('calendar')];
    const { fit, engagement } = fitAndEngagement(columns, { base: 0, values }, 2);
    expect([[...fit!], [...engagement!]]).toEqual([
      [25, 75],
      [75, 25],
    ]);
  });

  it('measures within another population', () => {
    const population = { attribution: { base: 0, values: [Float64Array.of(0, 0, 3, 3)] }, rows: 4 };
    const found = fitAndEngagement([column('static')], { base: 0, values: [values[0]!] }, 2, population);
    expect([...found.fit!]).toEqual([50, 50]);
  });

  it('is null where the part has no column', () => {
    const found = fitAndEngagement([column('outcome')], { base: 0, values: [values[0]!] }, 2);
    expect(found).toEqual({ fit: null, engagement: null });
  });
});
