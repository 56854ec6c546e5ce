/** Writes a frame as .csv or .parquet. A file is complete or not there: it is written beside its name, then renamed. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { LeadlightError } from '../../errors.ts';
import { type Frame, toCsv } from './csv.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;

export function requireFrameName(file: string): '.csv' | '.parquet' {
  const kind = extname(file).toLowerCase();
  if (kind === '.csv' || kind === '.parquet') return kind;
  throw new LeadlightError('USAGE', {
    problem: `--out ${file}: expected a name that ends in .csv or .parquet`,
    remedy: 'Rename the output file.',
  });
}

export async function writeFrame(frame: Frame, file: string): Promise<void> {
  const write = requireFrameName(file) === '.csv' ? writeCsv : writeParquet;
  await writeWhole(file, (part) => write(frame, part));
}

const writeCsv = (frame: Frame, file: string): Promise<void> => writeFile(file, toCsv(frame));

export async function writeWhole(file: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${file}.part-${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await write(part);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && 'code' in error && 'path' in error)
      throw new LeadlightError(
        'RESOURCE_EXHAUSTED',
        {
          problem: `${file} could not be written: ${error.message}`,
          remedy: 'Choose a folder that exists, may be written and has room.',
        },
        { cause: error },
      );
    throw error;
  }
}

/** Through the SQL engine, which types the columns: a column is DOUBLE when every cell is a number or empty. Moments are UTC. */
async function writeParquet(frame: Frame, file: string): Promise<void> {
  const { openDuckdb } = await import('../../data/engine/duckdb.ts');
  const { DUCKDB } = await import('../../data/sql/duckdb.ts');
  const text = DUCKDB.string;
  const types = frame.columns.map((name, i) => `${text(name)}: ${text(columnType(frame, i))}`).join(', ');
  const csv = `${file}.csv`;
  const engine = await openDuckdb({});
  try {
    await writeFile(csv, toCsv(frame));
    const source = `read_csv(${text(csv)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', parallel = false, max_line_size = ${MAX_LINE_BYTES}, columns = {${types}})`;
    await engine.run(`COPY (SELECT * FROM ${source}) TO ${text(file)} (FORMAT parquet)`);
  } finally {
    await rm(csv, { force: true });
    await engine.close();
  }
}

const MOMENTS: ReadonlySet<string> = new Set(['cutoff', 'ANCHOR_TIMESTAMP']);

function columnType(frame: Frame, column: number): string {
  if (MOMENTS.has(frame.columns[column]!)) return 'TIMESTAMP';
  const numeric = frame.rows.every((row) => row[column] === null || typeof row[column] === 'number');
  return numeric ? 'DOUBLE' : 'VARCHAR';
}
