/**
 * Time safety of features: rows later than the cutoff may be removed, altered or added at will without changing one
 * cell; the order of rows and the ids given to them do not matter either.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFeatures } from '../../src/learn/features/plan.ts';
import type { FeaturePlan } from '../../src/learn/features/plan-types.ts';
import { createSnapshots } from '../../src/learn/features/prepare.ts';
import { computeFeatures } from '../../src/learn/features/run.ts';
import type { FeatureMatrix } from '../../src/learn/features/types.ts';
import { loadShop, loadSnapshots, type ShopRows, START, shopRows, shopSchema } from '../support/shop.ts';

const DAY = 86_400_000;
const SEED = 20_260_301;
/** Every case plans and computes all features twice, each time in a database of its own. */
const PATIENCE_MS = 240_000;

interface Case {
  readonly rows: ShopRows;
  readonly entity: 'firms' | 'people';
  readonly cutoff: number;
  readonly pairs: readonly (readonly [number, number])[];
}

async function featuresOf(
  c: Case,
  given?: FeaturePlan,
): Promise<{ plan: FeaturePlan; matrix: FeatureMatrix }> {
  const engine = await loadShop(c.rows);
  try {
    await loadSnapshots(engine, c.pairs);
    await createSnapshots(engine, { moment: c.cutoff });
    await engine.run('CREATE TABLE feat.outcome (erow BIGINT, known TIMESTAMP, y DOUBLE)');
    const plan =
      given ??
      (await planFeatures(engine, {
        schema: shopSchema,
        entityTable: c.entity,
        static: false,
        horizonDays: 30,
        asOf: c.cutoff,
        withheld: new Set(),
        entityGiven: false,
        maxColumns: 400,
        maxSources: 24,
      }));
    return { plan, matrix: await computeFeatures(engine, plan, c.pairs.length, { outcomes: true }) };
  } finally {
    await engine.close();
  }
}

/** Some visits and orders at the cutoffs themselves: those are seen. */
const atCutoff = (rows: ShopRows, cutoffs: readonly number[]): ShopRows => {
  const moved = <T extends { readonly at: number }>(list: readonly T[]): readonly T[] =>
    list.map((r, i) => (i % 19 < cutoffs.length ? { ...r, at: cutoffs[i % 19]! } : r));
  return { ...rows, visits: moved(rows.visits), orders: moved(rows.orders) };
};

const caseOf = (seed: number, entity: Case['entity'], back: number): Case => {
  const cutoff = START + 180 * DAY - back * 3_600_000;
  const rows = atCutoff(shopRows(seed, 12, 240), [cutoff, cutoff - 30 * DAY]);
  const pairs = rows[entity].flatMap((r, i) =>
    [cutoff, cutoff - 30 * DAY].filter((at) => r.at <= at).map((at) => [i, at] as const),
  );
  return { rows, entity, cutoff, pairs };
};

const cells = (m: FeatureMatrix): readonly unknown[] => m.columns.map((c, i) => [c.name, [...m.data[i]!]]);

const arbitrary = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  entity: fc.constantFrom('firms' as const, 'people' as const),
  back: fc.integer({ min: 0, max: 200 }),
});

/** Kinds that one case or another must hold, so that the laws speak of them. */
const KINDS = `count days sum mean std min max lastValue category share sinceCategory lastCategory sinceLast sinceFirst span
  meanGap gapRatio trend members gatedSum gatedMean gatedLast step stepShare chain between before place stage stageDays
  stageSpan sessions perSession lastSession lastSessionMinutes sessionsPerDay longestGap recordRatio burst previousCategory
  lastChange`;

