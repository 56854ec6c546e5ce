/** Where everything of one training lies in the kernel's memory. Offsets in bytes. */
import { type BinPlaces, takeBinPlaces } from './bins.ts';
import {
  CHUNK,
  COLUMN_BYTES,
  COLUMN_RECORD_BYTES,
  createArena,
  LEAF_BYTES,
  NODE_BYTES,
  RULES,
  SPLIT_BYTES,
  TILE_BYTES,
} from './kernel/layout.ts';

export interface Places {
  readonly bytes: number;
  readonly binning: BinPlaces;
  readonly bins: number;
  readonly valBins: number;
  readonly score: number;
  readonly valScore: number;
  readonly label: number;
  /** 0: unweighted. */
  readonly weight: number;
  readonly grad: number;
  readonly hess: number;
  readonly sums: number;
  readonly packed: number;
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly counts: number;
  readonly goes: number;
  /** `leaves` histograms of all columns. */
  readonly histograms: number;
  readonly columns: number;
  readonly rules: number;
  readonly leafPair: number;
  readonly splits: number;
  readonly tiles: number;
  readonly nodes: number;
  readonly values: number;
  readonly ranges: number;
}

export interface Extent {
  readonly rows: number;
  readonly valRows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly leaves: number;
  readonly weighted: boolean;
  readonly threads: number;
}

export function takePlaces(e: Extent): Places {
  const arena = createArena();
  const { take } = arena;
  const places = {
    binning: takeBinPlaces(take, Math.max(e.rows, e.valRows), e.threads),
    // Eight bytes over: the kernel may read a whole group of columns.
    bins: take(e.rows * e.columns + 8),
    valBins: take(e.valRows * e.columns + 8),
    score: take(e.rows * e.outputs * 8),
    valScore: take(e.valRows * e.outputs * 8),
    label: take(e.rows * 4),
    weight: e.weighted ? take(e.rows * 4) : 0,
    grad: take(e.rows * 4),
    hess: take(e.rows * 4),
    sums: take(Math.ceil(e.rows / CHUNK) * 16),
    packed: take(e.rows * 8),
    index: take(e.rows * 4 + 4),
    left: take(e.rows * 4 + 4),
    right: take(e.rows * 4 + 4),
    counts: take(e.threads * 4),
    goes: take(256),
    histograms: take(e.leaves * e.columns * COLUMN_BYTES),
    columns: take(e.columns * COLUMN_RECORD_BYTES),
    rules: take(RULES * 8),
    leafPair: take(2 * LEAF_BYTES),
    splits: take(2 * e.columns * SPLIT_BYTES),
    tiles: take(e.threads * TILE_BYTES),
    nodes: take(e.leaves * NODE_BYTES),
    values: take(e.leaves * 8),
    ranges: take(e.leaves * 8),
  };
  return { bytes: arena.size, ...places };
}
