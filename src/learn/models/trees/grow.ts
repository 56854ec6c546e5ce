/**
 * One tree, leaf-wise: always split the leaf with the greatest gain. Histograms are built for a split's smaller child
 * and subtracted from the parent's for the larger one, which keeps the parent's slot.
 */
import {
  CATEGORICAL,
  COLUMN_BYTES,
  COLUMN_RECORD_BYTES,
  LEAF_BYTES,
  MANY,
  MISSING_LEFT,
  MISSING_SEEN,
  SPLIT_BYTES,
} from './kernel/layout.ts';
import type { Session } from './session.ts';
import type { TreeParams } from './types.ts';

/** Leaf records start at 0 of the index range; sums are in quanta. */
export interface Leaf {
  readonly start: number;
  readonly count: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly depth: number;
  readonly slot: number;
  /** Before shrinkage. */
  readonly output: number;
  readonly lower: number;
  readonly upper: number;
  best: Candidate | undefined;
}

interface Candidate {
  readonly column: number;
  readonly gain: number;
  readonly bin: number;
  readonly flags: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
  readonly words: Uint32Array;
}

export interface GrownNode {
  readonly column: number;
  readonly gain: number;
  readonly categorical: boolean;
  /** Numeric: the last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Bit b: bin b goes left (for numeric columns too). */
  readonly goesLeft: Uint32Array;
  /** A node, or ~leaf. */
  left: number;
  right: number;
}

export interface GrownTree {
  readonly nodes: readonly GrownNode[];
  readonly leaves: readonly Leaf[];
}

/** Quanta to real units. */
export interface Quanta {
  readonly gradient: number;
  readonly hessian: number;
}

interface Growth {
  readonly session: Session;
  readonly params: TreeParams;
  readonly quanta: Quanta;
  /** Columns of this tree, ascending. */
  readonly active: readonly number[];
  readonly seed: number;
  readonly constrained: boolean;
  readonly random: boolean;
  readonly nodes: GrownNode[];
  readonly leaves: Leaf[];
}

const SMALL_WORK = 30_000;

/** Grows on the rows index[0, rows), whose packed gradients are in place. */
export function growTree(
  session: Session,
  params: TreeParams,
  quanta: Quanta,
  active: readonly number[],
  rows: number,
  sums: { readonly gradient: number; readonly hessian: number },
  seed: number,
): GrownTree {
  const growth: Growth = {
    session,
    params,
    quanta,
    active,
    seed,
    constrained: params.monotone?.some((m) => m !== 0) ?? false,
    random: params.extraTrees,
    nodes: [],
    leaves: [],
  };
  writeRules(growth);
  writeColumns(growth);
  const root = makeLeaf(
    growth,
    { start: 0, count: rows, depth: 0, slot: 0, ...sums },
    unbounded,
    params.lambda,
  );
  growth.leaves.push(root);
  // Where each leaf hangs: its parent node and side.
  const hangs: { node: number; left: boolean }[] = [{ node: -1, left: true }];
  findSplits(growth, root, undefined);
  while (growth.leaves.length < params.leaves) {
    const at = greatestGain(growth.leaves);
    if (at < 0) break;
    splitLeaf(growth, at, hangs);
  }
  return { nodes: growth.nodes, leaves: growth.leaves };
}

const unbounded = { lower: -Infinity, upper: Infinity };

type Extents = Pick<Leaf, 'start' | 'count' | 'gradient' | 'hessian' | 'depth' | 'slot'>;
type Bounds = Pick<Leaf, 'lower' | 'upper'>;

function makeLeaf({ quanta }: Growth, extents: Extents, bounds: Bounds, lambda: number): Leaf {
  const g = extents.gradient * quanta.gradient;
  const h = extents.hessian * quanta.hessian;
  const free = h + lambda > 0 ? -g / (h + lambda) : 0;
  const output = Math.min(Math.max(free, bounds.lower), bounds.upper);
  const { start, count, gradient, hessian, depth, slot } = extents;
  const { lower, upper } = bounds;
  return { start, count, gradient, hessian, depth, slot, output, lower, upper, best: undefined };
}

function greatestGain(leaves: readonly Leaf[]): number {
  let at = -1;
  let gain = 0;
  leaves.forEach((leaf, i) => {
    if (leaf.best && leaf.best.gain > gain) {
      gain = leaf.best.gain;
      at = i;
    }
  });
  return at;
}

