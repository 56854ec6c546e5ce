/**
 * What floors above see of an SQL engine. DuckDB is the embedded one; the only importers of a client are in this folder.
 *
 * Layout every engine provides after loading (schema `data`, one table per Schema table, quoted names):
 *   the columns of the schema, typed (boolean BOOLEAN, integer BIGINT, number DOUBLE, text VARCHAR, timestamp/date TIMESTAMP);
 *   __row BIGINT        dense 0..n-1 in source order: the internal entity id everything joins on
 *   __id VARCHAR        printed key: parts joined with `|` (row number for keyless tables)
 *   __time TIMESTAMP    event time; a date without a clock lies at its day's end (23:59:59.999999); null = undated/missing
 *   __known TIMESTAMP   when the row is visible: greatest(time, knownAt); undated tables: the latest __known of the
 *                       linked parents, else '-infinity'; a *missing* time in a dated table: null = never visible
 *   __end, __label_time TIMESTAMP   likewise at day's end for dates
 *   __fk_<link> BIGINT  target's __row, null for an empty or orphan key
 */
export type Cell = string | number | boolean | bigint | Date | null;
export type Row = Readonly<Record<string, Cell>>;

/** One column of a result. Numbers and timestamps (ms since epoch, UTC) as Float64Array with NaN for null. */
export type ResultColumn =
  | { readonly kind: 'number'; readonly name: string; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly name: string; readonly values: readonly (string | null)[] };

export interface ColumnarResult {
  readonly rows: number;
  readonly columns: readonly ResultColumn[];
}

export interface Engine {
  readonly dialect: 'duckdb' | 'spark';
  /** Statement(s) without a result. */
  run(sql: string): Promise<void>;
  /** Small results as objects. BIGINT arrives as number when safe; timestamps as Date. */
  rows(sql: string): Promise<readonly Row[]>;
  /** Large results as typed arrays, streamed. Booleans are 0/1; timestamps ms. */
  columns(sql: string): Promise<ColumnarResult>;
  /** Large numeric results as Float32 columns in one go, `rows` known beforehand; fastest path for feature matrices. */
  float32(sql: string, rows: number, columns: number): Promise<Float32Array[]>;
  /** Stops the running statement. */
  interrupt(): void;
  close(): Promise<void>;
}
