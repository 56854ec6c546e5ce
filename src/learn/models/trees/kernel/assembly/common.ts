// Shapes shared with the TypeScript side (kernel/layout.ts holds the same numbers).

/** Rows of one reduction chunk: fixed, so that floating sums do not depend on the thread count. */
export const CHUNK: i32 = 4096;
/** Bytes of one column's histogram: 256 bins of one packed i64 (gradient sum << 32 | hessian sum). */
export const COLUMN_BYTES: usize = 2048;
/** Bytes of one split candidate: gain f64, bin i32, flags i32, left sums i64, left bins 256 bits, padding. */
export const SPLIT_BYTES: usize = 64;
export const MISSING_LEFT: i32 = 1;
export const CATEGORICAL: i32 = 2;
/** A categorical split of several bins: its outputs carry the extra regularisation. */
export const MANY: i32 = 4;
/** The leaf had missing values on this column, so the direction was learned. */
export const MISSING_SEEN: i32 = 8;

// @ts-ignore: decorator
@inline
export function first(total: i32, part: i32, parts: i32): i32 {
  return <i32>((<i64>total * part) / parts);
}

/** Hash of three words (murmur3 finaliser): the kernel's only source of chance. */
// @ts-ignore: decorator
@inline
export function hash(a: u32, b: u32, c: u32): u32 {
  let x = a ^ (b * 0x9e3779b1) ^ (c * 0x85ebca6b + 0x27d4eb2f);
  x ^= x >> 16;
  x *= 0x85ebca6b;
  x ^= x >> 13;
  x *= 0xc2b2ae35;
  return x ^ (x >> 16);
}

// @ts-ignore: decorator
@inline
export function gradientSum(packed: i64): f64 {
  return <f64>(<i32>(packed >> 32));
}

// @ts-ignore: decorator
@inline
export function hessianSum(packed: i64): f64 {
  return <f64>(<u32>packed);
}
