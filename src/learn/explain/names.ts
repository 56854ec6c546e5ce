/**
 * Columns by which people recognise an entity: its own name, company, title, e-mail, then those of the account or
 * person it names, where they are known at the cutoff.
 */
import type { Engine } from '../../data/engine/types.ts';
import { conceptOf, stems, tableStems } from '../../data/schema/lexicon.ts';
import type { Column, Link, Schema, Table } from '../../data/schema/types.ts';
import { as, cast, col, select } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { PathStep } from '../features/types.ts';
import type { Anchor } from './types.ts';
import { anchorBatches, isStable, isUnchanging, type NumberedAnchor, walkPath } from './walk.ts';

const WHOSE: ReadonlySet<string> = new Set(
  'first last middle full display company account organisation organization customer client business contact lead person legal trade'.split(
    ' ',
  ),
);
const COMPANY: ReadonlySet<string> = new Set(['company', 'organisation', 'organization', 'employer']);

/** Name columns of a table, in its order. Columns that change are left out: what they say now may be news. */
export function nameColumns(table: Table): readonly string[] {
  const own = new Set(tableStems(table.name));
  return table.columns.filter((c) => isUnchanging(c) && names(c, own)).map((c) => c.name);
}

function names(c: Column, own: ReadonlySet<string>): boolean {
  if (c.semantic === 'email' || c.semantic === 'title') return true;
  if (c.type !== 'text' || c.semantic === 'key') return false;
  const words = stems(c.name);
  if (words.length === 1) return COMPANY.has(words[0]!) || NAMES.has(words[0]!);
  return words.at(-1) === 'name' && words.slice(0, -1).every((w) => WHOSE.has(w) || own.has(w));
}

const NAMES: ReadonlySet<string> = new Set(['name', 'fullname', 'firstname', 'lastname', 'surname']);

interface NameSource {
  readonly path: readonly PathStep[];
  /** Column → name shown. */
  readonly columns: readonly (readonly [column: string, shown: string])[];
}

/** Names of each anchor, in order. Missing cells are left out. */
export async function entityNames(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  anchors: readonly Anchor[],
): Promise<readonly Readonly<Record<string, string>>[]> {
  const found = anchors.map((): [string, string][] => []);
  for (const source of nameSources(schema, entityTable)) {
    for (const batch of anchorBatches(anchors))
      await readNames(engine, schema, entityTable, source, batch, found);
  }
  return found.map((cells) => Object.fromEntries(cells));
}

/** The entity's own row first; then the rows it names, unless they are the seller's people or goods. */
function nameSources(schema: Schema, entityTable: string): readonly NameSource[] {
  const taken = new Set<string>();
  const show = (table: string, column: string): string => {
    const shown =
      taken.has(column) || (column === 'name' && table !== entityTable) ? `${table}.${column}` : column;
    taken.add(column);
    return shown;
  };
  const source = (name: string, path: readonly PathStep[]): NameSource => ({
    path,
    columns: namesOf(schema, name).map((c) => [c, show(name, c)] as const),
  });
  const parents = schema.links.filter((l) => l.from === entityTable && isNaming(schema, l));
  const up = (l: Link): PathStep => ({ link: l.name, direction: 'up', table: l.to });
  return [source(entityTable, []), ...parents.map((l) => source(l.to, [up(l)]))].filter(
    (s) => s.columns.length > 0,
  );
}

function namesOf(schema: Schema, name: string): readonly string[] {
  const found = schema.tables.find((t) => t.name === name);
  return found ? nameColumns(found) : [];
}

const FOREIGN: ReadonlySet<string | undefined> = new Set(['staff', 'campaign', 'product', 'activity']);
const isNaming = (schema: Schema, link: Link): boolean =>
  link.to !== link.from && isStable(schema, link) && !FOREIGN.has(conceptOf(link.to));

async function readNames(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  source: NameSource,
  anchors: readonly NumberedAnchor[],
  into: readonly [string, string][][],
): Promise<void> {
  const walk = walkPath(schema, entityTable, source.path, anchors);
  if (!walk) return;
  const cells = source.columns.map(([column], i) => as(cast(col(walk.alias, column), 'text'), `c${i}`));
  const query = select({ columns: [as(col('q', 'q'), 'q'), ...cells], from: walk.from, joins: walk.joins });
  for (const row of await engine.rows(toSql(query, engine.dialect))) {
    const names = into[Number(row.q)]!;
    source.columns.forEach(([, shown], i) => {
      const text = row[`c${i}`];
      if (typeof text === 'string' && text !== '') names.push([shown, text]);
    });
  }
}
