/**
 * Columns to bytes. Numeric: bins by quantiles of a sample, the bin after the last is missing. Categorical: bin 0
 * missing, bin 1 rare and unknown codes, then the codes by frequency, as many as cover 99 % of the rows. One row's
 * bins lie side by side (row-major), so that a leaf's scattered rows cost one cache line or two each.
 */
import type { Kernel } from './kernel/kernel.ts';
import type { BinParams, TreeData } from './types.ts';

/** Columns binned at a time: 16 staged columns bound the memory, and their row bytes share a cache line. */
export const STAGED = 16;
const SAMPLE = 200_000;
const COVERED = 0.99;
/** Bins 0 and 1 are missing and other. */
const FIRST_CODE_BIN = 2;

export interface ColumnBins {
  readonly categorical: boolean;
  /** Numeric: value bins (the missing bin's index); categorical: all bins. */
  readonly bins: number;
  /** Numeric: inclusive upper bounds of all bins but the last. */
  readonly bounds: Float32Array;
  /** Categorical: code → bin. */
  readonly codes: Uint8Array;
}

export interface BinPlaces {
  readonly stage: number;
  readonly scratch: number;
  readonly bounds: number;
  readonly made: number;
  readonly codes: number;
}

export const CODE_TABLE_BYTES = 1 << 16;

const scratchBytes = (rows: number): number => (3 * Math.min(rows, SAMPLE) + 3 * 2048) * 4;

export function takeBinPlaces(take: (bytes: number) => number, rows: number, threads: number): BinPlaces {
  return {
    stage: take(rows * STAGED * 4),
    scratch: take(scratchBytes(rows) * threads),
    bounds: take(STAGED * 1024),
    made: take(STAGED * 4),
    codes: take(STAGED * CODE_TABLE_BYTES),
  };
}

/** Learns bins from `data`. */
export function learnBins(kernel: Kernel, at: BinPlaces, data: TreeData, params: BinParams): ColumnBins[] {
  const learned: ColumnBins[] = [];
  for (let from = 0; from < data.columns.length; from += STAGED) {
    const columns = data.columns.slice(from, from + STAGED);
    stage(kernel, at, columns, data.rows);
    const scratch = scratchBytes(data.rows);
    kernel.run(
      'numericBounds',
      columns.length,
      data.rows,
      at.stage,
      at.scratch,
      scratch,
      SAMPLE,
      params.maxBin,
      params.minDataInBin,
      at.bounds,
      at.made,
    );
    const made = new Int32Array(kernel.memory.buffer, at.made, columns.length);
    columns.forEach((column, c) => {
      const bounds = new Float32Array(kernel.memory.buffer, at.bounds + c * 1024, made[c]!).slice();
      learned.push(
        data.categorical[from + c]
          ? categoryBins(column, params.maxBin)
          : { categorical: false, bins: bounds.length + 1, bounds, codes: new Uint8Array(0) },
      );
    });
  }
  return learned;
}

/** Writes the bins of `data`, rows × columns bytes, at `place`. */
export function writeBins(
  kernel: Kernel,
  at: BinPlaces,
  data: TreeData,
  learned: readonly ColumnBins[],
  place: number,
): void {
  const { buffer } = kernel.memory;
  const stride = learned.length;
  for (let from = 0; from < stride; from += STAGED) {
    const columns = data.columns.slice(from, from + STAGED);
    stage(kernel, at, columns, data.rows);
    const kinds = new Int32Array(buffer, at.made, columns.length);
    columns.forEach((_, c) => {
      const bins = learned[from + c]!;
      const table = at.bounds + c * 1024;
      if (bins.categorical) {
        const codes = at.codes + c * CODE_TABLE_BYTES;
        new Uint8Array(buffer, codes, bins.codes.length).set(bins.codes);
        new Uint32Array(buffer, table, 1)[0] = codes;
        kinds[c] = -bins.codes.length - 1;
      } else {
        new Float32Array(buffer, table, 256).fill(Infinity).set(bins.bounds);
        kinds[c] = bins.bins;
      }
    });
    kernel.run('binRows', columns.length, data.rows, at.stage, at.bounds, at.made, place, stride, from);
  }
}

function stage(kernel: Kernel, at: BinPlaces, columns: readonly Float32Array[], rows: number): void {
  columns.forEach((column, c) => {
    new Float32Array(kernel.memory.buffer, at.stage + c * rows * 4, rows).set(column.subarray(0, rows));
  });
}

function categoryBins(column: Float32Array, maxBin: number): ColumnBins {
  const counts = new Map<number, number>();
  let present = 0;
  for (const code of column) {
    if (!(code >= 0 && code < CODE_TABLE_BYTES)) continue;
    present++;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const kept: number[] = [];
  let covered = 0;
  for (const [code, count] of byCount) {
    if (kept.length >= maxBin - FIRST_CODE_BIN || (covered >= COVERED * present && count < byCount[0]![1]))
      break;
    kept.push(code);
    covered += count;
  }
  const codes = new Uint8Array(kept.length === 0 ? 0 : Math.max(...kept) + 1).fill(1);
  kept.forEach((code, i) => {
    codes[code] = i + FIRST_CODE_BIN;
  });
  return { categorical: true, bins: kept.length + FIRST_CODE_BIN, bounds: new Float32Array(0), codes };
}
