// The best split of one leaf on one column, from its histogram.
//
// Scores G²/(H + λ) are compared in quanta (λ divided by the hessian quantum), and only the best is turned to real
// units. Counts are not kept: a row count is hessian × (rows / hessian of the leaf), exact for constant hessians
// (as LightGBM infers them).
import { CATEGORICAL, MANY, MISSING_LEFT, MISSING_SEEN, SPLIT_BYTES, gradientSum, hash, hessianSum } from './common';

/** Of a fit: written by the TypeScript side before each tree. */
@unmanaged
export class Rules {
  gradientQuantum: f64;
  hessianQuantum: f64;
  lambda: f64;
  minGain: f64;
  catSmooth: f64;
  catL2: f64;
  maxCategories: f64;
  minGroup: f64;
  constrained: f64;
  randomThresholds: f64;
}

/** Of a leaf. */
@unmanaged
export class Leaf {
  total: i64;
  /** Least hessian quanta of a child: from min data in leaf and min hessian. */
  minHessian: f64;
  parentScore: f64;
  lower: f64;
  upper: f64;
  rowsPerHessian: f64;
  seed: f64;
  /** 0: this leaf cannot be split further; do not look. */
  live: f64;
}

/** Of an active column. */
@unmanaged
export class Column {
  column: i32;
  bins: i32;
  /** 0 numeric (missing bin = bins), 1 categorical, 2 categorical split one against the rest. */
  kind: i32;
  monotone: i32;
}

@unmanaged
class Split {
  gain: f64;
  bin: i32;
  flags: i32;
  left: i64;
}

export function bestSplit(hist: usize, column: Column, leaf: Leaf, rules: Rules, out: usize, scratch: usize): void {
  const split = changetype<Split>(out);
  memory.fill(out, 0, SPLIT_BYTES);
  split.gain = -Infinity;
  if (column.kind == 1) {
    manyCategories(hist, column.bins, leaf, rules, split, scratch);
  } else if (column.kind == 2) {
    oneCategory(hist, column, leaf, rules, split);
  } else if (rules.randomThresholds != 0) {
    randomThreshold(hist, column, leaf, rules, split);
  } else if (rules.constrained != 0) {
    numericConstrained(hist, column, leaf, rules, split);
  } else {
    numeric(hist, column.bins, leaf, rules, split);
  }
}

// @ts-ignore: decorator
@inline
function bin(hist: usize, b: i32): i64 {
  return load<i64>(hist + (<usize>b << 3));
}

/** Net gain in real units of a score in quanta. */
// @ts-ignore: decorator
@inline
function net(score: f64, leaf: Leaf, rules: Rules): f64 {
  return (score * rules.gradientQuantum * rules.gradientQuantum) / rules.hessianQuantum - leaf.parentScore - rules.minGain;
}

function numeric(hist: usize, bins: i32, leaf: Leaf, rules: Rules, split: Split): void {
  const missing = bin(hist, bins);
  let best = scan(hist, bins, 0, 0, -1, leaf, rules, split);
  if (missing != 0) {
    best = scan(hist, bins, missing, MISSING_LEFT, best, leaf, rules, split);
    split.flags |= MISSING_SEEN;
  }
  if (best >= 0) split.gain = net(best, leaf, rules);
}

/** All thresholds, with `start` already on the left, against the best score so far; returns the new best, in quanta. */
function scan(
  hist: usize, bins: i32, start: i64, flags: i32, before: f64, leaf: Leaf, rules: Rules, split: Split,
): f64 {
  const g = gradientSum(leaf.total);
  const h = hessianSum(leaf.total);
  const least = leaf.minHessian;
  const most = h - least;
  const lambda = rules.lambda / rules.hessianQuantum;
  let best = before;
  let left = start;
  for (let b = 0; b < bins; b++) {
    const v = bin(hist, b);
    if (v == 0) continue;
    left += v;
    const hl = hessianSum(left);
    if (hl < least) continue;
    if (hl > most) break;
    const gl = gradientSum(left);
    const gr = g - gl;
    const dl = hl + lambda;
    const dr = h - hl + lambda;
    const above = gl * gl * dr + gr * gr * dl;
    // above / (dl × dr) > best, without dividing at every bin.
    if (above > best * (dl * dr)) {
      best = above / (dl * dr);
      split.bin = b;
      split.flags = flags;
      split.left = left;
    }
  }
  return best;
}

