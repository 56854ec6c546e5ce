// Row lists: bagging, partition of a leaf's rows, score updates.
import { first, gradientSum, hash, hessianSum } from './common';

/** Bytes of one node of a binned tree: column, left, right (i32; < 0 is ~leaf), unused, 256 bits "bin goes left". */
const NODE_BYTES: usize = 48;

/** In-bag rows to the front of index, the others to the back (both ascending); returns the in-bag count. One thread. */
export function bag(rows: i32, index: usize, scratch: usize, share: f64, seed: u32, round: u32): i32 {
  const limit = <u64>(share * 4294967296.0);
  let inside = 0;
  let outside = 0;
  for (let i = 0; i < rows; i++) {
    const taken = <i32>(<u64>hash(seed, round, <u32>i) < limit);
    store<u32>(index + (<usize>inside << 2), i);
    store<u32>(scratch + (<usize>outside << 2), i);
    inside += taken;
    outside += 1 - taken;
  }
  memory.copy(index + (<usize>inside << 2), scratch, <usize>outside << 2);
  return inside;
}

/**
 * First half of a stable partition: this part's rows go to `left` and `right` scratch at its own offset; counts[part]
 * is how many went left. goes: 256 bytes, 1 where the bin goes left.
 */
export function partition(
  part: i32, parts: i32, index: usize, start: i32, count: i32, left: usize, right: usize, counts: usize,
  bins: usize, stride: i32, column: i32, goes: usize,
): void {
  const from = first(count, part, parts);
  const end = first(count, part + 1, parts);
  const source = index + (<usize>start << 2);
  let l = left + (<usize>from << 2);
  let r = right + (<usize>from << 2);
  const base = bins + <usize>column;
  for (let i = from; i < end; i++) {
    const row = load<u32>(source + (<usize>i << 2));
    const goesLeft = <usize>load<u8>(goes + <usize>load<u8>(base + <usize>row * <usize>stride));
    store<u32>(l, row);
    store<u32>(r, row);
    l += goesLeft << 2;
    r += (goesLeft ^ 1) << 2;
  }
  store<i32>(counts + (<usize>part << 2), <i32>((l - left) >> 2) - from);
}

/** Second half: copies each part's rows to their places in index. */
export function gather(
  part: i32, parts: i32, index: usize, start: i32, count: i32, left: usize, right: usize, counts: usize,
): void {
  let lefts = 0;
  for (let p = 0; p < parts; p++) lefts += load<i32>(counts + (<usize>p << 2));
  let before = 0;
  for (let p = 0; p < part; p++) before += load<i32>(counts + (<usize>p << 2));
  const from = first(count, part, parts);
  const own = load<i32>(counts + (<usize>part << 2));
  const others = first(count, part + 1, parts) - from - own;
  const at = <usize>start;
  memory.copy(index + ((at + <usize>before) << 2), left + (<usize>from << 2), <usize>own << 2);
  memory.copy(index + ((at + <usize>(lefts + from - before)) << 2), right + (<usize>from << 2), <usize>others << 2);
}

/** score[row] += value of its leaf, for the rows listed by leaf. leaves: (start, count) i32 pairs; values f64. */
export function addLeaves(part: i32, parts: i32, leaves: usize, count: i32, values: usize, index: usize, score: usize): void {
  for (let leaf = part; leaf < count; leaf += parts) {
    const v = load<f64>(values + (<usize>leaf << 3));
    let at = index + (<usize>load<i32>(leaves + (<usize>leaf << 3)) << 2);
    const end = at + (<usize>load<i32>(leaves + (<usize>leaf << 3), 4) << 2);
    for (; at < end; at += 4) {
      const slot = score + (<usize>load<u32>(at) << 3);
      store<f64>(slot, load<f64>(slot) + v);
    }
  }
}

/** score[row] += value of the leaf that a binned row falls in. index 0: rows 0 … count − 1. */
export function addTree(
  part: i32, parts: i32, nodes: usize, root: i32, values: usize, index: usize, count: i32, bins: usize, stride: i32,
  score: usize,
): void {
  const end = first(count, part + 1, parts);
  for (let i = first(count, part, parts); i < end; i++) {
    const row = index ? <usize>load<u32>(index + (<usize>i << 2)) : <usize>i;
    const bytes = bins + row * <usize>stride;
    let at = root;
    while (at >= 0) {
      const node = nodes + <usize>at * NODE_BYTES;
      const bin = <usize>load<u8>(bytes + <usize>load<i32>(node));
      const bit = (load<u8>(node + (bin >> 3), 16) >> <u8>(bin & 7)) & 1;
      at = bit ? load<i32>(node, 4) : load<i32>(node, 8);
    }
    const slot = score + (row << 3);
    store<f64>(slot, load<f64>(slot) + load<f64>(values + (<usize>~at << 3)));
  }
}

/** Sums of the packed values of the rows listed: gradient and hessian quanta, two f64 at out. One thread. */
export function total(index: usize, rows: i32, packed: usize, out: usize): void {
  let sum: i64 = 0;
  for (let i = 0; i < rows; i++) sum += load<i64>(packed + (<usize>load<u32>(index + (<usize>i << 2)) << 3));
  store<f64>(out, gradientSum(sum));
  store<f64>(out, hessianSum(sum), 8);
}
