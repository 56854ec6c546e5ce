import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LeadlightError } from '../../errors.ts';
import { openDuckdb } from './duckdb.ts';
import type { Engine } from './types.ts';

/** What every engine must do, whatever runs it. */
function engineContract(name: string, open: () => Promise<Engine>): void {
  describe(`${name} keeps the engine contract`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine.close());

    it('gives small results as objects', async () => {
      const rows = await engine.rows(
        "SELECT 1 AS i, 2.5 AS d, 'x' AS t, TRUE AS b, CAST(NULL AS INTEGER) AS n, TIMESTAMP '2024-01-01 00:00:00' AS at",
      );
      expect(rows).toEqual([
        { i: 1, d: 2.5, t: 'x', b: true, n: null, at: new Date('2024-01-01T00:00:00Z') },
      ]);
    });

    it('gives big integers as bigint only when a number would lose digits', async () => {
      const [row] = await engine.rows('SELECT 9007199254740991 AS safe, 9007199254740993 AS large');
      expect(row).toEqual({ safe: 9007199254740991, large: 9007199254740993n });
    });

    it('streams columns over many chunks with NaN for null', async () => {
      const sql =
        'SELECT id, CASE WHEN id % 2 = 0 THEN id / 2 END AS half, CAST(id AS VARCHAR) AS t FROM range(10000) AS r(id) ORDER BY id';
      const { rows, columns } = await engine.columns(sql);
      const [id, half, t] = columns;
      expect(rows).toBe(10000);
      expect(id).toMatchObject({ kind: 'number', name: 'id' });
      expect(id!.values[9999]).toBe(9999);
      expect([half!.values[4], half!.values[5]]).toEqual([2, Number.NaN]);
      expect(t!.values[7777]).toBe('7777');
    });

    it('reads every numeric and time type', async () => {
      const { columns } = await engine.columns(
        `SELECT TRUE AS a, CAST(-3 AS BIGINT) AS b, CAST(-12.34 AS DECIMAL(10, 2)) AS c, CAST(7 AS DECIMAL(38, 0)) AS d,
           DATE '1969-12-31' AS e, TIMESTAMP '2024-01-01 23:59:59.999999' AS f, CAST(1.5 AS FLOAT) AS g`,
      );
      const midnight = Date.UTC(2024, 0, 2);
      expect(columns.map((c) => c.values[0])).toEqual([1, -3, -12.34, 7, -86_400_000, midnight - 0.001, 1.5]);
    });

    it('reads a numeric matrix with the size known beforehand', async () => {
      const out = await engine.float32(
        'SELECT id, id * 0.5, NULL FROM range(5000) AS r(id) ORDER BY id',
        5000,
        3,
      );
      expect([out[0]![4999], out[1]![4999], out[2]![0]]).toEqual([4999, 2499.5, Number.NaN]);
      await expect(engine.float32('SELECT 1', 2, 1)).rejects.toThrow('expected 2 rows');
      await expect(engine.float32('SELECT 1', 1, 2)).rejects.toThrow('expected 2 columns');
    });

    it('answers calls made at once in order', async () => {
      await engine.run('CREATE TABLE steps (n INTEGER)');
      await Promise.all([1, 2, 3].map((n) => engine.run(`INSERT INTO steps VALUES (${n})`)));
      expect(await engine.rows('SELECT sum(n) AS s FROM steps')).toEqual([{ s: 6 }]);
      await engine.run('DROP TABLE steps');
    });

    it('works on after a failed statement', async () => {
      await expect(engine.run('SELECT * FROM no_such_table')).rejects.toThrow('no_such_table');
      expect(await engine.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
  });
}

engineContract('DuckDB', () => openDuckdb({ threads: 2, memoryLimitMb: 512 }));

describe('DuckDB', () => {
  it('shows infinite times as the ends of time', async () => {
    const engine = await openDuckdb({ threads: 1 });
    const sql = "SELECT TIMESTAMP '-infinity' AS a, TIMESTAMP 'infinity' AS b";
    const { columns } = await engine.columns(sql);
    expect(columns.map((c) => c.values[0])).toEqual([-Infinity, Infinity]);
    expect((await engine.rows(sql))[0]!.a).toEqual(new Date(-8.64e15));
    await engine.close();
  });

  it('says when memory runs out', async () => {
    const engine = await openDuckdb({ threads: 1, memoryLimitMb: 40 });
    const big = 'CREATE TABLE t AS SELECT list(md5(CAST(i AS VARCHAR))) AS l FROM range(5000000) AS r(i)';
    await expect(engine.run(big)).rejects.toThrowError(LeadlightError);
    await expect(engine.run(big)).rejects.toThrow('Out of memory');
    await engine.close();
  });

  it('stops on interrupt', async () => {
    const engine = await openDuckdb({ threads: 1 });
    const slow = engine.rows('SELECT sum(sin(a.i * b.i)) AS s FROM range(1000000) a(i), range(100000) b(i)');
    const timer = setInterval(() => engine.interrupt(), 20);
    await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' });
    clearInterval(timer);
    await engine.close();
  });
});
