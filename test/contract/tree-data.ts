/** Small data sets for the tests of the tree learner. */

import type { TreeData } from '../../src/learn/models/trees/types.ts';
import { createRandom } from '../../src/util/random.ts';

export interface FixtureOptions {
  readonly rows?: number;
  readonly seed?: number;
  readonly kind?: 'binary' | 'classes' | 'value';
}

/** Four numeric columns (two matter, one with a tenth missing), one of 12 categories, one of 3. */
export function makeTrees({ rows = 2000, seed = 1, kind = 'binary' }: FixtureOptions = {}): TreeData {
  const random = createRandom(seed);
  const numeric = [0, 1, 2, 3].map((c) =>
    Float32Array.from({ length: rows }, () => (c === 1 && random.next() < 0.1 ? NaN : random.normal())),
  );
  const many = Float32Array.from({ length: rows }, () => random.int(12));
  const few = Float32Array.from({ length: rows }, () => random.int(3));
  const label = Float32Array.from({ length: rows }, (_, i) => {
    const b = numeric[1]![i]!;
    const margin =
      1.5 * numeric[0]![i]! +
      (Number.isNaN(b) ? 2 : b * b) +
      ([1, -1, 0][many[i]! % 3] ?? 0) +
      few[i]! / 2 -
      2;
    if (kind === 'value') return margin + random.normal() / 5;
    const chance = 1 / (1 + Math.exp(-margin));
    if (kind === 'binary') return random.next() < chance ? 1 : 0;
    return random.next() < chance ? 2 : Math.min(few[i]!, 1);
  });
  return {
    rows,
    columns: [...numeric, many, few],
    categorical: [false, false, false, false, true, true],
    label,
  };
}
