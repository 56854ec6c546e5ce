/**
 * Parquet, JSON and DuckDB tables → a raw table of plain columns: structs are flattened (`properties_email`), lists of
 * plain values are joined with `;`, other nested values become JSON text, times lose their zone (UTC).
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { LeadlightError } from '../../errors.ts';
import type { Engine } from '../engine/types.ts';
import { quoteName, quoteText } from '../sql/print.ts';
import { openBytes } from './bytes.ts';
import { createEmpty } from './empty.ts';
import { repairNames } from './names.ts';
import { MAX_EXAMPLES, type Repair, type SourceFile } from './types.ts';
import { unreadable } from './unreadable.ts';

const name = (n: string): string => quoteName(n, 'duckdb');
const text = (s: string): string => quoteText(s, 'duckdb');

/** One JSON object may be this long; the smaller is tried first because the engine's buffers grow with it. */
const OBJECT_BYTES = [16 << 20, 256 << 20] as const;

const jsonSql = (path: string, format: SourceFile['format'], maxObjectBytes: number): string =>
  `read_json(${text(path)}, format = '${format === 'ndjson' ? 'newline_delimited' : 'auto'}', sample_size = -1, maximum_object_size = ${maxObjectBytes})`;

export const parquetSql = (path: string): string => `read_parquet(${text(path)})`;

/** `schema.table` inside an attached DuckDB file; `main.` may be left out. */
export function memberSql(database: string, member: string): string {
  const dot = member.indexOf('.');
  const parts = dot < 0 ? ['main', member] : [member.slice(0, dot), member.slice(dot + 1)];
  return [database, ...parts].map(name).join('.');
}

/** Creates `target` from any relation of the engine. */
export async function createFlat(
  engine: Engine,
  relation: string,
  where: string,
  target: string,
): Promise<readonly Repair[]> {
  const rows = await unwrap(engine, relation);
  const columns = await flatten(engine, rows, [], 0);
  const { names, repairs } = repairNames(
    columns.map((c) => c.label),
    where,
  );
  const list = columns.map((c, k) => `${c.expression} AS ${name(names[k]!)}`);
  await engine.run(
    `CREATE OR REPLACE TABLE ${target} AS SELECT ${['row_number() OVER () - 1 AS "__row"', ...list].join(', ')} FROM ${rows}`,
  );
  return repairs;
}

/** A single object with one list of objects, `{"results": […]}`, stands for that list. */
async function unwrap(engine: Engine, relation: string): Promise<string> {
  const columns = await describe(engine, `SELECT * FROM ${relation}`);
  const lists = columns.filter((c) => /^STRUCT\(.*\)\[\]$/s.test(c.type));
  if (lists.length !== 1 || !relation.startsWith('read_json(')) return relation;
  const [count] = await engine.rows(`SELECT count(*) AS n FROM ${relation}`);
  if (count!.n !== 1) return relation;
  return `(SELECT unnest(u.r) FROM (SELECT unnest(${name(lists[0]!.name)}) AS r FROM ${relation}) AS u)`;
}

interface Described {
  readonly name: string;
  readonly type: string;
}

async function describe(engine: Engine, query: string): Promise<readonly Described[]> {
  const rows = await engine.rows(`DESCRIBE ${query}`);
  return rows.map((r) => ({ name: String(r.column_name), type: String(r.column_type) }));
}

interface Flat {
  readonly label: string;
  readonly expression: string;
}

const MAX_DEPTH = 4;

async function flatten(
  engine: Engine,
  relation: string,
  path: readonly string[],
  depth: number,
): Promise<readonly Flat[]> {
  const expression = (parts: readonly string[]): string =>
    parts.slice(1).reduce((inner, part) => `struct_extract(${inner}, ${text(part)})`, name(parts[0]!));
  const query =
    path.length === 0 ? `SELECT * FROM ${relation}` : `SELECT unnest(${expression(path)}) FROM ${relation}`;
  const out: Flat[] = [];
  for (const column of await describe(engine, query)) {
    const parts = [...path, column.name];
    if (column.type.startsWith('STRUCT(') && !column.type.endsWith(']') && depth < MAX_DEPTH)
      out.push(...(await flatten(engine, relation, parts, depth + 1)));
    else out.push({ label: parts.join('_'), expression: plain(expression(parts), column.type) });
  }
  return out;
}

