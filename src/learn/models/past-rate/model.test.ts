import { describe, expect, it } from 'vitest';
import { contractColumn, contractSample, describeModel } from '../../../../test/contract/model.ts';
import type { FeatureColumn } from '../../features/types.ts';
import type { FitContext, Sample } from '../types.ts';
import { createPastRateModel } from './model.ts';

const rate = (name: string, path: FeatureColumn['path']): FeatureColumn => ({
  ...contractColumn(name, 'relational'),
  family: 'outcome',
  primitive: 'outcome.rate',
  path,
});

const OWN = rate('own', []);
const GROUP = rate('group', [{ link: 'a.b', direction: 'up', table: 'b' }]);

describeModel(createPastRateModel(), {
  columns: [OWN, GROUP, contractColumn('kind', 'record', ['x', 'y'])],
  auroc: 0,
});
describeModel({ ...createPastRateModel(), name: 'past-rate without outcomes' }, { auroc: 0.5 });

/** Outcomes drawn at the rates in `truth`; one column holds them, the others noise. */
function context(columns: readonly FeatureColumn[], informative: string): FitContext {
  const sample = (seed: number): Sample => {
    const drawn = contractSample(columns, { type: 'binary' }, 1000, seed);
    const truth = drawn.matrix.data[columns.findIndex((c) => c.name === informative)]!;
    const label = truth.map((p, i) => (((i * 7919) % 1000) / 1000 < (Number.isNaN(p) ? 0.5 : p) ? 1 : 0));
    return { ...drawn, label };
  };
  return { task: { type: 'binary' }, train: sample(1), val: sample(2), seed: 1, budget: 'quick', threads: 1 };
}

const columnRead = async (given: FitContext): Promise<unknown> =>
  ((await createPastRateModel().fit(given)).save() as { column: string }).column;

describe('past-rate', () => {
  it('reads the rate that tells most', async () => {
    expect(await columnRead(context([OWN, GROUP], 'group'))).toBe('group');
    expect(await columnRead(context([OWN, GROUP], 'own'))).toBe('own');
  });

  it('gives back the rate where it is true', async () => {
    const given = context([OWN, GROUP], 'own');
    const fitted = await createPastRateModel().fit(given);
    const data = [Float32Array.of(0.2, 0.8), Float32Array.of(0.5, 0.5)];
    const p = await fitted.predict({ rows: 2, columns: [OWN, GROUP], data });
    expect(p[0]).toBeCloseTo(0.2, 1);
    expect(p[1]).toBeCloseTo(0.8, 1);
  });

  it('gives group means of values, drawn to the overall mean', async () => {
    const columns = [contractColumn('kind', 'record', ['low', 'high'])];
    const kind = Float32Array.from({ length: 200 }, (_, i) => i % 2);
    const sample: Sample = {
      matrix: { rows: 200, columns, data: [kind] },
      label: kind.map((k) => 10 * k),
      cutoff: new Float64Array(200).fill(Number.NaN),
      cluster: Int32Array.from(kind, (_, i) => i),
    };
    const none = contractSample(columns, { type: 'regression' }, 0, 1);
    const fitted = await createPastRateModel().fit({
      ...context(columns, 'kind'),
      task: { type: 'regression' },
      train: sample,
      val: none,
    });
    const p = await fitted.predict({ rows: 3, columns, data: [Float32Array.of(0, 1, Number.NaN)] });
    expect(p[0]).toBeCloseTo((20 * 5) / 120, 5);
    expect(p[1]).toBeCloseTo((1000 + 20 * 5) / 120, 5);
    expect(p[2]).toBeCloseTo(5, 5);
  });
});
