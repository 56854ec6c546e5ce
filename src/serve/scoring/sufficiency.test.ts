import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settledOutcomes, sufficiency } from './sufficiency.ts';

test.each([
  [100, 900, 'full', 'blend'],
  [40, 160, 'full', 'blend'],
  [50, 60, 'weak', 'blend-with-rules'],
  [39, 4000, 'rules', 'rules'],
  [0, 5000, 'rules', 'rules'],
] as const)('%i won and %i not: %s, scored by %s', (positives, negatives, advice, rung) => {
  const found = sufficiency({ positives, negatives });
  expect(found).toMatchObject({ advice, rung });
  expect(found.sentence).toContain(
    `${positives + negatives} settled outcomes, ${positives} of them positive`,
  );
});

test('more outcomes never bring a weaker advice', () => {
  const rank = { rules: 0, weak: 1, full: 2 } as const;
  fc.assert(
    fc.property(fc.nat(400), fc.nat(400), fc.nat(50), fc.nat(50), (p, n, more, others) => {
      const before = sufficiency({ positives: p, negatives: n });
      const after = sufficiency({ positives: p + more, negatives: n + others });
      expect(rank[after.advice]).toBeGreaterThanOrEqual(rank[before.advice]);
    }),
    { seed: 9 },
  );
});

test('an entity replayed at many cutoffs counts once a kind', () => {
  const counts = settledOutcomes({
    snapshots: {
      rows: 6,
      entityRow: Int32Array.from([0, 0, 0, 1, 1, -1]),
      entityId: ['a', 'a', 'a', 'b', 'b', 'x'],
      cutoff: new Float64Array(6),
      split: ['train', 'train', 'val', 'train', 'test', 'train'],
      cluster: new Int32Array(6),
    },
    visible: { splits: ['train', 'val'], values: Float64Array.from([0, 0, 1, 0, Number.NaN, 1]) },
  });
  expect(counts).toEqual({ positives: 2, negatives: 2 });
});
