/**
 * The rows of an event source that some snapshot may see, laid out group by group, each with what its place among the
 * rows before it says: the types before it, the pause before it, how many fell in the week up to it. A row's
 * predecessors are those that became known earlier (at the same moment: those that happened earlier, then by what is
 * measured), so that whoever sees the row sees them too, and all of it is worked out once and not once per cutoff.
 */
import type { Schema } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  caseWhen,
  col,
  diffMicros,
  eq,
  innerJoin,
  le,
  max,
  over,
  select,
  star,
  subquery,
  table,
  ts,
} from '../../data/sql/build.ts';
import type { Expr, Order, Query, SelectItem } from '../../data/sql/tree.ts';
import { cellsOf } from './event-parts.ts';
import { eventRows, FEATURE_SCHEMA } from './event-sql.ts';
import type { PlannedSource } from './plan-types.ts';

const WEEK_MICROS = 7 * 86_400_000_000;

/** `rank` orders a group's rows by time, then by what is measured. */
export function stagedRows(source: PlannedSource, schema: Schema, pairs: string): Query {
  const wanted = select({
    columns: [as(col('q', 'g'), 'g'), as(max(col('q', 'cutoff')), 'latest')],
    from: table(pairs, 'q', FEATURE_SCHEMA),
    groupBy: [col('q', 'g')],
  });
  const used = cellsOf(source);
  const placed = placeCells(source, used);
  const rows = select({
    columns: [...rowCells(source).map((name) => as(col('e', name), name)), ...placed],
    from: subquery(eventRows(source, schema), 'e'),
    joins: [
      innerJoin(
        subquery(wanted, 'w'),
        and(eq(col('w', 'g'), col('e', 'g')), le(col('e', 'known'), col('w', 'latest'))),
      ),
    ],
    ...(placed.length > 0 ? {} : { orderBy: [asc(col('e', 'g'))] }),
  });
  return withChains(source, used, rows);
}

const rowCells = (source: PlannedSource): readonly string[] => [
  'g',
  ...(source.memberStep === undefined ? [] : ['owner']),
  'known',
  ...(source.expires ? ['until'] : []),
  'at',
  ...measured(source),
  ...source.refs.map((_, i) => `r${i}`),
];

const measured = (source: PlannedSource): readonly string[] => [
  ...source.numeric.map((_, i) => `x${i}`),
  ...source.categories.map((_, i) => `c${i}`),
];

const ordered = (names: readonly string[]): readonly Order[] => names.map((name) => asc(col('e', name)));

/** Where an entity's own rows are left out, each member's rows follow each other; else all of the group's do. */
const partition = (source: PlannedSource): readonly Expr[] => [
  col('e', 'g'),
  ...(source.excludeSelf ? [col('e', 'owner')] : []),
];

const inSequence = (source: PlannedSource) => ({
  partitionBy: partition(source),
  orderBy: ordered([...(source.prompt ? ['at'] : ['known', 'at']), ...measured(source)]),
});

/** Window functions for the used cells; where rows are prompt all but `week` share one order. */
function placeCells(source: PlannedSource, used: ReadonlySet<string>): readonly SelectItem[] {
  const earlier = (name: string, k: number): Expr => over('lag', [col('e', name), k], inSequence(source));
  const byTime = { partitionBy: [col('e', 'g')], orderBy: ordered(['at', ...measured(source)]) };
  const lately = {
    partitionBy: partition(source),
    orderBy: [asc(diffMicros(col('e', 'known'), ts(0)))],
    frame: { unit: 'range' as const, start: 1 - WEEK_MICROS, end: 0 },
  };
  const cells: Readonly<Record<string, () => Expr>> = {
    rank: () => over('row_number', [], byTime),
    gap: () => diffMicros(col('e', 'at'), earlier('at', 1)),
    week: () => over('count', [], lately),
    ...Object.fromEntries(source.numeric.map((_, i) => [`before_x${i}`, () => earlier(`x${i}`, 1)])),
    ...Object.fromEntries(
      source.categories.flatMap((_, i) => [
        [`before_c${i}`, () => earlier(`c${i}`, 1)],
        [`second_c${i}`, () => earlier(`c${i}`, 2)],
      ]),
    ),
  };
  return Object.entries(cells).flatMap(([name, make]) => (used.has(name) ? [as(make(), name)] : []));
}

/**
 * For three types in order with any others between: at a row of the third type, the time of the latest row of the first
 * after which a row of the second has come.
 */
function withChains(source: PlannedSource, used: ReadonlySet<string>, rows: Query): Query {
  const { sequence } = source;
  const chains = (sequence?.chains ?? []).flatMap((chain, k) =>
    used.has(`chain${k}`) ? [{ chain, k }] : [],
  );
  if (!sequence || chains.length === 0) return rows;
  const type = col('e', `c${sequence.c}`);
  const so = { ...inSequence(source), frame: { unit: 'rows' as const, start: null, end: 0 } };
  const latest = (value: Expr, of: number): Expr => over('max', [caseWhen([[eq(type, of), value]])], so);
  const begun = select({
    columns: [star('e'), ...chains.map(({ chain, k }) => as(latest(col('e', 'at'), chain[0]), `begun${k}`))],
    from: subquery(rows, 'e'),
  });
  const passed = select({
    columns: [
      star('e'),
      ...chains.map(({ chain, k }) => as(latest(col('e', `begun${k}`), chain[1]), `passed${k}`)),
    ],
    from: subquery(begun, 'e'),
  });
  return select({
    columns: [
      star('e'),
      ...chains.map(({ chain, k }) =>
        as(caseWhen([[eq(type, chain[2]), col('e', `passed${k}`)]]), `chain${k}`),
      ),
    ],
    from: subquery(passed, 'e'),
  });
}
