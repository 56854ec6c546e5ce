// One step of growing a tree, for this thread's share of the columns: the smaller child's histograms, the larger's by
// subtraction (in the parent's place), and the best split of each on each column.
import { COLUMN_BYTES, SPLIT_BYTES, first } from './common';
import { TILE_BYTES, buildHistograms, subtractHistograms } from './histogram';
import { Column, Leaf, Rules, bestSplit } from './split';

/**
 * index[start, start + count): rows of the smaller child, whose histograms go to `small`; `large` holds the parent's
 * (0: a root). leaves: two Leaf records, smaller first; splits: `active` candidates of the smaller, then of the larger.
 */
export function splitChildren(
  part: i32, parts: i32, columns: usize, active: i32, bins: usize, stride: i32, packed: usize, index: usize,
  start: i32, count: i32, small: usize, large: usize, rules: usize, leaves: usize, splits: usize, scratch: usize,
): void {
  const from = first(active, part, parts);
  const to = first(active, part + 1, parts);
  const tile = scratch + <usize>part * TILE_BYTES;
  buildHistograms(from, to, columns, bins, stride, packed, index, start, count, small, tile);
  if (large) subtractHistograms(from, to, large, small);
  findSplits(from, to, columns, small, leaves, rules, splits, tile);
  if (large) findSplits(from, to, columns, large, leaves + offsetof<Leaf>(), rules, splits + <usize>active * SPLIT_BYTES, tile);
}

function findSplits(
  from: i32, to: i32, columns: usize, hist: usize, leaf: usize, rules: usize, splits: usize, scratch: usize,
): void {
  if (changetype<Leaf>(leaf).live == 0) return;
  for (let a = from; a < to; a++) {
    bestSplit(
      hist + <usize>a * COLUMN_BYTES,
      changetype<Column>(columns + <usize>a * offsetof<Column>()),
      changetype<Leaf>(leaf),
      changetype<Rules>(rules),
      splits + <usize>a * SPLIT_BYTES,
      scratch,
    );
  }
}
