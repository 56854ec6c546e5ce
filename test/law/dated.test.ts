/**
 * Time safety of links that change and of rows beside, through the whole feature matrix: changes of links and rows of
 * associations after the cutoff may be removed, altered or added without changing one cell.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../src/data/schema/types.ts';
import { planFeatures } from '../../src/learn/features/plan.ts';
import { createSnapshots } from '../../src/learn/features/prepare.ts';
import { computeFeatures } from '../../src/learn/features/run.ts';
import { createRandom } from '../../src/util/random.ts';
import { loadShop, loadSnapshots, START, shopRows } from '../support/shop.ts';
import { loadSides, type SideRow, type SideRows, sideRows, sidesSchema } from '../support/shop-sides.ts';

const DAY = 86_400_000;
const SEED = 20_260_401;
const CUTOFF = START + 150 * DAY;
const EARLIER = CUTOFF - 45 * DAY;
const PATIENCE_MS = 240_000;
const FIRMS = 14;
const NEVER = Date.UTC(9999, 11, 31);

const schema: Schema = {
  ...sidesSchema,
  links: sidesSchema.links.map((l) => (l.name === 'people.firm_id' ? { ...l, dated: true } : l)),
};

/** A person's employer from a day on. */
interface Move {
  readonly person: number;
  readonly at: number;
  readonly firm: number;
}

interface World {
  readonly seed: number;
  readonly sides: SideRows;
  readonly moves: readonly Move[];
}

function worldOf(seed: number): World {
  const random = createRandom(seed);
  const moves = Array.from(
    { length: FIRMS * 9 },
    (_, i): Move => ({
      person: i % (FIRMS * 3),
      at: START + (i < FIRMS * 3 ? 0 : random.int(280)) * DAY,
      firm: random.int(FIRMS),
    }),
  );
  return { seed, sides: sideRows(seed, FIRMS, 280), moves };
}

async function featuresOf(world: World): Promise<readonly unknown[]> {
  const shop = shopRows(world.seed, FIRMS, 150);
  const engine = await loadShop(shop);
  const stamp = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19)}'`;
  try {
    await loadSides(engine, world.sides);
    const inOrder = [...world.moves].sort((a, b) => a.at - b.at);
    const stretches = inOrder.flatMap((m, i) => {
      const next = inOrder.slice(i + 1).find((x) => x.person === m.person);
      return next?.at === m.at
        ? []
        : [`(${m.person}, ${m.firm}, ${stamp(m.at)}, ${stamp(next?.at ?? NEVER)})`];
    });
    await engine.run(`CREATE SCHEMA link;
      CREATE TABLE link."people.firm_id" (frow BIGINT, trow BIGINT, since TIMESTAMP, until TIMESTAMP);
      INSERT INTO link."people.firm_id" VALUES ${stretches.join(', ')}`);
    const pairs = shop.people.flatMap((p, i) =>
      [CUTOFF, EARLIER].flatMap((at) => (p.at <= at ? [[i, at] as const] : [])),
    );
    await loadSnapshots(engine, pairs);
    await createSnapshots(engine, { moment: CUTOFF });
    const plan = await planFeatures(engine, {
      ...{ schema, entityTable: 'people', static: false, horizonDays: 30, asOf: CUTOFF },
      ...{ withheld: new Set<string>(), entityGiven: false, maxColumns: 500, maxSources: 16 },
    });
    const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
    return matrix.columns.map((c, i) => [c.name, [...matrix.data[i]!]]);
  } finally {
    await engine.close();
  }
}

const CHANGES = ['remove', 'alter', 'add'] as const;

function changed(world: World, change: (typeof CHANGES)[number]): World {
  const late = <T extends { readonly at: number }>(rows: readonly T[], alter: (r: T) => T): readonly T[] => {
    if (change === 'remove') return rows.filter((r) => r.at <= CUTOFF);
    if (change === 'alter') return rows.map((r) => (r.at <= CUTOFF ? r : alter(r)));
    return [...rows, ...rows.slice(0, 15).map((r) => ({ ...alter(r), at: CUTOFF + 1000 }))];
  };
  const cells = (first: number | string, second: number | string) => (r: SideRow) => ({
    ...r,
    cells: [first, second],
  });
  const { tools, ties, jobs } = world.sides;
  // A job that ends after the cutoff holds at the cutoff, whenever and whether it ends.
  const open = jobs.map((j) => ((j.end ?? NEVER) > CUTOFF ? { ...j, end: CUTOFF + 7 * DAY } : j));
  return {
    ...world,
    moves: late(world.moves, (m) => ({ ...m, firm: 0 })),
    sides: {
      tools: late(tools, cells(0, 'zzz')),
      ties: late(ties, cells(0, 1)),
      jobs: late(open, cells(0, 0)),
    },
  };
}

describe('links that change', () => {
  it(
    `give the same matrix whatever comes after the cutoff (seed ${SEED})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 1e6 }),
          fc.constantFrom(...CHANGES),
          async (seed, change) => {
            const world = worldOf(seed);
            const before = await featuresOf(world);
            expect(await featuresOf(changed(world, change))).toEqual(before);
            expect(before.length).toBeGreaterThan(100);
          },
        ),
        { seed: SEED, numRuns: 5 },
      );
    },
    PATIENCE_MS,
  );

  it(
    `are followed: what was known before the cutoff moves cells (seed ${SEED})`,
    async () => {
      const world = worldOf(SEED);
      const stayed = { ...world, moves: world.moves.filter((m) => m.at <= START || m.at > CUTOFF) };
      expect(await featuresOf(stayed)).not.toEqual(await featuresOf(world));
    },
    PATIENCE_MS,
  );
});
