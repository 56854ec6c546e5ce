import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureColumn, Signal } from '../features/types.ts';
import { logistic } from './additivity.ts';
import { changesOf } from './changes.ts';
import { partitionColumns } from './group-signals.ts';

const column = (name: string, signal: Signal): FeatureColumn => ({
  ...{ name, kind: 'numeric', signal, family: 'windows', scope: 'own', path: [], table: name },
  ...{ primitive: 'count', unit: 'count', windowDays: 14, sentence: `${name} in the last 14 days` },
});
const columns = [column('visits', 'engagement'), column('calls', 'engagement'), column('gaps', 'silence')];
const definitions = partitionColumns(columns);
const at = (data: readonly number[], values: readonly number[], base = -1) => ({
  matrix: { rows: 1, columns, data: data.map((x) => Float32Array.of(x)) },
  attribution: { base, values: values.map((x) => Float64Array.of(x)) },
});
const ROWS = { now: 0, before: 0 };
const AS = { probabilities: true, currency: '' };

describe('what moved a score', () => {
  it('says which signal moved it and what was there before', () => {
    const found = changesOf(definitions, at([4, 1, 0], [1, 0.5, 0]), at([1, 1, 0], [0, 0.5, 0.5]), ROWS, AS);
    expect(found.map((c) => [c.signal, c.direction, c.lead, c.sentence])).toEqual([
      ['engagement', 'up', 0, '4 visits in the last 14 days; before: 1'],
      ['silence', 'down', 2, 'No gaps in the last 14 days, as before'],
    ]);
  });

  it('adds to the difference of the probabilities', () => {
    const value = fc.integer({ min: -300, max: 300 }).map((x) => x / 100);
    const three = fc.tuple(value, value, value);
    fc.assert(
      fc.property(three, three, (now, before) => {
        const changes = changesOf(definitions, at([0, 0, 0], now), at([0, 0, 0], before), ROWS, AS);
        const margin = (v: readonly number[]) => v.reduce((s, x) => s + x, -1);
        const total = changes.reduce((s, c) => s + c.delta, 0);
        expect(total).toBeCloseTo(logistic(margin(now)) - logistic(margin(before)), 9);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('is silent when nothing moved', () => {
    expect(changesOf(definitions, at([1, 1, 1], [1, 1, 1]), at([1, 1, 1], [1, 1, 1]), ROWS, AS)).toEqual([]);
  });
});
