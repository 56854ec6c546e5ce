/** The people around one entity at its cutoff, as rows: who could be its champion. */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import { ID, ROW } from '../../data/schema/types.ts';
import { as, asc, cast, col, select } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { findPeople } from './contacts.ts';
import type { Anchor } from './types.ts';
import { anchorBatches, walkPath } from './walk.ts';

export interface Person {
  readonly table: string;
  readonly row: number;
  readonly id: string;
  readonly title: string | null;
}

/** By row; none when the schema has no people for the entity, or only the entity itself is one. */
export async function peopleAround(
  engine: Engine,
  schema: Schema,
  entityTable: string,
  anchor: Anchor,
): Promise<readonly Person[]> {
  const route = await findPeople(engine, schema, entityTable, anchor.cutoff);
  const [batch] = anchorBatches([anchor]);
  if (!route || route.path.length === 0 || !batch) return [];
  const walk = walkPath(schema, entityTable, route.path, batch);
  if (!walk) return [];
  const query = select({
    distinct: true,
    columns: [
      as(col(walk.alias, ROW), 'person'),
      as(col(walk.alias, ID), 'id'),
      as(cast(col(walk.alias, route.title.name), 'text'), 'title'),
    ],
    from: walk.from,
    joins: walk.joins,
    orderBy: [asc(col('person'))],
  });
  const found = await engine.rows(toSql(query, engine.dialect));
  return found.map((r) => ({
    table: route.people.name,
    row: Number(r.person),
    id: String(r.id),
    title: typeof r.title === 'string' && r.title !== '' ? r.title : null,
  }));
}
