/**
 * Exact path-dependent TreeSHAP (the values of Lundberg et al. 2018, algorithm 2), leaf by leaf instead of row by row.
 *
 * A leaf's contributions depend only on which of its path's D distinct columns a row agrees with, so the rows' patterns
 * are computed column-wise and each pattern seen is solved once. A column the row disagrees with can never be in a
 * coalition that reaches the leaf, so only the A columns it agrees with are expanded: with z the share of rows that go
 * the path's way, the polynomial Π (y + z) over them holds in its coefficient of y^s all coalitions of s columns, and
 * dividing by one factor leaves its column out. O(A²) a pattern, O(trees × leaves × D) a row. The kernel does this; here
 * paths are read off the trees.
 */
import { type Kernel, openKernel } from './kernel/kernel.ts';
import { CONDITION_BYTES, createArena, PATH_BYTES, shapScratchBytes } from './kernel/layout.ts';
import { binOf } from './predict.ts';
import type { TreeEnsemble } from './types.ts';

/** TreeSHAP of one ensemble, in the kernel's memory. */
export interface TreeShap {
  /**
   * Contributions to output `output`, an array of `rows` values for each column; `rows` at most those it was opened for.
   */
  contributions(columns: readonly Float32Array[], rows: number, output?: number): readonly Float64Array[];
  close(): Promise<void>;
}

/** What a row must satisfy on one column to follow the path of a leaf. */
interface Condition {
  readonly column: number;
  /** Numeric: value ≤ high and not value ≤ low; low NaN: no such bound. */
  low: number;
  high: number;
  missing: boolean;
  /** Categorical: bins allowed. */
  set: Uint32Array | undefined;
  /** Share of the rows, over the path's splits on this column, that go the path's way. */
  share: number;
}

interface Path {
  readonly conditions: readonly Condition[];
  readonly value: number;
}

/** Bytes of paths given to the kernel at a time, at least. */
const PATH_ROOM = 1 << 18;

interface ShapPlaces {
  readonly paths: number;
  readonly pathsEnd: number;
  readonly columns: number;
  readonly values: number;
  readonly scratch: number;
  readonly bytes: number;
}

export async function openShap(ensemble: TreeEnsemble, mostRows: number): Promise<TreeShap> {
  const used = [...new Set(ensemble.column)].sort((a, b) => a - b);
  const slots = new Map(used.map((column, slot) => [column, slot]));
  const stride = Math.ceil(mostRows / 4) * 4;
  const at = takePlaces(used.length, stride);
  const kernel = await openKernel(at.bytes, 1);
  const covers = nodeCovers(ensemble);
  return {
    contributions(columns, rows, output = 0) {
      used.forEach((column, slot) => {
        const staged = new Float32Array(kernel.memory.buffer, at.columns + slot * stride * 4, rows);
        stage(ensemble.codeBins[column], columns[column]!, staged);
      });
      new Float64Array(kernel.memory.buffer, at.values, used.length * stride).fill(0);
      const writer = createWriter(kernel, at, slots);
      const run = (): void => {
        kernel.shapPaths(
          writer.take(),
          at.paths,
          rows,
          stride,
          at.columns,
          at.values,
          used.length,
          at.scratch,
        );
      };
      ensemble.roots.forEach((root, t) => {
        if (ensemble.output[t] !== output) return;
        for (const path of paths(ensemble, covers, root)) {
          if (!writer.fits(path)) run();
          writer.add(path);
        }
      });
      run();
      return Array.from({ length: ensemble.columns }, (_, column) => {
        const slot = slots.get(column);
        if (slot === undefined) return new Float64Array(rows);
        return new Float64Array(kernel.memory.buffer, at.values + slot * stride * 8, rows).slice();
      });
    },
    close: () => kernel.close(),
  };
}

function takePlaces(columns: number, stride: number): ShapPlaces {
  const arena = createArena();
  const paths = arena.take(Math.max(PATH_ROOM, pathBytes(columns)));
  const pathsEnd = arena.size;
  return {
    paths,
    pathsEnd,
    columns: arena.take(columns * stride * 4),
    values: arena.take(columns * stride * 8),
    scratch: arena.take(shapScratchBytes(columns)),
    bytes: arena.size,
  };
}

const pathBytes = (conditions: number): number => PATH_BYTES + conditions * CONDITION_BYTES;

