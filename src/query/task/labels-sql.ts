/** The two queries of a task: who is asked about at each cutoff (population), and what became of them (labels). */

import { END, fkColumn, ID, KNOWN, ROW, type Schema, type Table } from '../../data/schema/types.ts';
import {
  and,
  as,
  caseWhen,
  cast,
  col,
  crossJoin,
  eq,
  gt,
  inList,
  innerJoin,
  isNotNull,
  isNull,
  le,
  leftJoin,
  lit,
  min,
  minusInfinity,
  not,
  or,
  select,
  subquery,
  table,
  ts,
  unionAll,
  values,
} from '../../data/sql/build.ts';
import type { Expr, Query, Select } from '../../data/sql/tree.ts';
import { LeadlightError } from '../../errors.ts';
import type { Aggregate, CheckedQuery, Predicate, Target } from '../pql/ast.ts';
import { aggregate, listItems, shiftWindow } from './aggregate-sql.ts';
import { columnValue, createCompiler } from './predicate-sql.ts';
import {
  type Compiler,
  DEFINED,
  dataTable,
  findTable,
  type Key,
  type Scope,
  scopeSelect,
  type Undefined,
} from './scope.ts';

/** Columns of a population: row number of the entity and cutoff. */
const ENTITY = 'k0';
const CUTOFF = 'k1';

export interface PopulationOptions {
  /** ms since epoch; empty for a static query. */
  readonly cutoffs: readonly number[];
  /** Only these ids, and no WHERE. */
  readonly ids?: readonly string[];
  /** Everybody who exists; WHERE is left to `filterQuery`. */
  readonly unfiltered?: boolean;
  /** Also entities of an undated table that nothing is linked to yet. */
  readonly unseen?: boolean;
}

/** Columns k0 (row of the entity) and k1 (cutoff), one row per pair that the query asks about. */
export function populationQuery(schema: Schema, checked: CheckedQuery, options: PopulationOptions): Query {
  const compiler = createCompiler(schema);
  const entity = findTable(schema, checked.entity.table);
  const at = checked.temporal ? col('cut', 'at') : undefined;
  const scope: Scope = {
    table: entity,
    alias: 'e',
    keys: keysOf(col('e', ROW), at),
    at,
    side: checked.temporal ? 'past' : 'label',
    joins: [],
    base: {
      from: dataTable(entity.name, 'e'),
      joins: at ? [crossJoin(cutoffRows(options.cutoffs)), ...firstSeen(schema, entity)] : [],
      where: and(
        ...(at ? [alive(schema, entity, at, options.unseen ?? false)] : []),
        ...idFilter(options.ids),
      ),
    },
  };
  const filtered = checked.where && !options.ids && !options.unfiltered;
  const asked = filtered ? holds(compiler, checked.where, scope) : and();
  const query = scopeSelect(scope, pairOf(scope), asked);
  return withCtes(compiler, query);
}

/** The rows of table `task.<among>` (columns k0, k1) for which WHERE holds at their cutoff. */
export function filterQuery(schema: Schema, checked: CheckedQuery, among: string): Query {
  const compiler = createCompiler(schema);
  const scope: Scope = {
    ...candidateScope(schema, checked, among),
    side: checked.temporal ? 'past' : 'label',
  };
  const asked = checked.where ? holds(compiler, checked.where, scope) : and();
  return withCtes(compiler, scopeSelect(scope, pairOf(scope), asked));
}

/** Entity and cutoff, null for a static query. */
const pairOf = (scope: Scope): readonly Key[] =>
  scope.at ? scope.keys : [...scope.keys, { name: CUTOFF, expr: cast(lit(null), 'timestamp') }];

const keysOf = (row: Expr, at: Expr | undefined): readonly Key[] => [
  { name: ENTITY, expr: row },
  ...(at ? [{ name: CUTOFF, expr: at }] : []),
];

const cutoffRows = (cutoffs: readonly number[]) =>
  values(
    cutoffs.map((c) => [ts(c)]),
    ['at'],
    'cut',
  );

const idFilter = (ids: readonly string[] | undefined): readonly Expr[] =>
  ids ? [inList(col('e', ID), ids)] : [];

function holds(compiler: Compiler, p: Predicate, scope: Scope): Expr {
  const { value, undefinedIf } = compiler.predicate(p, scope);
  return and(value, ...allUndefined(undefinedIf).map((e) => not(e)));
}

const allUndefined = (u: Undefined): readonly Expr[] => [...u.empty, ...u.held];

/** Known and not ended at the cutoff; a row without any date exists from its earliest linked row. */
function alive(schema: Schema, entity: Table, at: Expr, unseen: boolean): Expr {
  const open = or(isNull(col('e', END)), gt(col('e', END), at));
  const known = le(col('e', KNOWN), at);
  if (datedChildren(schema, entity).length === 0) return and(known, open);
  const seen = le(col('seen', 'since'), at);
  const linked = unseen ? or(seen, isNull(col('seen', 'since'))) : seen;
  return and(known, or(gt(col('e', KNOWN), minusInfinity), linked), open);
}

const datedChildren = (schema: Schema, entity: Table) =>
  entity.time === undefined && entity.origin.kind !== 'derived'
    ? schema.links.filter((l) => l.to === entity.name && findTable(schema, l.from).time !== undefined)
    : [];

