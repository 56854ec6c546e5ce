import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA, START, writeWorld } from '../../../test/contract/world.ts';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { createRandom } from '../../util/random.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { compileQuery } from '../pql/compile.ts';
import { buildTask, type TaskOptions } from './build-task.ts';
import { DAY_MS, printMoment } from './calendar.ts';

const config = { version: 1, timeZone: 'UTC', schema: SCHEMA } as unknown as WorkspaceConfig;
const options: TaskOptions = { mode: 'compare', seed: 1, now: new Date('2026-01-01') };

const check = (text: string): CheckedQuery => {
  const { checked, diagnostics } = compileQuery(text, SCHEMA);
  if (!checked) throw new Error(JSON.stringify(diagnostics));
  return checked;
};

/** 400 people over 50 firms, born daily over 200 days; even ones get a deal each 20 days. */
function company() {
  const random = createRandom(7);
  const base = (row: number, time: number | null) => ({
    id: row,
    __row: row,
    __id: `p${row}`,
    __time: time,
    __known: time ?? Number.NEGATIVE_INFINITY,
    __end: null,
    __label_time: time,
  });
  const people = Array.from({ length: 400 }, (_, k) => {
    const born = START + Math.floor(k / 2) * DAY_MS;
    return {
      ...base(k, born),
      born,
      gone: k % 50 === 0 ? born + 30 * DAY_MS : null,
      __end: k % 50 === 0 ? born + 30 * DAY_MS : null,
      fit: k % 3 === 0 ? null : k % 5,
      source: k % 4 === 0 ? 'web' : 'fair',
      state: 'new',
      won: false,
      won_at: null,
      tier: null,
      tier_at: null,
      '__fk_people.firm': k % 50,
    };
  });
  const deals = people.flatMap((p, k) =>
    k % 2 === 0
      ? Array.from({ length: 12 }, (_, n) => p.born + n * 20 * DAY_MS + random.int(10) * DAY_MS)
          .filter((t) => t < START + 200 * DAY_MS)
          .map((t) => ({ t, person: k }))
      : [],
  );
  return {
    schema: SCHEMA,
    rows: {
      firms: Array.from({ length: 50 }, (_, k) => ({ ...base(k, null), sector: 'bank' })),
      items: [{ ...base(0, null), kind: 'a' }],
      moves: [{ ...base(0, START), to: 'new', on: START, '__fk_moves.person': 0 }],
      lines: [{ ...base(0, START), at: START, qty: 1, '__fk_lines.deal': 0 }],
      people,
      deals: deals.map(({ t, person }, k) => ({
        ...base(k, t),
        opened: t,
        closed: t,
        stage: 'won',
        amount: 1.5,
        tags: k % 2 ? 'x; y' : 'z',
        '__fk_deals.person': person,
        '__fk_deals.firm': person % 50,
        '__fk_deals.item': 0,
      })),
    },
  };
}

