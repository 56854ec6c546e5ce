import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate, fitLimits } from './cost.ts';
import { cutColumns, type Ranked } from './cut.ts';
import type { RankedColumn } from './event-shape.ts';
import { affordableSnapshots, sampleSnapshots } from './snapshot-sample.ts';
import type { Family } from './types.ts';

const column = (name: string, family: Family, worth: number, kind: 'count' | 'gatedSum'): RankedColumn => ({
  meta: {
    ...{ name, kind: 'numeric', family, scope: 'own', signal: 'other', path: [], table: 't' },
    ...{ primitive: kind, sentence: name },
  },
  formula: kind === 'count' ? { kind, w: 0 } : { kind, x: 0, c: 0, v: 0, w: 0 },
  worth,
});

const ranked = (id: string, joined: number, columns: readonly RankedColumn[]): Ranked => ({
  source: {
    ...{ id, group: { id: 'self', up: [], table: 't' }, down: [], table: id, stream: 'opened', dated: true },
    ...{ excludeSelf: false, detail: 'full', windows: [7], numeric: [], categories: [], refs: [] },
    prompt: true,
  },
  columns,
  cost: { joined, staged: joined / 10, pairs: 1000 },
});

const many = (family: Family, n: number, kind: 'count' | 'gatedSum' = 'count') =>
  Array.from({ length: n }, (_, i) => column(`${family}${kind}${i}`, family, i, kind));

describe('cutting columns', () => {
  it('leaves every kind its share and gives what is free to the rest', () => {
    const source = ranked('a', 10, [
      ...many('windows', 300),
      ...many('sequence', 100),
      ...many('windows', 50, 'gatedSum'),
    ]);
    const cut = cutColumns([source], 100);
    const kept = cut.sources[0]!.columns.map((c) => [c.meta.family, c.formula.kind].join());
    expect(kept.filter((k) => k === 'windows,count').length).toBeGreaterThanOrEqual(72);
    expect(kept.filter((k) => k === 'sequence,count').length).toBeGreaterThanOrEqual(14);
    expect(kept.filter((k) => k === 'windows,gatedSum').length).toBeGreaterThanOrEqual(6);
    expect(kept.length).toBe(100);
    expect(cut.notes).toEqual(['left out: 350 of 450 columns over events (limit 100)']);
    const narrow = cutColumns([ranked('b', 10, [...many('windows', 99)])], 100);
    expect(narrow.sources[0]!.columns.length).toBe(99);
    expect(narrow.notes).toEqual([]);
  });
});

describe('what a plan costs', () => {
  const sources = [1e6, 4e8, 2e8, 1000].map((n, i) => ranked(`s${i}`, n, many('windows', 10)));
  it('grows with rows and columns', () => {
    const small = estimate(sources.slice(0, 1), 1000, 5);
    const large = estimate(sources, 1000, 5);
    expect(large.seconds).toBeGreaterThan(small.seconds);
    expect([small.columns, large.columns]).toEqual([15, 45]);
    expect(large.joinedRows).toBe(601_001_000);
  });

  it('is kept within limits: far dear paths go first, cheap ones stay, each is said', () => {
    const fitted = fitLimits(sources, 1000, { seconds: 120 }, (r) => r.source.id);
    expect(estimate(fitted.sources, 1000, 0).seconds).toBeLessThanOrEqual(120);
    expect(fitted.sources.map((r) => r.source.id)).toEqual(['s0', 's1', 's3']);
    expect(fitted.notes).toEqual([
      expect.stringMatching(/^left out: s2 \(200000000 joined rows; .* limit 120 s\)$/),
    ]);
    expect(fitLimits(sources, 1000, {}, (r) => r.source.id)).toEqual({ sources, notes: [] });
    const small = fitLimits(sources, 1000, { memoryMb: 500 }, (r) => r.source.id);
    expect(small.notes.length).toBeGreaterThan(0);
  });
});

describe('which snapshots are kept', () => {
  it('all that can be afforded, never fewer than are ample', () => {
    const e = estimate([ranked('s', 1e9, many('windows', 100))], 500_000, 0);
    expect(affordableSnapshots(e, 400_000, {})).toBe(400_000);
    const some = affordableSnapshots(e, 400_000, { seconds: e.seconds * 0.6 });
    expect(some).toBe(200_000);
    expect(affordableSnapshots(e, 400_000, { seconds: 1 })).toBe(20_000);
    expect(affordableSnapshots(e, 1500, { seconds: 1 })).toBe(1500);
  });

  it('newer ones more often, whatever the order of rows', () => {
    const n = 4000;
    const entity = Int32Array.from({ length: n }, (_, i) => i);
    const cutoff = Float64Array.from({ length: n }, (_, i) => (i % 10) * 86_400_000 * 30);
    const kept = [...sampleSnapshots({ entity, cutoff }, 1000, 1)];
    const at = (k: number): number => kept.filter((i) => i % 10 === k).length;
    expect(at(9)).toBeGreaterThan(at(0) * 2);
    expect(at(0)).toBeGreaterThan(10);
    const turned = {
      entity: entity.map((_, i) => entity[n - 1 - i]!),
      cutoff: cutoff.map((_, i) => cutoff[n - 1 - i]!),
    };
    const again = [...sampleSnapshots(turned, 1000, 1)].map((i) => n - 1 - i).sort((a, b) => a - b);
    expect(again).toEqual(kept);
  });

  it('fewer are some of more (seed 7)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 40 }), (days) => {
        const entity = Int32Array.from(days, (_, i) => i);
        const cutoff = Float64Array.from(days, (d) => d * 86_400_000);
        const few = sampleSnapshots({ entity, cutoff }, 2, 7);
        const more = sampleSnapshots({ entity, cutoff }, 3, 7);
        expect([...few].every((i) => more.includes(i))).toBe(true);
        expect(more.length).toBe(Math.min(3, days.length));
      }),
      { seed: 7, numRuns: 50 },
    );
  });
});