function firstSeen(schema: Schema, entity: Table) {
  const parts = datedChildren(schema, entity).map((l) =>
    select({
      columns: [as(col('c', fkColumn(l)), 'row'), as(min(col('c', KNOWN)), 'since')],
      from: dataTable(l.from, 'c'),
      where: isNotNull(col('c', fkColumn(l))),
      groupBy: [col('c', fkColumn(l))],
    }),
  );
  if (parts.length === 0) return [];
  const earliest = select({
    columns: [col('u', 'row'), as(min(col('u', 'since')), 'since')],
    from: subquery(parts.length === 1 ? parts[0]! : unionAll(...parts), 'u'),
    groupBy: [col('u', 'row')],
  });
  return [leftJoin(subquery(earliest, 'seen'), eq(col('seen', 'row'), col('e', ROW)))];
}

export interface LabelQuery {
  /** Columns k0, k1, v0 … (one per step), empty, held, kept. */
  readonly query: Query;
  readonly steps: number;
  /** Rankings and multilabel: columns k0, k1, item; the pairs with an empty list have no row. */
  readonly items?: Query;
}

/** Labels of the rows of table `task.<candidates>` (columns k0, k1); `judged`: the first cutoff that is judged or scored. */
export function labelQuery(
  schema: Schema,
  checked: CheckedQuery,
  candidates: string,
  judged?: number,
): LabelQuery {
  const compiler = createCompiler(schema, judged);
  const scope = candidateScope(schema, checked, candidates);
  const { target } = checked;
  if (target.kind === 'aggregate' && target.fn === 'LIST_DISTINCT')
    return listLabels(compiler, checked, scope);
  const steps = checked.hint?.kind === 'forecast' ? checked.hint.steps : 1;
  const cells = Array.from({ length: steps }, (_, k) => labelCell(compiler, target, scope, k));
  const undefinedIf = {
    empty: cells.flatMap((c) => c.undefinedIf.empty),
    held: cells.flatMap((c) => c.undefinedIf.held),
  };
  const kept = checked.assuming ? holds(compiler, checked.assuming, scope) : lit(true);
  const query = scopeSelect(scope, [
    ...pairOf(scope),
    ...cells.map((c, k) => ({ name: `v${k}`, expr: typed(c.value, checked) })),
    { name: 'empty', expr: or(...undefinedIf.empty) },
    { name: 'held', expr: or(...undefinedIf.held) },
    { name: 'kept', expr: kept },
  ]);
  return { query: withCtes(compiler, query), steps };
}

function candidateScope(schema: Schema, checked: CheckedQuery, candidates: string): Scope {
  const at = checked.temporal ? col('c', CUTOFF) : undefined;
  return {
    table: findTable(schema, checked.entity.table),
    alias: 'e',
    keys: keysOf(col('c', ENTITY), at),
    at,
    side: 'label',
    joins: [],
    base: {
      from: table(candidates, 'c', 'task'),
      joins: [innerJoin(dataTable(checked.entity.table, 'e'), eq(col('e', ROW), col('c', ENTITY)))],
      where: and(),
    },
  };
}

function labelCell(
  compiler: Compiler,
  target: Target,
  scope: Scope,
  step: number,
): { readonly value: Expr; readonly undefinedIf: Undefined } {
  if (target.kind === 'aggregate') return aggregate(compiler, shiftWindow(target, step), scope);
  if (target.kind !== 'column') return compiler.predicate(target, scope);
  const [value] = columnValue(compiler, target, scope);
  return { value, undefinedIf: DEFINED };
}

function typed(value: Expr, checked: CheckedQuery): Expr {
  if (checked.taskType === 'binary') return caseWhen([[value, 1]], 0);
  return cast(value, checked.taskType === 'multiclass' ? 'text' : 'double');
}

function listLabels(compiler: Compiler, checked: CheckedQuery, scope: Scope): LabelQuery {
  const items = withCtes(compiler, listItems(compiler, checked.target as Aggregate, scope));
  const own = createCompiler(compiler.schema, compiler.judged);
  const base = candidateScope(compiler.schema, checked, candidateName(scope));
  const kept = checked.assuming ? holds(own, checked.assuming, base) : lit(true);
  const query = scopeSelect(base, [
    ...pairOf(base),
    { name: 'v0', expr: lit(0) },
    { name: 'empty', expr: lit(false) },
    { name: 'held', expr: lit(false) },
    { name: 'kept', expr: kept },
  ]);
  return { query: withCtes(own, query), steps: 1, items };
}

function candidateName(scope: Scope): string {
  if (scope.base.from.kind !== 'table') throw new RangeError('candidates are a table');
  return scope.base.from.table.name;
}

function withCtes(compiler: Compiler, query: Query): Query {
  if (query.kind !== 'select') return query;
  return compiler.ctes.length === 0 ? query : ({ ...query, with: compiler.ctes } satisfies Select);
}

export function idsOf(checked: CheckedQuery): readonly string[] | undefined {
  const { ids } = checked;
  if (!ids) return undefined;
  const items = ids.kind === 'array' ? ids.items : [ids];
  return items.map((i) => {
    if (i.kind === 'null' || i.kind === 'array')
      throw new LeadlightError('QUERY_INVALID', { message: 'An entity id cannot be NULL.' });
    return String(i.value);
  });
}
