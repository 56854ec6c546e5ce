/** What of the schema a model was trained on is no longer so. What came since does not matter to it. */
import { isDeepStrictEqual } from 'node:util';
import type { Column, Link, Schema, Table } from '../../../data/schema/types.ts';
import { printState, sha256 } from './bytes.ts';

/** Where the files lie is not part of what the tables are. */
export const schemaHash = (schema: Schema): string =>
  sha256(printState({ ...schema, tables: schema.tables.map(({ origin: _, ...table }) => table) }));

/** In words, one change each; empty when the model can still read the tables. */
export function schemaChanges(trained: Schema, present: Schema): readonly string[] {
  const tables = trained.tables.flatMap((t) =>
    tableChanges(
      t,
      present.tables.find((x) => x.name === t.name),
    ),
  );
  const links = trained.links.flatMap((l) =>
    linkChanges(
      l,
      present.links.find((x) => x.name === l.name),
    ),
  );
  return [...tables, ...links];
}

/** Tables and columns that came after training: `accounts.region`, `meetings`. */
export function schemaAdditions(trained: Schema, present: Schema): readonly string[] {
  return present.tables.flatMap((t) => {
    const before = trained.tables.find((x) => x.name === t.name);
    if (!before) return [t.name];
    const known = new Set(before.columns.map((c) => c.name));
    return t.columns.flatMap((c) => (known.has(c.name) ? [] : [`${t.name}.${c.name}`]));
  });
}

/** Settings of a table that decide what a row is and when it is known. */
const SETTINGS = ['key', 'time', 'knownAt', 'endTime', 'labelTime'] as const;

function tableChanges(was: Table, is: Table | undefined): readonly string[] {
  if (!is) return [`table ${was.name} is gone`];
  const settings = SETTINGS.flatMap((name) =>
    isDeepStrictEqual(was[name], is[name])
      ? []
      : [`${name} of ${was.name} was ${inWords(was[name])} and is ${inWords(is[name])}`],
  );
  const columns = was.columns.flatMap((c) =>
    columnChange(
      was,
      c,
      is.columns.find((x) => x.name === c.name),
    ),
  );
  return [...settings, ...columns];
}

const inWords = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value?.join(', ') ?? '') || 'not set';

function columnChange(table: Table, was: Column, is: Column | undefined): readonly string[] {
  const name = `${table.name}.${was.name}`;
  if (!is) return [`column ${name} is gone`];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof Column)[];
  // A constant column may come to vary with new rows.
  const changed = keys.filter((key) => key !== 'constant' && !isDeepStrictEqual(was[key], is[key]));
  if (changed.length === 0) return [];
  const shown = changed.map((key) => `${key} ${text(was[key])} → ${text(is[key])}`);
  return [`column ${name} changed: ${shown.join(', ')}`];
}

const text = (value: unknown): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);

function linkChanges(was: Link, is: Link | undefined): readonly string[] {
  if (!is) return [`link ${was.name} is gone`];
  const same = was.from === is.from && was.to === is.to && isDeepStrictEqual(was.columns, is.columns);
  return same ? [] : [`link ${was.name} leads elsewhere`];
}
