import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chiSquareTail, observedOverExpected, rateDrift } from './drift.ts';
import { liftTable, sliceShares, topToBottom } from './lift-table.ts';
import { clusteredRate, wilson } from './rate.ts';

const labels = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 80 });

test('a rate lies inside its interval, which lies in 0 to 1, and one case an account is the Wilson interval', () => {
  fc.assert(
    fc.property(labels, (label) => {
      const r = clusteredRate(label, { account: label.map((_, i) => i) });
      expect(r.low).toBeGreaterThanOrEqual(0);
      expect(r.low).toBeLessThanOrEqual(r.rate);
      expect(r.high).toBeGreaterThanOrEqual(r.rate);
      expect(r.high).toBeLessThanOrEqual(1);
      expect(r.effective).toBeLessThanOrEqual(label.length);
      const plain = wilson(r.rate, label.length);
      expect(r.high - r.low).toBeGreaterThanOrEqual(plain.high - plain.low - 1e-12);
    }),
    { seed: 3 },
  );
});

test('copies of the same accounts widen nothing and narrow nothing', () => {
  const label = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0];
  const once = clusteredRate(label, { account: label.map((_, i) => i) });
  const twice = clusteredRate([...label, ...label], { account: [...label, ...label].map((_, i) => i % 10) });
  expect(twice.low).toBeCloseTo(once.low, 9);
  expect(twice.high).toBeCloseTo(once.high, 9);
});

test('no wins among few accounts is not proof of a rate of zero', () => {
  const none = clusteredRate([0, 0, 0, 0], { account: [1, 1, 2, 2] });
  expect(none.rate).toBe(0);
  expect(none.high).toBeGreaterThan(0.5);
});

test('slices of a list share out every row exactly once, whatever ties', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 50 }), (score) => {
      const shares = sliceShares(score, undefined, 10);
      score.forEach((_, i) => {
        expect(shares.reduce((sum, s) => sum + s[i]!, 0)).toBeCloseTo(1, 9);
      });
      for (const s of shares) expect(s.reduce((a, b) => a + b, 0)).toBeCloseTo(score.length / 10, 9);
    }),
    { seed: 4 },
  );
});

test('lift of a perfect order, and top against bottom', () => {
  const score = Array.from({ length: 200 }, (_, i) => 200 - i);
  const label = Float32Array.from(score, (s) => (s > 180 ? 1 : 0));
  const input = { score, label, clusters: { account: score } };
  const [first, second, third] = liftTable(input, 10, 1);
  expect(first).toMatchObject({ slice: 1, rows: 20, positives: 20, rate: 1, lift: 10 });
  expect(second!.rate).toBe(0);
  expect(third!.low).toBe(0);
  expect(topToBottom(input, 5, 1).ratio).toBeCloseTo(20.5 / 0.5, 6);
});

test('chi-square tails as tabulated', () => {
  expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 6);
  expect(chiSquareTail(18.307038, 10)).toBeCloseTo(0.05, 6);
  expect(chiSquareTail(0.5, 4)).toBeCloseTo(0.9735, 4);
  expect(chiSquareTail(0, 3)).toBe(1);
});

test('a rate that changes is told from one that does not', () => {
  const n = 400;
  const period = Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1));
  const clusters = { account: period.map((_, i) => i) };
  const steady = rateDrift(
    Float32Array.from(period, (_, i) => (i % 5 === 0 ? 1 : 0)),
    period,
    clusters,
  );
  const doubled = rateDrift(
    Float32Array.from(period, (p, i) => (i % (p === 0 ? 10 : 3) === 0 ? 1 : 0)),
    period,
    clusters,
  );
  expect(steady.pValue).toBeGreaterThan(0.9);
  expect(doubled.pValue).toBeLessThan(0.001);
  expect(doubled.periods.map((p) => p.rows)).toEqual([200, 200]);
  expect(rateDrift(new Float32Array(0), [], { account: [] }).pValue).toBeNaN();
});

test('observed over expected is one when promises are kept', () => {
  expect(observedOverExpected([0.5, 0.5], [1, 0])()).toBe(1);
  expect(observedOverExpected([0.1, 0.1], [1, 0])()).toBeCloseTo(5, 9);
});
