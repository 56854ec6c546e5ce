/** Tests only: hand-made tables of the engine's layout in an in-memory DuckDB. */
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Link, Schema, Table } from '../../data/schema/types.ts';
import { quoteName, quoteText } from '../../data/sql/print.ts';

export interface SmallRow {
  readonly id: string;
  /** ISO; null: undated. */
  readonly time?: string | null;
  /** Default `time`, else -infinity. */
  readonly known?: string | null;
  readonly closed?: string;
  readonly cells?: readonly (string | null)[];
  /** Target row per link of the table, in the order of the schema's links. */
  readonly to?: readonly (number | null)[];
}

export interface SmallTable {
  readonly table: Table;
  readonly rows: readonly SmallRow[];
}

export const textColumn = (name: string, semantic: Column['semantic'] = 'categorical'): Column => ({
  name,
  type: 'text',
  semantic,
});

export const tableOf = (name: string, role: Table['role'], columns: readonly Column[] = []): Table => ({
  name,
  role,
  columns,
  origin: { kind: 'file', path: 'x.csv', format: 'csv' },
  key: ['id'],
  time: 'at',
});

export const linkOf = (from: string, to: string, name = `${from}.${to}`): Link => ({
  name,
  from,
  to,
  columns: [`${to}_id`],
});

export async function openSmall(
  tables: readonly SmallTable[],
  links: readonly Link[],
): Promise<{ readonly engine: Engine; readonly schema: Schema }> {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 200 });
  await engine.run('CREATE SCHEMA IF NOT EXISTS data');
  for (const t of tables)
    await fill(
      engine,
      t,
      links.filter((l) => l.from === t.table.name),
    );
  return { engine, schema: { tables: tables.map((t) => t.table), links, derivedLinks: [] } };
}

export async function fill(engine: Engine, small: SmallTable, links: readonly Link[]): Promise<void> {
  const q = (name: string): string => quoteName(name, 'duckdb');
  const { table, rows } = small;
  const columns = [
    ...['__row BIGINT', '__id VARCHAR', '__time TIMESTAMP', '__known TIMESTAMP', '__label_time TIMESTAMP'],
    ...links.map((l) => `${q(`__fk_${l.name}`)} BIGINT`),
    ...table.columns.map((c) => `${q(c.name)} VARCHAR`),
  ];
  await engine.run(`CREATE OR REPLACE TABLE data.${q(table.name)} (${columns.join(', ')})`);
  if (rows.length === 0) return;
  const lines = rows.map((r, i) => `(${cellsOf(r, i, small, links).join(', ')})`);
  await engine.run(`INSERT INTO data.${q(table.name)} VALUES ${lines.join(', ')}`);
}

const text = (cell: string | null | undefined): string =>
  cell === null || cell === undefined ? 'NULL' : quoteText(cell, 'duckdb');
const moment = (iso: string | null | undefined): string => (iso ? `TIMESTAMP '${iso}'` : 'NULL');

function cellsOf(r: SmallRow, i: number, { table }: SmallTable, links: readonly Link[]): readonly string[] {
  const known = r.known !== undefined ? r.known : (r.time ?? '-infinity');
  return [
    String(i),
    text(r.id),
    ...[r.time, known, r.closed].map(moment),
    ...links.map((_, k) => String(r.to?.[k] ?? 'NULL')),
    ...table.columns.map((_, k) => text(r.cells?.[k])),
  ];
}

/** Unfriendly names and cells. */
export const HOSTILE: readonly string[] = [
  `a"b`,
  `it's`,
  '"; DROP TABLE data.x; --',
  '/* */ `tick`',
  'two\nrows',
  'ünï·códe 漢字',
  '__proto__',
  'select',
];
