import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../util/random.ts';
import { openDuckdb } from '../engine/duckdb.ts';
import type { Engine } from '../engine/types.ts';
import type { Column, Schema, Table, WorkspaceConfig } from '../schema/types.ts';
import { as, cast, createTableAs, lit, select, ts, unionAll } from '../sql/build.ts';
import { toSql } from '../sql/print.ts';
import type { SqlType } from '../sql/tree.ts';
import { outcomeName, processName, workedName } from './leak-names.ts';
import { findLeaks, type LabelledRow } from './leaks.ts';
import { auroc, columnAuroc, fillShares, twinAgreement } from './separation.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const N = 400;

const column = (name: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  name,
  type,
  semantic: type === 'timestamp' ? 'timestamp' : type === 'text' ? 'categorical' : 'numeric',
  ...more,
});
const file = { kind: 'file', path: 'x.csv', format: 'csv' } as const;
const prospects: Table = {
  name: 'prospects',
  origin: file,
  key: ['id'],
  role: 'entity',
  time: 'born',
  columns: [
    column('id', 'integer', { semantic: 'key' }),
    column('born', 'timestamp'),
    column('answer', 'text'),
    column('hint', 'number'),
    column('weak_hint', 'number'),
    column('noise', 'text'),
    column('paid_at', 'timestamp'),
    column('renewal_due', 'timestamp'),
    column('became_id', 'integer', { semantic: 'key' }),
    column('lead_score', 'number', { mutable: 'a score is recomputed' }),
    column('phase', 'text', {
      mutable: 'a state moves on',
      history: { kind: 'table', table: 'log', link: 'log.p', value: 'v', time: 'at' },
    }),
    column('call_duration', 'number'),
    column('visits', 'number', { mutable: 'a count to date grows' }),
  ],
};
const results: Table = {
  name: 'results',
  origin: file,
  key: ['id'],
  role: 'event',
  time: 'at',
  columns: [column('id', 'integer', { semantic: 'key' }), column('at', 'timestamp'), column('kind', 'text')],
};
const schema: Schema = {
  tables: [prospects, results],
  links: [{ name: 'results.id', from: 'results', columns: ['id'], to: 'prospects', unique: true }],
  derivedLinks: [],
};
const config = { version: 1, timeZone: 'UTC', schema } as unknown as WorkspaceConfig;
const label = (row: number): number => (row % 4 === 0 ? 1 : 0);
const cutoffOf = (row: number): number => START + row * 3_600_000 + 5 * DAY;

async function write(engine: Engine): Promise<void> {
  const random = createRandom(3);
  await engine.run('CREATE SCHEMA data');
  const cells = (values: readonly [string, unknown, SqlType][]) =>
    select({
      columns: values.map(([name, value, type]) =>
        as(
          type === 'timestamp' && value !== null ? ts(Number(value)) : cast(lit(value as never), type),
          name,
        ),
      ),
    });
  const rows = Array.from({ length: N }, (_, k) => {
    const [born, won] = [START + k * 3_600_000, label(k) === 1];
    return cells([
      ['__row', k, 'bigint'],
      ['__known', born, 'timestamp'],
      ['id', k, 'bigint'],
      ['born', born, 'timestamp'],
      ['answer', won ? 'Won' : k % 3 ? 'Lost' : null, 'text'],
      ['hint', (won ? 5 : 0) + random.normal(), 'double'],
      ['weak_hint', (won ? 2 : 0) + random.normal(), 'double'],
      ['noise', `n${random.int(300)}`, 'text'],
      ['paid_at', k % 3 ? born + 9 * DAY : null, 'timestamp'],
      ['renewal_due', born + 90 * DAY, 'timestamp'],
      ['became_id', won && k % 8 ? k : null, 'bigint'],
      ['lead_score', random.next(), 'double'],
      ['phase', won ? 'done' : 'open', 'text'],
      ['call_duration', random.next(), 'double'],
      ['visits', random.next(), 'double'],
    ]);
  });
  const outcomes = Array.from({ length: N }, (_, k) =>
    cells([
      ['__row', k, 'bigint'],
      ['__known', cutoffOf(k) + (k % 2 ? DAY : -DAY), 'timestamp'],
      ['__fk_results.id', k, 'bigint'],
      ['id', k, 'bigint'],
      ['at', START, 'timestamp'],
      ['kind', label(k) === 1 && k % 2 ? 'yes' : 'no', 'text'],
    ]),
  );
  await engine.run(toSql(createTableAs('prospects', unionAll(...rows), 'data'), 'duckdb'));
  await engine.run(toSql(createTableAs('results', unionAll(...outcomes), 'data'), 'duckdb'));
}

