// TreeSHAP, leaf by leaf (../../shap.ts says why). One thread; shapes are those of kernel/layout.ts.

/** A path: its columns (i32), unused (i32), the leaf's value (f64), then a condition for each column. */
const PATH_BYTES: usize = 16;
/**
 * A condition: column (i32), categorical (i32), low (f32), high (f32), missing goes along (i32), unused (i32), share of the
 * rows that go along (f64), 256 bits "bin goes along". low NaN: no such bound.
 */
const CONDITION_BYTES: usize = 64;
const SHARE: usize = 24;
const SET: usize = 32;
/** Rows at a time: patterns and contributions of a block stay in cache. */
const BLOCK: i32 = 1024;
/** Patterns of longer paths are solved for every row anew. */
const TABLE_DEPTH: i32 = 12;
const TABLE_BYTES: usize = 4 << 12;

/**
 * values[column][row] += contributions of `count` paths. columns (f32; bins where categorical) and values (f64) hold
 * `stride` rows a column, a multiple of 4; the first `rows` of them count. scratch: zero the first time;
 * its size is shapScratchBytes.
 */
export function shapPaths(
  count: i32, paths: usize, rows: i32, stride: i32, columns: usize, values: usize, deepest: i32, scratch: usize,
): void {
  const patterns = scratch;
  const table = patterns + (<usize>BLOCK << 2);
  const seen = table + TABLE_BYTES;
  const met = seen + TABLE_BYTES;
  const weights = met + ((<usize>deepest + 7) & ~7);
  const polynomial = weights + (<usize>deepest << 3);
  const solved = polynomial + ((<usize>deepest + 1) << 3);
  let path = paths;
  for (let p = 0; p < count; p++) {
    const depth = load<i32>(path);
    coalitionWeights(depth, weights);
    if (depth > TABLE_DEPTH) deepPath(path, depth, rows, stride, columns, values, met, weights, polynomial, solved);
    else tabledPath(path, depth, rows, stride, columns, values, patterns, table, seen, met, weights, polynomial, solved);
    path += PATH_BYTES + <usize>depth * CONDITION_BYTES;
  }
}

// @ts-ignore: decorator
@inline
function conditionOf(path: usize, k: i32): usize {
  return path + PATH_BYTES + <usize>k * CONDITION_BYTES;
}

function tabledPath(
  path: usize, depth: i32, rows: i32, stride: i32, columns: usize, values: usize, patterns: usize, table: usize,
  seen: usize, met: usize, weights: usize, polynomial: usize, solved: usize,
): void {
  const width = <usize>depth << 3;
  let known = 0;
  for (let from = 0; from < rows; from += BLOCK) {
    const n = min(BLOCK, rows - from);
    memory.fill(patterns, 0, <usize>BLOCK << 2);
    for (let k = 0; k < depth; k++) {
      const condition = conditionOf(path, k);
      const column = columns + ((<usize>load<i32>(condition) * <usize>stride + <usize>from) << 2);
      if (load<i32>(condition, 4)) matchBins(condition, column, n, k, patterns);
      else matchNumbers(condition, column, n, k, patterns);
    }
    // Patterns become places of what is solved.
    for (let i = 0; i < n; i++) {
      const pattern = load<u32>(patterns + (<usize>i << 2));
      let slot = load<u32>(table + (<usize>pattern << 2));
      if (slot == 0) {
        for (let k = 0; k < depth; k++) store<u8>(met + <usize>k, <u8>((pattern >> k) & 1));
        solve(path, depth, met, weights, polynomial, solved + <usize>known * width);
        store<u32>(seen + (<usize>known << 2), pattern);
        slot = ++known;
        store<u32>(table + (<usize>pattern << 2), slot);
      }
      store<u32>(patterns + (<usize>i << 2), <u32>((slot - 1) * <u32>width));
    }
    for (let k = 0; k < depth; k++) {
      const column = <usize>load<i32>(conditionOf(path, k));
      const out = values + ((column * <usize>stride + <usize>from) << 3);
      const phi = solved + (<usize>k << 3);
      for (let i = 0; i < n; i++) {
        const to = out + (<usize>i << 3);
        store<f64>(to, load<f64>(to) + load<f64>(phi + <usize>load<u32>(patterns + (<usize>i << 2))));
      }
    }
  }
  for (let i = 0; i < known; i++) store<u32>(table + (<usize>load<u32>(seen + (<usize>i << 2)) << 2), 0);
}