describe('buildTask', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 2 });
    await writeWorld(engine, company());
  });
  afterAll(() => engine.close());

  it('replays cutoffs with matured labels and keeps test labels apart', async () => {
    const task = await buildTask(
      engine,
      config,
      check('PREDICT COUNT(deals.*, 0, 14, days) > 0 FOR EACH people.id'),
      options,
    );
    expect(task).toMatchObject({ type: 'binary', entityTable: 'people', static: false, horizonDays: 14 });
    expect(task.validation).toBe('time');
    const { snapshots, visible, heldOut, counts } = task;
    const firstTest = Date.parse(counts.test.from!);
    for (let k = 0; k < snapshots.rows; k++) {
      const end = snapshots.cutoff[k]! + 14 * DAY_MS;
      if (snapshots.split[k] === 'test') expect(visible.values[k]).toBeNaN();
      else {
        expect(end).toBeLessThanOrEqual(firstTest);
        expect(heldOut.values[k]).toBeNaN();
        if (snapshots.entityRow[k]! % 2 === 1) expect(visible.values[k]).toBe(0);
      }
      const born = START + Math.floor(snapshots.entityRow[k]! / 2) * DAY_MS;
      expect(born).toBeLessThanOrEqual(snapshots.cutoff[k]!);
      if (snapshots.entityRow[k]! % 50 === 0) expect(snapshots.cutoff[k]!).toBeLessThan(born + 30 * DAY_MS);
    }
    const firms = Array.from(snapshots.cluster, (c, k) => `${c} ${snapshots.entityRow[k]! % 50}`);
    expect(new Set(firms).size).toBe(new Set(snapshots.cluster).size);
    expect(new Set(firms).size).toBe(new Set(firms.map((f) => f.split(' ')[1])).size);
    const [row] = await engine.rows('SELECT count(*) AS n, count(DISTINCT sid) AS d FROM task.snapshots');
    expect(row).toEqual({ n: snapshots.rows, d: snapshots.rows });
    expect(counts.train.cutoffs).toBeGreaterThanOrEqual(8);
  });

  it('scores at the moment asked for, on matured labels only', async () => {
    const task = await buildTask(
      engine,
      config,
      check("PREDICT COUNT(deals.*, 0, 14, days) > 0 FOR EACH people.id WHERE people.source = 'web'"),
      { ...options, mode: 'score', at: '2024-05-01' },
    );
    const { counts, snapshots } = task;
    expect(counts.predict).toMatchObject({ cutoffs: 1, from: '2024-05-01', positives: 0 });
    expect(counts.test.rows).toBe(0);
    expect(task.heldOut.splits).toEqual([]);
    snapshots.split.forEach((split, k) => {
      if (split !== 'predict')
        expect(snapshots.cutoff[k]! + 14 * DAY_MS).toBeLessThanOrEqual(Date.UTC(2024, 4, 1));
      expect(snapshots.entityRow[k]! % 4).toBe(0);
    });
  });

  it('predicts only the ids asked for and says which do not exist', async () => {
    const task = await buildTask(
      engine,
      config,
      {
        ...check('PREDICT COUNT(deals.*, 0, 14, days) FOR EACH people.id'),
        ids: ids('p1', 'p399', 'nobody'),
      },
      { ...options, mode: 'score', at: '2024-05-01' },
    );
    expect(task.counts.predict.rows).toBe(1);
    expect(task.warnings.join()).toContain('2 of the 3 ids');
  });

  it('draws validation by account when history is short', async () => {
    const task = await buildTask(
      engine,
      config,
      check('PREDICT COUNT(deals.*, 0, 2, months) > 0 FOR EACH people.id'),
      options,
    );
    expect(task.validation).toBe('grouped-folds');
    expect(task.warnings.join()).toContain('under four label windows');
    const side = new Map<number, string>();
    task.snapshots.split.forEach((split, k) => {
      if (split === 'test') return;
      const cluster = task.snapshots.cluster[k]!;
      expect(side.get(cluster) ?? split).toBe(split);
      side.set(cluster, split);
    });
    expect(task.counts.val.rows).toBeGreaterThan(0);
  });

  it('keeps about maxRows rows, newest favoured', async () => {
    const task = await buildTask(
      engine,
      config,
      check('PREDICT COUNT(deals.*, 0, 14, days) > 0 FOR EACH people.id'),
      { ...options, maxRows: 800 },
    );
    expect(task.snapshots.rows).toBeGreaterThan(600);
    expect(task.snapshots.rows).toBeLessThan(1000);
  });

  it('labels forecasts step by step and lists item by item', async () => {
    const forecast = await buildTask(
      engine,
      config,
      check('PREDICT COUNT(deals.*, 0, 7, days) FORECAST 3 TIMEFRAMES FOR EACH people.id'),
      options,
    );
    expect(forecast.visible.steps).toHaveLength(3);
    expect(forecast.horizonDays).toBe(21);
    const list = await buildTask(
      engine,
      config,
      check('PREDICT LIST_DISTINCT(deals.tags, 0, 30, days) CLASSIFY FOR EACH people.id'),
      options,
    );
    expect(new Set(list.visible.items!.flat())).toEqual(new Set(['x', 'y', 'z']));
    expect(list.dropped.find((d) => d.reason.includes('list is empty'))!.rows).toBeGreaterThan(0);
  });

  it('imputes a stored column and withholds it', async () => {
    const task = await buildTask(engine, config, check('PREDICT people.fit FOR EACH people.id'), options);
    expect(task).toMatchObject({ type: 'regression', static: true });
    expect(task.counts.predict.rows).toBe(134);
    expect(task.withheld).toEqual({ 'people.fit': 'the target itself' });
    expect(Math.min(...task.snapshots.cutoff)).toBeNaN();
    const text = await buildTask(engine, config, check('PREDICT people.source FOR EACH people.id'), options);
    expect(text).toMatchObject({ type: 'multiclass', classes: ['fair', 'web'] });
  });

  it('stops with the remedy when there is one class or nothing mature', async () => {
    const never = check("PREDICT COUNT(deals.* WHERE deals.stage = 'x', 0, 7, days) > 0 FOR EACH people.id");
    await expect(buildTask(engine, config, never, options)).rejects.toThrow(/labels are false/);
    const long = check('PREDICT COUNT(deals.*, 0, 3, months) > 0 FOR EACH people.id');
    await expect(buildTask(engine, config, long, { ...options, testAt: '2024-05-01' })).rejects.toThrow(
      /not complete/,
    );
    await expect(buildTask(engine, config, long, { ...options, testAt: 'May' })).rejects.toThrow(/ISO date/);
    expect(printMoment(START)).toBe('2024-01-01');
  });

  it('can be cancelled', async () => {
    const control = { signal: AbortSignal.abort() };
    const query = check('PREDICT COUNT(deals.*, 0, 7, days) FOR EACH people.id');
    await expect(buildTask(engine, config, query, options, control)).rejects.toThrow(/Cancelled/);
  });
});

function ids(...values: readonly string[]): NonNullable<CheckedQuery['ids']> {
  const span = { start: 0, end: 0 };
  return { kind: 'array', items: values.map((value) => ({ kind: 'string', value, span })), span };
}
