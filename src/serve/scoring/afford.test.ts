import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadShop, type ShopRows, START, shopRows, shopSchema } from '../../../test/support/shop.ts';
import type { Engine } from '../../data/engine/types.ts';
import { createSnapshots } from '../../learn/features/prepare.ts';
import { AMPLE } from '../../learn/features/snapshot-sample.ts';
import { keepRows } from '../../query/task/keep-rows.ts';
import type { SplitName, Task } from '../../query/task/types.ts';
import { affordable } from './afford.ts';
import type { WorkspaceContext } from './context.ts';
import { exampleRows } from './examples.ts';
import type { Resolved } from './resolve.ts';

const DAY = 86_400_000;
const FIRMS = 240;
const CUTOFFS = 110;
const FEW = { seconds: 0.1, memoryMb: 8192 };
const MANY = { seconds: 1e6, memoryMb: 1e6 };

/** Every firm at daily cutoffs: training, then one for validation, then one to judge. */
function taskOf(rows: ShopRows): Task {
  const pairs = Array.from({ length: CUTOFFS }, (_, k) => rows.firms.map((_, firm) => ({ firm, k }))).flat();
  const split = pairs.map(
    ({ k }): SplitName => (k < CUTOFFS - 2 ? 'train' : k < CUTOFFS - 1 ? 'val' : 'test'),
  );
  const label = Float64Array.from(pairs, ({ firm, k }) => ((firm + k) % 3 === 0 ? 1 : 0));
  const only = (test: boolean) => label.map((y, i) => ((split[i] === 'test') === test ? y : Number.NaN));
  const count = (name: SplitName) => {
    const of = [...split.keys()].filter((i) => split[i] === name);
    return { rows: of.length, positives: of.filter((i) => label[i] === 1).length, cutoffs: 1 };
  };
  return {
    ...{ type: 'binary', entityTable: 'firms', description: '', source: 'query', static: false },
    ...{ horizonDays: 7, horizon: { end: 7, unit: 'days' }, dropped: [], warnings: [], withheld: {} },
    validation: 'time',
    snapshots: {
      rows: pairs.length,
      entityRow: Int32Array.from(pairs, (p) => p.firm),
      entityId: pairs.map((p) => `f${p.firm}`),
      cutoff: Float64Array.from(pairs, (p) => START + (80 + p.k) * DAY),
      split,
      cluster: Int32Array.from(pairs, (p) => p.firm),
    },
    visible: { splits: ['train', 'val'], values: only(false) },
    heldOut: { splits: ['test'], values: only(true) },
    counts: { train: count('train'), val: count('val'), test: count('test'), predict: count('predict') },
  };
}

describe('what a plan can afford', () => {
  let engine: Engine;
  let context: WorkspaceContext;
  const rows = shopRows(3, FIRMS);
  const task = taskOf(rows);
  const resolved: Resolved = { task, queryText: null, warnings: ['before'] };

  beforeAll(async () => {
    engine = await loadShop(rows);
    await keepRows(engine, task, Int32Array.from(task.snapshots.split.keys()));
    const lists = { targets: [], integrations: [], pointRules: [], playbook: [] };
    const config = { version: 1 as const, timeZone: 'UTC', schema: shopSchema, ...lists };
    context = {
      ...{ dir: '.', config, engine, now: START + 300 * DAY, threads: 1 },
      load: { tables: [], lastCredibleTime: START + 300 * DAY },
    };
  });
  afterAll(() => engine.close());

  it('is everything while there is room', async () => {
    expect(task.counts.train.rows).toBeGreaterThan(AMPLE);
    expect(await affordable(context, resolved, {}, MANY)).toBe(resolved);
  });

  it('keeps what is judged, favours new training rows, numbers anew and says so', async () => {
    const { task: kept, whole, warnings } = await affordable(context, resolved, {}, FEW);
    expect(whole).toBe(task);
    const { train, val, test } = kept.counts;
    expect([train.rows, val.rows, test.rows]).toEqual([AMPLE, FIRMS, FIRMS]);
    expect(warnings[0]).toBe('before');
    expect(warnings[1]).toMatch(
      new RegExp(
        `^left out: ${task.counts.train.rows - AMPLE} of ${task.counts.train.rows} training snapshots`,
      ),
    );
    const at = (k: number) => kept.snapshots.cutoff.filter((c) => c === START + (80 + k) * DAY).length;
    expect(at(CUTOFFS - 1)).toBe(FIRMS);
    const half = Array.from(
      { length: (CUTOFFS - 2) / 2 },
      (_, k) => [at(k), at(k + (CUTOFFS - 2) / 2)] as const,
    );
    const sum = (of: (pair: readonly [number, number]) => number) => half.reduce((n, p) => n + of(p), 0);
    expect(sum(([old]) => old)).toBeLessThan(sum(([, recent]) => recent));
    const truth = ({ snapshots: s, visible, heldOut }: Task) =>
      new Map(
        Array.from(s.entityRow, (firm, i) => [
          `${firm} ${s.cutoff[i]}`,
          [s.split[i], s.entityId[i], visible.values[i], heldOut.values[i]],
        ]),
      );
    const before = truth(task);
    for (const [key, told] of truth(kept)) expect(told).toEqual(before.get(key));
    await createSnapshots(engine, { moment: START });
    const snap = await engine.rows('SELECT sid, erow, epoch_ms(cutoff) AS at FROM feat.snap ORDER BY sid');
    const { entityRow, cutoff } = exampleRows(kept);
    expect(snap.map((r) => [Number(r.sid), Number(r.erow), Number(r.at)])).toEqual(
      Array.from(entityRow, (firm, i) => [i, firm, cutoff[i]]),
    );
  });

  it('does not depend on the order of the file', async () => {
    const kept = async (of: Task): Promise<readonly string[]> => {
      await keepRows(engine, of, Int32Array.from(of.snapshots.split.keys()));
      const { snapshots } = (await affordable(context, { ...resolved, task: of }, {}, FEW)).task;
      return snapshots.entityId.map((id, i) => `${id} ${snapshots.cutoff[i]}`);
    };
    const upsideDown = task.snapshots.entityRow.map((firm) => FIRMS - 1 - firm);
    const other = { ...task, snapshots: { ...task.snapshots, entityRow: upsideDown } };
    expect(await kept(other)).toEqual(await kept(task));
  });

  it('is the same for the same seed, and never rows among which something is scored', async () => {
    const again = async (of: Resolved, seed: number) => {
      await keepRows(engine, task, Int32Array.from(task.snapshots.split.keys()));
      return (await affordable(context, of, { seed }, FEW)).task.snapshots.entityRow;
    };
    expect(await again(resolved, 5)).toEqual(await again(resolved, 5));
    expect(await again(resolved, 6)).not.toEqual(await again(resolved, 5));
    const together = {
      ...task,
      snapshots: { ...task.snapshots, cutoff: task.snapshots.cutoff.map(() => START) },
    };
    const same = { ...resolved, task: together };
    expect(await affordable(context, same, {}, FEW)).toBe(same);
  });
});
