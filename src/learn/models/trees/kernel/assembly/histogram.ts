// Histograms: for each column and bin, the sum of packed (gradient, hessian) integers over a leaf's rows.
//
// Bins are row-major bytes. Rows go in tiles: the tile's row addresses and packed values are gathered once, then eight
// columns at a time are added, so that the eight histograms (16 KB) and the tile both stay in the first-level cache.
// The eight adds are written out, so that the compiler keeps their offsets as constants.
import { COLUMN_BYTES } from './common';

export const TILE: i32 = 1024;
/** A thread's scratch: TILE row addresses (u32) and TILE packed values (i64). */
export const TILE_BYTES: usize = <usize>TILE * 12;

// @ts-ignore: decorator
@inline
function add(slot: usize, value: i64, offset: usize): void {
  store<i64>(slot + offset, load<i64>(slot + offset) + value);
}

/** Columns at eight consecutive bytes. */
function addEight(tile: usize, count: i32, column: usize, hist: usize): void {
  const values = tile + (<usize>TILE << 2);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(tile + (<usize>i << 2)) + column;
    const value = load<i64>(values + (<usize>i << 3));
    add(hist + (<usize>load<u8>(row, 0) << 3), value, 0);
    add(hist + (<usize>load<u8>(row, 1) << 3), value, 2048);
    add(hist + (<usize>load<u8>(row, 2) << 3), value, 4096);
    add(hist + (<usize>load<u8>(row, 3) << 3), value, 6144);
    add(hist + (<usize>load<u8>(row, 4) << 3), value, 8192);
    add(hist + (<usize>load<u8>(row, 5) << 3), value, 10240);
    add(hist + (<usize>load<u8>(row, 6) << 3), value, 12288);
    add(hist + (<usize>load<u8>(row, 7) << 3), value, 14336);
  }
}

/** Columns at any four bytes. */
function addFour(tile: usize, count: i32, a: usize, b: usize, c: usize, d: usize, hist: usize): void {
  const values = tile + (<usize>TILE << 2);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(tile + (<usize>i << 2));
    const value = load<i64>(values + (<usize>i << 3));
    add(hist + (<usize>load<u8>(row + a) << 3), value, 0);
    add(hist + (<usize>load<u8>(row + b) << 3), value, 2048);
    add(hist + (<usize>load<u8>(row + c) << 3), value, 4096);
    add(hist + (<usize>load<u8>(row + d) << 3), value, 6144);
  }
}

function addOne(tile: usize, count: i32, a: usize, hist: usize): void {
  const values = tile + (<usize>TILE << 2);
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(tile + (<usize>i << 2));
    add(hist + (<usize>load<u8>(row + a) << 3), load<i64>(values + (<usize>i << 3)), 0);
  }
}

// @ts-ignore: decorator
@inline
function column(columns: usize, active: i32): usize {
  return <usize>load<i32>(columns + (<usize>active << 4));
}

/** Histograms of active columns [from, to) over index[start, start + count) into hist (zeroed here). */
export function buildHistograms(
  from: i32, to: i32, columns: usize, bins: usize, stride: i32, packed: usize, index: usize, start: i32, count: i32,
  hist: usize, tile: usize,
): void {
  memory.fill(hist + <usize>from * COLUMN_BYTES, 0, <usize>(to - from) * COLUMN_BYTES);
  const values = tile + (<usize>TILE << 2);
  for (let at = 0; at < count; at += TILE) {
    const m = min(TILE, count - at);
    const rows = index + (<usize>(start + at) << 2);
    for (let i = 0; i < m; i++) {
      const row = <usize>load<u32>(rows + (<usize>i << 2));
      store<u32>(tile + (<usize>i << 2), <u32>(bins + row * <usize>stride));
      store<i64>(values + (<usize>i << 3), load<i64>(packed + (row << 3)));
    }
    let a = from;
    while (a < to) {
      const out = hist + <usize>a * COLUMN_BYTES;
      const c = column(columns, a);
      if (a + 8 <= to && column(columns, a + 7) == c + 7) {
        addEight(tile, m, c, out);
        a += 8;
      } else if (a + 4 <= to) {
        addFour(tile, m, c, column(columns, a + 1), column(columns, a + 2), column(columns, a + 3), out);
        a += 4;
      } else {
        addOne(tile, m, c, out);
        a += 1;
      }
    }
  }
}

/** large −= small, for active columns [from, to). */
export function subtractHistograms(from: i32, to: i32, large: usize, small: usize): void {
  let a = large + <usize>from * COLUMN_BYTES;
  let b = small + <usize>from * COLUMN_BYTES;
  const end = large + <usize>to * COLUMN_BYTES;
  while (a < end) {
    v128.store(a, i64x2.sub(v128.load(a), v128.load(b)));
    v128.store(a, i64x2.sub(v128.load(a, 16), v128.load(b, 16)), 16);
    a += 32;
    b += 32;
  }
}
