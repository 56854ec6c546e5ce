import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureColumn } from '../features/types.ts';
import { columnWeights, createSimilar, type PastExamples } from './similar.ts';

const column = (
  name: string,
  kind: FeatureColumn['kind'],
  signal: FeatureColumn['signal'],
): FeatureColumn => ({
  ...{ name, kind, signal, family: 'windows', scope: 'own', path: [], table: 't' },
  ...{ primitive: 'count', sentence: name },
});
const columns = [column('a', 'numeric', 'engagement'), column('b', 'categorical', 'source')];
const MAY = Date.UTC(2024, 4, 1);
const DAY = 86_400_000;

const matrixOf = (a: readonly number[], b: readonly number[]) => ({
  ...{ rows: a.length, columns, data: [Float32Array.from(a), Float32Array.from(b)] },
});

const past: PastExamples = {
  matrix: matrixOf([1, 5, 9, 5, 1, 5], [0, 0, 1, 0, 1, 0]),
  label: [1, 1, 1, 0, 0, 1],
  entityId: ['w1', 'w2', 'w3', 'l1', 'l2', 'late'],
  cutoff: Array.from({ length: 6 }, () => MAY - 90 * DAY),
  known: [MAY, MAY - 1, MAY, MAY, MAY, MAY + 1],
};
const asked = { matrix: matrixOf([5], [0]), row: 0, entity: 'e', cutoff: MAY };

describe('past examples like a row', () => {
  it('lists the nearest of either outcome, and in what they agree', () => {
    const found = createSimilar(past, [2, 1])(asked);
    expect(found.won.map((e) => e.entity)).toEqual(['w2', 'w1', 'w3']);
    expect(found.won[0]).toMatchObject({ likeness: 1, agrees: ['engagement', 'source'] });
    expect(found.lost.map((e) => e.entity)).toEqual(['l1', 'l2']);
    expect(found.among).toEqual({ won: 3, lost: 2 });
  });

  it('leaves out outcomes complete after the cutoff, and the entity itself', () => {
    const { won } = createSimilar(past, [1, 1])({ ...asked, entity: 'w2', cutoff: MAY - 1 });
    expect(won).toEqual([]);
    expect(createSimilar(past, [1, 1])({ ...asked, cutoff: MAY - 1 }).won.map((e) => e.entity)).toEqual([
      'w2',
    ]);
  });

  it('does not move when what matures later is altered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true }), { minLength: 6, maxLength: 6 }),
        fc.nat(5),
        (values, k) => {
          const known = past.known as readonly number[];
          const later = { ...past, known: known.map((t, i) => (i === k ? MAY + DAY : t)) };
          const altered = Float32Array.from(later.matrix.data[0]!);
          altered[k] = values[k]!;
          const label = (past.label as readonly number[]).map((y, i) => (i === k ? 1 - y : y));
          const other = {
            ...later,
            label,
            matrix: { ...past.matrix, data: [altered, past.matrix.data[1]!] },
          };
          const kept = (p: PastExamples) => createSimilar(p, [1, 1])(asked);
          expect(kept(other)).toEqual(kept(later));
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });

  it('weighs columns by what they contribute', () => {
    const attribution = { base: 0, values: [Float64Array.of(1, -3), Float64Array.of(0, 0)] };
    expect([...columnWeights(attribution)]).toEqual([2, 0]);
  });
});
