// Binning. Bounds: sort a sample (radix, on order-preserving integer keys), give values that hold more than a mean bin
// their own bin and pack the rest to equal counts (LightGBM's GreedyFindBin), bounds midway between neighbours.
import { first } from './common';

const DIGITS: i32 = 2048;

// @ts-ignore: decorator
@inline
function key(v: f32): u32 {
  const bits = reinterpret<u32>(v + <f32>0);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

// @ts-ignore: decorator
@inline
function value(k: u32): f32 {
  return reinterpret<f32>(k ^ (<u32>(<i32>~k >> 31) | 0x80000000));
}

/** LSD radix sort of n keys in `a` (11 bits a pass); `b` is as large, `counts` holds 3 × 2048 words. Sorted into `b`. */
function sortKeys(a: usize, b: usize, n: i32, counts: usize): void {
  memory.fill(counts, 0, 3 * DIGITS * 4);
  for (let i = 0; i < n; i++) {
    const k = load<u32>(a + (<usize>i << 2));
    bump(counts, k & 2047);
    bump(counts, 2048 + ((k >> 11) & 2047));
    bump(counts, 4096 + (k >> 22));
  }
  for (let pass = 0; pass < 3; pass++) {
    const at = counts + <usize>(pass * DIGITS * 4);
    let sum: u32 = 0;
    for (let d = 0; d < DIGITS; d++) {
      const c = load<u32>(at + (<usize>d << 2));
      store<u32>(at + (<usize>d << 2), sum);
      sum += c;
    }
    const from = pass == 1 ? b : a;
    const to = pass == 1 ? a : b;
    const shift: u32 = <u32>(pass * 11);
    for (let i = 0; i < n; i++) {
      const k = load<u32>(from + (<usize>i << 2));
      const slot = at + (<usize>((k >> shift) & 2047) << 2);
      const position = load<u32>(slot);
      store<u32>(slot, position + 1);
      store<u32>(to + (<usize>position << 2), k);
    }
  }
}

// @ts-ignore: decorator
@inline
function bump(counts: usize, digit: u32): void {
  const at = counts + (<usize>digit << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function midway(low: f32, high: f32): f32 {
  const m = <f32>((<f64>low + <f64>high) * 0.5);
  return m < high && m >= low ? m : low;
}

/** Sorted keys → distinct keys in `distinct`, counts in `counts`; returns how many. */
function runs(sorted: usize, n: i32, distinct: usize, counts: usize): i32 {
  let d = -1;
  let last: u32 = 0;
  for (let i = 0; i < n; i++) {
    const k = load<u32>(sorted + (<usize>i << 2));
    if (d < 0 || k != last) {
      d++;
      last = k;
      store<u32>(distinct + (<usize>d << 2), k);
      store<u32>(counts + (<usize>d << 2), 0);
    }
    const at = counts + (<usize>d << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  return d + 1;
}

/** Upper bounds (inclusive) of all bins but the last; returns how many. */
function greedy(distinct: usize, counts: usize, d: i32, total: i32, maxBin: i32, minData: i32, bounds: usize): i32 {
  if (d <= 1) return 0;
  const few = d <= maxBin;
  let mean = <f64>total / <f64>maxBin;
  let restTotal = total;
  let restBins = maxBin;
  const big = mean;
  if (!few) {
    for (let i = 0; i < d; i++) {
      const c = load<u32>(counts + (<usize>i << 2));
      if (<f64>c >= big) {
        restTotal -= c;
        restBins--;
      }
    }
    mean = <f64>restTotal / <f64>max(restBins, 1);
  }
  let made = 0;
  let current = 0;
  let rest = restTotal;
  for (let i = 0; i < d - 1 && made < maxBin - 1; i++) {
    const c = load<u32>(counts + (<usize>i << 2));
    const next = load<u32>(counts + (<usize>(i + 1) << 2));
    current += c;
    let close: bool;
    const isBig = !few && <f64>c >= big;
    if (few) {
      close = current >= minData;
    } else {
      if (!isBig) rest -= c;
      close = isBig || <f64>current >= mean || (<f64>next >= big && <f64>current >= max(1.0, mean * 0.5));
    }
    if (!close) continue;
    store<f32>(
      bounds + (<usize>made << 2),
      midway(value(load<u32>(distinct + (<usize>i << 2))), value(load<u32>(distinct + (<usize>(i + 1) << 2)))),
    );
    made++;
    current = 0;
    if (!few && !isBig) {
      restBins--;
      mean = <f64>rest / <f64>max(restBins, 1);
    }
  }
  return made;
}

/**
 * Bounds of the staged columns. `staged` columns of n f32 at `stage`; bounds: 256 f32 a column, padded with infinity;
 * made: i32 a column, the number of bounds. A thread's scratch: 3 n words and 3 × 2048 words (n at most `sample`).
 */
export function numericBounds(
  part: i32, parts: i32, staged: i32, n: i32, stage: usize, scratch: usize, scratchBytes: i32,
  sample: i32, maxBin: i32, minData: i32, bounds: usize, made: usize,
): void {
  const rows = min(n, sample);
  const a = scratch + <usize>part * <usize>scratchBytes;
  const b = a + (<usize>rows << 2);
  const c = b + (<usize>rows << 2);
  const digits = c + (<usize>rows << 2);
  for (let column = part; column < staged; column += parts) {
    const values = stage + ((<usize>column * <usize>n) << 2);
    let m = 0;
    for (let i = 0; i < rows; i++) {
      const row = n > sample ? <i32>((<i64>i * n) / rows) : i;
      const v = load<f32>(values + (<usize>row << 2));
      if (v != v) continue;
      store<u32>(a + (<usize>m << 2), key(v));
      m++;
    }
    sortKeys(a, b, m, digits);
    const out = bounds + ((<usize>column * 256) << 2);
    for (let k = 0; k < 256; k++) store<f32>(out + (<usize>k << 2), f32.MAX_VALUE * 2);
    store<i32>(made + (<usize>column << 2), greedy(a, c, runs(b, m, a, c), m, maxBin, minData, out));
  }
}

/**
 * Bins of the staged columns into row-major bytes. kind[c]: number of value bins of a numeric column (its missing
 * bin's index), or −(length of the code table) − 1 of a categorical one; table: 256 f32 bounds, or a pointer to the
 * code → bin bytes in its first word. Categorical: bin 0 missing, bin 1 any other code.
 */
export function binRows(
  part: i32, parts: i32, staged: i32, n: i32, stage: usize, bounds: usize, kind: usize,
  bins: usize, stride: i32, firstColumn: i32,
): void {
  const to = first(n, part + 1, parts);
  for (let at = first(n, part, parts); at < to; at += 256) {
    const end = min(at + 256, to);
    for (let c = 0; c < staged; c++) {
      const values = stage + ((<usize>c * <usize>n) << 2);
      const table = bounds + ((<usize>c * 256) << 2);
      const k = load<i32>(kind + (<usize>c << 2));
      const out = bins + <usize>(firstColumn + c);
      if (k < 0) {
        const codes = <usize>load<u32>(table);
        const length = -k - 1;
        for (let i = at; i < end; i++) {
          const v = load<f32>(values + (<usize>i << 2));
          let bin: u8 = 0;
          if (v == v) bin = v >= 0 && v < <f32>length ? load<u8>(codes + <usize>(<u32>v)) : 1;
          store<u8>(out + <usize>i * <usize>stride, bin);
        }
      } else {
        for (let i = at; i < end; i++) {
          const v = load<f32>(values + (<usize>i << 2));
          store<u8>(out + <usize>i * <usize>stride, v == v ? lowerBound(table, v) : k);
        }
      }
    }
  }
}

/** How many of the 256 sorted f32 at `table` are below v, without branches. */
// @ts-ignore: decorator
@inline
function lowerBound(table: usize, v: f32): i32 {
  let p = table;
  for (let step: usize = 512; step >= 4; step >>= 1) {
    p += load<f32>(p + step - 4) < v ? step : 0;
  }
  return <i32>((p - table) >> 2);
}
