import { describe, expect, it } from 'vitest';
import {
  contractColumn,
  contractColumns,
  contractSample,
  describeModel,
} from '../../../../test/contract/model.ts';
import type { FeatureColumn } from '../../features/types.ts';
import type { FitContext } from '../types.ts';
import { createIcpModel } from './model.ts';

describeModel(createIcpModel(), { tasks: ['binary'], auroc: 0.6 });

const columns = [
  { ...contractColumn('t.industry', 'record', ['Fintech', 'Retail', '(other)']), column: 'industry' },
  { ...contractColumn('t.size', 'record'), column: 'size' },
];
const declared = { Industry: ['fintech'], 't.size': ['200-1,000', '>5000'] };

describeModel(
  { ...createIcpModel(declared), name: 'declared icp' },
  { tasks: ['binary'], columns, auroc: 0, refusesOneClass: false },
);

const context = (named: readonly FeatureColumn[] = columns): FitContext => ({
  task: { type: 'binary' },
  train: contractSample(named, { type: 'binary' }, 300, 1),
  val: contractSample(named, { type: 'binary' }, 100, 2, 28),
  seed: 1,
  budget: 'quick',
  threads: 1,
});

describe('icp', () => {
  it('counts the declared criteria that hold', async () => {
    const fitted = await createIcpModel(declared).fit(context());
    const data = [Float32Array.of(0, 0, 1, 1), Float32Array.of(500, 3000, 6000, Number.NaN)];
    const p = await fitted.predict({ rows: 4, columns, data });
    expect(p[0]).toBeGreaterThan(p[1]!);
    expect(p[1]).toBe(p[2]);
    expect(p[2]).toBeGreaterThan(p[3]!);
  });

  it('says when the declared columns are not there', () => {
    const model = createIcpModel({ colour: ['red'] });
    expect(model.inapplicable?.(context())).toMatch(/^not applicable/);
  });

  it('reads record fields only, and knows values by text', async () => {
    const all = contractColumns();
    const fitted = await createIcpModel().fit(context(all));
    const { matrix } = contractSample(all, { type: 'binary' }, 50, 3);
    const hidden = {
      ...matrix,
      data: matrix.data.map((column, c) =>
        ['own', 'account', 'relational'].includes(all[c]!.scope) ? column.map(() => Number.NaN) : column,
      ),
    };
    expect(await fitted.predict(hidden)).toEqual(await fitted.predict(matrix));
    const turned = {
      ...matrix,
      columns: all.map((c) => (c.categories ? { ...c, categories: [...c.categories].reverse() } : c)),
      data: matrix.data.map((column, c) => (all[c]!.categories ? column.map((code) => 4 - code) : column)),
    };
    expect(await fitted.predict(turned)).toEqual(await fitted.predict(matrix));
  });
});
