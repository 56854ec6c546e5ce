/** Bands → the columns of an event source, one row per pair, then per snapshot. */
import {
  add,
  as,
  asc,
  call,
  caseWhen,
  cast,
  coalesce,
  col,
  div,
  eq,
  ge,
  greatest,
  gt,
  isNotNull,
  le,
  leftJoin,
  lit,
  lt,
  max,
  maxBy,
  min,
  mul,
  negate,
  select,
  sub,
  sum,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';
import { needsDistinct } from './event-bands.ts';
import { DAY_MICROS } from './event-parts.ts';
import { FEATURE_SCHEMA, type PairNames } from './event-sql.ts';
import type { Formula, PlannedSource } from './plan-types.ts';

/** One row per pair: the columns, from the bands. */
export function pivotQuery(source: PlannedSource, bands: string): Query {
  return select({
    columns: [
      col('pid'),
      ...source.columns.flatMap((c, i) =>
        needsDistinct(c.formula) ? [] : [as(cast(pivot(c.formula, source), 'float'), `f${i}`)],
      ),
    ],
    from: table(bands, undefined, FEATURE_SCHEMA),
    groupBy: [col('pid')],
  });
}

/** Totals over the bands of a window; `windows.length` means all time. */
interface Bands {
  readonly total: (name: string, w: number) => Expr;
  readonly within: (w: number) => { readonly filter?: Expr };
  readonly all: number;
}

function pivot(f: Formula, source: PlannedSource): Expr {
  const within = (w: number): { readonly filter?: Expr } =>
    w >= source.windows.length ? {} : { filter: le(col('band'), w) };
  const total = (name: string, w: number): Expr => cast(sum(col(name), within(w)), 'double');
  const bands = { total, within, all: source.windows.length };
  return measure(f, source, bands) ?? rhythm(f, bands) ?? order(f, source, bands);
}

const days = (e: Expr): Expr => div(cast(e, 'double'), DAY_MICROS);
const newest = min(col('amin'));
const oldest = max(col('amax'));
/** The value in the newest band that has one. */
const last = (name: string): Expr => maxBy(col(name), [negate(col('band'))]);

/** Counts, sums, extremes and shares of what is measured. */
function measure(f: Formula, source: PlannedSource, { total, within }: Bands): Expr | undefined {
  const unscaled = (e: Expr, x: number): Expr => div(e, 10 ** source.numeric[x]!.decimals);
  switch (f.kind) {
    case 'count':
      return total('n', f.w);
    case 'days':
      return total('dd', f.w);
    case 'category':
      return total(`c${f.c}_${f.v}`, f.w);
    case 'share':
      return div(total(`c${f.c}_${f.v}`, f.w), total('n', f.w));
    case 'sum':
      return unscaled(total(`sx${f.x}`, f.w), f.x);
    case 'mean':
      return unscaled(div(total(`sx${f.x}`, f.w), total(`n${f.x}`, f.w)), f.x);
    case 'gatedSum':
      return unscaled(total(`gs${f.x}_${f.c}_${f.v}`, f.w), f.x);
    case 'gatedMean':
      return unscaled(div(total(`gs${f.x}_${f.c}_${f.v}`, f.w), total(`gn${f.x}_${f.c}_${f.v}`, f.w)), f.x);
    case 'gatedLast':
      return unscaled(cast(last(`gl${f.x}_${f.c}_${f.v}`), 'double'), f.x);
    case 'std':
      return unscaled(stdOf(f.x, total, f.w), f.x);
    case 'min':
      return unscaled(cast(min(col(`mn${f.x}`), within(f.w)), 'double'), f.x);
    case 'max':
      return unscaled(cast(max(col(`mx${f.x}`), within(f.w)), 'double'), f.x);
    case 'lastValue':
      return unscaled(cast(last(`lx${f.x}`), 'double'), f.x);
    case 'lastChange':
      return unscaled(cast(last(`change${f.x}`), 'double'), f.x);
    case 'lastCategory':
      return last(`l${f.c}`);
    case 'previousCategory':
      return call('nullif', last(`previous${f.c}`), -1);
    default:
      return undefined;
  }
}

/** Recency, pauses, sessions. */
function rhythm(f: Formula, { total, all }: Bands): Expr | undefined {
  const n = total('n', all);
  const pause = max(col('pause'));
  switch (f.kind) {
    case 'sinceCategory':
      return days(min(col(`s${f.c}_${f.v}`)));
    case 'sinceLast':
      return days(newest);
    case 'sinceFirst':
      return days(oldest);
    case 'span':
      return days(sub(oldest, newest));
    case 'meanGap':
      return meanGap(n);
    case 'gapRatio':
      return div(days(newest), meanGap(n));
    case 'trend':
      return div(coalesce(total('n', f.short), 0), total('n', f.long));
    case 'longestGap':
      return days(caseWhen([[lt(pause, 0), 0]], pause));
    case 'recordRatio':
      return div(cast(newest, 'double'), caseWhen([[gt(pause, 0), pause]]));
    case 'burst': {
      const weeks = greatest(1, div(days(sub(oldest, newest)), 7));
      return div(mul(max(col('week')), weeks), n);
    }
    case 'sessions':
      return total('sessions', f.w);
    case 'perSession':
      return div(total('n', f.w), total('sessions', f.w));
    case 'sessionsPerDay':
      return div(total('sessions', all), total('dd', all));
    case 'lastSession':
      return add(sub(max(col('rank')), max(col('begin'))), 1);
    case 'lastSessionMinutes':
      return div(cast(sub(min(col('begun')), newest), 'double'), 60_000_000);
    default:
      return undefined;
  }
}

/** What came before what. The first of a type is the oldest of its ages. */
function order(f: Formula, source: PlannedSource, { total }: Bands): Expr {
  const { c, stages } = source.sequence ?? { c: 0, stages: [] };
  const first = (v: number): Expr => max(col(`first${c}_${v}`));
  const furthest = [...stages].reverse();
  switch (f.kind) {
    case 'step':
      return total(`step${f.step}`, f.w);
    case 'stepShare':
      return div(total(`step${f.step}`, f.w), total('n', f.w));
    case 'chain': {
      const within = source.windows[f.w];
      const begun = min(col(`chain${f.chain}`));
      const holds = within === undefined ? isNotNull(begun) : lt(begun, within * DAY_MICROS);
      return caseWhen([[holds, 1]], 0);
    }
    case 'between':
      return caseWhen([[ge(first(f.from), first(f.to)), days(sub(first(f.from), first(f.to)))]]);
    case 'before':
      return caseWhen([
        [gt(first(f.from), first(f.to)), 1],
        [isNotNull(first(f.to)), 0],
        [isNotNull(first(f.from)), 1],
      ]);
    case 'place': {
      const others = source.categories[c]!.values.flatMap((_, v) => (v === f.v ? [] : [first(v)]));
      const earlier = others.map((other) => caseWhen([[gt(other, first(f.v)), 1]], 0));
      return caseWhen([[isNotNull(first(f.v)), earlier.reduce(add, lit(1))]]);
    }
    case 'stage':
      return caseWhen(
        furthest.map((v, i) => [isNotNull(first(v)), stages.length - i]),
        0,
      );
    case 'stageDays':
      return days(coalesce(...furthest.map(first)));
    case 'stageSpan':
      return days(sub(greatest(...stages.map(first)), coalesce(...furthest.map(first))));
    default:
      throw new Error(`${f.kind} is not made of bands`);
  }
}

const meanGap = (n: Expr): Expr => div(days(sub(oldest, newest)), call('nullif', sub(n, 1), 0));

function stdOf(x: number, total: (name: string, w: number) => Expr, w: number): Expr {
  const n = total(`n${x}`, w);
  const mean = div(total(`sxc${x}`, w), n);
  const variance = sub(div(total(`sxx${x}`, w), n), mul(mean, mean));
  return call('sqrt', caseWhen([[lt(variance, 0), 0]], variance));
}

const ZERO_WHEN_ABSENT: ReadonlySet<Formula['kind']> = new Set([
  'count',
  'days',
  'members',
  'refs',
  'category',
  'sum',
  'gatedSum',
  'step',
  'chain',
  'stage',
  'sessions',
]);

/** All columns of the source for every snapshot, ordered by sid. Rows without the parent stay null. */
export function sourceResult(
  source: PlannedSource,
  names: PairNames & { readonly pivot: string; readonly distinct?: string },
): Query {
  const columns = source.columns.map((c, i) => {
    const from = needsDistinct(c.formula) ? col('d', `d${i}`) : col('v', `f${i}`);
    const value = ZERO_WHEN_ABSENT.has(c.formula.kind)
      ? caseWhen([[isNotNull(col('m', 'pid')), coalesce(from, 0)]])
      : from;
    return as(cast(value, 'float'), `f${i}`);
  });
  return select({
    columns,
    from: table('snap', 's', FEATURE_SCHEMA),
    joins: [
      leftJoin(table(names.map, 'm', FEATURE_SCHEMA), eq(col('m', 'sid'), col('s', 'sid'))),
      leftJoin(table(names.pivot, 'v', FEATURE_SCHEMA), eq(col('v', 'pid'), col('m', 'pid'))),
      ...(names.distinct
        ? [leftJoin(table(names.distinct, 'd', FEATURE_SCHEMA), eq(col('d', 'pid'), col('m', 'pid')))]
        : []),
    ],
    orderBy: [asc(col('s', 'sid'))],
  });
}
