import type { Repair } from '../sources/types.ts';

/** Rows, cells or keys that loading could not use, with a few examples (data rows are counted from 1, without header). */
export interface Finding {
  readonly reason: string;
  readonly rows: number;
  readonly examples: readonly string[];
}

export interface TableLoad {
  readonly name: string;
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows not kept: without a key, exact repeats, conflicting duplicates of a key. */
  readonly setAside: readonly Finding[];
  /** Cells that do not read as their column's type; they are null. */
  readonly unparsed: readonly (Finding & { readonly column: string })[];
  /** Keys that name no row of the linked table; the link is null. */
  readonly orphans: readonly (Finding & { readonly link: string })[];
  /** Rows of a dated table without a time; they are never visible. */
  readonly missingTime: number;
  /** Rows dated after `now`. */
  readonly future: number;
  /** What was repaired in the file, when it was read by this load. */
  readonly repairs: readonly Repair[];
}

export interface LoadReport {
  readonly tables: readonly TableLoad[];
  /** ms since epoch by which every credible row is known (rounded up); undefined when no table has a time. */
  readonly lastCredibleTime?: number;
}
