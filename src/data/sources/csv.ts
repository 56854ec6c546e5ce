/** Delimited text → a raw table of VARCHAR columns. Strict first, which is fast; mended when the engine refuses the file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeadlightError } from '../../errors.ts';
import type { Engine } from '../engine/types.ts';
import { quoteText } from '../sql/print.ts';
import { isGzip, verifyGzip } from './bytes.ts';
import { createEmpty } from './empty.ts';
import { mendCsv } from './mend.ts';
import { repairNames } from './names.ts';
import { type CsvLayout, sniffCsv } from './sniff.ts';
import type { Repair } from './types.ts';
import { unreadable } from './unreadable.ts';

/** A cell may be this long; the engine's default of 2 MB is tried first because its buffers grow with the limit. */
const HUGE_LINE_BYTES = 128 << 20;

/** Creates `target` from the file and returns what had to be repaired. */
export async function readCsvInto(engine: Engine, path: string, target: string): Promise<readonly Repair[]> {
  const layout = await sniffCsv(path);
  if (!layout) return createEmpty(engine, path, target);
  const headers = Array.from({ length: layout.width }, (_, k) => layout.header[k] ?? '');
  const { names, repairs } = repairNames(headers, path);
  const known = [...layoutRepairs(layout, path), ...(layout.header.length === 0 ? [] : repairs)];
  const read = (from: string, how: CsvLayout, gzip: boolean): Promise<void> =>
    createFrom(engine, target, (limit) => readCsvSql(from, how, names, gzip, limit));
  if (isPlain(layout)) {
    const gzip = await isGzip(path);
    const whole = gzip
      ? verifyGzip(path).catch((thrown) => Promise.reject(unreadable(path, thrown)))
      : undefined;
    try {
      await Promise.all([read(path, layout, gzip), whole]);
      return known;
    } catch (thrown) {
      if (thrown instanceof LeadlightError) throw thrown;
    }
  }
  const mended = await readMended(path, layout, read);
  return [...known, ...mended];
}

/** Whether the engine can read it as it stands; it skips records where we count lines, so a wrapped header is not plain. */
const isPlain = (layout: CsvLayout): boolean =>
  layout.encoding === 'utf-8' &&
  layout.newline !== 'mixed' &&
  ![...layout.preamble, ...layout.header].some((cell) => cell.includes('\n'));

async function readMended(
  path: string,
  layout: CsvLayout,
  read: (from: string, how: CsvLayout, gzip: boolean) => Promise<void>,
): Promise<readonly Repair[]> {
  const folder = await mkdtemp(join(tmpdir(), 'leadlight-mend-'));
  try {
    const clean = join(folder, 'mended.csv');
    const repairs = await mendCsv(path, layout, clean);
    await read(clean, { ...layout, encoding: 'utf-8', delimiter: ',', newline: '\n', skip: 0 }, false);
    return repairs;
  } catch (thrown) {
    throw unreadable(path, thrown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createFrom(engine: Engine, target: string, source: (limit?: number) => string): Promise<void> {
  const create = (from: string): string =>
    `CREATE OR REPLACE TABLE ${target} AS SELECT row_number() OVER () - 1 AS "__row", * FROM ${from}`;
  try {
    await engine.run(create(source()));
  } catch (thrown) {
    if (!(thrown instanceof Error) || !/maximum.line.size|line size/i.test(thrown.message)) throw thrown;
    await engine.run(create(source(HUGE_LINE_BYTES)));
  }
}

/** Every option is spelled out, so that the engine guesses nothing. */
export function readCsvSql(
  path: string,
  layout: CsvLayout,
  names: readonly string[],
  gzip: boolean,
  limit?: number,
): string {
  const text = (s: string): string => quoteText(s, 'duckdb');
  const columns = names.map((name) => `${text(name)}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    `delim = ${text(layout.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    'header = false',
    `skip = ${layout.skip}`,
    `compression = '${gzip ? 'gzip' : 'none'}'`,
    `columns = {${columns}}`,
    ...(limit === undefined ? [] : [`max_line_size = ${limit}`, `buffer_size = ${limit}`]),
  ];
  return `read_csv(${text(path)}, ${options.join(', ')})`;
}

function layoutRepairs(layout: CsvLayout, where: string): readonly Repair[] {
  const repairs: Repair[] = [];
  if (layout.preamble.length > 0)
    repairs.push({
      where,
      problem: 'lines of text above the header',
      rows: layout.preamble.length,
      examples: layout.preamble.slice(0, 3).map((line) => line.slice(0, 120)),
      action: 'skipped',
    });
  if (layout.header.length === 0)
    repairs.push({
      where,
      problem: 'no header line',
      rows: 1,
      examples: [],
      action: 'columns named column_1, column_2 …',
    });
  if (layout.encoding.startsWith('utf-16'))
    repairs.push({ where, problem: 'text in UTF-16', rows: 1, examples: [], action: 'converted to UTF-8' });
  return repairs;
}
