/**
 * The embedded engine: DuckDB in this process, in memory unless a file is given, with a memory limit and a spill folder.
 *
 * Statements run one at a time in the order they were asked for (a stream in progress owns the connection); DuckDB
 * itself uses all threads within a statement. Extensions are never fetched from the network. Insertion order is kept,
 * because row numbers of sources and reproducible results rest on it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type DuckDBType } from '@duckdb/node-api';
import { translateFault } from './faults.ts';
import type { Cell, ColumnarResult, Engine, ResultColumn, Row } from './types.ts';
import { isNumeric, isTime, readNumbers, readTexts } from './vectors.ts';

export interface DuckdbOptions {
  /** Default 60 % of the machine's memory, at most 8 GB. */
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  /** Where large statements spill. Default: a temporary folder, removed on close. */
  readonly spillDir?: string;
  /** A database file. Default: in memory. */
  readonly file?: string;
}

const MB = 1024 * 1024;
const defaultMemoryMb = (): number => Math.min(8192, Math.floor((totalmem() / MB) * 0.6));

export async function openDuckdb(options: DuckdbOptions = {}): Promise<Engine> {
  const ownSpill = options.spillDir === undefined;
  const spill = options.spillDir ?? (await mkdtemp(join(tmpdir(), 'leadlight-')));
  try {
    const instance = await DuckDBInstance.create(options.file ?? ':memory:', {
      memory_limit: `${options.memoryLimitMb ?? defaultMemoryMb()}MB`,
      threads: String(options.threads ?? availableParallelism()),
      temp_directory: spill,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return createEngine(connection, async () => {
      connection.closeSync();
      instance.closeSync();
      if (ownSpill) await rm(spill, { recursive: true, force: true });
    });
  } catch (thrown) {
    if (ownSpill) await rm(spill, { recursive: true, force: true });
    throw translateFault(thrown);
  }
}

function createEngine(connection: DuckDBConnection, release: () => Promise<void>): Engine {
  let last: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work).catch((thrown) => {
      throw translateFault(thrown);
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    dialect: 'duckdb',
    run: (sql) =>
      enqueue(async () => {
        await connection.run(sql);
      }),
    rows: (sql) => enqueue(async () => readRows(await connection.stream(sql))),
    columns: (sql) => enqueue(async () => readColumns(await connection.stream(sql))),
    float32: (sql, rows, columns) =>
      enqueue(async () => readFloat32(await connection.stream(sql), rows, columns)),
    interrupt: () => connection.interrupt(),
    close: async () => {
      await last;
      await release();
    },
  };
}

type Chunk = NonNullable<Awaited<ReturnType<DuckDBResult['fetchChunk']>>>;

async function eachChunk(result: DuckDBResult, visit: (chunk: Chunk) => void): Promise<void> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    visit(chunk);
  }
}

async function readRows(result: DuckDBResult): Promise<readonly Row[]> {
  const names = result.columnNames();
  const types = result.columnTypes();
  const rows: Record<string, Cell>[] = [];
  await eachChunk(result, (chunk) => {
    const columns = types.map((type, k) => readCells(chunk, k, type));
    for (let i = 0; i < chunk.rowCount; i++)
      rows.push(Object.fromEntries(names.map((name, k) => [name, columns[k]![i]!])));
  });
  return rows;
}

/** The earliest moment a Date can hold, which stands for -infinity. */
const MIN_DATE = -8.64e15;

function readCells(chunk: Chunk, k: number, type: DuckDBType): readonly Cell[] {
  const vector = chunk.getColumnVector(k);
  if (!isTime(type)) return Array.from({ length: chunk.rowCount }, (_, i) => cell(vector.getItem(i), type));
  const ms = new Float64Array(chunk.rowCount);
  readNumbers(vector, type, chunk.rowCount, ms, 0);
  return Array.from(ms, (t) =>
    Number.isNaN(t) ? null : new Date(Math.max(MIN_DATE, Math.min(-MIN_DATE, t))),
  );
}

function cell(value: unknown, type: DuckDBType): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return isNumeric(type) ? Number(String(value)) : String(value);
}

/** A Float64Array that grows: the row count of a stream is not known beforehand. */
interface Growing {
  values: Float64Array;
}

async function readColumns(result: DuckDBResult): Promise<ColumnarResult> {
  const names = result.columnNames();
  const types = result.columnTypes();
  const numbers: Growing[] = types.map(() => ({ values: new Float64Array(0) }));
  const texts: (string | null)[][] = types.map(() => []);
  let rows = 0;
  await eachChunk(result, (chunk) => {
    types.forEach((type, k) => {
      const vector = chunk.getColumnVector(k);
      if (isNumeric(type))
        readNumbers(vector, type, chunk.rowCount, reserve(numbers[k]!, rows + chunk.rowCount), rows);
      else readTexts(vector, chunk.rowCount, texts[k]!);
    });
    rows += chunk.rowCount;
  });
  const columns = types.map((type, k): ResultColumn => {
    const name = names[k]!;
    return isNumeric(type)
      ? { kind: 'number', name, values: numbers[k]!.values.slice(0, rows) }
      : { kind: 'text', name, values: texts[k]! };
  });
  return { rows, columns };
}

function reserve(growing: Growing, size: number): Float64Array {
  if (growing.values.length < size) {
    const larger = new Float64Array(Math.max(2048, size, growing.values.length * 2));
    larger.set(growing.values);
    growing.values = larger;
  }
  return growing.values;
}

async function readFloat32(result: DuckDBResult, rows: number, columns: number): Promise<Float32Array[]> {
  const types = result.columnTypes();
  if (types.length !== columns) throw new Error(`expected ${columns} columns, the query has ${types.length}`);
  const out = types.map(() => new Float32Array(rows));
  let at = 0;
  await eachChunk(result, (chunk) => {
    if (at + chunk.rowCount > rows) throw new Error(`expected ${rows} rows, the query has more`);
    types.forEach((type, k) => {
      readNumbers(chunk.getColumnVector(k), type, chunk.rowCount, out[k]!, at);
    });
    at += chunk.rowCount;
  });
  if (at !== rows) throw new Error(`expected ${rows} rows, the query has ${at}`);
  return out;
}