function splitLeaf(growth: Growth, at: number, hangs: { node: number; left: boolean }[]): void {
  const { leaves, nodes, params } = growth;
  const parent = leaves[at]!;
  const split = parent.best!;
  const node = makeNode(growth, parent, split);
  const leftCount = partition(growth, parent, node);
  const id = nodes.push(node) - 1;
  const hang = hangs[at]!;
  if (hang.node >= 0) nodes[hang.node]![hang.left ? 'left' : 'right'] = id;
  node.left = ~at;
  node.right = ~leaves.length;
  hangs[at] = { node: id, left: true };
  hangs.push({ node: id, left: false });

  const leftSmaller = leftCount * 2 <= parent.count;
  const fresh = leaves.length;
  const lambda = params.lambda + (split.flags & MANY ? params.catL2 : 0);
  const depth = parent.depth + 1;
  const [leftBounds, rightBounds] = childBounds(growth, parent, split, lambda);
  const left = makeLeaf(
    growth,
    {
      start: parent.start,
      count: leftCount,
      gradient: split.leftGradient,
      hessian: split.leftHessian,
      depth,
      slot: leftSmaller ? fresh : parent.slot,
    },
    leftBounds,
    lambda,
  );
  const right = makeLeaf(
    growth,
    {
      start: parent.start + leftCount,
      count: parent.count - leftCount,
      gradient: parent.gradient - split.leftGradient,
      hessian: parent.hessian - split.leftHessian,
      depth,
      slot: leftSmaller ? parent.slot : fresh,
    },
    rightBounds,
    lambda,
  );
  leaves[at] = left;
  leaves.push(right);
  if (leaves.length >= params.leaves) return;
  if (leftSmaller) findSplits(growth, left, right);
  else findSplits(growth, right, left);
}

/** Basic monotone method: the midpoint of a monotone split bounds everything below it. */
function childBounds(growth: Growth, parent: Leaf, split: Candidate, lambda: number): [Bounds, Bounds] {
  const bounds = { lower: parent.lower, upper: parent.upper };
  const direction = growth.params.monotone?.[split.column] ?? 0;
  if (direction === 0) return [bounds, bounds];
  const output = (gradient: number, hessian: number): number =>
    makeLeaf(growth, { start: 0, count: 0, depth: 0, slot: 0, gradient, hessian }, bounds, lambda).output;
  const left = output(split.leftGradient, split.leftHessian);
  const right = output(parent.gradient - split.leftGradient, parent.hessian - split.leftHessian);
  const middle = (left + right) / 2;
  const below = { lower: bounds.lower, upper: middle };
  const above = { lower: middle, upper: bounds.upper };
  return direction > 0 ? [below, above] : [above, below];
}

function makeNode({ session }: Growth, parent: Leaf, split: Candidate): GrownNode {
  const bins = session.learned[split.column]!;
  const categorical = (split.flags & CATEGORICAL) !== 0;
  const seen = (split.flags & MISSING_SEEN) !== 0;
  // Without missing values to learn from, they follow the heavier child.
  const missingLeft = seen ? (split.flags & MISSING_LEFT) !== 0 : 2 * split.leftHessian >= parent.hessian;
  const goesLeft = categorical ? split.words : new Uint32Array(8);
  if (!categorical) {
    for (let b = 0; b <= split.bin; b++) goesLeft[b >> 5]! |= 1 << (b & 31);
    const m = bins.bins;
    if (missingLeft) goesLeft[m >> 5]! |= 1 << (m & 31);
    else goesLeft[m >> 5]! &= ~(1 << (m & 31));
  }
  const { column, gain, bin } = split;
  return { column, gain, categorical, bin, missingLeft, goesLeft, left: 0, right: 0 };
}

/** Reorders the leaf's rows, left ones first (stable); returns how many are left. */
function partition({ session }: Growth, leaf: Leaf, node: GrownNode): number {
  const { kernel, at, views, learned } = session;
  const goes = views.goes;
  for (let b = 0; b < 256; b++) goes[b] = (node.goesLeft[b >> 5]! >>> (b & 31)) & 1;
  const shared = leaf.count >= SMALL_WORK;
  const go = shared ? kernel.run : kernel.alone;
  const rows = [at.index, leaf.start, leaf.count, at.left, at.right, at.counts] as const;
  go('partition', ...rows, at.bins, learned.length, node.column, at.goes);
  go('gather', ...rows);
  let left = 0;
  for (let p = 0; p < (shared ? kernel.threads : 1); p++) left += views.counts[p]!;
  return left;
}