describe('leak report', () => {
  let engine: Engine;
  const find = async (temporal: boolean) => {
    const rows: LabelledRow[] = Array.from({ length: N }, (_, k) => ({
      entityRow: k,
      cutoff: temporal ? cutoffOf(k) : Number.NaN,
      label: label(k),
    }));
    const found = await findLeaks(engine, config, { entityTable: 'prospects', rows });
    return new Map(found.map((f) => [f.column, f]));
  };
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
    await write(engine);
  });
  afterAll(() => engine.close());

  it('names each column that knows the outcome, with the plainest evidence', async () => {
    const found = await find(true);
    const kinds = Object.fromEntries([...found].map(([name, f]) => [name, `${f.action} ${f.kind}`]));
    expect(kinds).toEqual({
      'prospects.answer': 'withhold twin',
      'prospects.hint': 'withhold separation',
      'prospects.weak_hint': 'warn separation',
      'prospects.paid_at': 'withhold timing',
      'prospects.renewal_due': 'warn timing',
      'prospects.became_id': 'withhold fill',
      'prospects.lead_score': 'withhold name',
      'prospects.call_duration': 'withhold name',
      'prospects.visits': 'withhold name',
    });
    expect(found.get('prospects.answer')!.evidence).toContain('100 %');
    expect(found.get('prospects.became_id')!.evidence).toBe(
      'filled on 50 % of positives and 0 % of negatives',
    );
  });

  it('keeps counts to date, with a warning, where there are no cutoffs', async () => {
    const found = await find(false);
    expect(found.get('prospects.visits')!.action).toBe('warn');
    expect(found.get('prospects.lead_score')!.action).toBe('withhold');
    expect(found.get('prospects.phase')!.kind).toBe('twin');
    expect(found.has('prospects.noise')).toBe(false);
  });

  it('does not judge rows that are not known at the cutoff', async () => {
    expect((await find(true)).has('results.kind')).toBe(false);
  });

  it('says so when the entity table is unknown, and stops when cancelled', async () => {
    await expect(findLeaks(engine, config, { entityTable: 'x', rows: [] })).rejects.toThrow(/no table x/);
    const rows = [{ entityRow: 0, cutoff: Number.NaN, label: 1 }];
    const control = { signal: AbortSignal.abort() };
    await expect(findLeaks(engine, config, { entityTable: 'prospects', rows }, control)).rejects.toThrow(
      /Cancelled/,
    );
  });
});

describe('leak statistics', () => {
  const fold = Uint8Array.from({ length: 400 }, (_, k) => k & 1);
  const positive = Uint8Array.from({ length: 400 }, (_, k) => (k % 3 === 0 ? 1 : 0));

  it('rank ties half', () => {
    expect(auroc(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 0, 1, 1))).toBe(1);
    expect(auroc(Float64Array.of(1, 1, 1, 1), Uint8Array.of(0, 1, 0, 1))).toBe(0.5);
    expect(auroc(Float64Array.of(2, 1, 2), Uint8Array.of(1, 0, 0))).toBe(0.75);
  });

  it('are not fooled by a value of its own for every row', () => {
    const cells = Array.from({ length: 400 }, (_, k) => `id${k}`);
    const judged = { cells, label: Float64Array.from(positive), fold };
    expect(columnAuroc(judged, positive)).toBeLessThan(0.6);
    expect(twinAgreement(judged)).toBeLessThan(0.9);
  });

  it('see a signal that is not monotone, and a rare class', () => {
    const u = Array.from({ length: 400 }, (_, k) =>
      positive[k] ? 100 + (k % 7) : k % 2 ? k % 90 : 200 + (k % 90),
    );
    expect(columnAuroc({ cells: u, label: Float64Array.from(positive), fold }, positive)).toBeGreaterThan(
      0.9,
    );
    const rare = Float64Array.from({ length: 400 }, (_, k) => (k % 100 === 0 ? 1 : 0));
    expect(twinAgreement({ cells: Array(400).fill('same'), label: rare, fold })).toBe(0);
  });

  it('count filled cells by class', () => {
    expect(fillShares(['x', null, null, 1], Uint8Array.of(1, 1, 0, 0))).toEqual([0.5, 0.5]);
  });
});

describe('leak names', () => {
  it('tell outcomes, measures of the whole course and worked values', () => {
    for (const name of ['Converted', 'is_won', 'LossReason', 'closedAt', 'is_sql', 'Days Through Closing'])
      expect(outcomeName(name), name).toBeDefined();
    for (const name of ['previous_outcome', 'industry', 'first_page', 'employees'])
      expect(outcomeName(name), name).toBeUndefined();
    for (const name of ['duration', 'Elapsed Days', 'Ratio Days Open To Total', 'StageChangeCount'])
      expect(processName(name), name).toBeDefined();
    for (const name of ['days_since_signup', 'Revenue Past Two Years', 'total visits'])
      expect(processName(name), name).toBeUndefined();
    expect(['Last Touch', 'lead_status', 'Fit Grade', 'tags'].every(workedName)).toBe(true);
    expect(['country', 'score_source', 'sessions'].some(workedName)).toBe(false);
  });
});
