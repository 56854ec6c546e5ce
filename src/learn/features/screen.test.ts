import { describe, expect, it } from 'vitest';
import { screen, separation } from './screen.ts';
import type { FeatureColumn, FeatureMatrix } from './types.ts';

const column = (name: string, primitive = 'number'): FeatureColumn => ({
  name,
  kind: 'numeric',
  family: 'static',
  scope: 'record',
  signal: 'profile',
  path: [],
  table: 't',
  primitive,
  sentence: name,
});

const rows = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);
const make = (f: (i: number) => number): Float32Array => Float32Array.from({ length: 400 }, (_, i) => f(i));

describe('screening', () => {
  const wave = make((i) => (Math.sin(i * 12.9898) * 43_758.5) % 1);
  const matrix: FeatureMatrix = {
    rows: 400,
    columns: ['wave', 'same', 'constant', 'empty', 'clock']
      .map((n) => column(n))
      .concat(column('p', 'points.x')),
    data: [wave, wave.slice(), make(() => 3), make(() => Number.NaN), make((i) => i), wave.slice()],
  };

  it('drops constants, duplicates and clocks, and keeps point inputs', () => {
    const { kept, dropped } = screen(matrix, rows(0, 300), rows(300, 400));
    expect(kept).toEqual([0, 5]);
    expect(dropped).toEqual([
      { name: 'same', reason: 'duplicate' },
      { name: 'constant', reason: 'constant' },
      { name: 'empty', reason: 'constant' },
      { name: 'clock', reason: 'drift' },
    ]);
  });

  it('never looks at rows outside train and validation', () => {
    const altered = { ...matrix, data: matrix.data.map((d) => Float32Array.from([...d, 1e9])) };
    expect(screen(altered, rows(0, 300), rows(300, 400))).toEqual(
      screen(matrix, rows(0, 300), rows(300, 400)),
    );
  });

  it('separation is 0 for equal samples and 1 for disjoint ones', () => {
    expect(
      separation(
        make((i) => i % 50),
        rows(0, 200),
        rows(200, 400),
      ),
    ).toBeCloseTo(0, 5);
    expect(
      separation(
        make((i) => i),
        rows(0, 200),
        rows(200, 400),
      ),
    ).toBe(1);
  });
});
