/** Table roles: entity, event, history, association, lookup. Structure first; the table's name settles what it leaves open. */
import { normalName } from './affinity.ts';
import { attributes, type JudgedTable, type TableFacts } from './facts.ts';
import {
  type Concept,
  HISTORY_WORDS,
  hasWord,
  OLD_WORDS,
  stems,
  tableStems,
  VALUE_WORDS,
} from './lexicon.ts';
import type { TableRole } from './types.ts';

const ENTITIES: ReadonlySet<Concept> = new Set([
  'account',
  'contact',
  'lead',
  'deal',
  'subscription',
  'product',
  'staff',
  'campaign',
]);
const CORE: ReadonlySet<Concept> = new Set(['account', 'contact', 'lead', 'deal']);
const PAIRING = new Set([
  'role',
  'member',
  'membership',
  'association',
  'relation',
  'relationship',
  'assignment',
  'map',
  'mapping',
  'bridge',
  'xref',
  'disposition',
]);

export function judge(tables: readonly TableFacts[]): readonly JudgedTable[] {
  return tables.map((table) => {
    const flatOf = flatExportOf(table, tables);
    return {
      ...table,
      role: flatOf === undefined ? roleOf(table) : 'entity',
      ...(flatOf !== undefined && { flatOf }),
    };
  });
}

function roleOf(t: TableFacts): TableRole {
  const dated = t.times.time !== undefined;
  const parts = tableStems(t.name);
  if (dated && t.out.length > 0 && isHistory(t, parts)) return 'history';
  if (isAssociation(t, dated, parts)) return 'association';
  const core = t.concept !== undefined && CORE.has(t.concept);
  if (!dated && t.out.every((l) => l.to === t.name) && t.into.length > 0 && !core) return 'lookup';
  if (!dated && isDetail(t)) return 'event';
  const entity = t.concept !== undefined && ENTITIES.has(t.concept);
  if (!dated || (entity && t.key.length === 1)) return 'entity';
  const hub = t.into.length > 0 && t.concept !== 'activity' && t.concept !== 'transaction';
  return hub || (t.out.length === 0 && t.key.length === 1) ? 'entity' : 'event';
}

/** Lines and payments of something else: they happen with it, though they carry no time. */
const isDetail = (t: TableFacts): boolean =>
  t.out.some((l) => !l.unique && l.to !== t.name) &&
  t.into.length === 0 &&
  (t.concept === 'transaction' ||
    t.concept === 'activity' ||
    (t.concept === undefined && t.key.length !== 1));

function isHistory(t: TableFacts, parts: readonly string[]): boolean {
  if (hasWord(parts, HISTORY_WORDS)) return true;
  const names = attributes(t).map((c) => stems(c.column.name));
  return (
    names.some((n) => hasWord(n, OLD_WORDS) && n.length <= 2) &&
    names.some((n) => n.includes('new') || n.includes('to'))
  );
}

/** Two parents and hardly anything of its own. */
function isAssociation(t: TableFacts, dated: boolean, parts: readonly string[]): boolean {
  const parents = new Set(t.out.map((l) => l.to)).size;
  if (parents < 2 || t.into.length > 1 || attributes(t).length > 2) return false;
  const measures = attributes(t).some((c) => c.column.semantic === 'numeric');
  const keyedByParents = t.key.length > 1 && t.key.every((k) => t.out.some((l) => l.columns.includes(k)));
  return (
    keyedByParents || parts.some((p) => PAIRING.has(p)) || (!dated && t.concept === undefined && !measures)
  );
}

const COPIED = 0.4;
const LEAST_COPIES = 4;

/** One-to-one with an entity and made largely of columns that stand in other tables: a report, frozen at an unknown moment. */
function flatExportOf(t: TableFacts, tables: readonly TableFacts[]): string | undefined {
  if (t.key.length !== 1) return undefined;
  const home = t.out.find((l) => l.unique && l.columns[0] === t.key[0] && l.to !== t.name);
  if (!home || t.into.length > 0) return undefined;
  const sameShape = (o: TableFacts): boolean =>
    o.profile.columns.length === t.profile.columns.length &&
    columnNames(o).every((n, i) => n === columnNames(t)[i]);
  const elsewhere = new Set(tables.filter((o) => o !== t && !sameShape(o)).flatMap(columnNames));
  const own = columnNames(t).filter((n) => n !== normalName(t.key[0]!));
  const copies = own.filter((n) => elsewhere.has(n)).length;
  return copies >= LEAST_COPIES && copies >= COPIED * own.length ? home.to : undefined;
}

const columnNames = (t: TableFacts): readonly string[] =>
  t.profile.columns.map((c) => normalName(c.column.name));

export const isValueName = (name: string): boolean =>
  hasWord(stems(name), VALUE_WORDS) && !hasWord(stems(name), OLD_WORDS);
