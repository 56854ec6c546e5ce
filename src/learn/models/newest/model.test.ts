import { describe, expect, it } from 'vitest';
import { contractColumn, contractSample, describeModel } from '../../../../test/contract/model.ts';
import type { FitContext } from '../types.ts';
import { createNewestModel } from './model.ts';

const columns = [
  { ...contractColumn('t.row.age', 'record'), primitive: 'points.age' },
  contractColumn('record.first', 'record'),
];

describeModel(createNewestModel(), { tasks: ['binary'], columns, auroc: 0, refusesOneClass: false });

const context = (task: FitContext['task'], named = columns): FitContext => ({
  task,
  train: contractSample(named, task, 300, 1),
  val: contractSample(named, task, 100, 2, 28),
  seed: 1,
  budget: 'quick',
  threads: 1,
});

describe('newest', () => {
  it('puts the youngest first and rows without an age last', async () => {
    const fitted = await createNewestModel().fit(context({ type: 'binary' }));
    const age = Float32Array.of(3, 0, 400, Number.NaN, 20);
    const p = await fitted.predict({ rows: 5, columns, data: [age, new Float32Array(5)] });
    const order = [...p.keys()].sort((a, b) => p[b]! - p[a]!);
    expect(order).toEqual([1, 0, 4, 2, 3]);
  });

  it('says when it cannot rank', () => {
    const model = createNewestModel();
    expect(model.inapplicable?.(context({ type: 'binary' }, [columns[1]!]))).toBe(
      'not applicable: no creation time, or every case is equally old',
    );
    expect(model.inapplicable?.(context({ type: 'regression' }))).toMatch(/^not applicable/);
  });
});