describe('features never see the future', () => {
  it(`the cases hold every kind of column (seed ${SEED})`, async () => {
    const plans = await Promise.all(
      (['firms', 'people'] as const).map(async (entity) => (await featuresOf(caseOf(SEED, entity, 0))).plan),
    );
    const kinds = new Set(
      plans.flatMap((p) => p.sources.flatMap((s) => s.columns.map((c) => c.formula.kind as string))),
    );
    expect(KINDS.split(/\s+/).filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(plans.some((p) => p.sources.some((s) => s.parts))).toBe(true);
  });

  it(
    `rows after the cutoff can go, change or come (seed ${SEED})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, fc.constantFrom('remove', 'alter', 'add'), async (a, change) => {
          const c = caseOf(a.seed, a.entity, a.back);
          const late = <T extends { readonly at: number }>(
            list: readonly T[],
            altered: (r: T) => T,
          ): readonly T[] => {
            if (change === 'remove') return list.filter((r) => r.at <= c.cutoff);
            if (change === 'add')
              return [...list, ...list.slice(0, 20).map((r) => ({ ...altered(r), at: c.cutoff + 1000 }))];
            return list.map((r) => (r.at <= c.cutoff ? r : altered(r)));
          };
          const rows: ShopRows = {
            firms: c.rows.firms,
            people: c.rows.people,
            visits: late(c.rows.visits, (r) => ({ ...r, seconds: 9e9, page: 'zzz', person: 0 })),
            orders: late(c.rows.orders, (r) => ({ ...r, total: -1e12, rush: !r.rush, firm: 0 })),
          };
          const before = await featuresOf(c);
          const after = await featuresOf({ ...c, rows });
          expect(cells(after.matrix)).toEqual(cells(before.matrix));
        }),
        { seed: SEED, numRuns: 5 },
      );
    },
    PATIENCE_MS,
  );

  it(
    `an older snapshot ignores rows between it and the plan's moment (seed ${SEED})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (a) => {
          const c = caseOf(a.seed, a.entity, a.back);
          const early = c.cutoff - 30 * DAY;
          const old = c.pairs.map(([, at], i) => (at === early ? i : -1)).filter((i) => i >= 0);
          const before = await featuresOf(c);
          const rows: ShopRows = {
            ...c.rows,
            visits: c.rows.visits.map((r) => (r.at > early ? { ...r, seconds: 77, page: 'blog' } : r)),
            orders: c.rows.orders.filter((r) => r.at <= early),
          };
          const after = await featuresOf({ ...c, rows }, before.plan);
          const pick = (m: FeatureMatrix): unknown => m.data.map((d) => old.map((i) => d[i]));
          expect(pick(after.matrix)).toEqual(pick(before.matrix));
        }),
        { seed: SEED, numRuns: 5 },
      );
    },
    PATIENCE_MS,
  );

  it(
    `parents that come later stay unseen (seed ${SEED})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (a) => {
          const c = caseOf(a.seed, 'people', a.back);
          const lateFirms = c.rows.firms.map((f, i) => (i % 3 === 0 ? { ...f, at: c.cutoff + DAY } : f));
          const altered = lateFirms.map((f, i) => (i % 3 === 0 ? { ...f, trade: 'zzz', heads: 123_456 } : f));
          const before = await featuresOf({ ...c, rows: { ...c.rows, firms: lateFirms } });
          const after = await featuresOf({ ...c, rows: { ...c.rows, firms: altered } });
          expect(cells(after.matrix)).toEqual(cells(before.matrix));
        }),
        { seed: SEED, numRuns: 4 },
      );
    },
    PATIENCE_MS,
  );

  it(
    `the order of rows does not matter (seed ${SEED})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (a) => {
          const c = caseOf(a.seed, a.entity, a.back);
          const rows = {
            ...c.rows,
            visits: [...c.rows.visits].reverse(),
            orders: [...c.rows.orders].reverse(),
          };
          expect(cells((await featuresOf({ ...c, rows })).matrix)).toEqual(
            cells((await featuresOf(c)).matrix),
          );
        }),
        { seed: SEED, numRuns: 5 },
      );
    },
    PATIENCE_MS,
  );
});
