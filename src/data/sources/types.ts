export type SourceFormat = 'csv' | 'parquet' | 'ndjson' | 'json' | 'duckdb';

/** A table to read: a file, or one table inside a DuckDB file (`member`, printed `schema.table` outside `main`). */
export interface SourceFile {
  /** Unique among the sources; the table's name in the schema. */
  readonly name: string;
  readonly path: string;
  readonly format: SourceFormat;
  readonly member?: string;
}

/** Something wrong in the input that was put right or set aside; `rows` counts the lines, cells or names concerned. */
export interface Repair {
  /** File, and table or column where that helps. */
  readonly where: string;
  readonly problem: string;
  readonly rows: number;
  /** A few, with line or row numbers. */
  readonly examples: readonly string[];
  readonly action: string;
}

/** A source as it stands in the engine: `raw."<name>"`, columns as below plus `__row` (0-based, file order). */
export interface RawTable {
  readonly name: string;
  readonly source: SourceFile;
  readonly rows: number;
  /** CSV columns are VARCHAR; other formats keep BOOLEAN, integers, DOUBLE, DECIMAL, DATE, TIMESTAMP. */
  readonly columns: readonly { readonly name: string; readonly engineType: string }[];
  readonly repairs: readonly Repair[];
}

export const MAX_EXAMPLES = 3;
