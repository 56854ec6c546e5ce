/**
 * Which sideways steps are worth their cost: enough rows have neighbours in what was known by `asOf`, few enough pairs
 * have to be looked at. What is left out is said with the number that decided.
 */

import type { Engine } from '../../data/engine/types.ts';
import type { Link } from '../../data/schema/types.ts';
import { KNOWN } from '../../data/schema/types.ts';
import {
  as,
  col,
  count,
  countAll,
  countDistinct,
  le,
  select,
  subquery,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query } from '../../data/sql/tree.ts';
import type { Ranked } from './cut.ts';
import { FEATURE_SCHEMA } from './event-sql.ts';
import { followed, type SourcePath, tableOf } from './paths.ts';
import { type SourceContext, sourceOf, streamsOf } from './plan-sources.ts';
import type { Group, PlanInput } from './plan-types.ts';
import { createGroup, type GroupTables } from './prepare.ts';
import { sideColumns } from './side-columns.ts';
import { itemRows, PEERS_RANKED } from './side-sql.ts';
import { isAmongPeers, sideGroups, sideWords } from './side-steps.ts';
import type { SideStep } from './types.ts';

const MAX_SIDES = 12;
const MAX_TABLES = 2;
/** Snapshots of groups with a neighbour below which a step says nothing: of all, and at least. */
const LEAST_SHARE = 0.02;
const LEAST_PAIRS = 10;
/** Pairs of rows looked at for one step, at most. */
const MAX_LOOKED_AT = 30_000_000;

export interface SidePlan {
  /** Outcomes of the rows beside are counted for these. */
  readonly groups: readonly Group[];
  readonly sources: readonly Ranked[];
  readonly notes: readonly string[];
}

/** `first`: number of the first group table that is free. */
export async function planSides(
  context: SourceContext,
  groups: readonly Group[],
  first: number,
): Promise<SidePlan> {
  const { input } = context;
  const wanted = sideGroups(input, groups);
  const kept: { readonly group: Group; readonly tables: GroupTables }[] = [];
  const notes: string[] = [];
  for (const [i, group] of wanted.slice(0, MAX_SIDES).entries()) {
    const found = await tried(context, group, first + i);
    if ('note' in found) notes.push(found.note);
    else kept.push(found);
  }
  if (wanted.length > MAX_SIDES)
    notes.push(`left out: ${wanted.length - MAX_SIDES} sideways steps (limit ${MAX_SIDES})`);
  const sources: Ranked[] = [];
  for (const { group, tables } of kept)
    sources.push(...(await sourcesOf(context, group, tables, sources.length)));
  return {
    groups: kept.map((k) => k.group).filter((g) => isAmongPeers(g.side!, input.schema)),
    sources,
    notes,
  };
}

type Tried = { readonly group: Group; readonly tables: GroupTables } | { readonly note: string };

async function tried(context: SourceContext, wanted: Group, index: number): Promise<Tried> {
  const { engine, input } = context;
  const side = await affordable(context, wanted.side!);
  const what = sideWords(wanted.side!);
  if (!side) return { note: `left out: ${what}, more than ${MAX_LOOKED_AT} pairs to compare` };
  const group = { ...wanted, side };
  const tables = await createGroup(engine, group, index, input.entityTable, input.schema);
  const [pairs, all] = [await seen(context, tables.shared.pairs), await seen(context, tables.base!)];
  if (pairs < Math.max(LEAST_PAIRS, LEAST_SHARE * all))
    return { note: `left out: ${what}, only ${pairs} of ${all} rows have any` };
  return { group, tables };
}

/** A group that identity alone reaches is kept when enough rows reach it. */
export async function isEvident(
  engine: Engine,
  input: PlanInput,
  group: Group,
  tables: GroupTables,
): Promise<boolean> {
  const made = group.up.some((s) => input.schema.links.some((l) => l.name === s.link && l.resolved));
  if (!made) return true;
  const rows = select({
    columns: [as(countAll(), 'n')],
    from: table(tables.rows, 'r', FEATURE_SCHEMA),
    where: le(col('r', 'cutoff'), ts(input.asOf)),
  });
  const all = snapshotsBy(input.asOf);
  return (await one({ engine }, rows)) >= Math.max(LEAST_PAIRS, LEAST_SHARE * (await one({ engine }, all)));
}

const one = async ({ engine }: { readonly engine: Engine }, query: Query): Promise<number> =>
  Number((await engine.rows(toSql(query, engine.dialect)))[0]?.n ?? 0);

