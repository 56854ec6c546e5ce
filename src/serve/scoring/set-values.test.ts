import { describe, expect, it } from 'vitest';
import type { FeatureColumn } from '../../learn/features/types.ts';
import { assign } from './set-values.ts';

const column = (more: Partial<FeatureColumn>): FeatureColumn => ({
  ...{ name: 'n', kind: 'numeric', family: 'static', scope: 'record', signal: 'profile', path: [] },
  ...{ table: 't', primitive: 'number', sentence: 'size' },
  ...more,
});
const columns = [
  column({ name: 't.size', column: 'size' }),
  column({ name: 't.a=b', column: 'a=b', kind: 'categorical', categories: ['Steel & Co', "it's"] }),
];
const matrixOf = (size: readonly number[], a: readonly number[]) => ({
  ...{ rows: size.length, columns, data: [Float32Array.from(size), Float32Array.from(a)] },
});
const seen = matrixOf([1, 9, Number.NaN], [0, 1, 0]);
const set = (...pairs: string[]) => assign(matrixOf([5], [0]), pairs, seen);

describe('--set', () => {
  it('takes features and columns of the record, in any case of a category, and says from what to what', () => {
    const { changed, values } = set('size=7', "a=b=IT'S");
    expect(changed.data.map((d) => d[0])).toEqual([7, 1]);
    expect(values).toEqual([
      { feature: 't.size', from: 5, to: 7, warning: null },
      { feature: 't.a=b', from: 'Steel & Co', to: "it's", warning: null },
    ]);
  });

  it('takes nothing for missing, and warns of values that were never seen', () => {
    const { values } = set('t.size=', 't.a=b=null');
    expect(values.map((v) => v.to)).toEqual([null, null]);
    expect(set('t.size=40').values[0]!.warning).toMatch(/outside what training rows had \(1 to 9, n=3\)/);
  });

  it('refuses what it cannot read, naming what it knows', () => {
    expect(() => set('colour=red')).toThrow(/expected feature=value.*t\.size/);
    expect(() => set('t.size=big')).toThrow(/expected a number/);
    expect(() => set('t.a=b=Glass')).toThrow(/Steel & Co, it's/);
  });
});
