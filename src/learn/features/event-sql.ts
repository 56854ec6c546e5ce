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
  call,
  caseWhen,
  cast,
  col,
  eq,
  greatest,
  gt,
  innerJoin,
  isNotNull,
  isNull,
  le,
  least,
  lit,
  lt,
  mul,
  select,
  table,
  unionAll,
} from '../../data/sql/build.ts';
import type { Expr, Join, Query, SelectItem } from '../../data/sql/tree.ts';
import type { EventSource, Group, JourneyPart, NumericMeasure } from './plan-types.ts';

export const FEATURE_SCHEMA = 'feat';

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
  if (source.parts) return unionAll(...source.parts.map((part) => partRows(source, part, schema)));
  return rowsOf(source, schema, [
    ...source.numeric.map((m, i) => as(scaled(measured(m), m.decimals), `x${i}`)),
    ...source.categories.map((m, i) => as(code(col('e0', m.column), m.values, m.boolean), `c${i}`)),
    ...source.refs.map((name, i) => as(col('e0', fkColumn(linkOf(schema, name))), `r${i}`)),
  ]);
}

/** The rows of one table of a journey: their type in the alphabet that the tables share, or its length for any other. */
function partRows(source: EventSource, part: JourneyPart, schema: Schema): Query {
  const others = source.categories[0]!.values.length;
  const letter =
    part.column === undefined
      ? lit(part.letters[0]?.code ?? others)
      : caseWhen(
          part.letters.map((l) => [eq(cast(col('e0', part.column!), 'text'), l.value ?? ''), l.code]),
          others,
        );
  return rowsOf({ ...source, table: part.table, down: part.down }, schema, [as(letter, 'c0')]);
}

function rowsOf(
  source: Pick<EventSource, 'group' | 'down' | 'table' | 'stream' | 'memberStep' | 'expires'>,
  schema: Schema,
  cells: readonly SelectItem[],
): Query {
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
  const owner = source.group.side
    ? [as(group, 'owner')]
    : member === undefined
      ? []
      : [as(col(alias(source.down.length - 1 - member), ROW), 'owner')];
  return select({
    columns: [
      as(group, 'g'),
      ...owner,
      as(known.length > 1 ? greatest(...known) : known[0]!, 'known'),
      ...(source.expires ? [as(least(...dated.map((stretch) => col(stretch, 'until'))), 'until')] : []),
      as(at, 'at'),
      ...cells,
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

interface Chain {
  /** Event table first, up to the table that holds the group. */
  readonly tables: readonly string[];
  /** links[i] leads from tables[i] to tables[i + 1]. */
  readonly links: readonly Link[];
  /** The link whose value is the group row; undefined when the group is a column's value. */
  readonly top?: Link;
}

function chainOf(source: Pick<EventSource, 'group' | 'down' | 'table'>, schema: Schema): Chain {
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
export const clip = (x: Expr, limit: number): Expr =>
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
