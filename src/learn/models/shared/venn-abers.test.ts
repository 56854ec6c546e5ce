import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsAt, fitVennAbers } from './venn-abers.ts';

interface Case {
  readonly score: number;
  readonly label: number;
}

/** Isotonic value at `score` by the max–min formula over all cases, ties pooled. */
function isotonicAt(cases: readonly Case[], score: number): number {
  const scores = [...new Set(cases.map((c) => c.score))].sort((a, b) => a - b);
  const meanOf = (from: number, to: number): number => {
    const inside = cases.filter((c) => c.score >= from && c.score <= to);
    return inside.reduce((sum, c) => sum + c.label, 0) / inside.length;
  };
  return Math.max(
    ...scores
      .filter((a) => a <= score)
      .map((a) => Math.min(...scores.filter((b) => b >= score).map((b) => meanOf(a, b)))),
  );
}

const drawnCases = fc.array(
  fc.record({ score: fc.integer({ min: -4, max: 4 }).map((s) => s / 2), label: fc.constantFrom(0, 1) }),
  { minLength: 1, maxLength: 14 },
);

const fitCases = (cases: readonly Case[]) =>
  fitVennAbers(
    cases.map((c) => c.score),
    cases.map((c) => c.label),
  );

describe('Venn–Abers', () => {
  it('is isotonic regression with the case as a no and as a yes (seed 21)', () => {
    fc.assert(
      fc.property(drawnCases, (cases) => {
        const fitted = fitCases(cases);
        for (let score = -2.5; score <= 2.5; score += 0.25) {
          const [low, high] = boundsAt(fitted, score);
          expect(low).toBeCloseTo(isotonicAt([...cases, { score, label: 0 }], score), 12);
          expect(high).toBeCloseTo(isotonicAt([...cases, { score, label: 1 }], score), 12);
        }
      }),
      { seed: 21 },
    );
  });

  it('orders its bounds and rises with the score (seed 22)', () => {
    fc.assert(
      fc.property(drawnCases, (cases) => {
        const fitted = JSON.parse(JSON.stringify(fitCases(cases))) as ReturnType<typeof fitCases>;
        let before: readonly [number, number] = [0, 0];
        for (let score = -3; score <= 3; score += 0.25) {
          const [low, high] = boundsAt(fitted, score);
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(before[0] - 1e-12);
          expect(high).toBeGreaterThanOrEqual(before[1] - 1e-12);
          before = [low, high];
        }
      }),
      { seed: 22 },
    );
  });

  it('narrows with the number of cases, and says that number', () => {
    const width = (n: number): number => {
      const fitted = fitCases(
        Array.from({ length: n }, (_, i) => ({ score: (i % 10) / 5, label: Number(i % 7 < 2) })),
      );
      expect(fitted.cases).toBe(n);
      const [low, high] = boundsAt(fitted, 1);
      return high - low;
    };
    expect(width(4000)).toBeLessThan(width(40) / 10);
  });
});
