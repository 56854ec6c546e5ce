/** An open training: binned data and scratch in the kernel's memory, and typed views of what this side reads. */
import { type ColumnBins, learnBins, writeBins } from './bins.ts';
import { type Kernel, openKernel } from './kernel/kernel.ts';
import { COLUMN_RECORD_BYTES, LEAF_BYTES, NODE_BYTES, RULES, SPLIT_BYTES } from './kernel/layout.ts';
import { type Extent, type Places, takePlaces } from './places.ts';
import type { BinParams, TreeData } from './types.ts';

export interface Views {
  readonly label: Float32Array;
  readonly score: Float64Array;
  readonly valScore: Float64Array;
  readonly sums: Float64Array;
  readonly index: Uint32Array;
  readonly counts: Int32Array;
  readonly goes: Uint8Array;
  readonly columns: Int32Array;
  readonly rules: Float64Array;
  readonly leafWords: Int32Array;
  readonly leafNumbers: Float64Array;
  readonly splitGains: Float64Array;
  readonly splitWords: Uint32Array;
  readonly nodes: Int32Array;
  readonly values: Float64Array;
  readonly ranges: Int32Array;
  readonly packed: Int32Array;
}

export interface Session {
  readonly kernel: Kernel;
  readonly at: Places;
  readonly views: Views;
  readonly learned: readonly ColumnBins[];
  readonly train: TreeData;
  readonly val: TreeData | undefined;
}

/** Below this many cells one thread is quicker than waking a second (2 cores: equal at about half a million). */
const SHARED_CELLS = 500_000;

export async function openSession(
  train: TreeData,
  val: TreeData | undefined,
  params: BinParams,
  leaves: number,
  outputs: number,
): Promise<Session> {
  const columns = train.columns.length;
  const threads = train.rows * columns < SHARED_CELLS ? 1 : Math.max(1, params.threads);
  const extent = {
    rows: train.rows,
    valRows: val?.rows ?? 0,
    columns,
    outputs,
    leaves,
    weighted: train.weight !== undefined,
    threads,
  };
  const at = takePlaces(extent);
  const kernel = await openKernel(at.bytes, threads);
  try {
    const learned = learnBins(kernel, at.binning, train, params);
    writeBins(kernel, at.binning, train, learned, at.bins);
    if (val) writeBins(kernel, at.binning, val, learned, at.valBins);
    const views = viewPlaces(kernel.memory.buffer, at, extent);
    views.label.set(train.label.subarray(0, train.rows));
    if (train.weight) new Float32Array(kernel.memory.buffer, at.weight, train.rows).set(train.weight);
    return { kernel, at, views, learned, train, val };
  } catch (error) {
    await kernel.close();
    throw error;
  }
}

function viewPlaces(buffer: ArrayBufferLike, at: Places, e: Extent): Views {
  return {
    label: new Float32Array(buffer, at.label, e.rows),
    score: new Float64Array(buffer, at.score, e.rows * e.outputs),
    valScore: new Float64Array(buffer, at.valScore, e.valRows * e.outputs),
    sums: new Float64Array(buffer, at.sums, (at.packed - at.sums) / 8),
    index: new Uint32Array(buffer, at.index, e.rows),
    counts: new Int32Array(buffer, at.counts, e.threads),
    goes: new Uint8Array(buffer, at.goes, 256),
    columns: new Int32Array(buffer, at.columns, (e.columns * COLUMN_RECORD_BYTES) / 4),
    rules: new Float64Array(buffer, at.rules, RULES),
    leafWords: new Int32Array(buffer, at.leafPair, (2 * LEAF_BYTES) / 4),
    leafNumbers: new Float64Array(buffer, at.leafPair, (2 * LEAF_BYTES) / 8),
    splitGains: new Float64Array(buffer, at.splits, (2 * e.columns * SPLIT_BYTES) / 8),
    splitWords: new Uint32Array(buffer, at.splits, (2 * e.columns * SPLIT_BYTES) / 4),
    nodes: new Int32Array(buffer, at.nodes, (e.leaves * NODE_BYTES) / 4),
    values: new Float64Array(buffer, at.values, e.leaves),
    ranges: new Int32Array(buffer, at.ranges, e.leaves * 2),
    packed: new Int32Array(buffer, at.packed, e.rows * 2),
  };
}
