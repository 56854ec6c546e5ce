import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureColumn } from '../features/types.ts';
import { binsOf } from './bins.ts';
import { globalView } from './global-view.ts';

const column = (name: string, more: Partial<FeatureColumn> = {}): FeatureColumn => ({
  ...{ name, kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement', path: [], table: 't' },
  ...{ primitive: 'count', unit: 'count', sentence: name },
  ...more,
});
const trade = column('trade', {
  ...{ kind: 'categorical', family: 'static', primitive: 'category', signal: 'firmographic fit' },
  categories: ['steel', 'glass'],
});
const ROWS = 200;
const range = (of: (row: number) => number) => Array.from({ length: ROWS }, (_, row) => of(row));

const view = globalView({
  matrix: {
    ...{ rows: ROWS, columns: [column('visits'), trade] },
    data: [Float32Array.from(range((r) => r % 10)), Float32Array.from(range((r) => Number(r % 4 === 0)))],
  },
  attribution: {
    base: 0,
    values: [
      Float64Array.from(range((r) => (r % 10) - 4.5)),
      Float64Array.from(range((r) => (r < 100 ? 1 : -1))),
    ],
  },
  prediction: range((r) => (r % 10) / 10),
  label: range((r) => Number(r % 10 >= 5)),
  clusters: { account: range((r) => r), cutoff: range((r) => (r < 100 ? 1 : 2)) },
  binary: true,
});

describe('the global view', () => {
  it('weighs signals, and tells what moves whole cohorts', () => {
    expect(view.signals.map((s) => [s.signal, s.importance, s.cohort_variance])).toEqual([
      ['engagement', 2.5, 0],
      ['firmographic fit', 1, 1],
    ]);
    expect(view.signals.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1, 12);
  });

  it('shows predicted and observed by value, with interval and cases', () => {
    const { cohorts, feature } = view.effects[0]!;
    expect(feature).toBe('visits');
    expect(cohorts.reduce((n, c) => n + c.rows, 0)).toBe(ROWS);
    expect(cohorts.at(-1)).toMatchObject({ label: '9', rows: 20, observed: 1, share: 0.1 });
    expect(cohorts.at(-1)!.interval![0]).toBeGreaterThan(0.7);
    expect(cohorts.at(-1)!.interval![0]).toBeLessThan(1);
  });

  it('tells segments apart by what an entity is', () => {
    const [segment] = view.segments;
    expect(segment!.cohorts.map((c) => [c.label, c.rows])).toEqual([
      ['steel', 150],
      ['glass', 50],
    ]);
    expect(segment!.cohorts[0]!.signals[0]!.signal).toBe('engagement');
  });
});

describe('ranges of values', () => {
  it('hold every row once, in ascending order, missing ones last', () => {
    const value = fc.oneof(fc.integer({ min: -5, max: 60 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (list) => {
        const values = Float32Array.from(list);
        const bins = binsOf(column('x'), values, '');
        expect(bins.flatMap((b) => b.rows).sort((a, b) => a - b)).toEqual([...values.keys()]);
        const known = bins.filter((b) => b.label !== 'none on record');
        const highest = known.map((b) => Math.max(...b.rows.map((r) => values[r]!)));
        expect([...highest].sort((a, b) => a - b)).toEqual(highest);
        expect(known.length).toBeLessThanOrEqual(17);
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
