import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureColumn, Signal } from '../features/types.ts';
import { additivityError, groupSignals, listSignals, partitionColumns } from './group-signals.ts';

const SIGNALS: readonly Signal[] = [
  'silence',
  'velocity',
  'engagement',
  'source',
  'timing',
  'champion',
  'other',
];

const column = (signal: Signal, more: Partial<FeatureColumn> = {}): FeatureColumn => ({
  name: 'n',
  kind: 'numeric',
  family: 'windows',
  scope: 'own',
  signal,
  path: [],
  table: 't',
  primitive: 'count',
  sentence: 's',
  ...more,
});

const attributionOf = (values: readonly number[]) => ({
  base: 0,
  values: values.map((v) => Float64Array.of(v)),
});

const groupsOf = (columns: readonly FeatureColumn[], values: readonly number[]) =>
  groupSignals(partitionColumns(columns), attributionOf(values), 0);

describe('grouping attributions into signals', () => {
  it('adds up columns of one signal and keeps its parts apart by table and window', () => {
    const columns = [
      column('engagement', { windowDays: 7 }),
      column('engagement', { windowDays: 7, primitive: 'days' }),
      column('engagement', { windowDays: 30 }),
      column('source'),
    ];
    const groups = groupsOf(columns, [1, -0.25, 0.5, -2]);
    expect(groups.map((g) => [g.signal, g.contribution])).toEqual([
      ['source', -2],
      ['engagement', 1.25],
    ]);
    expect(groups[1]!.parts.map((p) => [p.of.windowDays, p.contribution, p.lead])).toEqual([
      [7, 0.75, 0],
      [30, 0.5, 2],
    ]);
  });

  it('leads a falling part with the column that falls most', () => {
    const columns = [column('silence'), column('silence'), column('silence')];
    expect(groupsOf(columns, [1, -3, -0.5])[0]!.parts[0]).toMatchObject({ contribution: -2.5, lead: 1 });
  });

  it('keeps attributes of one row apart', () => {
    const columns = [
      column('firmographic fit', { family: 'static', column: 'industry' }),
      column('firmographic fit', { family: 'static', column: 'region' }),
    ];
    expect(partitionColumns(columns)).toHaveLength(2);
  });

  it('lists the largest signals and folds the rest, with shares that add to 1', () => {
    const columns = SIGNALS.map((s) => column(s));
    const listed = listSignals(groupsOf(columns, [4, -3, 2, 1, 0.5, 0.25, 0.25]), 3);
    expect(listed.map((l) => [l.signal, l.direction, l.share, l.folded])).toEqual([
      ['silence', 'up', 4 / 11, 0],
      ['velocity', 'down', 3 / 11, 0],
      ['engagement', 'up', 2 / 11, 0],
      ['other', 'up', 2 / 11, 4],
    ]);
  });

  it('has nothing to say when nothing moved the margin', () => {
    expect(listSignals(groupsOf([column('source')], [0]))).toEqual([]);
  });

  it('stays additive for any columns and values (seed 7)', () => {
    const item = fc.record({
      signal: fc.constantFrom(...SIGNALS),
      windowDays: fc.constantFrom(7, 30),
      table: fc.constantFrom('a', 'b'),
      value: fc.float({ min: -5, max: 5, noNaN: true }),
    });
    const property = fc.property(
      fc.array(item, { minLength: 1, maxLength: 40 }),
      fc.nat(6),
      (items, limit) => {
        const columns = items.map((i) => column(i.signal, { windowDays: i.windowDays, table: i.table }));
        const listed = listSignals(
          groupsOf(
            columns,
            items.map((i) => i.value),
          ),
          limit,
        );
        const total = items.reduce((sum, i) => sum + i.value, 0);
        const told = listed.reduce((sum, l) => sum + l.contribution, 0);
        const parts = listed.flatMap((l) => l.parts).reduce((sum, p) => sum + p.contribution, 0);
        expect(told).toBeCloseTo(total, 6);
        expect(parts).toBeCloseTo(total, 6);
        if (listed.length > 0) expect(listed.reduce((sum, l) => sum + l.share, 0)).toBeCloseTo(1, 9);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  it('measures how far attributions are from the margin', () => {
    const attribution = { base: 0.5, values: [Float64Array.of(1, 2), Float64Array.of(-1, 0.25)] };
    expect(additivityError(attribution, [0.5, 2.75])).toBe(0);
    expect(additivityError(attribution, [0.5, 3])).toBe(0.25);
  });
});
