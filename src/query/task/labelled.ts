/** Reads candidates with their labels, ids, birth and cluster out of the engine. */
import type { ColumnarResult, Engine, ResultColumn } from '../../data/engine/types.ts';
import { ID, ROW, type Schema, type Table, TIME } from '../../data/schema/types.ts';
import {
  as,
  asc,
  call,
  cast,
  coalesce,
  col,
  eq,
  greatest,
  innerJoin,
  lit,
  not,
  select,
  star,
  subquery,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Query, Source } from '../../data/sql/tree.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { keyOrder } from './as-of.ts';
import { type ClusterColumns, clusterColumns, ordinals } from './cluster.ts';
import type { CutoffPlan } from './cutoffs.ts';
import { labelQuery } from './labels-sql.ts';
import { dataTable, findTable } from './scope.ts';

export interface Rows {
  readonly entityRow: Float64Array;
  readonly cutoff: Float64Array;
  readonly entityId: readonly string[];
  readonly cluster: Float64Array;
  /** Event time of the entity's row, NaN when undated. */
  readonly born: Float64Array;
}

export interface Labelled extends Rows {
  readonly steps: readonly (Float64Array | readonly (string | null)[])[];
  readonly empty: Float64Array;
  readonly held: Float64Array;
  readonly kept: Float64Array;
  readonly items?: ReadonlyMap<string, readonly string[]>;
  /** Rows to predict; none when comparing. */
  readonly asked?: Rows;
}

export const pairKey = (row: number, cutoff: number): string => `${row}@${cutoff}`;

export async function readLabelled(
  engine: Engine,
  schema: Schema,
  checked: CheckedQuery,
  plan: CutoffPlan | undefined,
): Promise<Labelled> {
  const entity = checked.entity.table;
  const judged = firstJudged(plan);
  const clusters = await clusterColumns(engine, schema, entity, judged, clusterMoment(checked, judged));
  const labels = labelQuery(schema, checked, 'candidates', judged);
  const read = async (from: Source): Promise<ColumnarResult> =>
    engine.columns(toSql(withEntity(from, findTable(schema, entity), clusters), engine.dialect));
  const seen = new Map<number, number>();
  const result = await read(subquery(labels.query, 'r'));
  const predicts = plan?.cutoffs.some((c) => c.split === 'predict') === true;
  const asked = predicts ? await read(askedRows(schema, checked)) : undefined;
  const items = labels.items
    ? { items: await readItems(engine, labels.items, separatorOf(schema, checked)) }
    : {};
  return {
    ...rowsOf(result, seen),
    steps: Array.from({ length: labels.steps }, (_, k) => column(result, `v${k}`).values),
    empty: numbers(result, 'empty'),
    held: numbers(result, 'held'),
    kept: numbers(result, 'kept'),
    ...items,
    ...(asked ? { asked: rowsOf(asked, seen) } : {}),
  };
}

/**
 * All rows of an entity that models learn from must share a cluster, or folds would part them: theirs is that of the
 * first moment judged.
 */
function clusterMoment(checked: CheckedQuery, judged: number | undefined): Expr | undefined {
  if (!checked.temporal) return undefined;
  return judged === undefined ? col('r', 'k1') : greatest(col('r', 'k1'), ts(judged));
}

function firstJudged(plan: CutoffPlan | undefined): number | undefined {
  const ahead = plan?.cutoffs.filter((c) => c.split === 'test' || c.split === 'predict') ?? [];
  return ahead.length === 0 ? undefined : Math.min(...ahead.map((c) => c.at));
}

/** Who is predicted: not those whose BOOL holds already, unless they were asked for by id. */
function askedRows(schema: Schema, checked: CheckedQuery): Source {
  const all = table('asked', 'r', 'task');
  if (checked.ids || checked.target.kind === 'aggregate') return all;
  const labels = labelQuery(schema, checked, 'asked').query;
  const open = select({
    columns: [col('l', 'k0'), col('l', 'k1')],
    from: subquery(labels, 'l'),
    where: not(col('l', 'held')),
  });
  return subquery(open, 'r');
}

/** Cells that tell rows of one moment apart, whatever their ids. */
const TELLING = 8;

/**
 * Rows in an order of their own: by cutoff, then age, then what was written at creation. Samples are drawn and folds cut
 * in this order, so neither the order of a file nor the ids in it decide; ids only settle what is left.
 */
function withEntity(from: Source, entity: Table, clusters: ClusterColumns): Query {
  const written = entity.columns.filter((c) => c.semantic !== 'key' && c.mutable === undefined);
  const cells = written
    .slice(0, TELLING)
    .flatMap((c) => [coalesce(cast(col('e', c.name), 'text'), ''), lit('|')]);
  return select({
    columns: [star('r'), as(col('e', ID), 'id'), as(col('e', TIME), 'born'), as(clusters.cluster, 'cluster')],
    from,
    joins: [innerJoin(dataTable(entity.name, 'e'), eq(col('e', ROW), col('r', 'k0'))), ...clusters.joins],
    orderBy: [
      asc(col('r', 'k1')),
      asc(col('e', TIME)),
      ...(cells.length === 0 ? [] : [asc(call('hash31', call('concat', ...cells)))]),
      ...keyOrder('e').map((k) => asc(k)),
    ],
  });
}

function column(result: ColumnarResult, name: string): ResultColumn {
  const found = result.columns.find((c) => c.name === name);
  if (!found) throw new RangeError(`no column ${name}`);
  return found;
}

function numbers(result: ColumnarResult, name: string): Float64Array {
  const { values } = column(result, name);
  return values instanceof Float64Array ? values : Float64Array.from(values, Number);
}

function rowsOf(result: ColumnarResult, seen: Map<number, number>): Rows {
  return {
    entityRow: numbers(result, 'k0'),
    cutoff: cutoffsOf(result),
    entityId: [...column(result, 'id').values].map(String),
    cluster: ordinals(numbers(result, 'cluster'), seen),
    born: numbers(result, 'born'),
  };
}

/** Static queries have no cutoff column values. */
const cutoffsOf = (result: ColumnarResult): Float64Array =>
  result.columns.some((c) => c.name === 'k1')
    ? numbers(result, 'k1')
    : new Float64Array(result.rows).fill(Number.NaN);

function separatorOf(schema: Schema, checked: CheckedQuery): string | undefined {
  const { target } = checked;
  if (target.kind !== 'aggregate') return undefined;
  const t = schema.tables.find((x) => x.name === target.source.table);
  return t?.columns.find((c) => c.name === target.source.column)?.separator;
}

async function readItems(
  engine: Engine,
  query: Query,
  separator: string | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const result = await engine.columns(
    toSql(
      select({
        columns: [star('i')],
        from: subquery(query, 'i'),
        orderBy: [asc(col('i', 'k0')), asc(cast(col('i', 'item'), 'text'))],
      }),
      engine.dialect,
    ),
  );
  const [rows, cutoffs, cells] = [numbers(result, 'k0'), cutoffsOf(result), column(result, 'item').values];
  const lists = new Map<string, Set<string>>();
  for (let k = 0; k < result.rows; k++) {
    const key = pairKey(rows[k]!, cutoffs[k]!);
    const list = lists.get(key) ?? new Set<string>();
    const cell = String(cells[k]);
    for (const item of separator ? cell.split(separator) : [cell]) if (item.trim()) list.add(item.trim());
    lists.set(key, list);
  }
  return new Map([...lists].map(([key, set]) => [key, [...set].sort()]));
}
