import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  loadShop,
  loadSnapshots,
  type ShopRows,
  START,
  shopRows,
  shopSchema,
} from '../../../test/support/shop.ts';
import type { Engine } from '../../data/engine/types.ts';
import { planFeatures } from './plan.ts';
import type { FeaturePlan, PlanInput } from './plan-types.ts';
import { createSnapshots } from './prepare.ts';
import { computeFeatures } from './run.ts';
import type { FeatureMatrix } from './types.ts';

const DAY = 86_400_000;
const CUTOFF = START + 200 * DAY;

const input = (entityTable: string): PlanInput => ({
  schema: shopSchema,
  entityTable,
  static: false,
  horizonDays: 30,
  asOf: CUTOFF,
  withheld: new Set(),
  entityGiven: false,
  maxColumns: 400,
  maxSources: 24,
});

async function matrixOf(engine: Engine, entityTable: string, pairs: readonly (readonly [number, number])[]) {
  await loadSnapshots(engine, pairs);
  await createSnapshots(engine, { moment: CUTOFF });
  const plan = await planFeatures(engine, input(entityTable));
  const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
  return { plan, matrix };
}

const cell = (matrix: FeatureMatrix, name: string, row: number): number | undefined => {
  const at = matrix.columns.findIndex((c) => c.name === name);
  if (at < 0) throw new Error(`no column ${name}; there are ${matrix.columns.map((c) => c.name).join('\n')}`);
  return matrix.data[at]?.[row];
};

describe('features of firms', () => {
  const rows: ShopRows = shopRows(7);
  const pairs = rows.firms.map((_, i) => [i, CUTOFF - (i % 3) * 20 * DAY] as const);
  let engine: Engine;
  let plan: FeaturePlan;
  let matrix: FeatureMatrix;
  beforeAll(async () => {
    engine = await loadShop(rows);
    ({ plan, matrix } = await matrixOf(engine, 'firms', pairs));
  });
  afterAll(() => engine.close());

  const orders = (i: number, days: number) => {
    const [firm, cutoff] = pairs[i]!;
    return rows.orders.filter((o) => o.firm === firm && o.at <= cutoff && o.at > cutoff - days * DAY);
  };

  it('counts, sums and recency agree with a loop over the rows', () => {
    for (const i of [0, 1, 2, 11, 29]) {
      const [, cutoff] = pairs[i]!;
      const all = orders(i, 1e5);
      expect(cell(matrix, 'orders[orders.firm_id].count.30d', i)).toBe(orders(i, 30).length);
      expect(cell(matrix, 'orders[orders.firm_id].count.ever', i)).toBe(all.length);
      expect(cell(matrix, 'orders[orders.firm_id].sum.total.ever', i)).toBeCloseTo(
        all.reduce((s, o) => s + o.total, 0),
        1,
      );
      const last = Math.max(...all.map((o) => o.at));
      const since = cell(matrix, 'orders[orders.firm_id].sinceLast', i);
      if (all.length > 0) expect(since).toBeCloseTo((cutoff - last) / DAY, 3);
      else expect(since).toBeNaN();
    }
  });

  it('two hops down: visits of the people of the firm', () => {
    for (const i of [0, 5, 17]) {
      const [firm, cutoff] = pairs[i]!;
      const seen = rows.visits.filter((v) => {
        const person = rows.people[v.person]!;
        return person.firm === firm && Math.max(v.at, person.at) <= cutoff;
      });
      expect(cell(matrix, 'people.firm_id>visits.person_id.count.ever', i)).toBe(seen.length);
      const pricing = seen.filter((v) => v.page === 'pricing' && v.at > cutoff - 30 * DAY).length;
      expect(cell(matrix, 'people.firm_id>visits.person_id.category.page=pricing.30d', i)).toBe(pricing);
    }
  });

  it('empty cells are left out of sums, means and extremes', async () => {
    const gaps = await loadShop(rows);
    await gaps.run('UPDATE data.orders SET total = NULL WHERE __row % 3 = 0 OR "__fk_orders.firm_id" = 5');
    const seen = await matrixOf(gaps, 'firms', pairs);
    await gaps.close();
    const prefix = 'orders[orders.firm_id]';
    for (const i of [0, 1, 2, 11, 29]) {
      const [firm, cutoff] = pairs[i]!;
      const totals = rows.orders
        .filter((o, k) => k % 3 > 0 && o.firm === firm && o.at <= cutoff)
        .map((o) => o.total);
      const sum = totals.reduce((s, x) => s + x, 0);
      expect(cell(seen.matrix, `${prefix}.sum.total.ever`, i)).toBeCloseTo(sum, 1);
      expect(cell(seen.matrix, `${prefix}.mean.total.ever`, i)).toBeCloseTo(sum / totals.length, 1);
      expect(cell(seen.matrix, `${prefix}.max.total.ever`, i)).toBeCloseTo(Math.max(...totals), 1);
      const mean = sum / totals.length;
      const variance = totals.reduce((s, x) => s + (x - mean) ** 2, 0) / totals.length;
      expect(cell(seen.matrix, `${prefix}.std.total.ever`, i)).toBeCloseTo(Math.sqrt(variance), 1);
    }
    expect(cell(seen.matrix, `${prefix}.count.ever`, 5)).toBeGreaterThan(0);
    for (const name of ['mean', 'min', 'max', 'std'])
      expect(cell(seen.matrix, `${prefix}.${name}.total.ever`, 5)).toBeNaN();
  });

  it('every column says what it is, and names are unique', () => {
    expect(new Set(matrix.columns.map((c) => c.name)).size).toBe(matrix.columns.length);
    expect(matrix.columns.every((c) => c.sentence.length > 3)).toBe(true);
    expect(plan.sources.length).toBeGreaterThan(2);
  });
});

describe('features of people', () => {
  it('peers exclude self', async () => {
    const rows = shopRows(9);
    const engine = await loadShop(rows);
    const pairs = rows.people.map((_, i) => [i, CUTOFF] as const);
    const { matrix } = await matrixOf(engine, 'people', pairs);
    for (const i of [0, 3, 44]) {
      const firm = rows.people[i]!.firm;
      const others = rows.people
        .map((p, k) => ({ p, k }))
        .filter(({ p, k }) => p.firm === firm && k !== i && p.at <= CUTOFF);
      expect(cell(matrix, 'people.firm_id>people.firm_id(others).count.ever', i)).toBe(others.length);
      const active = new Set(
        rows.visits
          .filter(
            (v) =>
              v.at <= CUTOFF &&
              v.at > CUTOFF - 14 * DAY &&
              others.some((o) => o.k === v.person && o.p.at <= v.at),
          )
          .map((v) => v.person),
      );
      const seen = cell(matrix, 'people.firm_id>people.firm_id>visits.person_id(others).members.14d', i);
      expect(seen).toBeGreaterThanOrEqual(active.size);
      expect(seen).toBeLessThanOrEqual(others.length);
    }
    expect(cell(matrix, 'people.title.seniority', 0)).not.toBeUndefined();
    await engine.close();
  });
});
