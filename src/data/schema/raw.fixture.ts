/** Raw tables as the sources floor leaves them (all text, with `__row`), from arrays. */
import { openDuckdb } from '../engine/duckdb.ts';
import type { Engine } from '../engine/types.ts';
import { inferSchema } from './infer.ts';
import type { RawTableInfo } from './profile.ts';
import { id, rawTable, str } from './scan.ts';
import type { Column, Table, WorkspaceConfig } from './types.ts';

export interface FixtureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}
export type Fixture = Readonly<Record<string, FixtureTable>>;

export async function attach(engine: Engine, fixture: Fixture): Promise<readonly RawTableInfo[]> {
  await engine.run('CREATE SCHEMA IF NOT EXISTS raw');
  const infos: RawTableInfo[] = [];
  for (const [name, { columns, rows }] of Object.entries(fixture)) {
    const list = columns.map((c) => `${id(c)} VARCHAR`).join(', ');
    await engine.run(`CREATE OR REPLACE TABLE ${rawTable(name)} (${list}, __row BIGINT)`);
    const values = rows.map(
      (r, i) => `(${r.map((v) => (v === null ? 'NULL' : str(String(v)))).join(', ')}, ${i})`,
    );
    if (values.length > 0) await engine.run(`INSERT INTO ${rawTable(name)} VALUES ${values.join(', ')}`);
    infos.push({
      name,
      rows: rows.length,
      source: { path: `${name}.csv`, format: 'csv' },
      columns: columns.map((c) => ({ name: c, engineType: 'VARCHAR' })),
    });
  }
  return infos;
}

export async function inferFixture(fixture: Fixture): Promise<WorkspaceConfig> {
  const engine = await openDuckdb({});
  try {
    return await inferSchema(engine, await attach(engine, fixture));
  } finally {
    await engine.close();
  }
}

/** Rows 0 … n−1 by a function of the row number. */
export const rows = <T>(n: number, row: (i: number) => T): readonly T[] =>
  Array.from({ length: n }, (_, i) => row(i));

export const day = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
export const moment = (i: number): string =>
  new Date(Date.UTC(2024, 0, 1 + i, 9, (i * 7) % 60)).toISOString().replace('.000Z', 'Z');

export const tableOf = (config: WorkspaceConfig, name: string): Table => {
  const found = config.schema.tables.find((t) => t.name === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};
export const columnIn = (config: WorkspaceConfig, table: string, name: string): Column => {
  const found = tableOf(config, table).columns.find((c) => c.name === name);
  if (!found) throw new Error(`no column ${table}.${name}`);
  return found;
};
/** `from.column → to`, sorted. */
export const linksOf = (config: WorkspaceConfig): readonly string[] =>
  config.schema.links.map((l) => `${l.from}.${l.columns.join('+')} → ${l.to}`).sort();
