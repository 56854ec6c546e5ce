/**
 * Exact path-dependent TreeSHAP (the values of Lundberg et al. 2018, algorithm 2), leaf by leaf instead of row by row.
 *
 * A leaf's contributions depend only on which of its path's D distinct columns a row agrees with, so the rows' patterns
 * are computed column-wise and each pattern seen is solved once. A column the row disagrees with can never be in a
 * coalition that reaches the leaf, so only the A columns it agrees with are expanded: with z the share of rows that go
 * the path's way, the polynomial Π (y + z) over them holds in its coefficient of y^s all coalitions of s columns, and
 * dividing by one factor leaves its column out. O(A²) a pattern, O(trees × leaves × D) a row.
 */
import { binOf } from './predict.ts';
import type { TreeEnsemble } from './types.ts';

export interface TreeShap {
  /** Mean margin of the training rows, by cover. */
  readonly base: number;
  /** One array of `rows` values per column. */
  readonly values: readonly Float64Array[];
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

/** Rows at a time: patterns and contributions of a block stay in cache. */
const BLOCK = 1024;
/** Patterns of longer paths are solved for every row anew. */
const TABLE_DEPTH = 12;

/** Contributions of each column to output `output` of each row. */
export function shapTrees(
  ensemble: TreeEnsemble,
  columns: readonly Float32Array[],
  rows: number,
  output = 0,
): TreeShap {
  const values = Array.from({ length: ensemble.columns }, () => new Float64Array(rows));
  const coded = columns.map((column, c) => binned(ensemble.codeBins[c], column));
  const covers = nodeCovers(ensemble);
  const solver = createSolver();
  ensemble.roots.forEach((root, t) => {
    if (ensemble.output[t] !== output) return;
    for (const path of paths(ensemble, covers, root)) solver.add(path, coded, rows, values);
  });
  return { base: expectedMargin(ensemble, output), values };
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

function binned(codes: Uint8Array | undefined, column: Float32Array): Float32Array {
  return codes ? column.map((v) => binOf(codes, v)) : column;
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

interface Solver {
  add(path: Path, columns: readonly Float32Array[], rows: number, values: readonly Float64Array[]): void;
}

/** Inner loops run along rows, one column at a time: several times quicker than row by row. */
function createSolver(): Solver {
  const patterns = new Int32Array(BLOCK);
  const slots = new Int32Array(BLOCK);
  const table = new Int32Array(2 ** TABLE_DEPTH);
  return {
    add(path, columns, rows, values) {
      const { conditions } = path;
      const depth = conditions.length;
      const tabled = depth <= TABLE_DEPTH;
      const met = new Uint8Array(BLOCK * depth);
      const solve = createPathSolver(path);
      const solved = new Float64Array(depth * (tabled ? Math.min(2 ** depth, rows) : BLOCK));
      const seen: number[] = [];
      for (let from = 0; from < rows; from += BLOCK) {
        const count = Math.min(BLOCK, rows - from);
        patterns.fill(0);
        conditions.forEach((condition, k) => {
          match(condition, columns[condition.column]!, from, count, met.subarray(k * BLOCK));
          for (let i = 0; i < count; i++) patterns[i]! |= met[k * BLOCK + i]! << k;
        });
        for (let i = 0; i < count; i++) {
          const pattern = patterns[i]!;
          if (!tabled) solve(met, i, solved, i * depth);
          else if (table[pattern] === 0) {
            solve(met, i, solved, seen.length * depth);
            table[pattern] = seen.push(pattern);
          }
          slots[i] = tabled ? (table[pattern]! - 1) * depth : i * depth;
        }
        conditions.forEach(({ column }, k) => {
          const out = values[column]!;
          for (let i = 0; i < count; i++) out[from + i]! += solved[slots[i]! + k]!;
        });
      }
      for (const pattern of seen) table[pattern] = 0;
    },
  };
}

/** met[i] = whether row from + i meets the condition. */
function match(
  { low, high, missing, set }: Condition,
  column: Float32Array,
  from: number,
  count: number,
  met: Uint8Array,
): void {
  if (set) {
    for (let i = 0; i < count; i++) {
      const bin = column[from + i]!;
      met[i] = (set[bin >> 5]! >>> (bin & 31)) & 1;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const v = column[from + i]!;
    met[i] = (v <= high ? !(v <= low) : missing && Number.isNaN(v)) ? 1 : 0;
  }
}

/** Contributions of the path's columns to phi[at …], for the row that meets condition k where met[k × BLOCK + row]. */
type PathSolver = (met: Uint8Array, row: number, phi: Float64Array, at: number) => void;

function createPathSolver({ conditions, value }: Path): PathSolver {
  const d = conditions.length;
  const shares = Float64Array.from(conditions, (c) => c.share);
  const weights = coalitionWeights(d);
  const polynomial = new Float64Array(d + 1);
  return (met, row, phi, at) => {
    let agreed = 0;
    let off = value;
    polynomial[0] = 1;
    for (let k = 0; k < d; k++) {
      const z = shares[k]!;
      if (met[k * BLOCK + row] === 0) {
        off *= z;
        continue;
      }
      agreed++;
      polynomial[agreed] = polynomial[agreed - 1]!;
      for (let s = agreed - 1; s > 0; s--) polynomial[s] = polynomial[s]! * z + polynomial[s - 1]!;
      polynomial[0]! *= z;
    }
    let all = 0;
    for (let s = 0; s <= agreed && s < d; s++) all += polynomial[s]! * weights[s]!;
    for (let k = 0; k < d; k++) {
      const z = shares[k]!;
      phi[at + k] =
        met[k * BLOCK + row] === 0 ? -off * all : off * (1 - z) * without(polynomial, agreed, z, weights);
    }
  };
}

/** Weighted sum of the coefficients of polynomial / (y + z). */
function without(polynomial: Float64Array, degree: number, z: number, weights: Float64Array): number {
  let quotient = polynomial[degree]!;
  let sum = quotient * weights[degree - 1]!;
  for (let s = degree - 1; s > 0; s--) {
    quotient = polynomial[s]! - z * quotient;
    sum += quotient * weights[s - 1]!;
  }
  return sum;
}

/** s! (d − s − 1)! / d!, for s = 0 … d − 1. */
function coalitionWeights(d: number): Float64Array {
  const weights = new Float64Array(d);
  let weight = 1 / d;
  for (let s = 0; s < d; s++) {
    weights[s] = weight;
    weight *= (s + 1) / (d - s - 1);
  }
  return weights;
}
