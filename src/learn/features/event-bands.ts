/** Staged rows → one row per (snapshot or group pair, age band) of parts; distinct counts in a scan of their own. */
import {
  and,
  as,
  caseWhen,
  col,
  countDistinct,
  diffMicros,
  eq,
  gt,
  innerJoin,
  le,
  lit,
  lt,
  ne,
  select,
  subquery,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Query, SelectItem } from '../../data/sql/tree.ts';
import { cellsOf, DAY_MICROS, partsOf } from './event-parts.ts';
import { FEATURE_SCHEMA } from './event-sql.ts';
import type { EventSource, Formula, PlannedSource } from './plan-types.ts';

const visible = (source: EventSource): Expr =>
  and(
    eq(col('e', 'g'), col('p', 'g')),
    le(col('e', 'known'), col('p', 'cutoff')),
    ...(source.expires ? [gt(col('e', 'until'), col('p', 'cutoff'))] : []),
    ...(source.excludeSelf ? [ne(col('e', 'owner'), col('p', 'owner'))] : []),
  );

const ageOf = diffMicros(col('p', 'cutoff'), col('e', 'at'));

/** One row per (pair, band), from the staged rows. */
export function bandQuery(source: PlannedSource, pairs: string, rows: string): Query {
  const parts = [...partsOf(source).values()];
  const joined = select({
    columns: [
      as(col('p', 'pid'), 'pid'),
      as(bandOf(source), 'band'),
      ...(source.dated ? [as(ageOf, 'age')] : []),
      ...[...cellsOf(source)].map(seen),
      ...source.numeric.map((_, i) => as(col('e', `x${i}`), `x${i}`)),
      ...source.categories.map((_, i) => as(col('e', `c${i}`), `c${i}`)),
    ],
    from: table(pairs, 'p', FEATURE_SCHEMA),
    joins: [innerJoin(table(rows, 'e', FEATURE_SCHEMA), visible(source))],
  });
  return select({
    columns: [col('pid'), col('band'), ...parts.map((p) => as(p.aggregate, p.name))],
    from: subquery(joined, 'j'),
    groupBy: [col('pid'), col('band')],
  });
}

/** The beginning of a chain is a time: here it becomes an age. */
const seen = (cell: string): SelectItem =>
  as(cell.startsWith('chain') ? diffMicros(col('p', 'cutoff'), col('e', cell)) : col('e', cell), cell);

function bandOf(source: EventSource): Expr {
  if (!source.dated || source.windows.length === 0) return lit(0);
  return caseWhen(
    source.windows.map((days, i) => [lt(ageOf, days * DAY_MICROS), i]),
    source.windows.length,
  );
}

/** Distinct counts are not additive over bands. */
export const needsDistinct = (f: Formula): boolean => f.kind === 'members' || f.kind === 'refs';

/** One row per pair with the distinct counts; undefined when no column wants one. */
export function distinctQuery(source: PlannedSource, pairs: string, rows: string): Query | undefined {
  const wanted = source.columns.flatMap((c, i) =>
    needsDistinct(c.formula) ? [[c.formula, i] as const] : [],
  );
  if (wanted.length === 0) return undefined;
  const items = wanted.map(([f, i]) => {
    const what = f.kind === 'refs' ? col('e', `r${f.ref}`) : col('e', 'owner');
    const w = 'w' in f ? f.w : source.windows.length;
    const days = source.windows[w];
    const filter = days === undefined ? {} : { filter: lt(ageOf, days * DAY_MICROS) };
    return as(countDistinct(what, filter), `d${i}`);
  });
  return select({
    columns: [as(col('p', 'pid'), 'pid'), ...items],
    from: table(pairs, 'p', FEATURE_SCHEMA),
    joins: [innerJoin(table(rows, 'e', FEATURE_SCHEMA), visible(source))],
    groupBy: [col('p', 'pid')],
  });
}
