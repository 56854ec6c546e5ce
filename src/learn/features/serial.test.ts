import { expect, test } from 'vitest';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Schema, Table } from '../../data/schema/types.ts';
import { planFeatures } from './plan.ts';
import type { PlanInput } from './plan-types.ts';
import { createSnapshots } from './prepare.ts';
import { computeFeatures } from './run.ts';
import { serialOf } from './serial.ts';

const column = (name: string, semantic: Column['semantic'], type: Column['type']): Column => ({
  name,
  semantic,
  type,
});

const tableOf = (columns: readonly Column[], extra: Partial<Table> = {}): Table => ({
  name: 'group',
  origin: { kind: 'file', path: 'x.csv', format: 'csv' },
  key: [columns[0]!.name],
  role: 'entity',
  columns,
  ...extra,
});

const inputOf = (t: Table, withheld: readonly string[] = []): PlanInput => ({
  schema: { tables: [t], links: [], derivedLinks: [] } satisfies Schema,
  entityTable: t.name,
  static: true,
  asOf: Date.UTC(2024, 0, 1),
  withheld: new Set(withheld),
  entityGiven: false,
  maxColumns: 20,
  maxSources: 2,
});

async function loaded(ids: readonly string[]): Promise<Engine> {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 200 });
  const rows = ids.map(
    (id, i) => `(${i}, '${id}', NULL, TIMESTAMP '-infinity', '${id}', ${100 - i}, ${i % 2})`,
  );
  await engine.run(
    `CREATE SCHEMA data; CREATE SCHEMA task;
     CREATE TABLE data."group" (__row BIGINT, __id VARCHAR, __time TIMESTAMP, __known TIMESTAMP, "the key" VARCHAR, "Order Number" BIGINT, stars BIGINT);
     INSERT INTO data."group" VALUES ${rows.join(', ')};
     CREATE TABLE task.snapshots AS SELECT __row AS sid, __row AS erow, NULL::TIMESTAMP AS cutoff, 'train' AS split FROM data."group"`,
  );
  return engine;
}

const columns = [
  column('the key', 'key', 'text'),
  column('Order Number', 'numeric', 'integer'),
  column('stars', 'numeric', 'integer'),
];
const numbered = Array.from({ length: 12 }, (_, i) => `Nr/${90 + 3 * i}`);

test('a text key of one prefix and digits is a serial number, and its place a column', async () => {
  const engine = await loaded(numbered);
  const t = tableOf(columns);
  expect((await serialOf(engine, t, inputOf(t)))?.name).toBe('the key');
  await createSnapshots(engine, { moment: Date.UTC(2024, 0, 1) });
  const plan = await planFeatures(engine, inputOf(t));
  const matrix = await computeFeatures(engine, plan, numbered.length, { outcomes: false });
  const at = matrix.columns.findIndex((c) => c.name === 'group.the key.order');
  expect(matrix.columns[at]!.primitive).toBe('order');
  expect([...matrix.data[at]!]).toEqual(numbered.map((_, i) => 90 + 3 * i));
  await engine.close();
});

test('keys of several prefixes are none: a column named as a number is', async () => {
  const engine = await loaded(numbered.map((id, i) => (i % 2 ? id : `x${id}`)));
  const t = tableOf(columns);
  expect((await serialOf(engine, t, inputOf(t)))?.name).toBe('Order Number');
  expect(await serialOf(engine, t, inputOf(t, ['group.Order Number']))).toBeUndefined();
  await engine.close();
});

test('dated tables have their time', async () => {
  const engine = await loaded(numbered);
  const t = tableOf(columns, { time: 'seen' });
  expect(await serialOf(engine, t, inputOf(t))).toBeUndefined();
  await engine.close();
});
