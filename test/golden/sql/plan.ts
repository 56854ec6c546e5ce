import {
  addInterval,
  and,
  antiJoin,
  as,
  asc,
  avg,
  call,
  caseWhen,
  cast,
  col,
  countAll,
  countDistinct,
  createTableAs,
  crossJoin,
  cte,
  desc,
  diffDays,
  diffMicros,
  div,
  eq,
  extract,
  ge,
  gt,
  inList,
  innerJoin,
  isNotNull,
  isNull,
  leftJoin,
  lit,
  lt,
  maxBy,
  minBy,
  minusInfinity,
  not,
  or,
  over,
  select,
  semiJoin,
  star,
  subquery,
  sum,
  table,
  truncDay,
  tryCast,
  ts,
  unionAll,
  values,
} from '../../../src/data/sql/build.ts';
import type { Query, Statement } from '../../../src/data/sql/tree.ts';

const cutoffs = select({
  columns: [col('s', 'entity'), as(cast(col('s', 'cutoff'), 'timestamp'), 'cutoff')],
  from: values(
    [
      [0, '2024-01-15'],
      [1, ts('2024-02-01')],
    ].map(([entity, cutoff]) => [entity!, typeof cutoff === 'object' ? cutoff : ts(cutoff as string)]),
    ['entity', 'cutoff'],
    's',
  ),
});

const e = (name: string) => col('e', name);
const recent = gt(e('__known'), addInterval(col('c', 'cutoff'), -1, 'month'));

const windows = select({
  with: [cte('cutoffs', cutoffs, true)],
  columns: [
    col('c', 'entity'),
    col('c', 'cutoff'),
    as(countAll({ filter: recent }), 'n'),
    as(sum(cast(e('amount'), 'decimal(38,6)'), { filter: and(recent, not(isNull(e('amount')))) }), 'total'),
    as(avg(call('ln', e('amount'))), 'log_mean'),
    as(countDistinct(truncDay(e('__time'))), 'days'),
    as(div(countAll(), countDistinct(e('kind'))), 'per_kind'),
    as(maxBy(e('kind'), [e('__time'), e('__row')]), 'last_kind'),
    as(minBy(e('kind'), [e('__row')], { filter: inList(e('kind'), ['a', "b'c"]) }), 'first_kind'),
    as(diffDays(col('c', 'cutoff'), cast(ts(0), 'timestamp')), 'age'),
  ],
  from: table('cutoffs', 'c'),
  joins: [leftJoin(table('events', 'e', 'data'), and(eq(e('__fk_owner'), col('c', 'entity')), lt(e('__known'), col('c', 'cutoff'))))],
  groupBy: [col('c', 'entity'), col('c', 'cutoff')],
  having: ge(countAll(), 0),
  orderBy: [asc(col('c', 'cutoff')), desc(col('c', 'entity'), 'first')],
  limit: 100,
});

const gaps = select({
  columns: [
    star('e'),
    as(
      diffMicros(
        e('__time'),
        over('lag', [e('__time')], { partitionBy: [e('kind')], orderBy: [asc(e('__time')), asc(e('__row'))] }),
      ),
      'gap',
    ),
    as(
      over('sum', [e('amount')], {
        orderBy: [asc(e('__row'))],
        frame: { unit: 'rows', start: -6, end: 0 },
      }),
      'running',
    ),
    as(extract('dow', e('__time')), 'dow'),
    as(call('hash31', e('kind')), 'bucket'),
    as(call('regexp_match', call('lower', e('kind')), '^a.*'), 'starts'),
    as(tryCast(call('split_part', e('kind'), '-', 1), 'bigint'), 'part'),
    as(caseWhen([[or(isNull(e('kind')), eq(e('kind'), '')), 'none']], call('concat', e('kind'), '!')), 'label'),
  ],
  from: table('events', 'e', 'data'),
  joins: [
    semiJoin(table('owners', 'o', 'data'), eq(col('o', '__row'), e('__fk_owner'))),
    antiJoin(table('hidden', 'h', 'data'), eq(col('h', '__row'), e('__row'))),
  ],
  where: and(isNotNull(e('kind')), ge(e('__time'), minusInfinity)),
});

const parts = select({
  distinct: true,
  columns: [as(call('split_rows', e('kind'), ';'), 'part'), as(lit(0.5), 'half'), as(lit(-3), 'minus')],
  from: table('events', 'e', 'data'),
  joins: [crossJoin(table('owners', 'o', 'data')), innerJoin(subquery(cutoffs, 'x'), eq(col('x', 'entity'), e('__row')))],
});

/** Touches every kind of node once. */
export const PLAN: readonly (readonly [name: string, node: Query | Statement])[] = [
  ['windows', createTableAs('matrix', windows, 'data')],
  ['gaps', gaps],
  ['parts', unionAll(parts, parts)],
  ['drop', { kind: 'dropTable', table: { schema: 'data', name: 'matrix' } }],
];
