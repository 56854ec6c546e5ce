import { describe, expect, test } from 'vitest';
import {
  contractColumn,
  contractColumns,
  contractSample,
  describeModel,
} from '../../../../test/contract/model.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import type { FitContext } from '../types.ts';
import { createTreesModel } from './model.ts';

describeModel(createTreesModel({ name: 'trees', level: 4 }), { auroc: 0.85 });

const columns = contractColumns();
const binary = { type: 'binary' } as const;

function context(): FitContext {
  return {
    task: binary,
    train: contractSample(columns, binary, 600, 1),
    val: contractSample(columns, binary, 200, 2, 28),
    seed: 7,
    budget: 'quick',
    threads: 1,
  };
}

describe('refit', () => {
  test('held-out predictions are those of the model that never saw the validation labels', async () => {
    const given = context();
    const refitted = await createTreesModel({ name: 'trees', level: 4 }).fit(given);
    const honest = await createTreesModel({ name: 'trees', level: 4 }).fit({ ...given, refit: false });
    expect(refitted.heldOut).toEqual(await honest.predict(given.val.matrix));
    expect(honest.heldOut).toBeUndefined();
    expect(await refitted.predict(given.val.matrix)).not.toEqual(refitted.heldOut);
  });
});

describe('columns', () => {
  test('reads only those it may', async () => {
    const model = createTreesModel({ name: 'flat', level: 3, columns: (c) => c.scope === 'record' });
    const fitted = await model.fit(context());
    const { matrix } = contractSample(columns, binary, 50, 3);
    const blinded: FeatureMatrix = {
      ...matrix,
      data: matrix.data.map((data, c) => (columns[c]!.scope === 'record' ? data : data.map(() => NaN))),
    };
    expect(await fitted.predict(blinded)).toEqual(await fitted.predict(matrix));
  });

  test('says when there is nothing to read', () => {
    const model = createTreesModel({ name: 'none', level: 3, columns: () => false });
    expect(model.inapplicable?.(context())).toMatch(/^not applicable: /);
  });

  test('are found by name, and categories by text', async () => {
    const fitted = await createTreesModel({ name: 'trees', level: 4 }).fit(context());
    const { matrix } = contractSample(columns, binary, 50, 3);
    const recoded = matrix.columns.map((column, c) => {
      const { categories } = column;
      if (!categories) return { column, data: matrix.data[c]! };
      const reversed = contractColumn(column.name, column.scope, [...categories].reverse());
      return { column: reversed, data: matrix.data[c]!.map((code) => categories.length - 1 - code) };
    });
    recoded.reverse();
    const other = {
      rows: 50,
      columns: recoded.map(({ column }) => column),
      data: recoded.map(({ data }) => data),
    };
    expect(await fitted.predict(other)).toEqual(await fitted.predict(matrix));
  });
});
