import { expect, test } from 'vitest';
import { createRandom } from '../../../util/random.ts';
import type { FeatureColumn } from '../../features/types.ts';
import { fitEncoders, numericTerm } from './encode.ts';
import { fitHinges } from './hinges.ts';

const ROWS = 3000;
const column = (name: string): FeatureColumn => ({
  ...{ name, kind: 'numeric', family: 'static', scope: 'record', signal: 'other', path: [] },
  ...{ table: 't', primitive: 'number', sentence: name },
});

function fitted(label: (curved: number, straight: number, chance: number) => number) {
  const random = createRandom(11);
  const columns = ['curved', 'straight', 'noise'].map(column);
  const data = columns.map(() => Float32Array.from({ length: ROWS }, () => random.normal()));
  data[0]![5] = Number.NaN;
  const matrix = { rows: ROWS, columns, data };
  const y = Float32Array.from({ length: ROWS }, (_, i) => label(data[0]![i]!, data[1]![i]!, random.next()));
  const encoders = fitEncoders(
    columns,
    data.map((d) => [d]),
  );
  const train = { matrix, label: y } as unknown as Parameters<typeof fitHinges>[0]['train'];
  return fitHinges({ train, task: { type: 'binary' }, budget: 'normal' }, encoders, matrix);
}

test('a column whose middle has most outcomes gets bends, straight and idle ones get none', () => {
  const bends = fitted((c, s, u) => (u < 0.6 - 0.3 * Math.min(1.5, Math.abs(c)) + 0.1 * s ? 1 : 0));
  expect([...new Set(bends.map((b) => b.column))]).toEqual(['curved']);
  expect(bends.length).toBe(3);
  for (const bend of bends) {
    const term = numericTerm(bend);
    expect(term(Number.NaN)).toBe(0);
    expect(term(-3)).toBe(term(-0.9));
    expect(term(2)).toBeGreaterThan(term(1));
  }
});

test('no curve, no bends', () => {
  expect(fitted((_, s, u) => (u < 0.5 + 0.1 * s ? 1 : 0))).toEqual([]);
});
