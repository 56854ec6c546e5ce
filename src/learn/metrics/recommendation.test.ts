import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  f1Metric,
  type LabelGrid,
  listFigures,
  listMetric,
  macroAveragePrecision,
  microAveragePrecision,
} from './recommendation.ts';

describe('figures of a list', () => {
  it('agree with sums by hand', () => {
    // Hits at places 1, 3 and 4 of 5; four true items in all.
    const figures = listFigures({ hits: [true, false, true, true, false], truths: 4 }, 5);
    expect(figures.averagePrecision).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 4, 12);
    expect(figures.recall).toBe(0.75);
    expect(figures.hit).toBe(1);
    expect(figures.reciprocalRank).toBe(1);
    const discounts = [1, 1 / Math.log2(3), 1 / 2, 1 / Math.log2(5)];
    const ideal = discounts.reduce((a, b) => a + b, 0);
    expect(figures.ndcg).toBeCloseTo((discounts[0]! + discounts[2]! + discounts[3]!) / ideal, 12);
  });

  it('look at the first k places only, and at most k true items can be found', () => {
    expect(listFigures({ hits: [false, false, true], truths: 1 }, 2)).toEqual({
      averagePrecision: 0,
      recall: 0,
      hit: 0,
      reciprocalRank: 0,
      ndcg: 0,
    });
    expect(listFigures({ hits: [true, true], truths: 9 }, 2).averagePrecision).toBe(1);
    expect(listFigures({ hits: [], truths: 0 }, 2).hit).toBeNaN();
  });

  it('lie between 0 and 1, are 1 for a list of all true items, and never fall when a hit moves up', () => {
    const list = fc.record({
      hits: fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }),
      more: fc.nat({ max: 4 }),
      k: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(list, ({ hits, more, k }) => {
        const truths = hits.filter(Boolean).length + more;
        fc.pre(truths > 0);
        const before = Object.values(listFigures({ hits, truths }, k));
        for (const v of before) expect(v >= 0 && v <= 1 + 1e-12).toBe(true);
        const at = hits.findIndex((h, i) => i > 0 && h && !hits[i - 1]);
        if (at < 0) return;
        const moved = hits.map((h, i) => (i === at ? false : i === at - 1 ? true : h));
        Object.values(listFigures({ hits: moved, truths }, k)).forEach((v, i) => {
          expect(v).toBeGreaterThanOrEqual(before[i]! - 1e-12);
        });
      }),
      { seed: 20_260_402, numRuns: 300 },
    );
    expect(listFigures({ hits: [true, true], truths: 2 }, 2).ndcg).toBe(1);
  });

  it('are averaged by weight', () => {
    const lists = [
      { hits: [true], truths: 1 },
      { hits: [false], truths: 1 },
    ];
    expect(listMetric(lists, 1, 'hit')(Float64Array.of(3, 1))).toBe(0.75);
  });
});

describe('labels of rows × items', () => {
  // Two rows, three items; the last is never true.
  const grid: LabelGrid = {
    rows: 2,
    items: 3,
    probability: Float32Array.of(0.9, 0.2, 0.6, 0.4, 0.7, 0.1),
    truth: Uint8Array.of(1, 0, 0, 1, 1, 0),
  };

  it('average precision: over the items that occur, and over all cells', () => {
    expect(macroAveragePrecision(grid)()).toBeCloseTo(1, 12);
    // Cells by probability: .9 true, .7 true, .6, .4 true.
    expect(microAveragePrecision(grid)()).toBeCloseTo((1 + 1 + 3 / 4) / 3, 12);
    // The first row alone.
    expect(microAveragePrecision(grid)(Float64Array.of(1, 0))).toBeCloseTo(1, 12);
  });

  it('F1 from one half on', () => {
    // Called true: .9, .6, .7; two of them true, three true cells.
    expect(f1Metric(grid, 'micro')()).toBeCloseTo((2 * 2) / (3 + 3), 12);
    // Items: 2·1/(1 + 2), 2·1/(1 + 1), 0/(1 + 0).
    expect(f1Metric(grid, 'macro')()).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
  });
});
