/**
 * An event source as SQL. Rows visible at the cutoff are aggregated once per (group row, cutoff, age band); bands are
 * disjoint, so that every window is a sum over bands and the scan costs the same for one window or nine. Sums are over
 * integers (value × 10^decimals), hence exact and independent of threads. Distinct counts are not additive over bands
 * and take a second scan, only when wanted.
 *
 * The rows are first laid out group by group: aggregation then finds its running totals in cache, which halves its
 * time, and a row's rank within its group stands for (time, values) wherever the last of something is asked for.
 */

import type { Link, Schema } from '../../data/schema/types.ts';
import { fkColumn, KNOWN, LABEL_TIME, LINK_SCHEMA, ROW, TIME } from '../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  call,
  caseWhen,
  cast,
  coalesce,
  col,
  count,
  countAll,
  countDistinct,
  diffMicros,
  div,
  eq,
  greatest,
  gt,
  innerJoin,
  isNotNull,
  isNull,
  le,
  least,
  leftJoin,
  lit,
  lt,
  max,
  maxBy,
  min,
  mul,
  ne,
  negate,
  over,
  select,
  sub,
  subquery,
  sum,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Join, Query, SelectItem } from '../../data/sql/tree.ts';
import type { EventSource, Formula, Group, NumericMeasure, PlannedSource } from './plan-types.ts';

export const FEATURE_SCHEMA = 'feat';
const DAY_MICROS = 86_400_000_000;

/** Where the plan's runner put the (group row, cutoff) pairs of a source. */
export interface PairNames {
  /** sid, pid */
  readonly map: string;
  /** pid, g, cutoff and, for sources without self, owner */
  readonly pairs: string;
}

const linkOf = (schema: Schema, name: string): Link => {
  const link = schema.links.find((l) => l.name === name);
  if (!link) throw new Error(`no link ${name} in the schema`);
  return link;
};

/** Rows of the source: g, owner, known, at, and the measured cells. */
export function eventRows(source: EventSource, schema: Schema): Query {
  const chain = chainOf(source, schema);
  const last = chain.tables.length - 1;
  const alias = (i: number): string => `e${i}`;
  const hops = chain.links.map((link, i) => hopOf(link, alias(i)));
  const top = chain.top && hopOf(chain.top, alias(last));
  const joins = chain.links.flatMap((_, i) => [
    ...hops[i]!.joins,
    innerJoin(table(chain.tables[i + 1]!, alias(i + 1), 'data'), eq(col(alias(i + 1), ROW), hops[i]!.row)),
  ]);
  const group = source.group.column
    ? groupCode(col(alias(last), source.group.column))
    : (top?.row ?? col(alias(last), ROW));
  const dated = [...hops, ...(top ? [top] : [])].flatMap((hop) => hop.stretch ?? []);
  const at = source.stream === 'closed' ? col('e0', LABEL_TIME) : col('e0', TIME);
  const rowsKnown = chain.tables.map((_, i) => col(alias(i), KNOWN));
  const known = [
    ...rowsKnown,
    ...dated.map((stretch) => col(stretch, 'since')),
    ...(source.stream === 'closed' ? [at] : []),
  ];
  const member = source.memberStep;
  const owner = member === undefined ? [] : [as(col(alias(source.down.length - 1 - member), ROW), 'owner')];
  return select({
    columns: [
      as(group, 'g'),
      ...owner,
      as(known.length > 1 ? greatest(...known) : known[0]!, 'known'),
      ...(source.expires ? [as(least(...dated.map((stretch) => col(stretch, 'until'))), 'until')] : []),
      as(at, 'at'),
      ...source.numeric.map((m, i) => as(scaled(measured(m), m.decimals), `x${i}`)),
      ...source.categories.map((m, i) => as(code(col('e0', m.column), m.values, m.boolean), `c${i}`)),
      ...source.refs.map((name, i) => as(col('e0', fkColumn(linkOf(schema, name))), `r${i}`)),
    ],
    from: table(source.table, 'e0', 'data'),
    joins: [...joins, ...(top?.joins ?? [])],
    where: and(isNotNull(group), ...known.map((k) => isNotNull(k))),
  });
}

