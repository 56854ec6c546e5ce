/** Runs a plan: group tables, staged events, bands, pivots, outcome rates → one column-major matrix, rows in sid order. */
import type { Engine } from '../../data/engine/types.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query } from '../../data/sql/tree.ts';
import type { RunControl } from '../../util/progress.ts';
import { bandQuery, distinctQuery } from './event-bands.ts';
import { pivotQuery, sourceResult } from './event-pivot.ts';
import { slicesOf } from './event-slices.ts';
import { FEATURE_SCHEMA, groupRows, type PairNames } from './event-sql.ts';
import { stagedRows } from './event-stage.ts';
import { computeLags } from './lags/lags.ts';
import { groupOutcomes, outcomeResult, overallColumns, overallQuery, overallResult } from './outcome.ts';
import { recentDays } from './plan.ts';
import type { FeaturePlan, Group, PlannedSource } from './plan-types.ts';
import {
  besideRows,
  createFeatureTable,
  createGroup,
  dropFeatureTable,
  type GroupTables,
  groupKey,
} from './prepare.ts';
import { isTitle, staticQuery } from './static-sql.ts';
import { createTitles } from './titles.ts';
import type { FeatureColumn, FeatureMatrix } from './types.ts';

export interface RunOptions extends RunControl {
  /** `feat.outcome` (erow, known, y) exists: outcome rates can be computed. */
  readonly outcomes: boolean;
}

interface Part {
  readonly columns: readonly FeatureColumn[];
  readonly data: readonly Float32Array[];
}

/** Snapshots must be in `feat.snap`; `rows` is their number. */
export async function computeFeatures(
  engine: Engine,
  plan: FeaturePlan,
  rows: number,
  options: RunOptions,
): Promise<FeatureMatrix> {
  const tables = await groupTables(engine, plan);
  const parts: Part[] = [await statics(engine, plan, rows, tables)];
  const total = plan.sources.length + (options.outcomes ? plan.outcomes.length : 0);
  const step = (done: number, stage: string): void => {
    options.signal?.throwIfAborted();
    options.progress?.({ stage, done, total, unit: 'paths' });
  };
  for (const [i, source] of plan.sources.entries()) {
    step(i, 'features');
    parts.push(await eventPart(engine, plan, source, rows, tables));
  }
  if (options.outcomes && plan.outcomes.length > 0) {
    parts.push(await overallPart(engine, plan, rows));
    for (const [i, source] of plan.outcomes.entries()) {
      step(plan.sources.length + i, 'outcome history');
      parts.push(await outcomePart(engine, plan, source, rows, tables));
    }
  }
  if (plan.lags) {
    const frame = { schema: FEATURE_SCHEMA, name: 'snap' };
    const data = await computeLags(engine, plan.input.schema, plan.lags, frame, rows);
    parts.push({ columns: plan.lags.columns, data });
  }
  step(total, 'features');
  const columns = parts.flatMap((p) => p.columns);
  const data = parts.flatMap((p) => p.data);
  const ratios = ratioPart(plan, columns, data, rows);
  return { rows, columns: [...columns, ...ratios.columns], data: [...data, ...ratios.data] };
}

/** The SQL of a plan, named, in the order it runs; group tables are numbered as the run numbers them. */
export function planSql(
  plan: FeaturePlan,
  print: (query: Query) => string,
): readonly { readonly name: string; readonly sql: string }[] {
  const groups = groupsIn(plan);
  const pairsOf = (source: PlannedSource): string => {
    const i = groups.findIndex((g) => groupKey(g) === groupKey(source.group));
    return source.excludeSelf || isSelf(source.group) ? `ps${i}` : `p${i}`;
  };
  const mapOf = (group: Group): string => `g${groups.findIndex((g) => groupKey(g) === groupKey(group))}`;
  const head =
    plan.statics.length > 0 ? [{ name: 'static', sql: print(staticQuery(staticRequest(plan, mapOf))) }] : [];
  const { entityTable, schema } = plan.input;
  const beside = groups.flatMap((group, i) =>
    group.side
      ? [
          { name: `g${i} rows`, sql: print(groupRows(group, entityTable, schema)) },
          { name: `p${i} rows beside`, sql: print(besideRows(group.side, schema, `b${i}`)) },
        ]
      : [],
  );
  return [
    ...head,
    ...beside,
    ...plan.sources.flatMap((source) => {
      const pairs = pairsOf(source);
      return [
        { name: `${source.id} events`, sql: print(stagedRows(source, plan.input.schema, pairs)) },
        ...slicesOf(source).flatMap((slice, i) => sliceSql(slice.source, `${source.id}.${i}`, pairs, print)),
      ];
    }),
  ];
}

function sliceSql(
  source: PlannedSource,
  name: string,
  pairs: string,
  print: (query: Query) => string,
): readonly { readonly name: string; readonly sql: string }[] {
  const distinct = distinctQuery(source, pairs, 'events');
  return [
    { name: `${name} bands`, sql: print(bandQuery(source, pairs, 'events')) },
    { name: `${name} pivot`, sql: print(pivotQuery(source, 'bands')) },
    ...(distinct ? [{ name: `${name} distinct`, sql: print(distinct) }] : []),
  ];
}

const isSelf = (group: Group): boolean =>
  group.up.length === 0 && group.column === undefined && group.side === undefined;

