/** What a list-valued target held before the cutoff: the rows that rankings and multilabel tasks learn habits from. */
import { ID, KNOWN, ROW, type Schema } from '../../data/schema/types.ts';
import {
  and,
  as,
  call,
  cast,
  col,
  crossJoin,
  eq,
  innerJoin,
  isNotNull,
  le,
  ne,
  select,
  subquery,
  table,
} from '../../data/sql/build.ts';
import type { Query, TableName } from '../../data/sql/tree.ts';
import type { Aggregate, CheckedQuery } from '../pql/ast.ts';
import { filteredRows } from './aggregate-sql.ts';
import { createCompiler } from './predicate-sql.ts';
import { dataTable, findTable, type Scope } from './scope.ts';

/** A target that is a list of items over a window. */
export interface ItemTarget {
  readonly aggregate: Aggregate;
  readonly entityTable: string;
  /** Between the parts of a cell that holds several items. */
  readonly separator?: string;
  /** The table whose key the items are; absent where they are plain values. */
  readonly itemTable?: string;
}

export function itemTargetOf(schema: Schema, checked: CheckedQuery): ItemTarget | undefined {
  const { target } = checked;
  if (target.kind !== 'aggregate' || target.fn !== 'LIST_DISTINCT' || !target.window) return undefined;
  const { source } = target;
  const column = findTable(schema, source.table).columns.find((c) => c.name === source.column);
  const link = schema.links.find(
    (l) => l.from === source.table && l.columns.length === 1 && l.columns[0] === source.column,
  );
  return {
    aggregate: target,
    entityTable: checked.entity.table,
    ...(column?.separator ? { separator: column.separator } : {}),
    ...(link ? { itemTable: link.to } : {}),
  };
}

/** k0 (row of the entity), id (its key), k1 (cutoff): every entity known at each cutoff of `snapshots` (… cutoff). */
export function everyoneQuery(entityTable: string, snapshots: Required<TableName>): Query {
  const cutoffs = select({
    distinct: true,
    columns: [col('c', 'cutoff')],
    from: table(snapshots.name, 'c', snapshots.schema),
  });
  return select({
    columns: [as(col('e', ROW), 'k0'), as(col('e', ID), 'id'), as(col('d', 'cutoff'), 'k1')],
    from: dataTable(entityTable, 'e'),
    joins: [crossJoin(subquery(cutoffs, 'd'))],
    where: le(col('e', KNOWN), col('d', 'cutoff')),
  });
}

/** k0, k1, item (text), t (event time): the rows known at k1 of every pair of `frame` (k0, k1). */
export function pastItemsQuery(schema: Schema, target: ItemTarget, frame: Required<TableName>): Query {
  const compiler = createCompiler(schema);
  const at = col('c', 'k1');
  const scope: Scope = {
    table: findTable(schema, target.entityTable),
    alias: 'e',
    keys: [
      { name: 'k0', expr: col('c', 'k0') },
      { name: 'k1', expr: at },
    ],
    at,
    side: 'past',
    joins: [],
    base: {
      from: table(frame.name, 'c', frame.schema),
      joins: [innerJoin(dataTable(target.entityTable, 'e'), eq(col('e', ROW), col('c', 'k0')))],
      where: and(),
    },
  };
  const ever = { start: null, end: 0, unit: 'days' } as const;
  const [rows] = filteredRows(compiler, { ...target.aggregate, window: ever }, scope);
  const text = cast(col('r', 'v'), 'text');
  const items = select({
    with: compiler.ctes,
    columns: [
      col('r', 'k0'),
      col('r', 'k1'),
      col('r', 't'),
      as(target.separator ? call('split_rows', text, target.separator) : text, 'item'),
    ],
    from: subquery(rows, 'r'),
    where: isNotNull(col('r', 'v')),
  });
  const trimmed = target.separator ? call('trim', col('i', 'item')) : col('i', 'item');
  return select({
    columns: [col('i', 'k0'), col('i', 'k1'), col('i', 't'), as(trimmed, 'item')],
    from: subquery(items, 'i'),
    where: ne(trimmed, ''),
  });
}