// @ts-ignore: decorator
@inline
function output(g: f64, h: f64, lambda: f64, leaf: Leaf): f64 {
  return min(max(-g / (h + lambda), leaf.lower), leaf.upper);
}

/** Real-unit score of a split with outputs held to the leaf's bounds and the column's direction; −1 if against it. */
function constrainedScore(left: i64, leaf: Leaf, rules: Rules, monotone: i32, lambda: f64): f64 {
  const right = leaf.total - left;
  const gl = gradientSum(left) * rules.gradientQuantum;
  const hl = hessianSum(left) * rules.hessianQuantum;
  const gr = gradientSum(right) * rules.gradientQuantum;
  const hr = hessianSum(right) * rules.hessianQuantum;
  const wl = output(gl, hl, lambda, leaf);
  const wr = output(gr, hr, lambda, leaf);
  if ((monotone > 0 && wl > wr) || (monotone < 0 && wl < wr)) return -1;
  return -(2 * gl * wl + (hl + lambda) * wl * wl) - (2 * gr * wr + (hr + lambda) * wr * wr);
}

// @ts-ignore: decorator
@inline
function fits(left: i64, leaf: Leaf): bool {
  return hessianSum(left) >= leaf.minHessian && hessianSum(leaf.total - left) >= leaf.minHessian;
}

function offer(left: i64, b: i32, flags: i32, column: Column, leaf: Leaf, rules: Rules, split: Split): void {
  if (!fits(left, leaf)) return;
  const score = constrainedScore(left, leaf, rules, column.monotone, rules.lambda);
  if (score < 0) return;
  const gain = score - leaf.parentScore - rules.minGain;
  if (gain <= split.gain) return;
  split.gain = gain;
  split.bin = b;
  split.flags = flags;
  split.left = left;
}

function numericConstrained(hist: usize, column: Column, leaf: Leaf, rules: Rules, split: Split): void {
  const missing = bin(hist, column.bins);
  let left: i64 = 0;
  for (let b = 0; b < column.bins; b++) {
    const v = bin(hist, b);
    if (v == 0) continue;
    left += v;
    offer(left, b, missing != 0 ? MISSING_SEEN : 0, column, leaf, rules, split);
    if (missing != 0) offer(left + missing, b, MISSING_LEFT | MISSING_SEEN, column, leaf, rules, split);
  }
}

/** Extremely randomised: one threshold, uniform between the leaf's least and greatest occupied bins. */
function randomThreshold(hist: usize, column: Column, leaf: Leaf, rules: Rules, split: Split): void {
  let low = 0;
  let high = column.bins - 1;
  while (low < high && bin(hist, low) == 0) low++;
  while (high > low && bin(hist, high) == 0) high--;
  const missing = bin(hist, column.bins);
  const choices = <u32>(high - low + (missing != 0 ? 1 : 0));
  if (choices == 0) return;
  const at = low + <i32>(hash(<u32>leaf.seed, <u32>column.column, 1) % choices);
  let left: i64 = 0;
  for (let b = low; b <= at; b++) left += bin(hist, b);
  offer(left, at, missing != 0 ? MISSING_SEEN : 0, column, leaf, rules, split);
  if (missing != 0) offer(left + missing, at, MISSING_LEFT | MISSING_SEEN, column, leaf, rules, split);
}

// @ts-ignore: decorator
@inline
function setBit(split: Split, b: i32): void {
  const at = changetype<usize>(split) + 24 + (<usize>b >> 3);
  store<u8>(at, load<u8>(at) | <u8>(<u8>1 << <u8>(b & 7)));
}

