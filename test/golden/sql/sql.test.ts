import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../../src/data/engine/duckdb.ts';
import type { Engine } from '../../../src/data/engine/types.ts';
import { toSql } from '../../../src/data/sql/print.ts';
import { PLAN } from './plan.ts';

describe('the same plan in every dialect', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
    await engine.run(`CREATE SCHEMA data;
      CREATE TABLE data.events (__row BIGINT, __time TIMESTAMP, __known TIMESTAMP, __fk_owner BIGINT, amount DOUBLE, kind VARCHAR);
      CREATE TABLE data.owners (__row BIGINT); CREATE TABLE data.hidden (__row BIGINT)`);
  });
  afterAll(() => engine.close());

  for (const dialect of ['duckdb', 'spark'] as const)
    it(`prints for ${dialect}`, async () => {
      const text = PLAN.map(([name, node]) => `-- ${name}\n${toSql(node, dialect)};\n`).join('\n');
      await expect(text).toMatchFileSnapshot(`${dialect}.sql`);
    });

  it.each(PLAN)('DuckDB binds %s', async (_, node) => {
    expect((await engine.rows(`EXPLAIN ${toSql(node, 'duckdb')}`)).length).toBeGreaterThan(0);
  });
});
