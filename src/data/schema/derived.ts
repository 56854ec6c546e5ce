/**
 * Entities without a table: an identifier that repeats and that no table has as its key (a customer number in invoice
 * lines) becomes a derived table with one row per value. Tables that share the identifier all link to it.
 */
import type { Engine } from '../engine/types.ts';
import { normalName } from './affinity.ts';
import { isCodeColumn } from './keys.ts';
import { BIRTH_WORDS, entityStems, hasWord, looksLikeId, stems } from './lexicon.ts';
import type { KeyedTable } from './links.ts';
import type { ColumnProfile } from './profile.ts';
import { keyValues } from './scan.ts';
import type { Link } from './types.ts';

export interface DerivedTable {
  readonly name: string;
  readonly from: string;
  readonly column: string;
}

interface Mention {
  readonly owner: KeyedTable;
  readonly column: ColumnProfile;
}

export async function deriveTables(
  engine: Engine,
  tables: readonly KeyedTable[],
  links: readonly Link[],
  dated: (table: string) => boolean,
): Promise<{ readonly tables: readonly DerivedTable[]; readonly links: readonly Link[] }> {
  const linked = new Set(links.flatMap((l) => l.columns.map((c) => mentionId(l.from, c))));
  const free = tables.flatMap((owner) =>
    owner.table.columns
      .filter((column) => !linked.has(mentionId(owner.table.name, column.column.name)))
      .map((column) => ({ owner, column })),
  );
  const groups = await joinGroups(engine, free.filter(isRepeatedId), free);
  const taken = new Set(tables.map((t) => t.table.name.toLowerCase()));
  const made: DerivedTable[] = [];
  const more: Link[] = [];
  for (const group of groups) {
    const source = sourceOf(group, dated);
    const name = freeName(group, source, taken);
    made.push({ name, from: source.owner.table.name, column: source.column.column.name });
    more.push(...group.map((m) => toLink(m, name)));
  }
  return { tables: made, links: more };
}

const mentionId = (table: string, column: string): string => `${table}\0${column}`;

/** Repeats at least now and then; a code needs enough values not to be a category. */
function isRepeatedId({ owner, column }: Mention): boolean {
  const { type, constant, name } = column.column;
  if ((type !== 'integer' && type !== 'text') || constant || column.distinct < 2) return false;
  if (owner.key.length === 1 && owner.key[0] === name) return false;
  if (column.distinct > 0.98 * column.filled) return false;
  if (hasWord(stems(name), BIRTH_WORDS)) return false;
  if (looksLikeId(name)) return entityStems(name).length > 0;
  return column.distinct >= 20 && isCodeColumn(column);
}

/** Columns with the same name, or the same last word, whose values overlap are one entity. */
async function joinGroups(
  engine: Engine,
  repeated: readonly Mention[],
  free: readonly Mention[],
): Promise<readonly (readonly Mention[])[]> {
  const groups: Mention[][] = [];
  const placed = new Set<ColumnProfile>();
  for (const mention of [...repeated].sort((a, b) => b.column.distinct - a.column.distinct)) {
    if (placed.has(mention.column)) continue;
    const group = [mention];
    placed.add(mention.column);
    for (const other of free) {
      if (placed.has(other.column) || !mayBeSame(mention, other)) continue;
      if ((await overlap(engine, other, mention)) < 0.5) continue;
      group.push(other);
      placed.add(other.column);
    }
    groups.push(group);
  }
  return groups;
}

function mayBeSame(a: Mention, b: Mention): boolean {
  if (a.owner === b.owner || a.column.column.type !== b.column.column.type) return false;
  const [x, y] = [a.column.column.name, b.column.column.name];
  if (normalName(x) === normalName(y)) return true;
  return looksLikeId(x) && looksLikeId(y) && entityStems(x).at(-1) === entityStems(y).at(-1);
}

async function overlap(engine: Engine, part: Mention, whole: Mention): Promise<number> {
  const values = (m: Mention): string => keyValues(m.owner.table.name, m.column.column.name);
  const [row] = await engine.rows(
    `SELECT count(*) AS n, count(w.v) AS hits FROM (${values(part)}) p LEFT JOIN (${values(whole)}) w ON p.v = w.v`,
  );
  return Number(row?.hits ?? 0) / Math.max(1, Number(row?.n ?? 0));
}

/** A dated table that knows nearly all values, so that first-seen times exist; else the one that knows most. */
function sourceOf(group: readonly Mention[], dated: (table: string) => boolean): Mention {
  const most = group.reduce((a, b) => (b.column.distinct > a.column.distinct ? b : a));
  const enough = group.filter(
    (m) => m.column.distinct >= 0.8 * most.column.distinct && dated(m.owner.table.name),
  );
  return enough[0] ?? most;
}

/** The shortest name any of the columns gives it: `rep` of owner_rep_id and rep_id. */
function freeName(group: readonly Mention[], source: Mention, taken: Set<string>): string {
  const names = group.map((m) => entityStems(m.column.column.name).join('_')).filter((n) => n !== '');
  const base = names.sort((a, b) => a.length - b.length)[0] ?? `${source.owner.table.name}_entity`;
  const candidates = [base, `${base}_entity`, `${source.owner.table.name}_${base}`];
  const name = candidates.find((n) => !taken.has(n.toLowerCase())) ?? `${base}_${taken.size}`;
  taken.add(name.toLowerCase());
  return name;
}

const toLink = ({ owner, column }: Mention, to: string): Link => ({
  name: `${owner.table.name}.${column.column.name}`,
  from: owner.table.name,
  columns: [column.column.name],
  to,
  ...(column.distinct === column.filled && { unique: true }),
});
