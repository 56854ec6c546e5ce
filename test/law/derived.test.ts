/**
 * Columns made after SQL: time-safe as those of SQL are, learned from training rows only, and equal to plain loops.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../src/data/schema/types.ts';
import { fromBase64 } from '../../src/learn/features/derive/base64.ts';
import { applyDerived, learnDerived } from '../../src/learn/features/derive/derive.ts';
import type { DerivedState, ExampleRows } from '../../src/learn/features/derive/types.ts';
import { planFeatures } from '../../src/learn/features/plan.ts';
import type { FeaturePlan } from '../../src/learn/features/plan-types.ts';
import { createSnapshots } from '../../src/learn/features/prepare.ts';
import { computeFeatures } from '../../src/learn/features/run.ts';
import type { FeatureMatrix } from '../../src/learn/features/types.ts';
import { createRandom } from '../../src/util/random.ts';
import { loadShop, loadSnapshots, type ShopRows, START, shopRows, shopSchema } from '../support/shop.ts';

const DAY = 86_400_000;
const SEED = 20_260_322;
const CUTOFFS = [120, 150, 180, 210].map((day) => START + day * DAY);
const HORIZON = 20 * DAY;
const WORDS = ['urgent', 'renewal', 'pricing', 'demo', 'invoice', 'cancel', "o'clock", 'größe', 'select'];

/** The visited page is a free text here. */
const schema: Schema = {
  ...shopSchema,
  tables: shopSchema.tables.map((t) =>
    t.name === 'visits'
      ? { ...t, columns: t.columns.map((c) => (c.name === 'page' ? { ...c, semantic: 'text' } : c)) }
      : t,
  ),
};

interface World {
  readonly rows: ShopRows;
  readonly pairs: readonly (readonly [number, number])[];
  readonly label: Float64Array;
}

function worldOf(seed: number): World {
  const random = createRandom(seed);
  const rows = shopRows(seed, 40, 240);
  const said = (): string => Array.from({ length: 3 }, () => WORDS[random.int(WORDS.length)]).join(' ');
  const pairs = CUTOFFS.flatMap((at) =>
    rows.people.flatMap((p, i) => (p.at <= at ? [[i, at] as const] : [])),
  );
  const seen = (i: number, at: number): number =>
    rows.visits.filter((v) => v.person === i && v.at <= at && v.at > at - 30 * DAY).length;
  return {
    rows: { ...rows, visits: rows.visits.map((v) => ({ ...v, page: said() })) },
    pairs,
    label: Float64Array.from(pairs, ([i, at]) => (seen(i, at) + 2 * random.normal() > 5 ? 1 : 0)),
  };
}

interface Made {
  readonly plan: FeaturePlan;
  readonly state: DerivedState;
  readonly matrix: FeatureMatrix;
  readonly rows: ExampleRows;
}

async function derive(world: World, given: Partial<Pick<Made, 'plan' | 'state'>> = {}): Promise<Made> {
  const engine = await loadShop(world.rows);
  try {
    const { pairs } = world;
    await loadSnapshots(engine, pairs);
    await createSnapshots(engine, { moment: CUTOFFS[3]! });
    const plan =
      given.plan ??
      (await planFeatures(engine, {
        schema,
        entityTable: 'people',
        static: false,
        horizonDays: 20,
        asOf: CUTOFFS[2]!,
        withheld: new Set(),
        entityGiven: false,
        maxColumns: 60,
        maxSources: 2,
      }));
    const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
    const rows: ExampleRows = {
      entityRow: Int32Array.from(pairs, ([i]) => i),
      entityId: pairs.map(([i]) => `p${i}`),
      cutoff: Float64Array.from(pairs, ([, at]) => at),
      population: new Int32Array(pairs.length),
    };
    const input = { engine, plan, matrix, rows, control: {} };
    const state =
      given.state ??
      (await learnDerived({
        ...input,
        train: Int32Array.from(pairs.flatMap(([, at], r) => (at <= CUTOFFS[1]! ? [r] : []))),
        labels: { value: world.label, known: rows.cutoff.map((at) => at + HORIZON), type: 'binary' },
        seed: 7,
        budget: 'normal',
      }));
    return { plan, state, matrix: await applyDerived(input, state), rows };
  } finally {
    await engine.close();
  }
}

const cellsAt = (m: FeatureMatrix, keep: (row: number) => boolean): readonly unknown[] =>
  m.columns.map((c, i) => [c.name, [...m.data[i]!.filter((_, r) => keep(r))]]);

const visitsAfter = (world: World, at: number, change: 'remove' | 'alter' | 'add'): World => {
  const { visits } = world.rows;
  const other = { page: 'zzz urgent cancel', seconds: 9e9, person: 0 };
  const changed =
    change === 'remove'
      ? visits.filter((v) => v.at <= at)
      : change === 'alter'
        ? visits.map((v) => (v.at <= at ? v : { ...v, ...other }))
        : [
            ...visits,
            ...visits.slice(0, 50).map((v) => ({ ...v, ...other, at: at + 1000, person: v.person })),
          ];
  return { ...world, rows: { ...world.rows, visits: changed } };
};

const seeds = fc.integer({ min: 1, max: 1e6 });
const changes = fc.constantFrom('remove' as const, 'alter' as const, 'add' as const);