/** From row `alias` up a link: the row named; a dated link's stretches are joined under the alias `stretch`. */
export interface Hop {
  readonly joins: readonly Join[];
  readonly row: Expr;
  readonly stretch?: string;
}

/** With `at` only the stretch that holds then is joined. */
export function hopOf(link: Link, alias: string, at?: Expr): Hop {
  if (!link.dated) return { joins: [], row: col(alias, fkColumn(link)) };
  const stretch = `${alias}~`;
  const holds = at ? [le(col(stretch, 'since'), at), gt(col(stretch, 'until'), at)] : [];
  const on = and(eq(col(stretch, 'frow'), col(alias, ROW)), ...holds);
  return {
    joins: [innerJoin(table(link.name, stretch, LINK_SCHEMA), on)],
    row: col(stretch, 'trow'),
    stretch,
  };
}

/** The rows that some pair may see, group by group; `rank` orders a group's rows by time, then by what is measured. */
export function stagedRows(source: PlannedSource, schema: Schema, pairs: string): Query {
  const wanted = select({
    columns: [as(col('q', 'g'), 'g'), as(max(col('q', 'cutoff')), 'latest')],
    from: table(pairs, 'q', FEATURE_SCHEMA),
    groupBy: [col('q', 'g')],
  });
  const cells = [...source.numeric.map((_, i) => `x${i}`), ...source.categories.map((_, i) => `c${i}`)];
  const owner = source.memberStep === undefined ? [] : ['owner'];
  const until = source.expires ? ['until'] : [];
  const names = ['g', ...owner, 'known', ...until, 'at', ...cells, ...source.refs.map((_, i) => `r${i}`)];
  const inOrder = [asc(col('e', 'at')), ...cells.map((name) => asc(col('e', name)))];
  const ranked = usesOf(source).last;
  const rank = over('row_number', [], { partitionBy: [col('e', 'g')], orderBy: inOrder });
  return select({
    columns: [...names.map((name) => as(col('e', name), name)), ...(ranked ? [as(rank, 'rank')] : [])],
    from: subquery(eventRows(source, schema), 'e'),
    joins: [
      innerJoin(
        subquery(wanted, 'w'),
        and(eq(col('w', 'g'), col('e', 'g')), le(col('e', 'known'), col('w', 'latest'))),
      ),
    ],
    ...(ranked ? {} : { orderBy: [asc(col('e', 'g'))] }),
  });
}

interface Chain {
  /** Event table first, up to the table that holds the group. */
  readonly tables: readonly string[];
  /** links[i] leads from tables[i] to tables[i + 1]. */
  readonly links: readonly Link[];
  /** The link whose value is the group row; undefined when the group is a column's value. */
  readonly top?: Link;
}

function chainOf(source: EventSource, schema: Schema): Chain {
  const links = source.down.map((s) => linkOf(schema, s.link)).reverse();
  if (source.group.column !== undefined || links.length === 0) {
    return { tables: [...links.map((l) => l.from), source.group.table], links };
  }
  return { tables: links.map((l) => l.from), links: links.slice(0, -1), top: links[links.length - 1]! };
}

/** A column's value as a group number; 31-bit hash of its text. */
const groupCode = (value: Expr): Expr => call('hash31', cast(value, 'text'));

const measured = (m: NumericMeasure): Expr =>
  m.times === undefined ? col('e0', m.column) : mul(cast(col('e0', m.column), 'double'), col('e0', m.times));

/** value × 10^decimals as an integer; values beyond ±9e15 after scaling are clipped. */
function scaled(value: Expr, decimals: number): Expr {
  const x = mul(cast(value, 'double'), 10 ** decimals);
  return cast(call('round', clip(x, 9e15), 0), 'bigint');
}

/** Within ±limit; null stays null, which least and greatest would take for the limit. */
const clip = (x: Expr, limit: number): Expr =>
  caseWhen(
    [
      [gt(x, limit), limit],
      [lt(x, -limit), -limit],
    ],
    x,
  );