function groupsIn(plan: FeaturePlan): readonly Group[] {
  const all = [
    ...plan.statics.map((s) => s.group),
    ...plan.sources.map((s) => s.group),
    ...plan.outcomes.map((o) => o.group),
  ];
  return [...new Map(all.map((g) => [groupKey(g), g])).values()];
}

async function groupTables(engine: Engine, plan: FeaturePlan): Promise<ReadonlyMap<string, GroupTables>> {
  const tables = new Map<string, GroupTables>();
  for (const [i, group] of groupsIn(plan).entries()) {
    tables.set(
      groupKey(group),
      await createGroup(engine, group, i, plan.input.entityTable, plan.input.schema),
    );
  }
  return tables;
}

const staticRequest = (plan: FeaturePlan, mapOf: (group: Group) => string) => ({
  columns: plan.statics,
  schema: plan.input.schema,
  mapOf,
  static: plan.input.static,
  entityGiven: plan.input.entityGiven,
});

async function statics(
  engine: Engine,
  plan: FeaturePlan,
  rows: number,
  tables: ReadonlyMap<string, GroupTables>,
): Promise<Part> {
  if (plan.statics.length === 0) return { columns: [], data: [] };
  const titled = plan.statics
    .filter((s) => isTitle(s.formula))
    .map((s) => ({ table: s.group.table, column: s.column! }));
  await createTitles(engine, titled, FEATURE_SCHEMA);
  const query = staticQuery(staticRequest(plan, (group) => tables.get(groupKey(group))!.rows));
  return fetch(
    engine,
    query,
    rows,
    plan.statics.map((s) => s.meta),
  );
}

const fetch = async (
  engine: Engine,
  query: Query,
  rows: number,
  columns: readonly FeatureColumn[],
): Promise<Part> => ({
  columns,
  data: await engine.float32(toSql(query, engine.dialect), rows, columns.length),
});

async function eventPart(
  engine: Engine,
  plan: FeaturePlan,
  source: PlannedSource,
  rows: number,
  tables: ReadonlyMap<string, GroupTables>,
): Promise<Part> {
  const group = tables.get(groupKey(source.group))!;
  const names = source.excludeSelf ? group.single : group.shared;
  await createFeatureTable(engine, 'events', stagedRows(source, plan.input.schema, names.pairs));
  const data: Float32Array[] = [];
  for (const slice of slicesOf(source)) {
    const made = await slicePart(engine, slice.source, names, rows);
    slice.places.forEach((place, i) => {
      data[place] = made[i]!;
    });
  }
  await dropFeatureTable(engine, 'events');
  return { columns: source.columns.map((c) => c.meta), data };
}

/** The columns of a slice, from the rows in `feat.events`. */
async function slicePart(
  engine: Engine,
  source: PlannedSource,
  names: PairNames,
  rows: number,
): Promise<readonly Float32Array[]> {
  const distinct = distinctQuery(source, names.pairs, 'events');
  if (distinct) await createFeatureTable(engine, 'distinct', distinct);
  await createFeatureTable(engine, 'bands', bandQuery(source, names.pairs, 'events'));
  await createFeatureTable(engine, 'pivot', pivotQuery(source, 'bands'));
  await dropFeatureTable(engine, 'bands');
  const query = sourceResult(source, {
    ...names,
    pivot: 'pivot',
    ...(distinct ? { distinct: 'distinct' } : {}),
  });
  const data = await engine.float32(toSql(query, engine.dialect), rows, source.columns.length);
  await dropFeatureTable(engine, 'pivot');
  if (distinct) await dropFeatureTable(engine, 'distinct');
  return data;
}

async function overallPart(engine: Engine, plan: FeaturePlan, rows: number): Promise<Part> {
  await createFeatureTable(engine, 'overall', overallQuery(recentDays(plan.input)));
  return fetch(
    engine,
    overallResult('overall'),
    rows,
    overallColumns(plan.input.entityTable, recentDays(plan.input)),
  );
}

async function outcomePart(
  engine: Engine,
  plan: FeaturePlan,
  source: FeaturePlan['outcomes'][number],
  rows: number,
  tables: ReadonlyMap<string, GroupTables>,
): Promise<Part> {
  const group = tables.get(groupKey(source.group))!;
  const query = groupOutcomes(
    source.group,
    plan.input.entityTable,
    plan.input.schema,
    group.shared.pairs,
    recentDays(plan.input),
  );
  await createFeatureTable(engine, 'totals', query);
  return fetch(
    engine,
    outcomeResult({ ...group.shared, totals: 'totals', overall: 'overall' }),
    rows,
    source.columns,
  );
}

/** Pseudo-members added at the overall share. */
const RATIO_WEIGHT = 10;

/** (members with the event + w·prior) / (members + w). */
function ratioPart(
  plan: FeaturePlan,
  columns: readonly FeatureColumn[],
  data: readonly Float32Array[],
  rows: number,
): Part {
  const at = new Map(columns.map((c, i) => [c.name, i]));
  const made = plan.ratios.flatMap((r) => {
    const [having, of] = [data[at.get(r.having) ?? -1], data[at.get(r.of) ?? -1]];
    if (!having || !of) return [];
    const values = new Float32Array(rows);
    for (let i = 0; i < rows; i++)
      values[i] = (having[i]! + RATIO_WEIGHT * r.prior) / (of[i]! + RATIO_WEIGHT);
    return [[r.meta, values] as const];
  });
  return { columns: made.map(([meta]) => meta), data: made.map(([, values]) => values) };
}