describe('derived columns', () => {
  it(`exist in the made-up company: text, places, likeness (seed ${SEED})`, async () => {
    const { state, matrix } = await derive(worldOf(SEED));
    expect(state.text.map((t) => t.source.column)).toEqual(['page']);
    expect(state.text[0]!.columns[0]!.sentence).toMatch(/^words such as “/);
    expect(state.ranks.columns.length).toBeGreaterThan(0);
    expect(state.similar!.references.won.length).toBeGreaterThan(100);
    expect(matrix.columns.slice(-2).map((c) => c.name)).toEqual(['similar.winShare', 'similar.lead']);
    expect(matrix.data.at(-2)!.some((v) => v > 0)).toBe(true);
  });

  it(`rows after a cutoff do not touch its cells (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, changes, async (seed, change) => {
        const world = worldOf(seed);
        const before = await derive(world);
        for (const at of [CUTOFFS[1]!, CUTOFFS[3]!]) {
          const after = await derive(visitsAfter(world, at, change), before);
          const old = (r: number): boolean => before.rows.cutoff[r]! <= at;
          expect(cellsAt(after.matrix, old)).toEqual(cellsAt(before.matrix, old));
        }
      }),
      { seed: SEED, numRuns: 2 },
    );
  });

  it(`the state knows training rows and their labels, nothing later (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, changes, async (seed, change) => {
        const world = worldOf(seed);
        const { plan, state } = await derive(world);
        const label = world.label.map((y, r) => (world.pairs[r]![1] <= CUTOFFS[1]! ? y : 1 - y));
        const after = await derive({ ...visitsAfter(world, CUTOFFS[1]!, change), label }, { plan });
        expect(after.state).toEqual(state);
      }),
      { seed: SEED, numRuns: 2 },
    );
  });

  it(`a state from a file makes the same bytes (seed ${SEED})`, async () => {
    const world = worldOf(SEED + 1);
    const before = await derive(world);
    const saved = JSON.parse(JSON.stringify(before.state)) as DerivedState;
    const after = await derive(world, { plan: before.plan, state: saved });
    expect(cellsAt(after.matrix, () => true)).toEqual(cellsAt(before.matrix, () => true));
    expect((await derive(world, { plan: before.plan })).state).toEqual(before.state);
  });
});

describe('places', () => {
  it(`are those a count over the rows of the cutoff gives (seed ${SEED})`, async () => {
    const { state, matrix, rows } = await derive(worldOf(SEED + 2));
    const index = new Map(matrix.columns.map((c, i) => [c.name, i]));
    for (const { meta, of } of state.ranks.columns) {
      const values = matrix.data[index.get(of)!]!;
      const place = matrix.data[index.get(meta.name)!]!;
      for (let r = 0; r < rows.cutoff.length; r += 7) {
        const peers = [...values].filter((v, i) => rows.cutoff[i] === rows.cutoff[r] && !Number.isNaN(v));
        const less = peers.filter((v) => v < values[r]!).length;
        const equal = peers.filter((v) => v === values[r]!).length;
        const expected = Number.isNaN(values[r]!) ? Number.NaN : (less + equal / 2) / peers.length;
        expect(place[r]).toBe(Math.fround(expected));
      }
    }
  });
});

describe('similar earlier cases', () => {
  it(`are counted among the nearest whose label was complete, of other entities (seed ${SEED})`, async () => {
    const { state, matrix, rows } = await derive(worldOf(SEED + 3));
    const similar = state.similar!;
    const { references, space } = similar;
    const points = fromBase64(references.points);
    const index = new Map(matrix.columns.map((c, i) => [c.name, i]));
    const [share, lead] = ['winShare', 'lead'].map((s) => matrix.data[index.get(`similar.${s}`)!]!);
    let told = 0;
    for (let r = 0; r < matrix.rows; r += 11) {
      const distances = references.won.map((won, j) => {
        const squared = space.map((axis, a) => {
          const v = matrix.data[index.get(axis.name)!]![r]!;
          const z = Number.isNaN(v) ? 0 : Math.max(-3, Math.min(3, (v - axis.centre) / axis.scale));
          return (Math.fround(axis.weight * z) - points[j * space.length + a]!) ** 2;
        });
        return { j, won, distance: Math.sqrt(squared.reduce((s, x) => s + x, 0)) };
      });
      const complete = distances.filter(({ j }) => references.known[j]! <= rows.cutoff[r]!);
      const of = (won: boolean) =>
        complete
          .filter((d) => d.won === won && references.entityId[d.j] !== rows.entityId[r])
          .sort((a, b) => a.distance - b.distance || a.j - b.j);
      const [wins, losses] = [of(true), of(false)];
      const nearest = [...wins, ...losses].sort((a, b) => a.distance - b.distance || a.j - b.j).slice(0, 15);
      const enough = [true, false].every((won) => complete.filter((d) => d.won === won).length >= 20);
      const expected = enough
        ? [nearest.filter((d) => d.won).length / nearest.length, losses[0]!.distance - wins[0]!.distance]
        : [Number.NaN, Number.NaN];
      expect([share![r], lead![r]]).toEqual(expected.map(Math.fround));
      told += enough ? 1 : 0;
    }
    expect(told).toBeGreaterThan(10);
  });

  it(`do not know outcomes that were open at the cutoff (seed ${SEED})`, async () => {
    const world = worldOf(SEED + 5);
    const before = await derive(world);
    const similar = before.state.similar!;
    const { references } = similar;
    const flipped = (at: number): DerivedState => ({
      ...before.state,
      similar: {
        ...similar,
        references: {
          ...references,
          won: references.won.map((w, j) => (references.known[j]! > at ? !w : w)),
        },
      },
    });
    const at = CUTOFFS[1]!;
    expect(references.known.some((k) => k! > at)).toBe(true);
    const after = await derive(world, { plan: before.plan, state: flipped(at) });
    const old = (r: number): boolean => before.rows.cutoff[r]! <= at;
    expect(cellsAt(after.matrix, old)).toEqual(cellsAt(before.matrix, old));
    expect(cellsAt(after.matrix, () => true)).not.toEqual(cellsAt(before.matrix, () => true));
  });
});
