/**
 * Margins of raw (unbinned) rows. Rows go in blocks, so that a block's values stay in cache over all trees. A column
 * that some node sends left when missing has a second copy in the block with −∞ for NaN, so that every numeric node
 * is the one comparison value ≤ threshold.
 */
import type { TreeEnsemble } from './types.ts';

const BLOCK = 256;

/** Margins, rows × outputs, row-major. */
export function predictTrees(
  ensemble: TreeEnsemble,
  columns: readonly Float32Array[],
  rows: number,
): Float64Array {
  const { outputs, base } = ensemble;
  const margins = new Float64Array(rows * outputs);
  for (let i = 0; i < margins.length; i++) margins[i] = base[i % outputs]!;
  const plan = planBlock(ensemble);
  const values = new Float32Array(BLOCK * plan.sources.length);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    loadBlock(ensemble, plan, columns, from, count, values);
    addTrees(ensemble, plan, values, margins, from, count);
  }
  return margins;
}

interface BlockPlan {
  /** What each place of a block's row holds. */
  readonly sources: readonly { readonly column: number; readonly lowest: boolean }[];
  /** Node → place. */
  readonly place: Int32Array;
  /** Node → left child, right child. */
  readonly children: Int32Array;
}

function planBlock({ column, missingLeft, set, left, right }: TreeEnsemble): BlockPlan {
  const places = new Map<number, number>();
  const place = column.map((c, node) => {
    const key = 2 * c + (set[node]! < 0 && missingLeft[node] === 1 ? 1 : 0);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, places.size);
    return places.size - 1;
  });
  const children = new Int32Array(2 * column.length);
  for (let node = 0; node < column.length; node++) {
    children[2 * node] = left[node]!;
    children[2 * node + 1] = right[node]!;
  }
  const sources = [...places.keys()].map((key) => ({ column: key >> 1, lowest: key % 2 === 1 }));
  return { sources, place, children };
}

function loadBlock(
  { codeBins }: TreeEnsemble,
  { sources }: BlockPlan,
  columns: readonly Float32Array[],
  from: number,
  count: number,
  values: Float32Array,
): void {
  const width = sources.length;
  sources.forEach(({ column, lowest }, p) => {
    const source = columns[column]!;
    const codes = codeBins[column];
    for (let i = 0; i < count; i++) {
      const v = source[from + i]!;
      values[i * width + p] = codes ? binOf(codes, v) : lowest && Number.isNaN(v) ? -Infinity : v;
    }
  });
}

/** Bin of a category code: 0 missing, 1 unknown or rare. */
export function binOf(codes: Uint8Array, code: number): number {
  if (Number.isNaN(code)) return 0;
  return code >= 0 && code < codes.length ? codes[Math.trunc(code)]! : 1;
}

function addTrees(
  { roots, output, outputs, threshold, set, sets, value }: TreeEnsemble,
  { sources, place, children }: BlockPlan,
  values: Float32Array,
  margins: Float64Array,
  from: number,
  count: number,
): void {
  const width = sources.length;
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t]!;
    const k = output[t]!;
    for (let i = 0; i < count; i++) {
      const row = i * width;
      let at = root;
      while (at >= 0) {
        const v = values[row + place[at]!]!;
        const s = set[at]!;
        const goes = s < 0 ? v <= threshold[at]! : ((sets[s * 8 + (v >> 5)]! >>> (v & 31)) & 1) === 1;
        at = children[2 * at + (goes ? 0 : 1)]!;
      }
      margins[(from + i) * outputs + k]! += value[~at]!;
    }
  }
}

/** Whether a value (a bin, for a categorical node) goes left. */
export function goesLeft(e: TreeEnsemble, node: number, value: number): boolean {
  const set = e.set[node]!;
  if (set >= 0) return ((e.sets[set * 8 + (value >> 5)]! >>> (value & 31)) & 1) === 1;
  return value <= e.threshold[node]! || (e.missingLeft[node] === 1 && Number.isNaN(value));
}

/** Margins → predictions: probability of true; probabilities of the classes; the value. */
export function linkMargins({ objective, outputs }: TreeEnsemble, margins: Float64Array): Float32Array {
  if (objective === 'logistic') return Float32Array.from(margins, (m) => 1 / (1 + Math.exp(-m)));
  if (objective !== 'softmax') return Float32Array.from(margins);
  const out = new Float32Array(margins.length);
  for (let at = 0; at < margins.length; at += outputs) {
    const row = margins.subarray(at, at + outputs);
    const most = Math.max(...row);
    const powers = row.map((m) => Math.exp(m - most));
    const total = powers.reduce((a, b) => a + b, 0);
    out.set(
      powers.map((p) => p / total),
      at,
    );
  }
  return out;
}
