import { expect, it } from 'vitest';
import { labelsReport } from './report.ts';
import type { Task } from './types.ts';

it('a labels report shows counts by split, nulls where there is nothing to say', () => {
  const none = { rows: 0, positives: 0, cutoffs: 0 };
  const task = {
    type: 'binary',
    entityTable: 'leads',
    description: 'd',
    static: false,
    horizonDays: 14,
    counts: {
      train: { rows: 9, positives: 2, cutoffs: 1, from: '2024-01-01', to: '2024-01-01' },
      val: none,
      test: none,
      predict: none,
    },
    dropped: [{ reason: 'r', rows: 3 }],
    warnings: ['w'],
  } as unknown as Task;
  expect(labelsReport(task)).toMatchObject({
    task: { entity: 'leads', query: null, horizon_days: 14 },
    splits: { train: { rows: 9, from: '2024-01-01' }, val: { rows: 0, from: null } },
    dropped: [{ reason: 'r', rows: 3 }],
    warnings: ['w'],
  });
});
