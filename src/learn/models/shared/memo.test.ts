import { describe, expect, it } from 'vitest';
import type { FitContext, Fitted, Model, Sample } from '../types.ts';
import { rememberFits } from './memo.ts';

const sample = (): Sample => ({
  matrix: { rows: 0, columns: [], data: [] },
  label: new Float32Array(),
  cutoff: new Float64Array(),
  cluster: new Int32Array(),
});

const context: FitContext = {
  task: { type: 'binary' },
  train: sample(),
  val: sample(),
  seed: 1,
  budget: 'quick',
  threads: 1,
};

function countingModel(fail = false): { readonly model: Model; readonly fits: () => number } {
  let fits = 0;
  const fit = async (): Promise<Fitted> => {
    fits++;
    if (fail) throw new Error('failed');
    return { predict: async () => new Float32Array(), save: () => fits };
  };
  return { model: { name: 'm', level: 0, fit, load: () => ({}) as Fitted }, fits: () => fits };
}

describe('rememberFits', () => {
  it('trains once for the same rows, seed and budget', async () => {
    const { model, fits } = countingModel();
    const shared = rememberFits(model);
    const [first, second] = await Promise.all([shared.fit(context), shared.fit(context)]);
    expect(second).toBe(first);
    await shared.fit({ ...context, seed: 2 });
    await shared.fit({ ...context, train: sample() });
    await shared.fit({ ...context, budget: 'best' });
    expect(fits()).toBe(4);
  });

  it('forgets a fit that failed', async () => {
    const { model, fits } = countingModel(true);
    const shared = rememberFits(model);
    await expect(shared.fit(context)).rejects.toThrow('failed');
    await expect(shared.fit(context)).rejects.toThrow('failed');
    expect(fits()).toBe(2);
  });
});
