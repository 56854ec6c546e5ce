/**
 * `--entity` → the table whose rows are meant and the column that identifies them. Accepted: `table.key`, `table`,
 * `table.a|b` (composite key), `row` (row number of the only table, or a column of that name), or any column that
 * identifies entities, for which the derived table is used.
 */

import { entityStems, singular, stems } from '../../data/schema/lexicon.ts';
import { nearest } from '../../data/schema/nearest.ts';
import { ID, ROW, type Schema, type Table } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';

export interface EntityChoice {
  readonly table: Table;
  /** Internal or schema column holding the identifier. */
  readonly column: string;
  /** Composite keys given in another order than the table's: positions of the given parts in the key. */
  readonly order?: readonly number[];
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

export function chooseEntity(schema: Schema, text: string): EntityChoice {
  const entity = text.trim();
  const found =
    tableForm(schema, entity) ??
    (same(entity, 'row') ? rowForm(schema) : undefined) ??
    tableNamed(schema, entity) ??
    columnForm(schema, entity) ??
    compositeForm(schema, entity) ??
    looseForm(schema, entity);
  if (found) return found;
  throw new LeadlightError('UNKNOWN_ENTITY', {
    problem: `No table and no identifying column is called ${text}`,
    remedy: `${didYouMean(entity, namesOf(schema))}Tables: ${schema.tables.map((t) => `${t.name} (key ${keyText(t)})`).join(', ')}.`,
  });
}

const keyText = (t: Table): string => t.key.join('|') || 'row';

const namesOf = (schema: Schema): readonly string[] =>
  schema.tables.flatMap((t) => [t.name, `${t.name}.${keyText(t)}`, ...t.columns.map((c) => c.name)]);

function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? '' : `Did you mean ${near}? `;
}

const findTable = (schema: Schema, name: string): Table | undefined =>
  schema.tables.find((t) => t.name === name) ?? schema.tables.find((t) => same(t.name, name));

function tableNamed(schema: Schema, name: string): EntityChoice | undefined {
  const t = findTable(schema, name);
  return t && { table: t, column: ID };
}

/** `table.column`, where either may contain dots. */
function tableForm(schema: Schema, entity: string): EntityChoice | undefined {
  for (let dot = entity.indexOf('.'); dot > 0; dot = entity.indexOf('.', dot + 1)) {
    const t = findTable(schema, entity.slice(0, dot));
    if (t) return columnOfTable(schema, t, entity.slice(dot + 1));
  }
  return undefined;
}

/** `a|b` over the columns of `key`, the key of `t` or the columns of a link to it. */
function keyForm(t: Table, key: readonly string[], text: string): EntityChoice | undefined {
  const order = text.split('|').map((p) => key.findIndex((k) => same(k, p)));
  if (order.length !== key.length || order.some((k) => k < 0)) return undefined;
  return { table: t, column: ID, ...(order.every((k, n) => k === n) ? {} : { order }) };
}

/** `a|b` alone: the table with that key. */
const compositeForm = (schema: Schema, text: string): EntityChoice | undefined =>
  schema.tables.filter((t) => t.key.length > 1).flatMap((t) => keyForm(t, t.key, text) ?? [])[0];

function linkedForm(schema: Schema, from: Table, text: string): EntityChoice | undefined {
  const links = schema.links.filter((l) => l.from === from.name && l.columns.length > 1);
  return links.flatMap((l) => {
    const to = schema.tables.find((t) => t.name === l.to);
    return (to && keyForm(to, l.columns, text)) ?? [];
  })[0];
}

function columnOfTable(schema: Schema, t: Table, text: string): EntityChoice {
  const keyed = keyForm(t, t.key, text) ?? linkedForm(schema, t, text);
  if (keyed) return keyed;
  const column = t.columns.find((c) => same(c.name, text))?.name;
  const derived = column === undefined ? undefined : derivedFrom(schema, t, column);
  if (derived) return { table: derived, column: ID };
  if (column !== undefined) return { table: t, column };
  if (t.key.length === 0 && same(text, 'row')) return { table: t, column: ROW };
  throw new LeadlightError('UNKNOWN_ENTITY', {
    problem: `Table ${t.name} has no column ${text}`,
    remedy: `${didYouMean(
      text,
      t.columns.map((c) => c.name),
    )}Its key is ${t.key.join('|') || 'the row number (row)'}.`,
  });
}

/** The table that the column points to or was derived into. */
function derivedFrom(schema: Schema, t: Table, column: string): Table | undefined {
  const link = schema.links.find(
    (l) => l.from === t.name && l.columns.length === 1 && l.columns[0] === column,
  );
  return link && schema.tables.find((x) => x.name === link.to);
}

const fromFiles = (schema: Schema): readonly Table[] => schema.tables.filter((t) => t.origin.kind === 'file');

function rowForm(schema: Schema): EntityChoice | undefined {
  const holders = schema.tables.flatMap((t) => {
    const column = t.columns.find((c) => same(c.name, 'row'))?.name;
    return column === undefined ? [] : [{ table: t, column }];
  });
  if (holders.length > 0) return holders.find((h) => h.table.origin.kind === 'file') ?? holders[0];
  const files = fromFiles(schema);
  const keyless = files.filter((t) => t.key.length === 0);
  const only = files.length === 1 ? files[0] : keyless.length === 1 ? keyless[0] : undefined;
  return only && { table: only, column: ROW };
}

/** A column name anywhere: the table it is the key of, the table it leads to, or the table it is unique in. */
function columnForm(schema: Schema, name: string): EntityChoice | undefined {
  const keyed = schema.tables.find((t) => t.key.length === 1 && same(t.key[0]!, name));
  if (keyed) return { table: keyed, column: ID };
  for (const t of schema.tables) {
    const column = t.columns.find((c) => same(c.name, name))?.name;
    if (column !== undefined) return columnOfTable(schema, t, column);
  }
  return undefined;
}

/** `customer` for a table `customers` or a key `customer_id`. */
function looseForm(schema: Schema, name: string): EntityChoice | undefined {
  const wanted = stems(name).map(singular).join(' ');
  const named = (text: string, words: readonly string[]): boolean =>
    same(text, name) || words.join(' ') === wanted;
  const t =
    schema.tables.find((x) => named(x.name, stems(x.name))) ??
    schema.tables.find((x) => x.key.length === 1 && named(x.key[0]!, entityStems(x.key[0]!)));
  return t && { table: t, column: ID };
}
