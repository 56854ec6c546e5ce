/** The rows of a task before labels, as tables: `task.candidates` to label, `task.asked` to predict. */
import type { Engine } from '../../data/engine/types.ts';
import { ID, ROW, type Schema } from '../../data/schema/types.ts';
import {
  as,
  call,
  cast,
  col,
  countAll,
  createTableAs,
  dropTable,
  eq,
  innerJoin,
  isNotDistinct,
  lit,
  lt,
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
import { filterQuery, idsOf, populationQuery } from './labels-sql.ts';
import { dataTable } from './scope.ts';

const DEFAULT_MAX_ROWS = 200_000;

interface Options {
  readonly maxRows?: number;
  readonly seed: number;
}

/** Creates task.candidates (k0 row of the entity, k1 cutoff); returns warnings. */
export async function createCandidates(
  engine: Engine,
  schema: Schema,
  checked: CheckedQuery,
  options: Options,
  plan: CutoffPlan | undefined,
): Promise<readonly string[]> {
  const create: Create = (name, query) =>
    engine.run(toSql(createTableAs(name, query, 'task'), engine.dialect));
  const replayed = plan?.cutoffs.filter((c) => c.split !== 'predict').map((c) => c.at) ?? [];
  const most = options.maxRows ?? DEFAULT_MAX_ROWS;
  await create('population', populationQuery(schema, checked, { cutoffs: replayed, unfiltered: true }));
  const thinned = await filterAndThin(engine, create, {
    cutoffs: replayed,
    most,
    seed: options.seed,
    entity: checked.entity.table,
    ...(checked.where ? { filter: (among: string) => filterQuery(schema, checked, among) } : {}),
  });
  for (const name of ['population', 'pool', 'population_asked'])
    await engine.run(toSql(dropTable(name, 'task'), engine.dialect));
  const warnings = thinned ? [`Rows were sampled to about ${most}, the newest cutoffs favoured.`] : [];
  const predict = plan?.cutoffs.find((c) => c.split === 'predict');
  if (!predict) return warnings;
  const ids = idsOf(checked);
  const asked = { cutoffs: [predict.at], unseen: true, ...(ids ? { ids } : {}) };
  await create('asked', populationQuery(schema, checked, asked));
  return [...warnings, ...(ids ? await missingIds(engine, ids, predict.at) : [])];
}

type Create = (name: string, query: Query) => Promise<void>;

interface Thinning {
  readonly cutoffs: readonly number[];
  readonly most: number;
  readonly seed: number;
  readonly entity: string;
  readonly filter?: (among: string) => Query;
}

/**
 * task.population → task.candidates. WHERE may cost a scan of the events per cutoff, so a large population is thinned
 * before it: a pilot tells how many rows pass, and only as many are filtered as are needed. Returns whether rows were
 * left out. Thinning is by hash, so that a smaller share keeps a subset of a larger one.
 */
async function filterAndThin(engine: Engine, create: Create, t: Thinning): Promise<boolean> {
  const all = await countByCutoff(engine, 'population', t.cutoffs);
  const thin = (shares: readonly number[]): Query => thinnedQuery(t, shares);
  if (!t.filter) {
    const shares = keepShares(all, t.most);
    await create('candidates', thin(shares));
    return shares.some((s) => s < 1);
  }
  let pool = all.map(() => 1);
  if (total(all) > 2 * t.most) {
    const pilot = keepShares(all, t.most / 8);
    await create('pool', thin(pilot));
    await create('population_asked', t.filter('pool'));
    const passed = total(await countByCutoff(engine, 'population_asked', t.cutoffs));
    const rate = Math.max(passed, 1) / Math.max(1, total(await countByCutoff(engine, 'pool', t.cutoffs)));
    pool = [...keepShares(all, (1.2 * t.most) / rate)];
  }
  await create('pool', thin(pool));
  await create('population_asked', t.filter('pool'));
  const shares = keepShares(await countByCutoff(engine, 'population_asked', t.cutoffs), t.most);
  const final = shares.map((s, k) => s * pool[k]!);
  await create('candidates', thinnedQuery(t, final, 'population_asked'));
  return final.some((s) => s < 1);
}

const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

async function countByCutoff(
  engine: Engine,
  name: string,
  cutoffs: readonly number[],
): Promise<readonly number[]> {
  const query = select({
    columns: [as(col('p', 'k1'), 'at'), as(countAll(), 'n')],
    from: table(name, 'p', 'task'),
    groupBy: [col('p', 'k1')],
  });
  const found = await engine.rows(toSql(query, engine.dialect));
  const counts = new Map(found.map((r) => [r.at instanceof Date ? r.at.getTime() : Number.NaN, Number(r.n)]));
  return (cutoffs.length === 0 ? [Number.NaN] : cutoffs).map((c) => counts.get(c) ?? 0);
}

/** Keeps the rows whose hash falls below the share of their cutoff. */
function thinnedQuery(t: Thinning, shares: readonly number[], from = 'population'): Query {
  const stamps = t.cutoffs.length === 0 ? [cast(lit(null), 'timestamp')] : t.cutoffs.map((c) => ts(c));
  const columns = [col('p', 'k0'), col('p', 'k1')];
  if (shares.every((s) => s === 1)) return select({ columns, from: table(from, 'p', 'task') });
  const limits = values(
    stamps.map((at, k) => [at, k, Math.ceil(shares[k]! * 2 ** 31)]),
    ['at', 'place', 'below'],
    's',
  );
  const name = call('concat', col('e', ID), '@', cast(col('s', 'place'), 'text'), `#${t.seed}`);
  return select({
    columns,
    from: table(from, 'p', 'task'),
    joins: [
      innerJoin(limits, isNotDistinct(col('s', 'at'), col('p', 'k1'))),
      innerJoin(dataTable(t.entity, 'e'), eq(col('e', ROW), col('p', 'k0'))),
    ],
    where: lt(call('hash31', name), col('s', 'below')),
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
