/**
 * Working tables of a run in schema `feat`: the snapshots, and per group the (sid → group) map and the distinct
 * (group, cutoff) pairs that everything is aggregated over once.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import {
  add,
  addInterval,
  and,
  as,
  asc,
  coalesce,
  col,
  createTableAs,
  dropTable,
  eq,
  innerJoin,
  isNotDistinct,
  least,
  or,
  over,
  select,
  subquery,
  table,
  ts,
  unionAll,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query } from '../../data/sql/tree.ts';
import { FEATURE_SCHEMA, groupRows, type PairNames } from './event-sql.ts';
import type { Group } from './plan-types.ts';
import { neighbourRows } from './side-sql.ts';
import { leavesOut } from './side-steps.ts';
import type { SideStep } from './types.ts';

export const createFeatureTable = (engine: Engine, name: string, query: Query): Promise<void> =>
  engine.run(toSql(createTableAs(name, query, FEATURE_SCHEMA), engine.dialect));

export const dropFeatureTable = (engine: Engine, name: string): Promise<void> =>
  engine.run(toSql(dropTable(name, FEATURE_SCHEMA), engine.dialect));

/** So many days before the cutoff, or at the cutoff but not after a moment (ms). */
export type Earlier = { readonly days: number } | { readonly notAfter: number };

export interface SnapshotOptions {
  /** ms; where static tasks are taken, everything being known. */
  readonly moment: number;
  /** Snapshots of this split once more, as of another moment; their sids follow from `first` on. */
  readonly earlier?: Earlier & { readonly split: string; readonly first: number };
  /** Only snapshots at the cutoffs of these splits; default all. */
  readonly atCutoffsOf?: readonly string[];
}

/** `feat.snap` (sid, erow, cutoff) from `task.snapshots`. */
export async function createSnapshots(engine: Engine, options: SnapshotOptions): Promise<void> {
  await engine.run(`CREATE SCHEMA IF NOT EXISTS ${FEATURE_SCHEMA}`);
  const cutoff = coalesce(col('cutoff'), ts(options.moment));
  const from = table('snapshots', undefined, 'task');
  const now = select({
    columns: [as(col('sid'), 'sid'), as(col('erow'), 'erow'), as(cutoff, 'cutoff')],
    from: options.atCutoffsOf === undefined ? from : subquery(sameCutoffs(options.atCutoffsOf), 's'),
  });
  const { earlier } = options;
  if (!earlier) return createFeatureTable(engine, 'snap', now);
  const place = over('row_number', [], { orderBy: [asc(col('sid'))] });
  const before = select({
    columns: [
      as(add(place, earlier.first - 1), 'sid'),
      as(col('erow'), 'erow'),
      as(
        'days' in earlier ? addInterval(cutoff, -earlier.days, 'day') : least(cutoff, ts(earlier.notAfter)),
        'cutoff',
      ),
    ],
    from,
    where: eq(col('split'), earlier.split),
  });
  await createFeatureTable(engine, 'snap', unionAll(now, before));
}

/** Snapshots, of whatever split, at a cutoff that one of these splits has too. */
function sameCutoffs(splits: readonly string[]): Query {
  const wanted = select({
    distinct: true,
    columns: [col('cutoff')],
    from: table('snapshots', undefined, 'task'),
    where: or(...splits.map((split) => eq(col('split'), split))),
  });
  return select({
    columns: [col('t', 'sid'), col('t', 'erow'), col('t', 'cutoff')],
    from: table('snapshots', 't', 'task'),
    joins: [innerJoin(subquery(wanted, 'w'), isNotDistinct(col('w', 'cutoff'), col('t', 'cutoff')))],
  });
}

export interface GroupTables {
  readonly group: Group;
  /** sid, g, owner, cutoff */
  readonly rows: string;
  /** Pairs shared by snapshots of the same group and cutoff. */
  readonly shared: PairNames;
  /** One pair per snapshot, so that the entity itself can be left out. */
  readonly single: PairNames;
  /** Of a group beside: its pairs before the step. */
  readonly base?: string;
}

export async function createGroup(
  engine: Engine,
  group: Group,
  index: number,
  entityTable: string,
  schema: Schema,
): Promise<GroupTables> {
  const rows = `g${index}`;
  await createFeatureTable(engine, rows, groupRows(group, entityTable, schema));
  if (group.side) return createSide(engine, group, group.side, index, rows, schema);
  const single = await createSingle(engine, rows, { map: `ms${index}`, pairs: `ps${index}` });
  if (group.up.length === 0 && group.column === undefined) return { group, rows, shared: single, single };
  const shared = await createShared(engine, rows, { map: `m${index}`, pairs: `p${index}` });
  return { group, rows, shared, single };
}

/** One pair a snapshot. */
async function createSingle(engine: Engine, rows: string, single: PairNames): Promise<PairNames> {
  const from = table(rows, 'r', FEATURE_SCHEMA);
  const columns = [as(col('r', 'sid'), 'pid'), col('r', 'g'), col('r', 'cutoff'), col('r', 'owner')];
  await createFeatureTable(engine, single.pairs, select({ columns, from }));
  const map = select({ columns: [col('r', 'sid'), as(col('r', 'sid'), 'pid')], from });
  await createFeatureTable(engine, single.map, map);
  return single;
}

/** One pair for snapshots of the same group and cutoff. */
async function createShared(engine: Engine, rows: string, shared: PairNames): Promise<PairNames> {
  const from = table(rows, 'r', FEATURE_SCHEMA);
  const distinct = select({ distinct: true, columns: [col('r', 'g'), col('r', 'cutoff')], from });
  const pid = over('row_number', [], { orderBy: [asc(col('d', 'g')), asc(col('d', 'cutoff'))] });
  await createFeatureTable(
    engine,
    shared.pairs,
    select({ columns: [as(pid, 'pid'), col('d', 'g'), col('d', 'cutoff')], from: subquery(distinct, 'd') }),
  );
  const onPair = and(eq(col('q', 'g'), col('r', 'g')), eq(col('q', 'cutoff'), col('r', 'cutoff')));
  await createFeatureTable(
    engine,
    shared.map,
    select({
      columns: [col('r', 'sid'), col('q', 'pid')],
      from,
      joins: [innerJoin(table(shared.pairs, 'q', FEATURE_SCHEMA), onPair)],
    }),
  );
  return shared;
}

/** Pairs of distinct rows and cutoffs, and below each the rows beside it. */
async function createSide(
  engine: Engine,
  group: Group,
  side: SideStep,
  index: number,
  rows: string,
  schema: Schema,
): Promise<GroupTables> {
  const base = `b${index}`;
  const create = leavesOut(side) ? createSingle : createShared;
  const shared = await create(engine, rows, { map: `m${index}`, pairs: base });
  const names = { map: shared.map, pairs: `p${index}` };
  await createFeatureTable(engine, names.pairs, besideRows(side, schema, base));
  return { group, rows, shared: names, single: names, base };
}

/** The rows beside those of table `base` (pid, g, cutoff and, where the entity is left out, owner). */
export const besideRows = (side: SideStep, schema: Schema, base: string): Query =>
  neighbourRows(side, schema, (alias) => table(base, alias, FEATURE_SCHEMA), leavesOut(side));

export const groupKey = (group: Group): string =>
  JSON.stringify([group.id, group.column ?? null, group.side?.id ?? null]);