/** Fills `best` of both leaves; `small`'s histograms are built, `large`'s are its parent's less those. */
function findSplits(growth: Growth, small: Leaf, large: Leaf | undefined): void {
  const { session, params, active } = growth;
  const canSplit = (leaf: Leaf): boolean =>
    leaf.count >= 2 * params.minDataInLeaf && (params.maxDepth === 0 || leaf.depth < params.maxDepth);
  const smallLive = canSplit(small);
  const largeLive = large !== undefined && canSplit(large);
  if (active.length === 0 || (!smallLive && !largeLive)) return;
  writeLeaf(growth, small, 0, smallLive);
  if (large) writeLeaf(growth, large, 1, largeLive);
  const { kernel, at, learned } = session;
  const slot = (leaf: Leaf): number => at.histograms + leaf.slot * learned.length * COLUMN_BYTES;
  const work = active.length * (small.count + 256);
  const go = work >= SMALL_WORK ? kernel.run : kernel.alone;
  go(
    'splitChildren',
    at.columns,
    active.length,
    at.bins,
    learned.length,
    at.packed,
    at.index,
    small.start,
    small.count,
    slot(small),
    large ? slot(large) : 0,
    at.rules,
    at.leafPair,
    at.splits,
    at.tiles,
  );
  if (smallLive) small.best = bestCandidate(growth, 0);
  if (large && largeLive) large.best = bestCandidate(growth, active.length);
}

/** Greatest gain; ties to the first column. */
function bestCandidate({ session, active }: Growth, first: number): Candidate | undefined {
  const { splitGains, splitWords } = session.views;
  let at = -1;
  let gain = 0;
  for (let a = 0; a < active.length; a++) {
    const g = splitGains[((first + a) * SPLIT_BYTES) / 8]!;
    if (g > gain) {
      gain = g;
      at = a;
    }
  }
  if (at < 0) return undefined;
  const word = ((first + at) * SPLIT_BYTES) / 4;
  return {
    column: active[at]!,
    gain,
    bin: splitWords[word + 2]!,
    flags: splitWords[word + 3]!,
    leftHessian: splitWords[word + 4]!,
    leftGradient: splitWords[word + 5]! | 0,
    words: splitWords.slice(word + 6, word + 14),
  };
}

function writeRules({ session, params, quanta, constrained, random }: Growth): void {
  session.views.rules.set([
    quanta.gradient,
    quanta.hessian,
    params.lambda,
    params.minGain,
    params.catSmooth,
    params.catL2,
    params.maxCategories,
    params.minDataPerGroup,
    constrained ? 1 : 0,
    random ? 1 : 0,
  ]);
}

function writeColumns({ session, params, active }: Growth): void {
  const records = session.views.columns;
  active.forEach((column, a) => {
    const bins = session.learned[column]!;
    const kind = !bins.categorical ? 0 : bins.bins - 2 <= params.oneHotLimit ? 2 : 1;
    records.set([column, bins.bins, kind, params.monotone?.[column] ?? 0], (a * COLUMN_RECORD_BYTES) / 4);
  });
}

function writeLeaf(
  { session, params, quanta, seed }: Growth,
  leaf: Leaf,
  which: number,
  live: boolean,
): void {
  const words = (which * LEAF_BYTES) / 4;
  session.views.leafWords[words] = leaf.hessian;
  session.views.leafWords[words + 1] = leaf.gradient;
  const rowsPerHessian = leaf.count / leaf.hessian;
  const least = Math.max(
    1,
    Math.ceil((params.minDataInLeaf - 0.5) / rowsPerHessian),
    Math.ceil(params.minHessianInLeaf / quanta.hessian),
  );
  const g = leaf.gradient * quanta.gradient;
  const h = leaf.hessian * quanta.hessian + params.lambda;
  const w = Math.min(Math.max(-g / h, leaf.lower), leaf.upper);
  const parentScore = -(2 * g * w + h * w * w);
  session.views.leafNumbers.set(
    [
      least,
      parentScore,
      leaf.lower,
      leaf.upper,
      rowsPerHessian,
      (seed ^ (leaf.start * 31 + leaf.count)) >>> 0,
      live ? 1 : 0,
    ],
    words / 2 + 1,
  );
}
