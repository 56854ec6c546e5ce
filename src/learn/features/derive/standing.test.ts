import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visitStanding } from './standing.ts';

const moment = fc.integer({ min: 0, max: 6 });
const known = fc.oneof(moment, fc.constant(Number.NaN), fc.constant(Number.NEGATIVE_INFINITY));

test('the nearest known rows are those a walk finds', () => {
  fc.assert(
    fc.property(
      fc.array(known, { minLength: 1, maxLength: 12 }),
      fc.array(moment, { maxLength: 8 }),
      (k, at) => {
        const seen: number[] = [];
        visitStanding(Float64Array.from(k), Float64Array.from(at), (q, standing) => {
          seen.push(q);
          const alive = k.flatMap((v, p) => (v <= at[q]! ? [p] : []));
          k.forEach((_, p) => {
            expect(standing.before(p)).toBe(alive.filter((other) => other < p).at(-1) ?? -1);
            expect(standing.after(p)).toBe(alive.find((other) => other > p) ?? -1);
          });
        });
        expect(seen.sort((a, b) => a - b)).toEqual(at.map((_, q) => q));
      },
    ),
    { seed: 20_260_901, numRuns: 100 },
  );
});
