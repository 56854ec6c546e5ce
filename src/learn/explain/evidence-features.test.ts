import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadShop, loadSnapshots, START, shopRows, shopSchema } from '../../../test/support/shop.ts';
import type { Engine } from '../../data/engine/types.ts';
import { planFeatures } from '../features/plan.ts';
import { createSnapshots } from '../features/prepare.ts';
import { computeFeatures } from '../features/run.ts';
import { findEvidence } from './evidence.ts';
import { isCount } from './phrase.ts';

const DAY = 86_400_000;
const CUTOFF = START + 200 * DAY;

let engine: Engine;
beforeAll(async () => {
  engine = await loadShop(shopRows(7));
});
afterAll(() => engine.close());

it.each(['firms', 'people'])(
  'shows as many rows of %s as the features counted, on every path',
  async (entityTable) => {
    const pairs = [0, 1, 2, 11, 17].map((row, i) => [row, CUTOFF - (i % 3) * 20 * DAY] as const);
    await loadSnapshots(engine, pairs);
    await createSnapshots(engine, { moment: CUTOFF });
    const plan = await planFeatures(engine, {
      ...{ schema: shopSchema, entityTable, static: false, horizonDays: 30, asOf: CUTOFF },
      ...{ withheld: new Set<string>(), entityGiven: false, maxColumns: 400, maxSources: 24 },
    });
    const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
    const counts = matrix.columns.flatMap((column, at) =>
      isCount(column) && ['count', 'category'].includes(column.primitive) ? [{ column, at }] : [],
    );
    const requests = counts.flatMap(({ column }) =>
      pairs.map(([entityRow, cutoff]) => ({ column, entityRow, cutoff })),
    );
    const found = await findEvidence(engine, shopSchema, entityTable, requests, 5000);
    const differing = counts.flatMap(({ column, at }, c) =>
      pairs.flatMap(([row], i) => {
        const counted = matrix.data[at]![i]!;
        const shown = found[c * pairs.length + i]!.ids.length;
        return counted === shown || (Number.isNaN(counted) && shown === 0)
          ? []
          : [`${column.name} of row ${row}: counted ${counted}, shown ${shown}`];
      }),
    );
    expect(differing).toEqual([]);
    expect(counts.length).toBeGreaterThan(20);
  },
);