const KEPT = /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|VARCHAR|DATE|TIMESTAMP)$/;

/** Brings a value of any engine type to one of those a raw table may have. */
function plain(expression: string, type: string): string {
  if (KEPT.test(type)) return expression;
  if (type.startsWith('TIMESTAMP')) return `CAST(${expression} AS TIMESTAMP)`;
  if (/^(STRUCT|MAP|UNION)\(/.test(type) || /\[\d*\]\[\d*\]$|\)\[\d*\]$/.test(type))
    return `CAST(to_json(${expression}) AS VARCHAR)`;
  if (/\[\d*\]$/.test(type)) return `array_to_string(${expression}, ';')`;
  if (/^U?HUGEINT$/.test(type)) return `CAST(${expression} AS DOUBLE)`;
  return `CAST(${expression} AS VARCHAR)`;
}

/** Creates `target` from JSON, one object a line or an array. Lines that do not parse are set aside. */
export async function readJsonInto(
  engine: Engine,
  source: SourceFile,
  target: string,
): Promise<readonly Repair[]> {
  const { path, format } = source;
  const { first, last } = await edges(path);
  if (first === '') return createEmpty(engine, path, target);
  if (first === '[' && last !== ']')
    throw unreadable(path, 'the list does not end with ]: the file is cut short');
  if (format === 'json' && first !== '[' && first !== '{')
    throw unreadable(path, `expected a list of objects, found a text that starts with ${first}`);
  try {
    return await createFromJson(engine, path, source, target);
  } catch (thrown) {
    if (format === 'json') throw unreadable(path, thrown);
    if (thrown instanceof LeadlightError && thrown.code !== 'SOURCE_UNREADABLE') throw thrown;
  }
  const folder = await mkdtemp(join(tmpdir(), 'leadlight-mend-'));
  try {
    const clean = join(folder, 'mended.ndjson');
    const repairs = await mendNdjson(path, clean);
    return [...repairs, ...(await createFromJson(engine, clean, source, target))];
  } catch (thrown) {
    throw unreadable(path, thrown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createFromJson(
  engine: Engine,
  path: string,
  source: SourceFile,
  target: string,
): Promise<readonly Repair[]> {
  const create = (limit: number) =>
    createFlat(engine, jsonSql(path, source.format, limit), source.path, target);
  try {
    return await create(OBJECT_BYTES[0]);
  } catch (thrown) {
    if (!(thrown instanceof Error) || !thrown.message.includes('maximum_object_size')) throw thrown;
    return create(OBJECT_BYTES[1]);
  }
}

async function mendNdjson(path: string, out: string): Promise<readonly Repair[]> {
  const writer = createWriteStream(out);
  const examples: string[] = [];
  let number = 0;
  let kept = 0;
  let broken = 0;
  for await (const line of createInterface({ input: await openBytes(path), crlfDelay: Infinity })) {
    number++;
    const trimmed = line.replace(/^\ufeff/, '').trim();
    if (trimmed === '') continue;
    if (!isObject(trimmed)) {
      broken++;
      if (examples.length < MAX_EXAMPLES) examples.push(`line ${number}: ${trimmed.slice(0, 120)}`);
      continue;
    }
    kept++;
    if (!writer.write(`${trimmed}\n`)) await once(writer, 'drain');
  }
  writer.end();
  await finished(writer);
  if (kept === 0)
    throw new LeadlightError('SOURCE_UNREADABLE', { path, problem: 'no line is a JSON object' });
  return broken === 0
    ? []
    : [
        {
          where: path,
          problem: 'lines that are not a JSON object',
          rows: broken,
          examples,
          action: 'set aside',
        },
      ];
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** First and last character that is not blank, a byte order mark apart; '' in a blank file. */
async function edges(path: string): Promise<{ readonly first: string; readonly last: string }> {
  let first = '';
  let last = '';
  for await (const chunk of await openBytes(path)) {
    const chars = String(chunk).trim();
    if (chars === '') continue;
    first ||= chars[0]!;
    last = chars.at(-1)!;
  }
  return { first, last };
}
