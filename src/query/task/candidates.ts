/** The rows of a task before labels, as tables: `task.candidates` to label, `task.asked` to predict. */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import {
  as,
  call,
  cast,
  coalesce,
  col,
  countAll,
  createTableAs,
  innerJoin,
  isNotDistinct,
  le,
  lit,
  select,
  table,
  ts,
  values,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Query } from '../../data/sql/tree.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { printMoment } from './calendar.ts';
import { type CutoffPlan, keepShares } from './cutoffs.ts';
import { idsOf, populationQuery } from './labels-sql.ts';

const DEFAULT_MAX_ROWS = 200_000;

/** Creates task.candidates (k0 row of the entity, k1 cutoff); returns warnings. */
export async function createCandidates(
  engine: Engine,
  schema: Schema,
  checked: CheckedQuery,
  options: { readonly maxRows?: number; readonly seed: number },
  plan: CutoffPlan | undefined,
): Promise<readonly string[]> {
  const create = (name: string, query: Query): Promise<void> =>
    engine.run(toSql(createTableAs(name, query, 'task'), engine.dialect));
  const replayed = plan?.cutoffs.filter((c) => c.split !== 'predict').map((c) => c.at) ?? [];
  await create('population', populationQuery(schema, checked, { cutoffs: replayed }));
  const shares = await sharesOf(engine, replayed, options.maxRows ?? DEFAULT_MAX_ROWS);
  const thinned = shares.some((s) => s < 1);
  await create('candidates', thinned ? thinnedQuery(replayed, shares, options.seed) : allOf('population'));
  const most = options.maxRows ?? DEFAULT_MAX_ROWS;
  const warnings = thinned ? [`Rows were sampled to about ${most}, the newest cutoffs favoured.`] : [];
  const predict = plan?.cutoffs.find((c) => c.split === 'predict');
  if (!predict) return warnings;
  const ids = idsOf(checked);
  const asked = { cutoffs: [predict.at], unseen: true, ...(ids ? { ids } : {}) };
  await create('asked', populationQuery(schema, checked, asked));
  return [...warnings, ...(ids ? await missingIds(engine, ids, predict.at) : [])];
}

const allOf = (name: string): Query =>
  select({ columns: [col('p', 'k0'), col('p', 'k1')], from: table(name, 'p', 'task') });

async function sharesOf(
  engine: Engine,
  cutoffs: readonly number[],
  maxRows: number,
): Promise<readonly number[]> {
  const query = select({
    columns: [as(col('p', 'k1'), 'at'), as(countAll(), 'n')],
    from: table('population', 'p', 'task'),
    groupBy: [col('p', 'k1')],
  });
  const found = await engine.rows(toSql(query, engine.dialect));
  const counts = new Map(found.map((r) => [r.at instanceof Date ? r.at.getTime() : Number.NaN, Number(r.n)]));
  return keepShares(
    cutoffs.length === 0 ? [counts.get(Number.NaN) ?? 0] : cutoffs.map((c) => counts.get(c) ?? 0),
    maxRows,
  );
}

/** Keeps the rows whose hash falls below the share of their cutoff. */
function thinnedQuery(cutoffs: readonly number[], shares: readonly number[], seed: number): Query {
  const stamp = cutoffs.length === 0 ? [cast(lit(null), 'timestamp')] : cutoffs.map((c) => ts(c));
  const limits = values(
    stamp.map((at, k) => [at, Math.floor(shares[k]! * 2 ** 31)]),
    ['at', 'below'],
    's',
  );
  const hash = call(
    'hash31',
    call('concat', cast(col('p', 'k0'), 'text'), '@', coalesce(cast(col('p', 'k1'), 'text'), ''), `#${seed}`),
  );
  return select({
    columns: [col('p', 'k0'), col('p', 'k1')],
    from: table('population', 'p', 'task'),
    joins: [innerJoin(limits, isNotDistinct(col('s', 'at'), col('p', 'k1')))],
    where: le(hash, col('s', 'below')),
  });
}

async function missingIds(engine: Engine, ids: readonly string[], at: number): Promise<readonly string[]> {
  const [row] = await engine.rows(
    toSql(select({ columns: [as(countAll(), 'n')], from: table('asked', 'p', 'task') }), engine.dialect),
  );
  const missing = ids.length - Number(row?.n ?? 0);
  return missing > 0
    ? [`${missing} of the ${ids.length} ids asked for do not exist at ${printMoment(at)}.`]
    : [];
}