function stage(codes: Uint8Array | undefined, column: Float32Array, into: Float32Array): void {
  if (!codes) into.set(column.subarray(0, into.length));
  else for (let i = 0; i < into.length; i++) into[i] = binOf(codes, column[i]!);
}

interface PathWriter {
  fits(path: Path): boolean;
  add(path: Path): void;
  /** Paths written since the last time; the room is free again. */
  take(): number;
}

function createWriter(
  kernel: Kernel,
  { paths: start, pathsEnd }: ShapPlaces,
  slots: ReadonlyMap<number, number>,
): PathWriter {
  const view = new DataView(kernel.memory.buffer);
  let at = start;
  let count = 0;
  const writeCondition = (place: number, { column, low, high, missing, set, share }: Condition): void => {
    view.setInt32(place, slots.get(column)!, true);
    view.setInt32(place + 4, set ? 1 : 0, true);
    view.setFloat32(place + 8, low, true);
    view.setFloat32(place + 12, high, true);
    view.setInt32(place + 16, missing ? 1 : 0, true);
    view.setFloat64(place + 24, share, true);
    set?.forEach((word, w) => {
      view.setUint32(place + 32 + 4 * w, word, true);
    });
  };
  return {
    fits: ({ conditions }) => at + pathBytes(conditions.length) <= pathsEnd,
    add({ conditions, value }) {
      view.setInt32(at, conditions.length, true);
      view.setFloat64(at + 8, value, true);
      conditions.forEach((condition, k) => {
        writeCondition(at + pathBytes(k), condition);
      });
      at += pathBytes(conditions.length);
      count++;
    },
    take() {
      const taken = count;
      at = start;
      count = 0;
      return taken;
    },
  };
}

/** Mean margin of the training rows, by cover. */
export function expectedMargin(ensemble: TreeEnsemble, output = 0): number {
  const covers = nodeCovers(ensemble);
  let base = ensemble.base[output]!;
  ensemble.roots.forEach((root, t) => {
    if (ensemble.output[t] !== output) return;
    for (const { value, conditions } of paths(ensemble, covers, root)) {
      base += value * conditions.reduce((share, c) => share * c.share, 1);
    }
  });
  return base;
}

function paths(e: TreeEnsemble, covers: Float64Array, root: number): Path[] {
  const found: Path[] = [];
  const walk = (child: number, held: readonly Condition[]): void => {
    if (child < 0) {
      found.push({ conditions: held, value: e.value[~child]! });
      return;
    }
    const left = coverOf(e, covers, e.left[child]!);
    const right = coverOf(e, covers, e.right[child]!);
    const total = Math.max(left + right, Number.MIN_VALUE);
    walk(e.left[child]!, narrow(e, child, true, left / total, held));
    walk(e.right[child]!, narrow(e, child, false, right / total, held));
  };
  walk(root, []);
  return found;
}

const coverOf = (e: TreeEnsemble, covers: Float64Array, child: number): number =>
  child < 0 ? e.cover[~child]! : covers[child]!;

/** Cover of each node. A node's children come after it. */
function nodeCovers(e: TreeEnsemble): Float64Array {
  const covers = new Float64Array(e.column.length);
  for (let node = covers.length - 1; node >= 0; node--) {
    covers[node] = coverOf(e, covers, e.left[node]!) + coverOf(e, covers, e.right[node]!);
  }
  return covers;
}

/** The path's conditions after going left or right at a node. */
function narrow(
  e: TreeEnsemble,
  node: number,
  left: boolean,
  share: number,
  held: readonly Condition[],
): readonly Condition[] {
  const column = e.column[node]!;
  const before = held.find((c) => c.column === column);
  const next: Condition = before
    ? { ...before, share: before.share * share }
    : { column, low: NaN, high: Infinity, missing: true, set: undefined, share };
  const set = e.set[node]!;
  if (set >= 0) {
    next.set = Uint32Array.from({ length: 8 }, (_, w) => {
      const word = e.sets[set * 8 + w]!;
      return (left ? word : ~word) & (before?.set?.[w] ?? ~0);
    });
  } else {
    if (left) next.high = Math.min(next.high, e.threshold[node]!);
    else next.low = Number.isNaN(next.low) ? e.threshold[node]! : Math.max(next.low, e.threshold[node]!);
    next.missing &&= (e.missingLeft[node] === 1) === left;
  }
  return before ? held.map((c) => (c === before ? next : c)) : [...held, next];
}
