import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dealsOf, labour, pipelineValue, value } from './value.ts';

test('the published case: 10,000 leads, 40 % accepted, 8 % won, 15 to 40 % more deals at 50,000', () => {
  const deals = dealsOf({ leads: 10_000, accepted: 0.4, won: 0.08 });
  const found = value({ deals, gain: { low: 0.15, high: 0.4 }, dealValue: 50_000 });
  expect(deals).toBeCloseTo(320, 9);
  expect(found.deals.low).toBeCloseTo(368, 9);
  expect(found.deals.high).toBeCloseTo(448, 9);
  expect(found.revenue.low).toBeCloseTo(2.4e6, 3);
  expect(found.revenue.high).toBeCloseTo(6.4e6, 3);
});

const positive = fc.double({ min: 0, max: 1e6, noNaN: true });

test('value is linear in the price of a deal and never turns a range round', () => {
  fc.assert(
    fc.property(positive, positive, fc.double({ min: 0, max: 5, noNaN: true }), (deals, price, gain) => {
      const one = value({ deals, gain: { low: gain / 2, high: gain }, dealValue: price });
      const two = value({ deals, gain: { low: gain / 2, high: gain }, dealValue: 2 * price });
      expect(one.revenue.low).toBeLessThanOrEqual(one.revenue.high);
      expect(two.revenue.high).toBeCloseTo(2 * one.revenue.high, 0);
      expect(one.deals.low).toBeGreaterThanOrEqual(deals);
    }),
    { seed: 7 },
  );
});

test('labour on leads that are never won is what is left after the wins, and never negative', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), positive, (worked, wins, costPerCall) => {
      const cost = labour({ worked, wins, callsPerLead: 3, costPerCall });
      expect(cost.wasted).toBeGreaterThanOrEqual(0);
      expect(cost.wasted).toBeLessThanOrEqual(cost.cost);
    }),
    { seed: 8 },
  );
  expect(labour({ worked: 200, wins: 10, callsPerLead: 5, costPerCall: 4 })).toEqual({
    cost: 4000,
    wasted: 3800,
    perWin: 400,
  });
});

test('pipeline value adds probabilities', () => {
  expect(pipelineValue([0.5, 0.25], 1000)).toBe(750);
  expect(pipelineValue([], 1000)).toBe(0);
});
