import { describe, expect, it } from 'vitest';
import { partsOf } from './event-parts.ts';
import { slicesOf } from './event-slices.ts';
import type { Formula, PlannedSource, SourceColumn } from './plan-types.ts';

const column = (formula: Formula, i: number): SourceColumn => ({
  meta: {
    ...{ name: `f${i}`, kind: 'numeric', family: 'windows', scope: 'own', signal: 'other', path: [] },
    ...{ table: 't', primitive: formula.kind, sentence: 'a column' },
  },
  formula,
});

const sourceWith = (formulas: readonly Formula[]): PlannedSource => ({
  ...{ id: 'e0', group: { id: 'self', up: [], table: 't' }, down: [], table: 't', stream: 'opened' },
  ...{ dated: true, excludeSelf: false, detail: 'full', windows: [7, 30], prompt: true, refs: [] },
  numeric: Array.from({ length: 12 }, (_, i) => ({ column: `x"${i}`, decimals: 2 })),
  categories: [],
  columns: formulas.map(column),
});

const wide = Array.from({ length: 12 }, (_, x) =>
  (['sum', 'mean', 'std', 'min', 'max'] as const).map((kind): Formula => ({ kind, x, w: 2 })),
).flat();

describe('slices of a source', () => {
  it('hold every column once, few totals each, distinct days apart', () => {
    const source = sourceWith([{ kind: 'days', w: 0 }, ...wide, { kind: 'members', w: 2 }]);
    const slices = slicesOf(source);
    expect(slices.flatMap((s) => s.places).sort((a, b) => a - b)).toEqual([...source.columns.keys()]);
    for (const { source: part, places } of slices) {
      expect(part.columns).toEqual(places.map((i) => source.columns[i]));
      expect(partsOf(part).size).toBeLessThanOrEqual(24);
    }
    expect(slices[0]!.places).toEqual([0]);
    expect(slices.length).toBeLessThanOrEqual(5);
  });

  it('few columns make one', () => {
    const slices = slicesOf(sourceWith([{ kind: 'count', w: 2 }, { kind: 'sinceLast' }]));
    expect(slices.map((s) => [...s.places].sort())).toEqual([[0, 1]]);
  });
});
