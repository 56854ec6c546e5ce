/** Copies of the bundled examples with every table and column called by a random word, and fewer entities. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom, type Random } from '../../src/util/random.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');

export interface Named {
  /** Original name → name in the copy. */
  readonly tables: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, string>;
}

export interface ExampleTable {
  readonly name: string;
  readonly header: readonly string[];
  /** Lines as they stand in the file. */
  readonly lines: readonly string[];
}

export function readExample(folder: string): readonly ExampleTable[] {
  return readdirSync(join(EXAMPLES, folder))
    .filter((file) => file.endsWith('.csv.gz'))
    .sort()
    .map((file) => {
      const text = gunzipSync(readFileSync(join(EXAMPLES, folder, file))).toString('utf8');
      const [header = '', ...lines] = text.trimEnd().split('\n');
      return { name: file.replace('.csv.gz', ''), header: header.split(','), lines };
    });
}

/** Keeps the rows whose value of `column`, in every table that has it, passes; other tables stay whole. */
export function keepWhere(
  tables: readonly ExampleTable[],
  column: string,
  pass: (value: string) => boolean,
): readonly ExampleTable[] {
  return tables.map((table) => {
    const at = table.header.indexOf(column);
    return at < 0
      ? table
      : { ...table, lines: table.lines.filter((line) => pass(line.split(',')[at] ?? '')) };
  });
}

/** One word for each name, whatever table it stands in, so that equal names stay equal. */
export function randomNames(tables: readonly ExampleTable[], seed: number): Named {
  const random = createRandom(seed);
  const taken = new Set<string>();
  const rename = (names: readonly string[]): ReadonlyMap<string, string> =>
    new Map(names.map((name) => [name, freshWord(random, taken)]));
  return {
    tables: rename(tables.map((table) => table.name)),
    columns: rename([...new Set(tables.flatMap((table) => table.header))]),
  };
}

export const sameNames = (tables: readonly ExampleTable[]): Named => ({
  tables: new Map(tables.map((table) => [table.name, table.name])),
  columns: new Map(tables.flatMap((table) => table.header).map((name) => [name, name])),
});

export function writeExample(dir: string, tables: readonly ExampleTable[], names: Named): void {
  mkdirSync(dir, { recursive: true });
  for (const table of tables) {
    const header = table.header.map((name) => names.columns.get(name) ?? name).join(',');
    const file = `${names.tables.get(table.name) ?? table.name}.csv`;
    writeFileSync(join(dir, file), `${[header, ...table.lines].join('\n')}\n`);
  }
}

/** A query in the names of the copy: `table.column` pairs are renamed, words of the language are not. */
export const renameQuery = (query: string, names: Named): string =>
  query.replace(
    /\b([A-Za-z_]+)\.(\*|[A-Za-z_]+)/g,
    (_, table: string, column: string) =>
      `${names.tables.get(table) ?? table}.${names.columns.get(column) ?? column}`,
  );

/** Syllables that make no English word a lexicon could know. */
const SYLLABLES = [
  'vro',
  'lurp',
  'nim',
  'zab',
  'quo',
  'fex',
  'brud',
  'glim',
  'sput',
  'dow',
  'jek',
  'pra',
  'tunz',
  'wib',
];

function freshWord(random: Random, taken: Set<string>): string {
  for (;;) {
    const word = Array.from({ length: 3 }, () => SYLLABLES[random.int(SYLLABLES.length)]).join('');
    if (taken.has(word)) continue;
    taken.add(word);
    return word;
  }
}
