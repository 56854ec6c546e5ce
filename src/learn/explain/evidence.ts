/**
 * The rows behind a reason: ids of the rows that its leading column read, newest first, none known after the cutoff.
 * Requests of one kind of rows (path, window, value) share statements, and those that share the parent their path goes
 * up to share its rows, so that the cost follows the events and not events × entities.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import { ROW } from '../../data/schema/types.ts';
import { as, cast, col, lit, select } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { FeatureColumn, PathStep } from '../features/types.ts';
import { newestRows, type Wanted, windowOf } from './evidence-sql.ts';
import type { Anchor, EvidenceRows } from './types.ts';
import { anchorBatches, ownerAlias, walkPath } from './walk.ts';

export interface EvidenceRequest extends Anchor {
  readonly column: FeatureColumn;
  /** Only rows known so many ms before the cutoff or later. */
  readonly within?: number;
}

interface Found {
  readonly id: string;
  readonly owner: number;
}

/** Rows of each request, in order; `ids` is empty where nothing was there (silence has no rows). */
export async function findEvidence(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  requests: readonly EvidenceRequest[],
  limit = 5,
): Promise<readonly EvidenceRows[]> {
  const ids: (readonly string[])[] = requests.map(() => []);
  for (const places of sameRows(requests)) {
    const { column, within } = requests[places[0]!]!;
    const groups = await groupsOf(engine, schema, entityTable, column, places, requests);
    const found = await rowsOf(
      engine,
      schema,
      entityTable,
      { column, ...(within === undefined ? {} : { within }) },
      groups,
      limit,
    );
    groups.forEach((group, g) => {
      for (const place of group.places) ids[place] = pick(found[g]!, requests[place]!, limit);
    });
  }
  return requests.map((r, i) => ({ table: r.column.table, ids: ids[i]! }));
}

const pick = (
  found: readonly Found[],
  { entityRow, column }: EvidenceRequest,
  limit: number,
): readonly string[] =>
  found
    .filter((f) => !column.rows?.others || f.owner !== entityRow)
    .slice(0, limit)
    .map((f) => f.id);

/** Places of the requests that read the same kind of rows. */
function sameRows(requests: readonly EvidenceRequest[]): readonly (readonly number[])[] {
  return groupBy(requests.keys(), (place) => {
    const { column } = requests[place]!;
    const { path, table, rows } = column;
    const { within } = requests[place]!;
    const value = rows?.value === undefined ? null : column.column;
    return JSON.stringify([path, table, windowOf(column) ?? null, value, rows ?? null, within ?? null]);
  });
}

function groupBy(places: Iterable<number>, keyOf: (place: number) => string): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const place of places) {
    const key = keyOf(place);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return [...groups.values()];
}

/** A row that requests share, at one cutoff. */
interface Group extends Anchor {
  readonly places: readonly number[];
}

/** The steps that many-to-one links begin a path with, and the rest. */
function cut(path: readonly PathStep[]): readonly [up: readonly PathStep[], rest: readonly PathStep[]] {
  const end = path.findIndex((s) => s.direction !== 'up');
  return end < 0 ? [path, []] : [path.slice(0, end), path.slice(end)];
}

async function groupsOf(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  column: FeatureColumn,
  places: readonly number[],
  requests: readonly EvidenceRequest[],
): Promise<readonly Group[]> {
  const [up] = cut(column.path);
  const by = column.rows?.sameValue;
  const keys = new Map<number, { readonly row: number; readonly key: string }>();
  for (const anchors of anchorBatches(places.map((at) => requests[at]!))) {
    const walk = walkPath(schema, entityTable, up, anchors);
    if (!walk) continue;
    const reached = as(col(walk.alias, ROW), 'row');
    const value = as(by === undefined ? lit('') : cast(col(walk.alias, by), 'text'), 'value');
    const columns = [as(col('q', 'q'), 'q'), reached, value];
    const query = select({ columns, from: walk.from, joins: walk.joins });
    for (const r of await engine.rows(toSql(query, engine.dialect)))
      if (r.value !== null)
        keys.set(places[Number(r.q)]!, {
          row: Number(r.row),
          key: by === undefined ? `${r.row}` : `${r.value}`,
        });
  }
  const known = places.filter((place) => keys.has(place));
  const shared = groupBy(known, (place) => `${requests[place]!.cutoff} ${keys.get(place)!.key}`);
  return shared.map((of) => ({
    ...{ places: of, entityRow: keys.get(of[0]!)!.row, cutoff: requests[of[0]!]!.cutoff },
  }));
}

/** Newest rows of each group. */
async function rowsOf(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  wanted: Wanted,
  groups: readonly Group[],
  limit: number,
): Promise<readonly (readonly Found[])[]> {
  const found = groups.map((): Found[] => []);
  const { column } = wanted;
  const [up, rest] = cut(column.path);
  const top = up.at(-1)?.table ?? entityTable;
  const by = column.rows?.sameValue;
  const owner = column.rows?.others ? ownerAlias(rest, entityTable) : undefined;
  for (const anchors of anchorBatches(groups)) {
    const walk = walkPath(schema, top, rest, anchors, by);
    if (!walk) continue;
    const query = newestRows(schema, wanted, walk, owner, limit);
    for (const r of await engine.rows(toSql(query, engine.dialect)))
      found[Number(r.q)]!.push({ id: String(r.id), owner: Number(r.owner) });
  }
  return found;
}
