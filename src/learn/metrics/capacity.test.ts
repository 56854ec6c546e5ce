import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsOf, workedShares, workedWins } from './capacity.ts';

const cases = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 5 }),
    label: fc.integer({ min: 0, max: 1 }),
    list: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 20, maxLength: 60 },
);

test('every list gets as many calls as there are, ties by lot, the better always first', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 30 }), (rows, calls) => {
      const list = rows.map((r) => r.list);
      const { share } = workedShares(
        rows.map((r) => r.score),
        calls,
        list,
      );
      for (const name of new Set(list)) {
        const members = rows.flatMap((r, i) => (r.list === name ? [i] : []));
        const worked = members.reduce((sum, i) => sum + share[i]!, 0);
        expect(worked).toBeCloseTo(Math.min(calls, members.length), 9);
        for (const i of members)
          for (const j of members)
            if (rows[i]!.score > rows[j]!.score) expect(share[i]!).toBeGreaterThanOrEqual(share[j]!);
      }
    }),
    { seed: 11 },
  );
});

test('more calls never win less, and calls for all win everything', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 20 }), (rows, calls) => {
      const input = {
        score: rows.map((r) => r.score),
        label: Float32Array.from(rows, (r) => r.label),
        clusters: { account: rows.map((_, i) => i) },
      };
      const few = workedWins(input, calls, 1);
      const more = workedWins(input, calls + 5, 1);
      const all = workedWins(input, rows.length, 1);
      expect(more.wins.estimate).toBeGreaterThanOrEqual(few.wins.estimate - 1e-9);
      expect(all.wins.estimate).toBe(rows.filter((r) => r.label === 1).length);
      expect(all.more.estimate).toBeCloseTo(0, 9);
      expect(few.wins.low).toBeLessThanOrEqual(few.wins.high);
    }),
    { seed: 12, numRuns: 30 },
  );
});

test('three reps with 40 calls a week work 120 leads', () => {
  expect(callsOf({ reps: 3, calls: 40 })).toBe(120);
  expect(callsOf({ reps: 3, calls: 40, weeks: 2 })).toBe(240);
});

test('without more rows than calls there is no threshold', () => {
  expect(workedShares([0.3, 0.2], 5).threshold).toBeNaN();
  expect(workedShares([0.3, 0.2, 0.1], 2).threshold).toBe(0.2);
});
