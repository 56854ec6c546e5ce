/** Sources → raw tables in the engine, each with `__row`, and a report of everything repaired on the way. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { LeadlightError } from '../../errors.ts';
import type { RunControl } from '../../util/progress.ts';
import { cancellable } from '../engine/cancel.ts';
import type { Engine } from '../engine/types.ts';
import { quoteName, quoteText } from '../sql/print.ts';
import { readCsvInto } from './csv.ts';
import { createFlat, memberSql, parquetSql, readJsonInto } from './typed.ts';
import type { RawTable, Repair, SourceFile } from './types.ts';
import { unreadable } from './unreadable.ts';

export const RAW_SCHEMA = 'raw';
/** The quoted name of a source's raw table. */
export const rawTable = (name: string): string => `${RAW_SCHEMA}.${quoteName(name, 'duckdb')}`;

/** Reads every source into `raw."<name>"`. Paths are relative to `baseDir` or absolute. */
export async function attachRaw(
  engine: Engine,
  sources: readonly SourceFile[],
  baseDir: string,
  control: RunControl = {},
): Promise<RawTable[]> {
  await engine.run(`CREATE SCHEMA IF NOT EXISTS ${RAW_SCHEMA}`);
  const tables: RawTable[] = [];
  for (const source of sources) {
    control.progress?.({ stage: 'reading', done: tables.length, total: sources.length, unit: 'tables' });
    tables.push(await cancellable(engine, control, () => attachOne(engine, source, baseDir)));
  }
  control.progress?.({ stage: 'reading', done: tables.length, total: sources.length, unit: 'tables' });
  if (sources.length > 0 && tables.every((t) => t.columns.length === 0))
    throw new LeadlightError('SOURCE_EMPTY', {
      path: sources.map((s) => s.path).join(', '),
      problem: 'nothing to read',
    });
  return tables;
}

async function attachOne(engine: Engine, source: SourceFile, baseDir: string): Promise<RawTable> {
  const located = { ...source, path: resolve(baseDir, source.path) };
  if (!existsSync(located.path))
    throw new LeadlightError('SOURCE_NOT_FOUND', { path: located.path, from: baseDir });
  const target = rawTable(source.name);
  const repairs = await readInto(engine, located, target);
  const described = await engine.rows(`DESCRIBE ${target}`);
  const [count] = await engine.rows(`SELECT count(*) AS n FROM ${target}`);
  const columns = described
    .filter((d) => d.column_name !== '__row')
    .map((d) => ({ name: String(d.column_name), engineType: String(d.column_type) }));
  const rows = Number(count!.n);
  const empty: Repair = {
    where: located.path,
    problem: 'a header and no rows',
    rows: 0,
    examples: [],
    action: 'kept',
  };
  return {
    name: source.name,
    source,
    rows,
    columns,
    repairs: rows === 0 && columns.length > 0 ? [...repairs, empty] : repairs,
  };
}

async function readInto(engine: Engine, source: SourceFile, target: string): Promise<readonly Repair[]> {
  const { path } = source;
  switch (source.format) {
    case 'csv':
      return readCsvInto(engine, path, target).catch((thrown) => {
        throw unreadable(path, thrown);
      });
    case 'parquet':
      return createFlat(engine, parquetSql(path), path, target).catch((thrown) => {
        throw unreadable(path, thrown);
      });
    case 'ndjson':
    case 'json':
      return readJsonInto(engine, source, target);
    case 'duckdb':
      return readMember(engine, source, target);
  }
}

async function readMember(engine: Engine, source: SourceFile, target: string): Promise<readonly Repair[]> {
  const { path, member } = source;
  if (member === undefined)
    throw new LeadlightError('SOURCE_UNREADABLE', { path, problem: 'no table named inside the DuckDB file' });
  try {
    await engine.run(`ATTACH ${quoteText(path, 'duckdb')} AS "__source" (READ_ONLY)`);
    return await createFlat(engine, memberSql('__source', member), `${path} ${member}`, target);
  } catch (thrown) {
    throw unreadable(path, thrown);
  } finally {
    await engine.run('DETACH DATABASE IF EXISTS "__source"');
  }
}