/** Index of the value in the vocabulary, its length for any other value, null for null. */
export function code(value: Expr, values: readonly string[], boolean = false): Expr {
  if (boolean) {
    return caseWhen(
      values.map((v, i) => [eq(value, v === 'true'), i]),
      undefined,
    );
  }
  const text = cast(value, 'text');
  return caseWhen(
    [[isNull(value), lit(null)], ...values.map((v, i) => [eq(text, v), lit(i)] as const)],
    values.length,
  );
}

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
  const uses = usesOf(source);
  const joined = select({
    columns: [
      as(col('p', 'pid'), 'pid'),
      as(bandOf(source), 'band'),
      ...(source.dated ? [as(ageOf, 'age')] : []),
      ...(uses.last ? [as(col('e', 'rank'), 'rank')] : []),
      ...source.numeric.map((_, i) => as(col('e', `x${i}`), `x${i}`)),
      ...source.categories.map((_, i) => as(col('e', `c${i}`), `c${i}`)),
    ],
    from: table(pairs, 'p', FEATURE_SCHEMA),
    joins: [innerJoin(table(rows, 'e', FEATURE_SCHEMA), visible(source))],
  });
  return select({
    columns: [col('pid'), col('band'), as(countAll(), 'n'), ...partials(source, uses)],
    from: subquery(joined, 'j'),
    groupBy: [col('pid'), col('band')],
  });
}

function bandOf(source: EventSource): Expr {
  if (!source.dated || source.windows.length === 0) return lit(0);
  return caseWhen(
    source.windows.map((days, i) => [lt(ageOf, days * DAY_MICROS), i]),
    source.windows.length,
  );
}

interface Uses {
  readonly last: boolean;
  readonly days: boolean;
  readonly kinds: ReadonlySet<string>;
}

function usesOf(source: PlannedSource): Uses {
  const kinds = new Set<string>();
  for (const { formula } of source.columns) {
    kinds.add(formula.kind);
    if ('x' in formula) kinds.add(`${formula.kind}${formula.x}`);
    if ('c' in formula) kinds.add(`${formula.kind}${formula.c}`);
  }
  return { kinds, last: kinds.has('lastValue') || kinds.has('lastCategory'), days: kinds.has('days') };
}

function partials(source: PlannedSource, uses: Uses): SelectItem[] {
  const age = source.dated ? [as(min(col('age')), 'amin'), as(max(col('age')), 'amax')] : [];
  const days = uses.days ? [as(countDistinct(call('int_div', col('age'), DAY_MICROS)), 'dd')] : [];
  const numeric = source.numeric.flatMap((_, i) => numericPartials(i, uses));
  const categories = source.categories.flatMap((m, c) => [
    ...m.values.map((_, v) => as(countAll({ filter: eq(col(`c${c}`), v) }), `c${c}_${v}`)),
    ...(uses.kinds.has(`sinceCategory${c}`)
      ? m.values.map((_, v) => as(min(col('age'), { filter: eq(col(`c${c}`), v) }), `s${c}_${v}`))
      : []),
    ...(uses.kinds.has(`lastCategory${c}`) ? [as(maxBy(col(`c${c}`), [col('rank')]), `l${c}`)] : []),
  ]);
  return [...age, ...days, ...numeric, ...categories];
}

/** Squares are of values clipped to ±3e9 scaled units, so that they fit 64 bits. */
function numericPartials(i: number, uses: Uses): SelectItem[] {
  const x = col(`x${i}`);
  const has = (kind: string): boolean => uses.kinds.has(`${kind}${i}`);
  const clipped = clip(x, 3_000_000_000);
  return [
    as(count(x), `n${i}`),
    as(sum(x), `sx${i}`),
    ...(has('std') ? [as(sum(mul(clipped, clipped)), `sxx${i}`), as(sum(clipped), `sxc${i}`)] : []),
    ...(has('min') ? [as(min(x), `mn${i}`)] : []),
    ...(has('max') ? [as(max(x), `mx${i}`)] : []),
    ...(has('lastValue') ? [as(maxBy(x, [col('rank')]), `lx${i}`)] : []),
  ];
}

const needsDistinct = (f: Formula): boolean => f.kind === 'members' || f.kind === 'refs';

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

