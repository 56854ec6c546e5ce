import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../util/random.ts';
import { openKernel } from './kernel.ts';
import {
  COLUMN_BYTES,
  COLUMN_RECORD_BYTES,
  createArena,
  LEAF_BYTES,
  SPLIT_BYTES,
  TILE_BYTES,
} from './layout.ts';

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly active: readonly number[];
  readonly taken: readonly number[];
  readonly bins: Uint8Array;
  readonly gradient: Int32Array;
  readonly hessian: Uint32Array;
}

function makeCase(rows: number, columns: number, seed: number): Case {
  const random = createRandom(seed);
  const every = Array.from({ length: columns }, (_, c) => c);
  return {
    rows,
    columns,
    active: seed % 2 ? every : every.filter(() => random.next() < 0.6),
    taken: Array.from({ length: rows }, (_, i) => i).filter(() => random.next() < 0.7),
    bins: Uint8Array.from({ length: rows * columns }, () => random.int(seed % 3 ? 256 : 3)),
    gradient: Int32Array.from({ length: rows }, () => random.int(20_001) - 10_000),
    hessian: Uint32Array.from({ length: rows }, () => random.int(30_000)),
  };
}

/** (gradient sum, hessian sum) of each active column and bin, plainly. */
function plainHistograms({ columns, active, taken, bins, gradient, hessian }: Case): number[][] {
  return active.map((column) => {
    const sums = new Array<number>(512).fill(0);
    for (const row of taken) {
      const bin = bins[row * columns + column]!;
      sums[2 * bin]! += gradient[row]!;
      sums[2 * bin + 1]! += hessian[row]!;
    }
    return sums;
  });
}

async function kernelHistograms(given: Case, threads: number): Promise<number[][]> {
  const { rows, columns, active, taken, bins, gradient, hessian } = given;
  const arena = createArena();
  const at = {
    bins: arena.take(rows * columns + 8),
    packed: arena.take(rows * 8),
    index: arena.take(rows * 4),
    columns: arena.take(columns * COLUMN_RECORD_BYTES),
    histograms: arena.take(columns * COLUMN_BYTES),
    rules: arena.take(80),
    leaves: arena.take(2 * LEAF_BYTES),
    splits: arena.take(2 * columns * SPLIT_BYTES),
    tiles: arena.take(threads * TILE_BYTES),
  };
  const kernel = await openKernel(arena.size, threads);
  try {
    const { buffer } = kernel.memory;
    new Uint8Array(buffer, at.bins, bins.length).set(bins);
    const packed = new Int32Array(buffer, at.packed, rows * 2);
    for (let i = 0; i < rows; i++) {
      packed[2 * i] = hessian[i]!;
      packed[2 * i + 1] = gradient[i]!;
    }
    new Uint32Array(buffer, at.index, taken.length).set(taken);
    const records = new Int32Array(buffer, at.columns, columns * 4);
    active.forEach((column, a) => {
      records.set([column, 255, 0, 0], a * 4);
    });
    kernel.run(
      'splitChildren',
      at.columns,
      active.length,
      at.bins,
      columns,
      at.packed,
      at.index,
      0,
      taken.length,
      at.histograms,
      0,
      at.rules,
      at.leaves,
      at.splits,
      at.tiles,
    );
    return active.map((_, a) => {
      const high = new Int32Array(buffer, at.histograms + a * COLUMN_BYTES, 512);
      const low = new Uint32Array(buffer, at.histograms + a * COLUMN_BYTES, 512);
      return Array.from({ length: 512 }, (_, k) => (k % 2 ? low[k - 1]! : high[k + 1]!));
    });
  } finally {
    await kernel.close();
  }
}

test('histograms are the plain sums, for any rows, columns, drawn columns and threads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(1e6),
      fc.constantFrom(1, 2),
      async (rows, columns, seed, threads) => {
        const given = makeCase(rows, columns, seed);
        expect(await kernelHistograms(given, threads)).toEqual(plainHistograms(given));
      },
    ),
    { seed: 5, numRuns: 25 },
  );
});

test('asks for too much memory with a remedy', async () => {
  await expect(openKernel(5 * 2 ** 30, 1)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
});

test('threads end with close, and other kernels go on', async () => {
  const [a, b] = [await openKernel(1 << 20, 2), await openKernel(1 << 20, 2)];
  await a.close();
  b.run('quantise', 0, 65536, 65536, 1, 1, 65536);
  expect(b.threads).toBe(2);
  await b.close();
});