function oneCategory(hist: usize, column: Column, leaf: Leaf, rules: Rules, split: Split): void {
  for (let b = 0; b < column.bins; b++) {
    if (bin(hist, b) != 0) offer(bin(hist, b), b, CATEGORICAL, column, leaf, rules, split);
  }
  if (split.gain > -Infinity) setBit(split, split.bin);
}

// @ts-ignore: decorator
@inline
function sortKey(keys: usize, b: usize): f64 {
  return load<f64>(keys + (b << 3));
}

/** Bins (but for 0, missing) with enough rows, in Fisher's order of G / (H + smooth) (ties by bin), at `order`; returns how many. */
function orderCategories(hist: usize, bins: i32, leaf: Leaf, rules: Rules, order: usize, keys: usize): i32 {
  let n = 0;
  for (let b = 1; b < bins; b++) {
    const v = bin(hist, b);
    const h = hessianSum(v);
    if (v == 0 || h * leaf.rowsPerHessian + 0.5 < rules.catSmooth) continue;
    const key = (gradientSum(v) * rules.gradientQuantum) / (h * rules.hessianQuantum + rules.catSmooth);
    store<f64>(keys + (<usize>b << 3), key);
    let at = n++;
    while (at > 0 && sortKey(keys, <usize>load<u8>(order + <usize>at - 1)) > key) {
      store<u8>(order + <usize>at, load<u8>(order + <usize>at - 1));
      at--;
    }
    store<u8>(order + <usize>at, <u8>b);
  }
  return n;
}

/**
 * Prefixes of Fisher's order from both ends, at most maxCategories long, in steps of at least minGroup rows; missing
 * values (bin 0), where a group of their own, are tried on both sides of each.
 */
function manyCategories(hist: usize, bins: i32, leaf: Leaf, rules: Rules, split: Split, scratch: usize): void {
  const order = scratch;
  const n = orderCategories(hist, bins, leaf, rules, order, scratch + 256);
  const longest = min(<i32>rules.maxCategories, (n + 1) / 2);
  const missing = bin(hist, 0);
  const enough = missing != 0 && hessianSum(missing) * leaf.rowsPerHessian + 0.5 >= rules.minGroup;
  let length = 0;
  let fromEnd = false;
  for (let side = 0; side < 2; side++) {
    let left: i64 = 0;
    let group = 0.0;
    for (let i = 0; i < longest; i++) {
      const v = bin(hist, load<u8>(order + <usize>(side ? n - 1 - i : i)));
      left += v;
      group += hessianSum(v) * leaf.rowsPerHessian;
      if (group + 0.5 < rules.minGroup) continue;
      const better = offerGroup(left, 0, leaf, rules, split);
      const betterStill = enough && offerGroup(left + missing, MISSING_LEFT, leaf, rules, split);
      if (hessianSum(left) >= leaf.minHessian) group = 0;
      if (!better && !betterStill) continue;
      length = i + 1;
      fromEnd = side == 1;
    }
  }
  if (split.gain == -Infinity) return;
  if (split.flags & MISSING_LEFT) setBit(split, 0);
  for (let i = 0; i < length; i++) setBit(split, load<u8>(order + <usize>(fromEnd ? n - 1 - i : i)));
}

function offerGroup(left: i64, flags: i32, leaf: Leaf, rules: Rules, split: Split): bool {
  if (!fits(left, leaf) || hessianSum(leaf.total - left) * leaf.rowsPerHessian + 0.5 < rules.minGroup) return false;
  const score = constrainedScore(left, leaf, rules, 0, rules.lambda + rules.catL2);
  const gain = score - leaf.parentScore - rules.minGain;
  if (gain <= split.gain) return false;
  split.gain = gain;
  split.flags = CATEGORICAL | MANY | flags;
  split.left = left;
  return true;
}
