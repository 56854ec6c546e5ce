/** Tables as they stand in CSV files, with what a test knows of their times; written, shuffled, renamed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/util/random.ts';

export type Cells = Readonly<Record<string, string>>;

export interface FileTable {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly Cells[];
  /** When a row became known, ms; a date without a clock at its day's end. */
  readonly knownAt: (row: Cells) => number;
  /** When a cell became known, for the columns that are not known with their row. */
  readonly cellKnownAt?: Readonly<Record<string, (row: Cells) => number>>;
}

const DAY = 86_400_000;

export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const stampOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
/** ms of `2024-03-01 10:00:00`; of `2024-03-01` its day's end; never for an empty cell. */
export const momentOf = (text: string | undefined): number => {
  if (!text) return Number.POSITIVE_INFINITY;
  return text.length === 10 ? Date.parse(text) + DAY - 0.001 : Date.parse(`${text.replace(' ', 'T')}Z`);
};
export const knownBy =
  (column: string) =>
  (row: Cells): number =>
    momentOf(row[column]);

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export function csvOf({ header, rows }: FileTable): string {
  const lines = rows.map((row) => header.map((name) => quoted(row[name] ?? '')).join(','));
  return `${[header.map(quoted).join(','), ...lines].join('\n')}\n`;
}

export function writeTables(dir: string, tables: readonly FileTable[]): void {
  mkdirSync(dir, { recursive: true });
  for (const table of tables) writeFileSync(join(dir, `${table.name}.csv`), csvOf(table));
}

export type Change = 'remove' | 'alter' | 'add';

/** Columns that say which row a row is or belongs to: an alteration moves them to another row's, and invents no key. */
const isKey = (name: string): boolean => /(^|_)id$|Id$/.test(name);

/**
 * The tables with every row known after `at` removed or altered, or copies of late rows added; altered cells take the
 * value of another row, so that they stay of their column's type. `spared` columns (times) keep their values.
 */
export function changedAfter(
  tables: readonly FileTable[],
  at: number,
  change: Change,
  seed: number,
): readonly FileTable[] {
  const random = createRandom(seed);
  return tables.map((table) => {
    const late = (row: Cells): boolean => table.knownAt(row) > at;
    const key = isKey(table.header[0]!) ? table.header[0] : undefined;
    const other = (name: string): string =>
      table.rows.length === 0 ? '' : (table.rows[random.int(table.rows.length)]![name] ?? '');
    const altered = (row: Cells): Cells =>
      Object.fromEntries(
        table.header.map((name) => {
          const spared = name === key || Number.isFinite(momentIfTime(row[name]));
          return [name, spared ? (row[name] ?? '') : other(name)];
        }),
      );
    if (change === 'remove') return { ...table, rows: table.rows.filter((row) => !late(row)) };
    if (change === 'alter')
      return { ...table, rows: table.rows.map((row) => (late(row) ? altered(row) : row)) };
    const copies = table.rows.filter(late).map((row, i) => {
      const copy = altered(row);
      return key === undefined ? copy : { ...copy, [key]: `${row[key]}x${i}` };
    });
    return { ...table, rows: [...table.rows, ...copies] };
  });
}

const momentIfTime = (cell: string | undefined): number =>
  cell !== undefined && /^\d{4}-\d{2}-\d{2}/.test(cell) ? momentOf(cell) : Number.POSITIVE_INFINITY;

/** Cells that were written after `at` into rows that were there before: emptied, or another row's. */
export function cellsChangedAfter(
  tables: readonly FileTable[],
  at: number,
  seed: number,
): readonly FileTable[] {
  const random = createRandom(seed);
  return tables.map((table) => {
    const dated = Object.entries(table.cellKnownAt ?? {});
    const other = (name: string): string | undefined => table.rows[random.int(table.rows.length)]![name];
    // A time that has come only later may be another later time, or be missing.
    const later = (name: string, cell: string | undefined): string | undefined =>
      Number.isFinite(momentIfTime(cell))
        ? [other(name), other(name)].find((t) => Number.isFinite(momentIfTime(t)) && momentOf(t) > at)
        : other(name);
    const change = (row: Cells): Cells => ({
      ...row,
      ...Object.fromEntries(
        dated.flatMap(([name, knownAt]) => (knownAt(row) > at ? [[name, later(name, row[name]) ?? '']] : [])),
      ),
    });
    return { ...table, rows: table.rows.map(change) };
  });
}

export function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  const random = createRandom(seed);
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** Rows and columns in another order. */
export const reordered = (tables: readonly FileTable[], seed: number): readonly FileTable[] =>
  tables.map((table, i) => ({
    ...table,
    header: shuffled(table.header, seed + i),
    rows: shuffled(table.rows, seed * 31 + i),
  }));

/**
 * Ids of one table exchanged among its rows, wherever they stand: in its first column and in columns named `reference`
 * elsewhere, or where the table's own key is named so. `idOf`: the id that an entity has now.
 */
export function permutedIds(
  tables: readonly FileTable[],
  owner: string,
  references: readonly string[],
  seed: number,
): { readonly tables: readonly FileTable[]; readonly idOf: (was: string) => string } {
  const own = tables.find((t) => t.name === owner)!;
  const key = own.header[0]!;
  const ids = own.rows.map((row) => row[key]!);
  const mixed = shuffled(ids, seed);
  const map = new Map(ids.map((id, i) => [id, mixed[i]!]));
  const idOf = (was: string): string => map.get(was) ?? was;
  const exchanged = (table: FileTable): FileTable => {
    const columns = table === own ? [key] : table.header.filter((name) => references.includes(name));
    const change = (row: Cells): Cells => ({
      ...row,
      ...Object.fromEntries(columns.map((name) => [name, idOf(row[name] ?? '')])),
    });
    return { ...table, rows: table.rows.map(change) };
  };
  return { tables: tables.map(exchanged), idOf };
}
