import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../query/task/calendar.ts';
import type { SplitName, Task } from '../../query/task/types.ts';
import { queryBlocks, rowsOfBlock, tableBlocks } from './backtest-origins.ts';

const START = Date.UTC(2024, 0, 1);

/** A task of one entity a row, with cutoffs in days from the start. */
function taskOf(
  rows: readonly { readonly day: number; readonly label: number; readonly split?: SplitName }[],
  horizon: number | undefined = 14,
): Task {
  const cutoff = Float64Array.from(rows, (r) => START + r.day * DAY_MS);
  const counts = { rows: 0, positives: 0, cutoffs: 0 };
  return {
    type: 'binary',
    entityTable: 't',
    description: '',
    source: 'task-table',
    static: false,
    ...(horizon === undefined ? {} : { horizonDays: horizon, horizon: { end: horizon, unit: 'days' } }),
    snapshots: {
      rows: rows.length,
      entityRow: Int32Array.from(rows.keys()),
      entityId: rows.map((_, i) => String(i)),
      cutoff,
      split: rows.map((r) => r.split ?? 'train'),
      cluster: Int32Array.from(rows.keys()),
    },
    visible: { splits: ['train', 'val'], values: Float64Array.from(rows, (r) => r.label) },
    heldOut: { splits: [], values: new Float64Array(rows.length).fill(Number.NaN) },
    counts: { train: counts, val: counts, test: counts, predict: counts },
    dropped: [],
    warnings: [],
    withheld: {},
    validation: 'given',
  };
}

describe('blocks of a query', () => {
  const weekly = (n: number) =>
    taskOf(
      Array.from({ length: n }, (_, k) => ({
        day: k * 7,
        label: k % 2,
        split: k === n - 1 ? ('test' as const) : ('train' as const),
      })),
    );

  it('go back from the newest cutoff without a gap or an overlap, at the same steps', () => {
    const { blocks, stepDays } = queryBlocks(weekly(30), undefined, 3);
    expect(stepDays).toBe(7);
    const days = blocks.map((b) => [(b.first - START) / DAY_MS, (b.last - START) / DAY_MS]);
    expect(days).toEqual([
      [196, 203],
      [182, 189],
      [168, 175],
    ]);
  });

  it('stop where two label windows of history are no longer there, and keep one', () => {
    expect(queryBlocks(weekly(8), undefined, 12).blocks).toHaveLength(2);
    expect(queryBlocks(weekly(3), undefined, 12).blocks).toHaveLength(1);
  });
});

describe('blocks of a task table', () => {
  const rowsArb = fc.array(fc.record({ day: fc.nat(300), label: fc.nat(1) }), {
    minLength: 60,
    maxLength: 200,
  });

  it('train only on labels complete by the origin, whatever the rows', () => {
    fc.assert(
      fc.property(rowsArb, (rows) => {
        const task = taskOf(rows);
        for (const block of tableBlocks(task, 6).blocks) {
          const picked = rowsOfBlock(task, block, 1);
          picked.rows.forEach((i, k) => {
            const at = task.snapshots.cutoff[i]!;
            if (picked.split[k] === 'test') expect(at).toBeGreaterThanOrEqual(block.first);
            else expect(at + 14 * DAY_MS).toBeLessThanOrEqual(block.first);
          });
          const of = (name: SplitName): readonly number[] =>
            picked.rows.filter((_, k) => picked.split[k] === name).map((i) => task.snapshots.cutoff[i]!);
          if (picked.validation === 'time' && of('train').length > 0)
            expect(Math.max(...of('train'))).toBeLessThan(Math.min(...of('val')));
        }
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it('are calendar months, newest first', () => {
    const rows = Array.from({ length: 240 }, (_, k) => ({ day: k, label: k % 3 === 0 ? 1 : 0 }));
    const months = tableBlocks(taskOf(rows), 3).blocks.map((b) =>
      new Date(b.first).toISOString().slice(0, 10),
    );
    expect(months).toEqual(['2024-08-01', '2024-07-01', '2024-06-01']);
  });
});
