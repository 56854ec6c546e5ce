/**
 * Who is known around an entity at its cutoff: the people linked to it, else the people of what it belongs to. A people
 * table is one with job titles that is not a log and not the seller's own staff.
 */
import type { Engine } from '../../data/engine/types.ts';
import { type Concept, conceptOf } from '../../data/schema/lexicon.ts';
import type { Column, Link, Schema, Table } from '../../data/schema/types.ts';
import { ID, KNOWN, TIME } from '../../data/schema/types.ts';
import { as, asc, call, cast, col, countAll, le, select, table, ts } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { PathStep } from '../features/types.ts';
import { peopleWords } from './title-words.ts';
import type { Anchor } from './types.ts';
import { anchorBatches, isStable, isUnchanging, type NumberedAnchor, walkPath } from './walk.ts';

export interface PeoplePath {
  readonly path: readonly PathStep[];
  readonly people: Table;
  readonly title: Column;
}

/** One text per anchor, such as `2 (VP + CTO)`; null when the schema has no people for the entity. */
export async function contactsSummary(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  anchors: readonly Anchor[],
): Promise<readonly (string | null)[]> {
  const moment = anchors.reduce((least, a) => Math.min(least, a.cutoff), Number.POSITIVE_INFINITY);
  const route = await findPeople(engine, schema, entityTable, moment);
  if (!route) return anchors.map(() => null);
  const titles = anchors.map((): (string | null)[] => []);
  for (const batch of anchorBatches(anchors))
    await readTitles(engine, schema, entityTable, route, batch, titles);
  return titles.map((t, i) => (anchors[i]!.entityRow < 0 ? null : peopleWords(t)));
}

async function readTitles(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  { path, title }: PeoplePath,
  anchors: readonly NumberedAnchor[],
  into: readonly (string | null)[][],
): Promise<void> {
  const walk = walkPath(schema, entityTable, path, anchors);
  if (!walk) return;
  const query = select({
    distinct: true,
    columns: [
      as(col('q', 'q'), 'q'),
      as(cast(col(walk.alias, title.name), 'text'), 'title'),
      as(col(walk.alias, TIME), 'born'),
      as(call('length', col(walk.alias, ID)), 'size'),
      as(col(walk.alias, ID), 'id'),
    ],
    from: walk.from,
    joins: walk.joins,
    orderBy: ['q', 'born', 'size', 'id'].map((name) => asc(col(name))),
  });
  const result = await engine.columns(toSql(query, engine.dialect));
  const [q, text] = result.columns;
  for (let i = 0; i < result.rows; i++) into[Number(q!.values[i])]!.push(text!.values[i] as string | null);
}

const NOT_PEOPLE: ReadonlySet<Concept | undefined> = new Set<Concept>([
  'activity',
  'deal',
  'transaction',
  'subscription',
  'product',
  'staff',
  'campaign',
]);

const titleColumn = (t: Table): Column | undefined =>
  t.columns.find((c) => c.semantic === 'title' && isUnchanging(c));

const isPeople = (t: Table): boolean =>
  (t.role === 'entity' || t.role === 'lookup') &&
  titleColumn(t) !== undefined &&
  !NOT_PEOPLE.has(conceptOf(t.name));

/** Own people, people by association, people of the parent, the one person it names, the entity itself. */
export async function findPeople(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  moment: number,
): Promise<PeoplePath | undefined> {
  const tables = schema.tables.filter(isPeople);
  const routes = tables.flatMap((people) =>
    routesTo(schema, entityTable, people).map((path) => ({ path, people, title: titleColumn(people)! })),
  );
  const kinds = ['down', 'down up', 'up down', 'up', ''];
  const kindOf = (r: PeoplePath): number => kinds.indexOf(r.path.map((s) => s.direction).join(' '));
  const best = Math.min(...routes.map(kindOf));
  const candidates = routes.filter((r) => kindOf(r) === best);
  return candidates.length < 2 ? candidates[0] : narrowest(engine, candidates, moment);
}

/** Of several parents the one with most rows gathers the closest people: an account rather than a region. */
async function narrowest(
  engine: Engine,
  routes: readonly PeoplePath[],
  moment: number,
): Promise<PeoplePath | undefined> {
  const sizes = await Promise.all(
    routes.map(async (r) => (r.path[0] ? await rowCount(engine, r.path[0].table, moment) : 0)),
  );
  return routes[sizes.indexOf(Math.max(...sizes))];
}

/** Rows known by `moment`; all, where it is none. */
async function rowCount(engine: Engine, name: string, moment: number): Promise<number> {
  const where = Number.isFinite(moment) ? { where: le(col(KNOWN), ts(moment)) } : {};
  const query = select({ columns: [as(countAll(), 'n')], from: table(name, undefined, 'data'), ...where });
  return Number((await engine.rows(toSql(query, engine.dialect)))[0]?.n ?? 0);
}

function routesTo(schema: Schema, entity: string, people: Table): readonly (readonly PathStep[])[] {
  const links = schema.links.filter((l) => isStable(schema, l) && l.from !== l.to);
  const to = links.filter((l) => l.from === people.name);
  const up = (l: Link): PathStep => ({ link: l.name, direction: 'up', table: l.to });
  const down = (l: Link): PathStep => ({ link: l.name, direction: 'down', table: l.from });
  const own = links.filter((l) => l.from === entity);
  const associations = links.filter((l) => l.to === entity && roleOf(schema, l.from) === 'association');
  return [
    ...to.filter((l) => l.to === entity).map((l) => [down(l)]),
    ...associations.flatMap((a) =>
      links.filter((l) => l.from === a.from && l.to === people.name).map((l) => [down(a), up(l)]),
    ),
    ...own
      .filter((l) => l.to !== people.name && gathersPeople(schema, l.to))
      .flatMap((l) => to.filter((t) => t.to === l.to).map((t) => [up(l), down(t)])),
    ...own.filter((l) => l.to === people.name).map((l) => [up(l)]),
    ...(people.name === entity ? [[]] : []),
  ];
}

const roleOf = (schema: Schema, name: string): Table['role'] | undefined =>
  schema.tables.find((t) => t.name === name)?.role;

/** Accounts do; campaigns, products and salespeople gather strangers. */
function gathersPeople(schema: Schema, name: string): boolean {
  return roleOf(schema, name) !== 'lookup' && !NOT_PEOPLE.has(conceptOf(name));
}
