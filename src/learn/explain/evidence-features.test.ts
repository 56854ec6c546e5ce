import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadShop, loadSnapshots, START, shopRows } from '../../../test/support/shop.ts';
import { loadSides, sideRows, sidesSchema } from '../../../test/support/shop-sides.ts';
import type { Engine } from '../../data/engine/types.ts';
import { planFeatures } from '../features/plan.ts';
import { createSnapshots } from '../features/prepare.ts';
import { computeFeatures } from '../features/run.ts';
import { findEvidence } from './evidence.ts';
import { isCount } from './phrase.ts';

const DAY = 86_400_000;
const CUTOFF = START + 150 * DAY;

const SIDES: Readonly<Record<string, readonly string[]>> = {
  firms: ['industry_peer', 'similar_to', 'association', 'arrival'],
  people: ['industry_peer', 'similar_to', 'association', 'arrival'],
};

let engine: Engine;
beforeAll(async () => {
  engine = await loadShop(shopRows(7));
  await loadSides(engine, sideRows(8));
});
afterAll(() => engine.close());

it.each(['firms', 'people'])(
  'shows as many rows of %s as the features counted, on every path',
  async (entityTable) => {
    const pairs = Array.from({ length: 30 }, (_, row) => row).map(
      (row, i) => [row, CUTOFF - (i % 4) * 30 * DAY] as const,
    );
    await loadSnapshots(engine, pairs);
    await createSnapshots(engine, { moment: CUTOFF });
    const plan = await planFeatures(engine, {
      ...{ schema: sidesSchema, entityTable, static: false, horizonDays: 30, asOf: CUTOFF },
      ...{ withheld: new Set<string>(), entityGiven: false, maxColumns: 400, maxSources: 24 },
    });
    const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
    const counts = matrix.columns.flatMap((column, at) =>
      isCount(column) && ['count', 'category'].includes(column.primitive) ? [{ column, at }] : [],
    );
    const requests = counts.flatMap(({ column }) =>
      pairs.map(([entityRow, cutoff]) => ({ column, entityRow, cutoff })),
    );
    const found = await findEvidence(engine, sidesSchema, entityTable, requests, 5000);
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
    const beside = counts.flatMap(({ column }) => column.path.flatMap((s) => (s.side ? [s.side.kind] : [])));
    expect(new Set(beside)).toEqual(new Set(SIDES[entityTable]));
  },
);
