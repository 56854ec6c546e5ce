import { describe, expect, it } from 'vitest';
import { contractColumns, contractSample } from '../../../test/contract/model.ts';
import { ladder } from './ladder.ts';
import type { FitContext, Model } from './types.ts';

const columns = contractColumns();
const context: FitContext = {
  task: { type: 'binary' },
  train: contractSample(columns, { type: 'binary' }, 400, 1),
  val: contractSample(columns, { type: 'binary' }, 200, 2, 28),
  seed: 1,
  budget: 'quick',
  threads: 1,
};

const rung = (name: string): Model => ladder().find((model) => model.name === name)!;

/** Whether blanking the columns of these scopes leaves the predictions as they are. */
async function ignores(name: string, scopes: readonly string[]): Promise<boolean> {
  const fitted = await rung(name).fit(context);
  const { matrix } = contractSample(columns, context.task, 60, 3, 56);
  const blank = matrix.data.map((column, c) =>
    scopes.includes(columns[c]!.scope) ? column.map(() => Number.NaN) : column,
  );
  const [before, after] = [await fitted.predict(matrix), await fitted.predict({ ...matrix, data: blank })];
  return before.every((p, i) => p === after[i]);
}

describe('ladder', () => {
  it('lists the rungs from the lowest level to the highest', () => {
    const levels = ladder({ points: 't.score' }).map((model) => model.level);
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(ladder().map((model) => model.name)).toEqual([
      'newest',
      'past-rate',
      'rules-fit',
      'icp',
      'rules',
      'intent',
      'logistic',
      'flat-trees',
      'account',
      'trees',
      'blend',
    ]);
  });

  it('shows each rung only what its level sees', async () => {
    const above = ['own', 'account', 'relational'];
    for (const name of ['icp', 'logistic', 'flat-trees']) expect(await ignores(name, above)).toBe(true);
    expect(await ignores('account', ['own', 'relational'])).toBe(true);
    expect(await ignores('account', ['account'])).toBe(false);
    expect(await ignores('trees', ['relational'])).toBe(false);
    expect(await ignores('blend', ['relational'])).toBe(false);
  });

  it('does not show point inputs to learners', () => {
    const points = { ...columns[0]!, name: 'p', primitive: 'points.title-vp' };
    const only = { ...context, train: contractSample([points], context.task, 50, 1) };
    for (const name of ['icp', 'logistic', 'flat-trees', 'account', 'trees', 'blend']) {
      expect(rung(name).inapplicable?.(only)).toMatch(/^not applicable/);
    }
  });
});
