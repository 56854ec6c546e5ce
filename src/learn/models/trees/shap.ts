/**
 * Exact path-dependent TreeSHAP (Lundberg et al. 2018, algorithm 2), leaf by leaf instead of row by row.
 *
 * A leaf's contributions depend only on which of its path's D distinct columns a row agrees with, so the rows' patterns
 * are computed column-wise and each pattern seen is solved once, in O(D²): O(trees × leaves × D) a row, plus
 * O(D²) a leaf and pattern. Cover of a child over cover of its node is the share of rows that would go there if the
 * column were unknown.
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
  let base = ensemble.base[output]!;
  const solver = createSolver();
  for (let t = 0; t < ensemble.roots.length; t++) {
    if (ensemble.output[t] !== output) continue;
    for (const path of paths(ensemble, covers, ensemble.roots[t]!)) {
      base += path.value * path.conditions.reduce((share, c) => share * c.share, 1);
      if (path.conditions.length > 0) solver.add(path, coded, rows, values);
    }
  }
  return { base, values };
}

function binned(codes: Uint8Array | undefined, column: Float32Array): Float32Array {
  return codes ? column.map((v) => binOf(codes, v)) : column;
}

/** Least share of a child that no weight reached: keeps the divisions below finite. */
const LEAST_SHARE = 1e-9;

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
    walk(e.left[child]!, narrow(e, child, true, Math.max(left / total, LEAST_SHARE), held));
    walk(e.right[child]!, narrow(e, child, false, Math.max(right / total, LEAST_SHARE), held));
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

function createSolver(): Solver {
  const patterns = new Uint32Array(BLOCK);
  const table = new Int32Array(2 ** TABLE_DEPTH);
  return {
    add(path, columns, rows, values) {
      const { conditions } = path;
      const depth = conditions.length;
      const into = conditions.map((c) => values[c.column]!);
      if (depth > TABLE_DEPTH) {
        addDirectly(path, columns, rows, into);
        return;
      }
      const solved: Float64Array[] = [];
      const seen: number[] = [];
      for (let from = 0; from < rows; from += BLOCK) {
        const count = Math.min(BLOCK, rows - from);
        patterns.fill(0);
        conditions.forEach((condition, k) => {
          match(condition, columns[condition.column]!, from, count, patterns, 1 << k);
        });
        for (let i = 0; i < count; i++) {
          const pattern = patterns[i]!;
          if (table[pattern] === 0) {
            solved.push(contributions(path, (k) => (pattern >>> k) & 1));
            seen.push(pattern);
            table[pattern] = solved.length;
          }
          const phi = solved[table[pattern]! - 1]!;
          for (let k = 0; k < depth; k++) into[k]![from + i]! += phi[k]!;
        }
      }
      for (const pattern of seen) table[pattern] = 0;
    },
  };
}

/** Sets `bit` in the pattern of every row of the block that meets the condition. */
function match(
  { low, high, missing, set }: Condition,
  column: Float32Array,
  from: number,
  count: number,
  patterns: Uint32Array,
  bit: number,
): void {
  if (set) {
    for (let i = 0; i < count; i++) {
      const bin = column[from + i]!;
      if ((set[bin >> 5]! >>> (bin & 31)) & 1) patterns[i]! |= bit;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const v = column[from + i]!;
    if (v <= high ? !(v <= low) : missing && Number.isNaN(v)) patterns[i]! |= bit;
  }
}

function addDirectly(
  path: Path,
  columns: readonly Float32Array[],
  rows: number,
  into: readonly Float64Array[],
): void {
  const one = new Uint32Array(1);
  for (let i = 0; i < rows; i++) {
    const agrees = path.conditions.map((condition) => {
      one[0] = 0;
      match(condition, columns[condition.column]!, i, 1, one, 1);
      return one[0]!;
    });
    const phi = contributions(path, (k) => agrees[k]!);
    into.forEach((values, k) => {
      values[i]! += phi[k]!;
    });
  }
}

/** Contributions of the path's columns, given which of them the row agrees with (0 or 1). O(D²). */
function contributions({ conditions, value }: Path, agrees: (k: number) => number): Float64Array {
  const d = conditions.length;
  const m = extend(conditions, agrees);
  return Float64Array.from(conditions, ({ share }, k) => {
    const one = agrees(k);
    return value * (one - share) * unwoundSum(m, d, share, one);
  });
}

/** m[s]: over subsets of s known columns, the sum of path probabilities times s! (d − s)! / (d + 1)!. */
function extend(conditions: readonly Condition[], agrees: (k: number) => number): Float64Array {
  const m = new Float64Array(conditions.length + 1);
  m[0] = 1;
  conditions.forEach(({ share }, k) => {
    const length = k + 1;
    const one = agrees(k);
    for (let i = length - 1; i >= 0; i--) {
      m[i + 1]! += (one * m[i]! * (i + 1)) / (length + 1);
      m[i]! *= (share * (length - i)) / (length + 1);
    }
  });
  return m;
}

/** Sum of m with one column taken out again. */
function unwoundSum(m: Float64Array, d: number, share: number, one: number): number {
  let next = m[d]!;
  let sum = 0;
  for (let i = d - 1; i >= 0; i--) {
    if (one === 0) {
      sum += (m[i]! * (d + 1)) / (share * (d - i));
      continue;
    }
    const part = (next * (d + 1)) / (i + 1);
    sum += part;
    next = m[i]! - (part * share * (d - i)) / (d + 1);
  }
  return sum;
}
