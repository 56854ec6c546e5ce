import { describe, expect, it } from 'vitest';
import type { Task } from '../../query/task/types.ts';
import { maturedLabels } from './outcomes.ts';

const cutoff = Date.UTC(2024, 6, 1);

const task = {
  snapshots: {
    rows: 3,
    entityRow: Int32Array.of(4, -1, 5),
    entityId: ['a', 'b', 'c'],
    cutoff: Float64Array.of(cutoff, cutoff, cutoff),
    split: ['train', 'train', 'test'],
    cluster: Int32Array.of(4, -1, 5),
  },
  visible: { splits: ['train', 'val'], values: Float64Array.of(1, 1, Number.NaN) },
} as const satisfies Pick<Task, 'snapshots' | 'visible'>;

describe('outcomes as history', () => {
  it('count from the end of a calendar window, not from 30 days a month', () => {
    const [first, ...others] = maturedLabels(task, { end: 3, unit: 'months' });
    expect(first).toEqual({ row: 4, known: Date.UTC(2024, 9, 1), y: 1 });
    expect(others).toEqual([]);
  });
});
