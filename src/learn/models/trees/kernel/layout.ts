/** Numbers and places shared with the kernel (assembly/common.ts, assembly/split.ts). */
export const CHUNK = 4096;
export const COLUMN_BYTES = 2048;
export const SPLIT_BYTES = 64;
export const NODE_BYTES = 48;
export const LEAF_BYTES = 64;
export const COLUMN_RECORD_BYTES = 16;
export const RULES = 10;
/** A thread's scratch for histograms: 1,024 row addresses and packed values. */
export const TILE_BYTES = 1024 * 12;

export const MISSING_LEFT = 1;
export const CATEGORICAL = 2;
export const MANY = 4;
export const MISSING_SEEN = 8;

/** TreeSHAP (assembly/shap.ts). */
export const PATH_BYTES = 16;
export const CONDITION_BYTES = 64;
const SHAP_BLOCK = 1024;
const SHAP_TABLE_DEPTH = 12;

/** Scratch of `shapPaths` for paths of at most `deepest` columns. */
export function shapScratchBytes(deepest: number): number {
  const tables = (SHAP_BLOCK + 2 * 2 ** SHAP_TABLE_DEPTH) * 4;
  const solved = Math.max(2 ** SHAP_TABLE_DEPTH * Math.min(deepest, SHAP_TABLE_DEPTH), deepest) * 8;
  return tables + deepest + 8 + (2 * deepest + 1) * 8 + solved;
}

/** Bump allocation of places in the shared memory, before the memory exists. */
export interface Arena {
  /** Offset of `bytes` fresh bytes, aligned to 64. */
  take(bytes: number): number;
  readonly size: number;
}

/** The first 64 KB are the kernel's own constants. */
export function createArena(): Arena {
  let size = 65536;
  return {
    take(bytes) {
      const at = size;
      size += Math.ceil(bytes / 64) * 64;
      return at;
    },
    get size() {
      return size;
    },
  };
}