function pivot(f: Formula, source: PlannedSource): Expr {
  const within = (w: number): { readonly filter?: Expr } =>
    w >= source.windows.length ? {} : { filter: le(col('band'), w) };
  const total = (name: string, w: number): Expr => cast(sum(col(name), within(w)), 'double');
  const all = source.windows.length;
  const days = (e: Expr): Expr => div(cast(e, 'double'), DAY_MICROS);
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
      return div(total(`sx${f.x}`, f.w), 10 ** source.numeric[f.x]!.decimals);
    case 'mean':
      return div(div(total(`sx${f.x}`, f.w), total(`n${f.x}`, f.w)), 10 ** source.numeric[f.x]!.decimals);
    case 'std':
      return stdOf(f.x, total, f.w, source.numeric[f.x]!.decimals);
    case 'min':
      return div(cast(min(col(`mn${f.x}`), within(f.w)), 'double'), 10 ** source.numeric[f.x]!.decimals);
    case 'max':
      return div(cast(max(col(`mx${f.x}`), within(f.w)), 'double'), 10 ** source.numeric[f.x]!.decimals);
    case 'lastValue':
      return div(
        cast(maxBy(col(`lx${f.x}`), [negate(col('band'))]), 'double'),
        10 ** source.numeric[f.x]!.decimals,
      );
    case 'lastCategory':
      return maxBy(col(`l${f.c}`), [negate(col('band'))]);
    case 'sinceCategory':
      return days(min(col(`s${f.c}_${f.v}`)));
    case 'sinceLast':
      return days(min(col('amin')));
    case 'sinceFirst':
      return days(max(col('amax')));
    case 'span':
      return days(sub(max(col('amax')), min(col('amin'))));
    case 'meanGap':
      return meanGap(total('n', all));
    case 'gapRatio':
      return div(days(min(col('amin'))), meanGap(total('n', all)));
    case 'trend':
      return div(coalesce(total('n', f.short), 0), total('n', f.long));
    case 'members':
    case 'refs':
      throw new Error('distinct counts come from distinctQuery');
  }
}

const meanGap = (n: Expr): Expr =>
  div(div(cast(sub(max(col('amax')), min(col('amin'))), 'double'), DAY_MICROS), call('nullif', sub(n, 1), 0));

function stdOf(x: number, total: (name: string, w: number) => Expr, w: number, decimals: number): Expr {
  const n = total(`n${x}`, w);
  const mean = div(total(`sxc${x}`, w), n);
  const variance = sub(div(total(`sxx${x}`, w), n), mul(mean, mean));
  return div(call('sqrt', caseWhen([[lt(variance, 0), 0]], variance)), 10 ** decimals);
}

const ZERO_WHEN_ABSENT: ReadonlySet<Formula['kind']> = new Set([
  'count',
  'days',
  'members',
  'refs',
  'category',
  'sum',
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

/**
 * Group of each snapshot (`of` = 'snap': sid, g, owner, cutoff) or of each outcome (`of` = 'outcome': g, known, y).
 * Parents must be visible at the cutoff, or when the outcome became known; entity rows are visible by themselves.
 */
export function groupRows(
  group: Group,
  entityTable: string,
  schema: Schema,
  of: 'snap' | 'outcome' = 'snap',
): Query {
  const moment = col('s', of === 'snap' ? 'cutoff' : 'known');
  const visibleRow = (alias: string, depth: number): readonly Expr[] =>
    depth === 0 ? [] : [le(col(alias, KNOWN), moment)];
  const joins: Join[] = [];
  let row = col('s', 'erow');
  let at = entityTable;
  group.up.forEach((step, i) => {
    const child = `u${i}`;
    joins.push(innerJoin(table(at, child, 'data'), and(eq(col(child, ROW), row), ...visibleRow(child, i))));
    const hop = hopOf(linkOf(schema, step.link), child, moment);
    joins.push(...hop.joins);
    row = hop.row;
    at = step.table;
  });
  if (group.up.length > 0 || group.column !== undefined) {
    joins.push(
      innerJoin(
        table(at, 'top', 'data'),
        and(eq(col('top', ROW), row), ...visibleRow('top', group.up.length)),
      ),
    );
  }
  const g = group.column === undefined ? row : groupCode(col('top', group.column));
  const columns =
    of === 'snap'
      ? [as(col('s', 'sid'), 'sid'), as(g, 'g'), as(col('s', 'erow'), 'owner'), as(moment, 'cutoff')]
      : [as(g, 'g'), as(moment, 'known'), as(col('s', 'y'), 'y')];
  return select({ columns, from: table(of, 's', FEATURE_SCHEMA), joins, where: isNotNull(g) });
}
