import { describe, expect, test } from 'vitest';
import { createRandom } from '../../util/random.ts';
import type { FeatureColumn } from '../features/types.ts';
import type { Sample } from '../models/types.ts';
import { findDrift } from './drift.ts';
import { groupColumns, selectFamilies } from './families.ts';
import { sampleRows } from './sample-rows.ts';
import { selectFeatures } from './select.ts';

const DAY = 86_400_000;

const column = (name: string, more: Partial<FeatureColumn> = {}): FeatureColumn => ({
  ...{ name, kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement', path: [] },
  ...{ table: 't', primitive: 'count', sentence: name },
  ...more,
});

const COLUMNS = [
  column('signal'),
  column('clock', { family: 'recency' }),
  column('moving', { family: 'static', scope: 'record' }),
  column('turning', { family: 'static', scope: 'record' }),
  ...Array.from({ length: 6 }, (_, i) => column(`noise ${i}`, { family: 'peers', scope: 'relational' })),
];

/** Ten cutoffs of 240 rows. signal tells; clock grows; moving grows and tells; turning tells the other way round late. */
function world(seed: number): { readonly train: Sample; readonly val: Sample } {
  const random = createRandom(seed);
  const rows = 2400;
  const data = COLUMNS.map(() => new Float32Array(rows));
  const label = new Float32Array(rows);
  const cutoff = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const t = Math.floor(r / 240);
    const y = random.next() < 0.35 ? 1 : 0;
    label[r] = y;
    cutoff[r] = t * 30 * DAY;
    const late = t >= 8 ? -1 : 1;
    const values = [
      y + random.normal(),
      t + random.next(),
      t + 0.8 * y + random.normal(),
      late * y + random.normal(),
    ];
    COLUMNS.forEach((_, c) => {
      data[c]![r] = values[c] ?? random.normal();
    });
  }
  const part = (from: number, to: number): Sample => ({
    matrix: { rows: to - from, columns: COLUMNS, data: data.map((d) => d.slice(from, to)) },
    label: label.slice(from, to),
    cutoff: cutoff.slice(from, to),
    cluster: Int32Array.from({ length: to - from }, (_, i) => (from + i) % 400),
  });
  return { train: part(0, 1920), val: part(1920, rows) };
}

const contextOf = (seed: number) => {
  const { train, val } = world(seed);
  const known = Float64Array.from([...train.cutoff, ...val.cutoff], (at) => at + 30 * DAY);
  return {
    task: { type: 'binary' } as const,
    train,
    val,
    known,
    seed: 1,
    budget: 'normal' as const,
    threads: 1,
  };
};

const named = (indices: readonly number[]): readonly string[] => indices.map((c) => COLUMNS[c]!.name);

describe('drift', () => {
  test('a clock goes, a column that moves but holds stays, one that turns is marked', async () => {
    const drift = await findDrift(contextOf(3));
    expect(named(drift.dropped)).toEqual(['clock']);
    expect(named(drift.turned)).toEqual(['turning']);
    expect(drift.rows).toBe(2400);
  });

  test('rows of the same time cannot be told apart, and nothing goes', async () => {
    const context = contextOf(4);
    const half = (offset: number): Sample => {
      const rows = Array.from({ length: 960 }, (_, i) => 2 * i + offset);
      const { matrix, label, cutoff, cluster } = context.train;
      return {
        matrix: { ...matrix, rows: 960, data: matrix.data.map((d) => Float32Array.from(rows, (r) => d[r]!)) },
        label: Float32Array.from(rows, (r) => label[r]!),
        cutoff: Float64Array.from(rows, (r) => cutoff[r]!),
        cluster: Int32Array.from(rows, (r) => cluster[r]!),
      };
    };
    const drift = await findDrift({ ...context, train: half(0), val: half(1) });
    expect(Math.abs(drift.auc - 0.5)).toBeLessThan(0.1);
    expect([drift.dropped, drift.turned]).toEqual([[], []]);
  });
});

describe('families', () => {
  test('noise goes, what tells stays, with its evidence', async () => {
    const selection = await selectFamilies(contextOf(5));
    const groups = new Map(selection.trials.map((t) => [t.group, t]));
    expect(named(selection.dropped).filter((n) => n.startsWith('noise')).length).toBe(6);
    expect(groups.get('peers')).toMatchObject({ columns: 6, kept: false });
    expect(groups.get('windows')!.kept).toBe(true);
    expect(groups.get('windows')!.loss_change).toBeGreaterThan(2 * groups.get('windows')!.standard_error);
    expect(selection.folds).toBe(3);
    expect(selection.rows).toBeGreaterThan(1000);
  });

  test('the same input gives the same choice for any number of threads', async () => {
    const one = await selectFeatures({ ...contextOf(6), forward: true });
    const two = await selectFeatures({ ...contextOf(6), threads: 2, forward: true });
    expect(two).toEqual(one);
  });

  test('labels that were open at the first test cutoff are not learned from', async () => {
    const context = contextOf(7);
    const open = context.known.map(() => Number.MAX_SAFE_INTEGER);
    const selection = await selectFamilies({ ...context, known: open });
    expect(selection.note).toMatch(/too few/);
    expect(selection.dropped).toEqual([]);
  });

  test('few outcomes and quick runs leave all as it is, and say so', async () => {
    const context = contextOf(8);
    expect((await selectFamilies({ ...context, budget: 'quick' })).note).toMatch(/quick/);
    const rare = { ...context.train, label: context.train.label.map((y, i) => (i < 300 ? y : 0)) };
    const none = { ...context.val, label: context.val.label.map(() => 0) };
    const few = await selectFamilies({ ...context, train: rare, val: none });
    expect(few.note).toMatch(/of 200 outcomes/);
    expect(few.dropped).toEqual([]);
  });

  test('a cancelled run stops', async () => {
    const signal = AbortSignal.abort();
    await expect(selectFamilies({ ...contextOf(9), signal })).rejects.toThrow();
  });

  test('record and flat columns are never put to the test, derived ones are', () => {
    const groups = groupColumns([
      column('a', { scope: 'record', family: 'static' }),
      column('b', { scope: 'flat', family: 'parents' }),
      column('c', { scope: 'record', family: 'text' }),
      column('d', { primitive: 'points.x' }),
    ]);
    expect([...groups]).toEqual([['text', [2]]]);
  });
});

test('a sample keeps the rarer outcome and weighs the others up', () => {
  const label = Float32Array.from({ length: 1000 }, (_, i) => (i % 100 === 0 ? 1 : 0));
  const { rows, weight } = sampleRows(label, [...label.keys()], { type: 'binary' }, 110);
  expect(rows.length).toBe(110);
  expect([...rows].filter((r) => label[r] === 1).length).toBe(10);
  expect(weight.reduce((a, b) => a + b, 0)).toBeCloseTo(1000, 2);
});
