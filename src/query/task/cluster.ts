/**
 * Rows that rise and fall together: intervals are bootstrapped and grouped folds drawn by cluster, the row of an
 * account-like parent, else of the parent most shared, else the entity's own row. Parents that change over time, or that
 * identity found, are those of one moment.
 */
import type { Engine } from '../../data/engine/types.ts';
import { conceptOf } from '../../data/schema/lexicon.ts';
import { fkColumn, KNOWN, type Link, ROW, type Schema } from '../../data/schema/types.ts';
import {
  add,
  as,
  coalesce,
  col,
  count,
  countAll,
  countDistinct,
  eq,
  le,
  leftJoin,
  max,
  select,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Join, Query } from '../../data/sql/tree.ts';
import { dataTable, findLink } from './scope.ts';
import { LATEST, stretchAt } from './stretch.ts';

const MAX_HOPS = 3;
/** Parents with fewer rows than this are categories, not accounts. */
const LEAST_PARENTS = 20;

interface Climb {
  readonly links: readonly Link[];
  readonly to: string;
}

function climbs(schema: Schema, entity: string): readonly Climb[] {
  const found: Climb[] = [];
  let tips: Climb[] = [{ links: [], to: entity }];
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    tips = tips.flatMap((tip) =>
      schema.links
        .filter((l) => l.from === tip.to && l.to !== entity && !found.some((f) => f.to === l.to))
        .map((l) => ({ links: [...tip.links, l], to: l.to })),
    );
    found.push(...tips);
  }
  return found;
}

const NEVER = new Set(['staff', 'campaign', 'product']);

/** The link path whose end names the cluster; empty when rows stand for themselves. */
async function clusterPath(
  engine: Engine,
  schema: Schema,
  entity: string,
  knownBy: number | undefined,
): Promise<readonly Link[]> {
  const usable = climbs(schema, entity).filter((c) => !NEVER.has(conceptOf(c.to) ?? ''));
  const shared: (Climb & { readonly ratio: number })[] = [];
  for (const climb of usable) {
    const [row] = await engine.rows(toSql(sharing(entity, climb, knownBy), engine.dialect));
    const [parents, linked, rows] = [Number(row?.parents), Number(row?.linked), Number(row?.rows)];
    const most = linked > rows / 2 || climb.links.some((l) => l.resolved !== undefined);
    if (parents >= Math.min(LEAST_PARENTS, rows / 4) && linked > parents && most)
      shared.push({ ...climb, ratio: linked / parents });
  }
  const accounts = shared.filter((c) => conceptOf(c.to) === 'account');
  const best = [...(accounts.length > 0 ? accounts : shared)].sort((a, b) => b.ratio - a.ratio)[0];
  const nearest = accounts.find((c) => c.links.length === Math.min(...accounts.map((a) => a.links.length)));
  return (nearest ?? best)?.links ?? [];
}

function sharing(entity: string, climb: Climb, knownBy: number | undefined): Query {
  const { joins, row } = climbJoins(climb.links, knownBy === undefined ? LATEST : ts(knownBy));
  return select({
    columns: [as(countDistinct(row), 'parents'), as(count(row), 'linked'), as(countAll(), 'rows')],
    from: dataTable(entity, 'e'),
    joins,
    ...(knownBy === undefined ? {} : { where: le(col('e', KNOWN), ts(knownBy)) }),
  });
}

/** Joins from alias `e` up the links, and the expression of the last parent's row. */
function climbJoins(
  links: readonly Link[],
  at: Expr,
): { readonly joins: readonly Join[]; readonly row: Expr } {
  const joins: Join[] = [];
  let row = col('e', ROW);
  links.forEach((link, k) => {
    const alias = k === 0 ? 'e' : `p${k}`;
    if (link.dated) {
      const stretch = `${alias}~`;
      joins.push(stretchAt(link, stretch, 'frow', row, at, leftJoin));
      row = col(stretch, 'trow');
      return;
    }
    if (k > 0) joins.push(leftJoin(dataTable(link.from, alias), eq(col(alias, ROW), row)));
    row = col(alias, fkColumn(link));
  });
  return { joins, row };
}

export interface ClusterColumns {
  readonly joins: readonly Join[];
  readonly cluster: Expr;
}

/** Numbers in order of first appearance, so that they do not depend on where rows stand in a file. */
export function ordinals(values: ArrayLike<number>, seen = new Map<number, number>()): Float64Array {
  return Float64Array.from(values, (v) => {
    const found = seen.get(v) ?? seen.size;
    seen.set(v, found);
    return found;
  });
}

/**
 * The cluster of entity alias `e`: the parent's row; rows without a parent get numbers after the last parent's. Parents
 * are chosen by what was known by `knownBy` and looked up as of `at`; default: by all that is on record.
 */
export async function clusterColumns(
  engine: Engine,
  schema: Schema,
  entity: string,
  knownBy?: number,
  at: Expr = LATEST,
): Promise<ClusterColumns> {
  const links = await clusterPath(engine, schema, entity, knownBy);
  const last = links.at(-1);
  if (!last) return { joins: [], cluster: col('e', ROW) };
  const size = select({
    columns: [as(max(col('t', ROW)), 'top')],
    from: dataTable(findLink(schema, last.name).to, 't'),
  });
  const [row] = await engine.rows(toSql(size, engine.dialect));
  const { joins, row: parent } = climbJoins(links, at);
  return { joins, cluster: coalesce(parent, add(col('e', ROW), Number(row?.top ?? -1) + 1)) };
}
