/**
 * Which files are tables. A folder is read with its subfolders one level down; what is not a table (notes, licences,
 * hidden files, this program's own folders) is passed over. A file named outright must be readable.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LeadlightError } from '../../errors.ts';
import { openDuckdb } from '../engine/duckdb.ts';
import { quoteText } from '../sql/print.ts';
import { unique } from './names.ts';
import { sniffCsv } from './sniff.ts';
import type { SourceFile, SourceFormat } from './types.ts';

const FORMATS: Readonly<Record<string, SourceFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  psv: 'csv',
  txt: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  duckdb: 'duckdb',
  ddb: 'duckdb',
  db: 'duckdb',
};

const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['leadlight', 'tasks', 'node_modules']);
const IGNORED_FILES = /^(readme|licen[cs]e|notice|changelog|copying|credits|package(-lock)?\.json|tsconfig)/i;

/** Finds the tables under `paths` (each relative to `from`); names are unique, paths absolute, order is by name. */
export async function discoverSources(paths: readonly string[], from: string): Promise<SourceFile[]> {
  const found: Found[] = [];
  for (const path of paths) found.push(...(await discover(resolve(from, path), from)));
  const sources = nameSources(found);
  if (sources.length === 0)
    throw new LeadlightError('SOURCE_EMPTY', { path: paths.join(', '), problem: 'no tables found' });
  return sources;
}

interface Found {
  readonly path: string;
  readonly format: SourceFormat;
  readonly member?: string;
}

async function discover(path: string, from: string): Promise<readonly Found[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new LeadlightError('SOURCE_NOT_FOUND', { path, from });
  if (info.isDirectory()) return discoverFolder(path, 1);
  const format = formatOf(path);
  if (!format)
    throw new LeadlightError('SOURCE_UNREADABLE', {
      path,
      problem: 'not a CSV, TSV, Parquet, NDJSON, JSON or DuckDB file',
      remedy: 'Export the table as CSV or Parquet',
    });
  return members({ path, format });
}

async function discoverFolder(folder: string, depth: number): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const out: Found[] = [];
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, name);
    if (name.startsWith('.')) continue;
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) {
      if (depth > 0 && !IGNORED_FOLDERS.has(name.toLowerCase()))
        out.push(...(await discoverFolder(path, depth - 1)));
    } else if (info?.isFile()) out.push(...(await discoverFile(path)));
  }
  return out;
}

async function discoverFile(path: string): Promise<readonly Found[]> {
  const format = formatOf(path);
  if (!format || IGNORED_FILES.test(basename(path))) return [];
  if (/\.txt(\.gz)?$/i.test(path) && !(await isTable(path))) return [];
  return members({ path, format });
}

/** Text is a table when nearly all its lines have the same number of cells, more than one. */
async function isTable(path: string): Promise<boolean> {
  const layout = await sniffCsv(path);
  return layout !== undefined && layout.width > 1 && layout.regular > 0.9;
}

function formatOf(path: string): SourceFormat | undefined {
  const parts = basename(path).toLowerCase().split('.');
  if (parts.at(-1) === 'gz') parts.pop();
  return parts.length < 2 ? undefined : FORMATS[parts.at(-1)!];
}

async function members(found: Found): Promise<readonly Found[]> {
  if (found.format !== 'duckdb') return [found];
  const engine = await openDuckdb({ threads: 1 });
  try {
    await engine.run(`ATTACH ${quoteText(found.path, 'duckdb')} AS source (READ_ONLY)`);
    const rows = await engine.rows(
      `SELECT table_schema AS s, table_name AS t FROM information_schema.tables WHERE table_catalog = 'source' ORDER BY 1, 2`,
    );
    return rows.map(({ s, t }) => ({ ...found, member: s === 'main' ? String(t) : `${s}.${t}` }));
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message.split('\n')[0]! : String(thrown);
    throw new LeadlightError('SOURCE_UNREADABLE', { path: found.path, problem }, { cause: thrown });
  } finally {
    await engine.close();
  }
}

/** The file's name without extensions; with its folder's name in front where that alone repeats. */
function nameSources(found: readonly Found[]): SourceFile[] {
  const short = found.map((f) => f.member ?? stem(f.path));
  const counts = new Map<string, number>();
  for (const s of short) counts.set(s.toLowerCase(), (counts.get(s.toLowerCase()) ?? 0) + 1);
  const used = new Set<string>();
  return found.map((f, i) => {
    const repeated = counts.get(short[i]!.toLowerCase())! > 1;
    const prefix = f.member === undefined ? basename(dirname(f.path)) : stem(f.path);
    return { name: unique(repeated ? `${prefix}_${short[i]}` : short[i]!, used), ...f };
  });
}

function stem(path: string): string {
  const plain = basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '');
  return plain.replace(/\p{Cc}+/gu, ' ').trim() || 'table';
}
