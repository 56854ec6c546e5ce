/** Rows tied by a row between (association), by a self link, or that came to the row lately, as of the cutoff. */
import type { Link, Schema } from '../../data/schema/types.ts';
import { END, fkColumn, ID, KNOWN, LINK_SCHEMA, ROW } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  col,
  eq,
  greatest,
  gt,
  innerJoin,
  isNull,
  le,
  leftJoin,
  max,
  ne,
  or,
  select,
  table,
} from '../../data/sql/build.ts';
import type { Expr, Join, Query, Source } from '../../data/sql/tree.ts';
import { hopOf } from './event-sql.ts';
import { isSeniorTitle } from './titles.ts';
import type { SideStep } from './types.ts';

/** The rows that neighbours stand beside, under an alias: pid, g, cutoff and, where self is left out, owner. */
export type Pairs = (alias: string) => Source;

type Tie = Exclude<SideStep, { kind: 'similar_to' | 'industry_peer' }>;

/** What a step reaches before it goes up: alias `n`, and how near it is. */
interface Reached {
  readonly joins: readonly Join[];
  readonly near: Expr;
}

/** pid, g, cutoff, id, near */
export function tied(side: Tie, schema: Schema, pairs: Pairs, others: boolean): Query {
  const { joins, near } = reached(side, schema);
  const above = 'up' in side && side.up !== undefined ? parents(side, schema, side.up) : undefined;
  const end = above ? 'm' : 'n';
  return select({
    columns: [
      as(col('p', 'pid'), 'pid'),
      as(col(end, ROW), 'g'),
      as(CUTOFF, 'cutoff'),
      as(max(col(end, ID)), 'id'),
      as(max(near), 'near'),
    ],
    from: pairs('p'),
    joins: [...joins, ...(above?.joins ?? [])],
    where: and(
      ...(above ? [above.isAnother] : []),
      ...(others ? [ne(col('n', ROW), col('p', 'owner'))] : []),
    ),
    groupBy: [col('p', 'pid'), col(end, ROW), CUTOFF],
  });
}

const CUTOFF = col('p', 'cutoff');

const seen = (name: string, alias: string, on: Expr): Join =>
  innerJoin(table(name, alias, 'data'), and(on, le(col(alias, KNOWN), CUTOFF)));

function reached(side: Tie, schema: Schema): Reached {
  switch (side.kind) {
    case 'association':
      return associated(side, schema);
    case 'self': {
      const own = seen(side.table, 'x', eq(col('x', ROW), col('p', 'g')));
      return {
        joins: [own, seen(startOf(side, schema), 'n', selfMatch(side, schema))],
        near: col('n', KNOWN),
      };
    }
    case 'arrival':
      return arrived(side, schema);
  }
}

/** The table whose rows a self link or an association leads to, before the step goes up. */
const startOf = (side: Extract<Tie, { kind: 'association' | 'self' }>, schema: Schema): string =>
  side.kind === 'self' ? linkNamed(schema, side.link).from : linkNamed(schema, side.out).to;

export const linkNamed = (schema: Schema, name: string): Link => {
  const found = schema.links.find((l) => l.name === name);
  if (!found) throw new Error(`no link ${name} in the schema`);
  return found;
};

/** Rows between hold from when they are known to their end; with `ended` those count whose end has come. */
function associated(side: Extract<Tie, { kind: 'association' }>, schema: Schema): Reached {
  const [into, out] = [linkNamed(schema, side.into), linkNamed(schema, side.out)];
  const end = col('a', END);
  const tie = seen(
    side.through,
    'a',
    and(
      eq(col('a', fkColumn(into)), col('p', 'g')),
      side.ended ? le(end, CUTOFF) : or(isNull(end), gt(end, CUTOFF)),
    ),
  );
  const self = into.to === out.to ? [ne(col('n', ROW), col('p', 'g'))] : [];
  const next = seen(out.to, 'n', and(eq(col('n', ROW), col('a', fkColumn(out))), ...self));
  return { joins: [tie, next], near: col('a', KNOWN) };
}

function selfMatch(side: Extract<Tie, { kind: 'self' }>, schema: Schema): Expr {
  const fk = fkColumn(linkNamed(schema, side.link));
  const match = side.direction === 'up' ? eq(col('n', ROW), col('x', fk)) : eq(col('n', fk), col('x', ROW));
  return and(match, ne(col('n', ROW), col('x', ROW)));
}

/** Days for which somebody is new. */
export const NEW_DAYS = 60;

/** People of senior title that were created, or linked to the row, in the last days. */
function arrived(side: Extract<Tie, { kind: 'arrival' }>, schema: Schema): Reached {
  const link = linkNamed(schema, side.link);
  const since = link.dated ? [col('a', 'since')] : [];
  const at = since.length > 0 ? greatest(col('n', KNOWN), ...since) : col('n', KNOWN);
  const here = link.dated ? eq(col('n', ROW), col('a', 'frow')) : eq(col('n', fkColumn(link)), col('p', 'g'));
  const isNew = gt(at, addInterval(CUTOFF, -NEW_DAYS, 'day'));
  const person = seen(side.table, 'n', and(here, isNew, isSeniorTitle(col('n', side.title))));
  return { joins: [...(link.dated ? [stretch(link, 'a', 'trow')] : []), person], near: at };
}

/** The stretches of a dated link that hold at the cutoff, of the pair's row. */
const stretch = (link: Link, alias: string, side: 'frow' | 'trow', join = innerJoin): Join =>
  join(
    table(link.name, alias, LINK_SCHEMA),
    and(
      eq(col(alias, side), col('p', 'g')),
      le(col(alias, 'since'), CUTOFF),
      gt(col(alias, 'until'), CUTOFF),
    ),
  );

/** From the rows reached up a link to alias `m`; the parent of the row they stand beside is another. */
function parents(
  side: Extract<Tie, { kind: 'association' | 'self' }>,
  schema: Schema,
  up: string,
): { readonly joins: readonly Join[]; readonly isAnother: Expr } {
  const link = linkNamed(schema, up);
  const hop = hopOf(link, 'n', CUTOFF);
  const joins = [...hop.joins, seen(link.to, 'm', eq(col('m', ROW), hop.row))];
  const base = side.kind === 'self' ? link.from : linkNamed(schema, side.into).to;
  if (base !== link.from) return { joins, isAnother: and() };
  const own = link.dated
    ? { join: stretch(link, 'own', 'frow', leftJoin), row: col('own', 'trow') }
    : {
        join: leftJoin(table(base, 'own', 'data'), eq(col('own', ROW), col('p', 'g'))),
        row: col('own', fkColumn(link)),
      };
  return { joins: [...joins, own.join], isAnother: or(isNull(own.row), ne(own.row, col('m', ROW))) };
}
