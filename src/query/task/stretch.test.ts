import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadShop, START, shopRows, shopSchema } from '../../../test/support/shop.ts';
import type { Engine } from '../../data/engine/types.ts';
import { ROW, type Schema } from '../../data/schema/types.ts';
import { as, asc, col, select, table, ts } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { clusterColumns } from './cluster.ts';
import { createCompiler } from './predicate-sql.ts';
import { dataTable, findTable, type Side, walkDown } from './scope.ts';

const DAY = 86_400_000;
const MOVED = START + 140 * DAY;
const shop = shopRows(5, 25);
const schema: Schema = {
  ...shopSchema,
  links: shopSchema.links.map((l) => (l.name === 'people.firm_id' ? { ...l, dated: true } : l)),
};
/** Everybody moves on to the next firm on one day. */
const firmOf = (person: number, at: number): number =>
  (shop.people[person]!.firm + (at >= MOVED ? 1 : 0)) % shop.firms.length;

let engine: Engine;
beforeAll(async () => {
  engine = await loadShop(shop);
  const stamp = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19)}'`;
  await engine.run(`CREATE SCHEMA link;
    CREATE TABLE link."people.firm_id" (frow BIGINT, trow BIGINT, since TIMESTAMP, until TIMESTAMP);
    INSERT INTO link."people.firm_id" VALUES ${shop.people
      .flatMap((p, i) => [
        `(${i}, ${firmOf(i, 0)}, ${stamp(p.at)}, ${stamp(MOVED)})`,
        `(${i}, ${firmOf(i, MOVED)}, ${stamp(MOVED)}, TIMESTAMP '9999-12-31')`,
      ])
      .join(', ')}`);
});
afterAll(() => engine.close());

const BEFORE = MOVED - DAY;
const AFTER = MOVED + DAY;

it.each([
  ['past', BEFORE],
  ['past', AFTER],
  ['label', BEFORE],
  ['label', AFTER],
] as const)('a path up from the context is that of the cutoff, on the %s side', async (side: Side, at) => {
  const compiler = createCompiler(schema);
  const path = ['orders.firm_id', 'people.firm_id'];
  const { joins } = walkDown(compiler, path, findTable(schema, 'people'), col('f', 'at'), side);
  const frame = select({
    columns: [as(col('e', ROW), 'row'), as(ts(at), 'at')],
    from: dataTable('people', 'e'),
  });
  await engine.run(`CREATE OR REPLACE TABLE frame AS ${toSql(frame, 'duckdb')}`);
  const query = select({
    columns: [as(col('f', 'row'), 'person'), as(col('s', ROW), 'order')],
    from: table('frame', 'f'),
    joins,
    orderBy: [asc(col('f', 'row')), asc(col('s', ROW))],
  });
  const found = (await engine.rows(toSql(query, 'duckdb'))).map((r) => `${r.person}:${r.order}`);
  const known = (ms: number): boolean => side === 'label' || ms <= at;
  const expected = shop.people.flatMap((_, p) =>
    shop.orders.flatMap((o, k) => {
      const firm = firmOf(p, at);
      return o.firm === firm && known(o.at) && known(shop.firms[firm]!.at) ? [`${p}:${k}`] : [];
    }),
  );
  expect(found).toEqual(expected);
});

it('clusters are the parents of the moment asked about', async () => {
  const clustersAt = async (at: number) => {
    const { joins, cluster } = await clusterColumns(engine, schema, 'people', AFTER, ts(at));
    const columns = [as(col('e', ROW), 'row'), as(cluster, 'cluster')];
    const query = select({ columns, from: dataTable('people', 'e'), joins, orderBy: [asc(col('e', ROW))] });
    return (await engine.rows(toSql(query, 'duckdb'))).map((r) => Number(r.cluster));
  };
  for (const at of [BEFORE, AFTER])
    expect(await clustersAt(at)).toEqual(shop.people.map((_, p) => firmOf(p, at)));
});