const snapshotsBy = (asOf: number): Query =>
  select({
    columns: [as(countAll(), 'n')],
    from: table('snap', 's', FEATURE_SCHEMA),
    where: le(col('s', 'cutoff'), ts(asOf)),
  });

const knownRows = (name: string, asOf: number): Query =>
  select({
    columns: [as(countAll(), 'n')],
    from: table(name, 'e', 'data'),
    where: le(col('e', KNOWN), ts(asOf)),
  });

/** Pairs (row, cutoff) that the plan may look at. */
const seen = (context: SourceContext, pairs: string): Promise<number> =>
  one(
    context,
    select({
      columns: [as(countDistinct(col('p', 'pid')), 'n')],
      from: table(pairs, 'p', FEATURE_SCHEMA),
      where: le(col('p', 'cutoff'), ts(context.input.asOf)),
    }),
  );

/** The step, if need be over rarer items only; undefined when too much would have to be compared. */
async function affordable(context: SourceContext, side: SideStep): Promise<SideStep | undefined> {
  const { engine, input } = context;
  const cutoffs = await one(
    context,
    select({
      columns: [as(countDistinct(col('s', 'cutoff')), 'n')],
      from: table('snap', 's', FEATURE_SCHEMA),
      where: le(col('s', 'cutoff'), ts(input.asOf)),
    }),
  );
  if (side.kind === 'industry_peer') {
    const rows = await one(context, knownRows(side.table, input.asOf));
    const pairs = Math.min(await one(context, snapshotsBy(input.asOf)), rows * cutoffs);
    return rows * cutoffs + pairs * PEERS_RANKED <= MAX_LOOKED_AT ? side : undefined;
  }
  if (side.kind !== 'similar_to') return side;
  const holders = select({
    columns: [as(count(col('i', 'row')), 'holders')],
    from: subquery(itemRows(side, input.schema), 'i'),
    where: le(col('i', 'known'), ts(input.asOf)),
    groupBy: [col('i', 'item')],
  });
  const counts = await engine.rows(toSql(holders, engine.dialect));
  const cost = (most: number): number =>
    counts.reduce((n, r) => n + (Number(r.holders) <= most ? Number(r.holders) ** 2 : 0), 0) * cutoffs;
  for (let most = side.maxHolders; most >= 10; most = Math.floor(most / 2))
    if (cost(most) <= MAX_LOOKED_AT) return { ...side, maxHolders: most };
  return undefined;
}

/** Tables below the neighbours: those with a closing time (deals) first, then events. */
function below(input: PlanInput, group: Group): readonly Link[] {
  const dated = (l: Link): boolean => tableOf(input.schema, l.from).time !== undefined;
  const order = (l: Link): number => {
    const t = tableOf(input.schema, l.from);
    return t.labelTime !== undefined ? 0 : t.role === 'event' ? 1 : 2;
  };
  return input.schema.links
    .filter((l) => l.to === group.table && l.from !== group.table && followed(input, l) && dated(l))
    .filter((l) => input.tables?.has(l.from) ?? true)
    .filter((l) => tableOf(input.schema, l.from).role !== 'history')
    .sort((a, b) => order(a) - order(b))
    .slice(0, MAX_TABLES);
}

/** Steps whose rows themselves are counted, by when they came. */
const OWN_ROWS: ReadonlySet<SideStep['kind']> = new Set(['arrival', 'association', 'self']);

async function sourcesOf(
  context: SourceContext,
  group: Group,
  tables: GroupTables,
  made: number,
): Promise<readonly Ranked[]> {
  const { input } = context;
  const side = group.side!;
  // Events of rows that self links reach have paths of their own.
  if (side.kind === 'self' && side.up === undefined) return [];
  const links = below(input, group);
  const own: SourcePath[] = OWN_ROWS.has(side.kind) ? [{ group, down: [] }] : [];
  const paths: readonly SourcePath[] = [
    ...own,
    ...links.map((l): SourcePath => ({ group, down: [{ link: l.name, direction: 'down', table: l.from }] })),
  ];
  const found: Ranked[] = [];
  for (const path of paths) {
    const t = tableOf(input.schema, path.down[0]?.table ?? group.table);
    if (t.time === undefined) continue;
    for (const stream of streamsOf(t)) {
      const here: SourceContext = { ...context, groupTables: () => tables };
      const id = `s${made + found.length}`;
      const { source, cost } = await sourceOf({ ...path, memberStep: 0 }, stream, 'brief', id, here);
      if (source && cost) found.push({ source, cost, columns: sideColumns(source, side, input) });
    }
  }
  return found;
}
