/** Reads candidates with their labels, ids, birth and cluster out of the engine. */
import type { ColumnarResult, Engine, ResultColumn } from '../../data/engine/types.ts';
import { ID, ROW, type Schema, TIME } from '../../data/schema/types.ts';
import {
  as,
  asc,
  cast,
  col,
  eq,
  innerJoin,
  not,
  select,
  star,
  subquery,
  table,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query, Source } from '../../data/sql/tree.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { type ClusterColumns, clusterColumns } from './cluster.ts';
import type { CutoffPlan } from './cutoffs.ts';
import { labelQuery } from './labels-sql.ts';
import { dataTable } from './scope.ts';

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
  const clusters = await clusterColumns(engine, schema, entity);
  const labels = labelQuery(schema, checked, 'candidates', firstJudged(plan));
  const read = async (from: Source): Promise<ColumnarResult> =>
    engine.columns(toSql(withEntity(from, entity, clusters), engine.dialect));
  const result = await read(subquery(labels.query, 'r'));
  const predicts = plan?.cutoffs.some((c) => c.split === 'predict') === true;
  const asked = predicts ? await read(askedRows(schema, checked)) : undefined;
  const items = labels.items
    ? { items: await readItems(engine, labels.items, separatorOf(schema, checked)) }
    : {};
  return {
    ...rowsOf(result),
    steps: Array.from({ length: labels.steps }, (_, k) => column(result, `v${k}`).values),
    empty: numbers(result, 'empty'),
    held: numbers(result, 'held'),
    kept: numbers(result, 'kept'),
    ...items,
    ...(asked ? { asked: rowsOf(asked) } : {}),
  };
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

function withEntity(from: Source, entity: string, clusters: ClusterColumns): Query {
  return select({
    columns: [star('r'), as(col('e', ID), 'id'), as(col('e', TIME), 'born'), as(clusters.cluster, 'cluster')],
    from,
    joins: [innerJoin(dataTable(entity, 'e'), eq(col('e', ROW), col('r', 'k0'))), ...clusters.joins],
    orderBy: [asc(col('r', 'k1')), asc(col('r', 'k0'))],
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

function rowsOf(result: ColumnarResult): Rows {
  return {
    entityRow: numbers(result, 'k0'),
    cutoff: cutoffsOf(result),
    entityId: [...column(result, 'id').values].map(String),
    cluster: numbers(result, 'cluster'),
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
