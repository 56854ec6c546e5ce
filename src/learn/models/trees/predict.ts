/** Margins of raw (unbinned) rows. Rows go in blocks, so that a block's values stay in cache over all trees. */
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
  const block = createBlock(ensemble);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    block.load(columns, from, count);
    addTrees(ensemble, block, margins, from, count);
  }
  return margins;
}

interface Block {
  /** BLOCK × width, row-major; categorical columns as bins. */
  readonly values: Float32Array;
  readonly width: number;
  /** Ensemble column → place in a row of the block. */
  readonly place: Int32Array;
  load(columns: readonly Float32Array[], from: number, count: number): void;
}

function createBlock({ column, columns, codeBins }: TreeEnsemble): Block {
  const used = [...new Set(column)].sort((a, b) => a - b);
  const width = used.length;
  const values = new Float32Array(BLOCK * width);
  const place = new Int32Array(columns);
  used.forEach((c, p) => {
    place[c] = p;
  });
  return {
    values,
    width,
    place,
    load(data, from, count) {
      used.forEach((c, p) => {
        const source = data[c]!;
        const codes = codeBins[c];
        for (let i = 0; i < count; i++) {
          const v = source[from + i]!;
          values[i * width + p] = codes ? binOf(codes, v) : v;
        }
      });
    },
  };
}

/** Bin of a category code: 0 missing, 1 unknown or rare. */
export function binOf(codes: Uint8Array, code: number): number {
  if (Number.isNaN(code)) return 0;
  return code >= 0 && code < codes.length ? codes[Math.trunc(code)]! : 1;
}

function addTrees(e: TreeEnsemble, block: Block, margins: Float64Array, from: number, count: number): void {
  const { values, width } = block;
  const place = e.column.map((c) => block.place[c]!);
  for (let t = 0; t < e.roots.length; t++) {
    const root = e.roots[t]!;
    const k = e.output[t]!;
    for (let i = 0; i < count; i++) {
      const row = i * width;
      let at = root;
      while (at >= 0) at = goesLeft(e, at, values[row + place[at]!]!) ? e.left[at]! : e.right[at]!;
      margins[(from + i) * e.outputs + k]! += e.value[~at]!;
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
