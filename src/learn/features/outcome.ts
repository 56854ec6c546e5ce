/**
 * Outcome history: how often earlier snapshots that share the group turned out true, counting only outcomes matured
 * at the cutoff. Rates are shrunk to the overall matured rate at that cutoff: (positives + m·prior) / (n + m).
 *
 * Outcomes come as table `feat.outcome` (erow, known TIMESTAMP, y DOUBLE): known is when the label was complete.
 */
import type { Schema } from '../../data/schema/types.ts';
import {
  add,
  and,
  as,
  asc,
  cast,
  coalesce,
  col,
  count,
  diffDays,
  diffMicros,
  div,
  eq,
  innerJoin,
  le,
  leftJoin,
  lt,
  max,
  mul,
  select,
  subquery,
  sum,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';
import { FEATURE_SCHEMA, groupRows } from './event-sql.ts';
import type { Group, OutcomeSource } from './plan-types.ts';
import { sidePath, sideSignal, sideWords } from './side-steps.ts';
import type { FeatureColumn } from './types.ts';
import { columnWords, groupWords } from './words.ts';

/** Pseudo-count of the prior. */
const PRIOR_WEIGHT = 12;
const SCALE = 10_000;

export interface OutcomeNames {
  readonly map: string;
  readonly pairs: string;
}

const STATISTICS = ['rate', 'count', 'recentRate', 'sinceLast'] as const;

export function outcomeSource(group: Group, recentDays: number): OutcomeSource {
  const { side } = group;
  const own = group.up.length === 0 && group.column === undefined && side === undefined;
  const what = side
    ? sideWords(side)
    : group.column
      ? `the same ${columnWords(group.column)}`
      : own
        ? 'this one'
        : `the same ${groupWords(group)}`;
  const sentences = {
    rate: `share of earlier outcomes of ${what} that were positive`,
    count: `earlier outcomes known of ${what}`,
    recentRate: `share of outcomes of ${what} in the last ${recentDays} days that were positive`,
    sinceLast: `days since the last known outcome of ${what}`,
  };
  const column = (statistic: (typeof STATISTICS)[number]): FeatureColumn => ({
    name: `outcome[${group.id}${group.column ? `.${group.column}` : ''}${side ? `~${side.id}` : ''}].${statistic}`,
    kind: 'numeric',
    family: 'outcome',
    scope: 'relational',
    signal: own ? 'past deals' : side ? sideSignal(side) : 'peer wins',
    path: [...group.up, ...sidePath(group)],
    table: group.table,
    ...(group.column ? { column: group.column } : {}),
    primitive: `outcome.${statistic}`,
    ...(statistic === 'recentRate' ? { windowDays: recentDays } : {}),
    sentence: sentences[statistic],
    ...(statistic === 'count'
      ? { unit: 'count' as const }
      : statistic === 'sinceLast'
        ? { unit: 'days' as const }
        : { unit: 'share' as const }),
  });
  return { id: group.id, group, columns: STATISTICS.map(column) };
}

/** Overall matured outcomes at each cutoff: the prior, and a feature of its own. */
export const overallColumns = (entityTable: string, recentDays: number): readonly FeatureColumn[] =>
  (['rate', 'recentRate'] as const).map((statistic) => ({
    name: `outcome[all].${statistic}`,
    kind: 'numeric',
    family: 'outcome',
    scope: 'relational',
    signal: 'timing',
    path: [],
    table: entityTable,
    primitive: `outcome.overall.${statistic}`,
    sentence:
      statistic === 'rate'
        ? 'share of all earlier outcomes that were positive'
        : `share of all outcomes in the last ${recentDays} days that were positive`,
    unit: 'share',
  }));

const micros = (days: number): number => days * 86_400_000_000;
const scaledY = cast(mul(col('o', 'y'), SCALE), 'bigint');

/** Per cutoff: n, s (scaled), and the same for the recent window. */
export function overallQuery(recentDays: number): Query {
  const cutoffs = select({
    distinct: true,
    columns: [col('cutoff')],
    from: table('snap', undefined, FEATURE_SCHEMA),
  });
  const cube = select({
    columns: [as(col('o', 'known'), 'known'), as(count(col('o', 'y')), 'n'), as(sum(scaledY), 's')],
    from: table('outcome', 'o', FEATURE_SCHEMA),
    groupBy: [col('o', 'known')],
  });
  return totals(
    select({
      columns: [as(col('c', 'cutoff'), 'pid'), as(col('c', 'cutoff'), 'cutoff')],
      from: subquery(cutoffs, 'c'),
    }),
    cube,
    undefined,
    recentDays,
  );
}

/** Per (group, cutoff) pair. */
export function groupOutcomes(
  group: Group,
  entityTable: string,
  schema: Schema,
  pairs: string,
  recentDays: number,
): Query {
  const rows = groupRows(group, entityTable, schema, 'outcome');
  const cube = select({
    columns: [
      as(col('o', 'g'), 'g'),
      as(col('o', 'known'), 'known'),
      as(count(col('o', 'y')), 'n'),
      as(sum(scaledY), 's'),
    ],
    from: subquery(rows, 'o'),
    groupBy: [col('o', 'g'), col('o', 'known')],
  });
  const from = select({
    columns: [as(col('q', 'pid'), 'pid'), as(col('q', 'g'), 'g'), as(col('q', 'cutoff'), 'cutoff')],
    from: table(pairs, 'q', FEATURE_SCHEMA),
  });
  return totals(from, cube, 'g', recentDays);
}

function totals(pairs: Query, cube: Query, by: 'g' | undefined, recentDays: number): Query {
  const recent = { filter: lt(diffMicros(col('p', 'cutoff'), col('k', 'known')), micros(recentDays)) };
  const same = by === undefined ? [] : [eq(col('k', by), col('p', by))];
  return select({
    columns: [
      as(col('p', 'pid'), 'pid'),
      as(col('p', 'cutoff'), 'cutoff'),
      as(cast(sum(col('k', 'n')), 'double'), 'n'),
      as(cast(sum(col('k', 's')), 'double'), 's'),
      as(cast(sum(col('k', 'n'), recent), 'double'), 'rn'),
      as(cast(sum(col('k', 's'), recent), 'double'), 'rs'),
      as(max(col('k', 'known')), 'last'),
    ],
    from: subquery(pairs, 'p'),
    joins: [innerJoin(subquery(cube, 'k'), and(...same, le(col('k', 'known'), col('p', 'cutoff'))))],
    groupBy: [col('p', 'pid'), col('p', 'cutoff')],
  });
}

const share = (s: Expr, n: Expr): Expr => div(div(s, SCALE), n);
const shrunk = (s: Expr, n: Expr, prior: Expr): Expr =>
  div(add(div(coalesce(s, 0), SCALE), mul(prior, PRIOR_WEIGHT)), add(coalesce(n, 0), PRIOR_WEIGHT));

/** The four statistics of one group for every snapshot, ordered by sid. */
export function outcomeResult(
  names: OutcomeNames & { readonly totals: string; readonly overall: string },
): Query {
  const prior = share(col('a', 's'), col('a', 'n'));
  const rate = shrunk(col('v', 's'), col('v', 'n'), prior);
  const columns = [
    rate,
    coalesce(col('v', 'n'), 0),
    shrunk(col('v', 'rs'), col('v', 'rn'), rate),
    diffDays(col('s', 'cutoff'), col('v', 'last')),
  ];
  return select({
    columns: columns.map((c, i) => as(cast(c, 'float'), `f${i}`)),
    from: table('snap', 's', FEATURE_SCHEMA),
    joins: [
      leftJoin(table(names.map, 'm', FEATURE_SCHEMA), eq(col('m', 'sid'), col('s', 'sid'))),
      leftJoin(table(names.totals, 'v', FEATURE_SCHEMA), eq(col('v', 'pid'), col('m', 'pid'))),
      leftJoin(table(names.overall, 'a', FEATURE_SCHEMA), eq(col('a', 'cutoff'), col('s', 'cutoff'))),
    ],
    orderBy: [asc(col('s', 'sid'))],
  });
}

export function overallResult(overall: string): Query {
  return select({
    columns: [
      as(cast(share(col('a', 's'), col('a', 'n')), 'float'), 'f0'),
      as(cast(share(col('a', 'rs'), col('a', 'rn')), 'float'), 'f1'),
    ],
    from: table('snap', 's', FEATURE_SCHEMA),
    joins: [leftJoin(table(overall, 'a', FEATURE_SCHEMA), eq(col('a', 'cutoff'), col('s', 'cutoff')))],
    orderBy: [asc(col('s', 'sid'))],
  });
}