function deepPath(
  path: usize, depth: i32, rows: i32, stride: i32, columns: usize, values: usize, met: usize, weights: usize,
  polynomial: usize, solved: usize,
): void {
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < depth; k++) {
      const condition = conditionOf(path, k);
      const value = load<f32>(columns + ((<usize>load<i32>(condition) * <usize>stride + <usize>i) << 2));
      store<u8>(met + <usize>k, <u8>matches(condition, value));
    }
    solve(path, depth, met, weights, polynomial, solved);
    for (let k = 0; k < depth; k++) {
      const column = <usize>load<i32>(conditionOf(path, k));
      const to = values + ((column * <usize>stride + <usize>i) << 3);
      store<f64>(to, load<f64>(to) + load<f64>(solved + (<usize>k << 3)));
    }
  }
}

// @ts-ignore: decorator
@inline
function holds(condition: usize, bin: u32): u32 {
  return (load<u32>(condition + ((bin >> 5) << 2), SET) >> (bin & 31)) & 1;
}

function matches(condition: usize, value: f32): u32 {
  if (load<i32>(condition, 4)) return holds(condition, <u32>value);
  if (value != value) return <u32>load<i32>(condition, 16);
  return <u32>(value <= load<f32>(condition, 12) && !(value <= load<f32>(condition, 8)));
}

function matchBins(condition: usize, column: usize, n: i32, k: i32, patterns: usize): void {
  for (let i = 0; i < n; i++) {
    const at = patterns + (<usize>i << 2);
    const bin = <u32>load<f32>(column + (<usize>i << 2));
    store<u32>(at, load<u32>(at) | (holds(condition, bin) << k));
  }
}

/** Four rows at a time, the last ones beyond n. */
function matchNumbers(condition: usize, column: usize, n: i32, k: i32, patterns: usize): void {
  const low = f32x4.splat(load<f32>(condition, 8));
  const high = f32x4.splat(load<f32>(condition, 12));
  const missing = i32x4.splat(-load<i32>(condition, 16));
  const bit = i32x4.splat(1 << k);
  for (let i = 0; i < n; i += 4) {
    const v = v128.load(column + (<usize>i << 2));
    const inside = v128.andnot(f32x4.le(v, high), f32x4.le(v, low));
    const along = v128.or(inside, v128.and(missing, f32x4.ne(v, v)));
    const at = patterns + (<usize>i << 2);
    v128.store(at, v128.or(v128.load(at), v128.and(along, bit)));
  }
}

/** Contributions of the path's columns, for a row that meets condition k where met[k] is 1. */
function solve(path: usize, depth: i32, met: usize, weights: usize, polynomial: usize, phi: usize): void {
  let agreed = 0;
  let off = load<f64>(path, 8);
  store<f64>(polynomial, 1);
  for (let k = 0; k < depth; k++) {
    const z = load<f64>(conditionOf(path, k), SHARE);
    if (load<u8>(met + <usize>k) == 0) {
      off *= z;
      continue;
    }
    agreed++;
    const top = polynomial + (<usize>agreed << 3);
    store<f64>(top, load<f64>(top - 8));
    for (let at = top - 8; at > polynomial; at -= 8) store<f64>(at, load<f64>(at) * z + load<f64>(at - 8));
    store<f64>(polynomial, load<f64>(polynomial) * z);
  }
  let all: f64 = 0;
  for (let s = 0; s <= agreed && s < depth; s++) {
    all += load<f64>(polynomial + (<usize>s << 3)) * load<f64>(weights + (<usize>s << 3));
  }
  for (let k = 0; k < depth; k++) {
    const z = load<f64>(conditionOf(path, k), SHARE);
    const along = load<u8>(met + <usize>k) != 0;
    store<f64>(phi + (<usize>k << 3), along ? off * (1 - z) * without(polynomial, agreed, z, weights) : -off * all);
  }
}

/** Weighted sum of the coefficients of polynomial / (y + z). */
function without(polynomial: usize, degree: i32, z: f64, weights: usize): f64 {
  let quotient = load<f64>(polynomial + (<usize>degree << 3));
  let sum = quotient * load<f64>(weights + (<usize>(degree - 1) << 3));
  for (let s = degree - 1; s > 0; s--) {
    quotient = load<f64>(polynomial + (<usize>s << 3)) - z * quotient;
    sum += quotient * load<f64>(weights + (<usize>(s - 1) << 3));
  }
  return sum;
}

/** s! (d − s − 1)! / d!, for s = 0 … d − 1. */
function coalitionWeights(d: i32, weights: usize): void {
  let weight = 1 / <f64>d;
  for (let s = 0; s < d; s++) {
    store<f64>(weights + (<usize>s << 3), weight);
    weight *= <f64>(s + 1) / <f64>(d - s - 1);
  }
}
