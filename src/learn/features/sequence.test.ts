/** Sequences, sessions, pauses and gated numbers against plain loops, on rows with ties, empty types and rows at the cutoff. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRow, sequenceValue } from '../../../test/support/sequence-reference.ts';
import {
  loadShop,
  loadSnapshots,
  type ShopRows,
  START,
  shopRows,
  shopSchema,
} from '../../../test/support/shop.ts';
import { createRandom } from '../../util/random.ts';
import { planFeatures } from './plan.ts';
import type { PlannedSource } from './plan-types.ts';
import { createSnapshots } from './prepare.ts';
import { computeFeatures } from './run.ts';

const DAY = 86_400_000;
const SEED = 20_261_122;
const CUTOFF = START + 150 * DAY;
const PAGES = ['blog', 'docs', 'pricing', 'o\'clock "x"', null];

/** Visits in bursts, many at one moment, some at the cutoff itself; mostly through the pages in their order. */
function visitsOf(seed: number): ShopRows {
  const rows = shopRows(seed, 24, 100);
  const random = createRandom(seed + 1);
  const visits = rows.people.flatMap((_, person) => {
    let at = START + random.int(100) * DAY;
    let page = 0;
    return Array.from({ length: random.int(14) }, () => {
      at += [0, 10, 29, 30, 31, 600, 4000][random.int(7)]! * 60_000;
      if (random.next() < 0.5) page = Math.min(page + 1, 3);
      const seen = random.next() < 0.9 ? PAGES[page]! : PAGES[random.int(5)]!;
      const seconds = random.next() < 0.15 ? null : random.int(4) * 25;
      return { at: random.next() < 0.05 ? CUTOFF : at, person, page: seen, seconds };
    });
  });
  return { ...rows, visits };
}

/** How many cells of each kind had a value. */
type Kinds = Map<string, number>;

async function compare(rows: ShopRows, entity: 'people' | 'firms', seen: Kinds): Promise<void> {
  const engine = await loadShop(rows);
  const cutoffs = [CUTOFF, CUTOFF - 40 * DAY];
  const pairs = rows[entity].flatMap((r, i) =>
    cutoffs.flatMap((at) => (r.at <= at ? [[i, at] as const] : [])),
  );
  await loadSnapshots(engine, pairs);
  await createSnapshots(engine, { moment: CUTOFF });
  const plan = await planFeatures(engine, {
    ...{ schema: shopSchema, entityTable: entity, static: false, horizonDays: 30, asOf: CUTOFF },
    ...{ withheld: new Set<string>(), entityGiven: false, maxColumns: 2000, maxSources: 24 },
  });
  const matrix = await computeFeatures(engine, plan, pairs.length, { outcomes: false });
  await engine.close();
  const ordered = plan.sources.filter((s) => s.parts || (s.table === 'visits' && !s.group.column));
  for (const source of ordered)
    for (const { meta, formula } of source.columns) {
      const values = matrix.data[matrix.columns.findIndex((c) => c.name === meta.name)]!;
      pairs.forEach(([row, cutoff], i) => {
        const events = eventsOf(rows, source, entity, row).filter((e) => e.known <= cutoff);
        const expected = sequenceValue(formula, source, events, cutoff);
        if (expected === undefined) return;
        const kind = `${source.parts ? 'journey ' : ''}${formula.kind}`;
        seen.set(kind, (seen.get(kind) ?? 0) + (Number.isNaN(expected) ? 0 : 1));
        expectClose(values[i]!, expected, `${meta.name} of ${entity} ${row}`);
      });
    }
}

function expectClose(value: number, expected: number, said: string): void {
  const size = Math.max(1, Math.abs(expected));
  if (Number.isNaN(expected)) expect(value, said).toBeNaN();
  else expect(value / size, said).toBeCloseTo(expected / size, 4);
}

/** The visits below the source's group, without the entity's own where it wants those of others. */
function eventsOf(
  rows: ShopRows,
  source: PlannedSource,
  entity: 'people' | 'firms',
  row: number,
): readonly EventRow[] {
  if (source.parts) return journeyOf(rows, source, row);
  const measure = source.categories[source.sequence?.c ?? 0];
  const code = (page: string | null): number | null => {
    const v = measure?.values.indexOf(page ?? '') ?? -1;
    return page === null ? null : v < 0 ? measure!.values.length : v;
  };
  const firm = entity === 'firms' ? row : rows.people[row]!.firm;
  const own = entity === 'people' && source.down.length === 1;
  return rows.visits
    .filter((v) => (own ? v.person === row : rows.people[v.person]!.firm === firm))
    .filter((v) => !source.excludeSelf || v.person !== row)
    .map((v) => ({
      member: source.excludeSelf ? v.person : 0,
      known: own ? v.at : Math.max(v.at, rows.people[v.person]!.at),
      at: v.at,
      x: v.seconds,
      c: code(v.page),
    }));
}

/** Orders and people of a firm as one sequence. */
function journeyOf(rows: ShopRows, source: PlannedSource, firm: number): readonly EventRow[] {
  const of = (list: readonly { readonly at: number; readonly firm: number }[], table: string) =>
    list
      .filter((r) => r.firm === firm)
      .map(({ at }) => ({
        member: 0,
        known: at,
        at,
        x: null,
        c: source.categories[0]!.values.indexOf(table),
      }));
  return [...of(rows.orders, 'orders'), ...of(rows.people, 'people')];
}

const KINDS = `step stepShare chain before between place stage stageDays stageSpan sessions perSession sessionsPerDay
  lastSession lastSessionMinutes longestGap recordRatio burst previousCategory lastChange gatedSum gatedMean gatedLast`;

describe('the order of events', () => {
  it(`agrees with loops over the rows (seed ${SEED})`, async () => {
    const seen: Kinds = new Map();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        await compare(visitsOf(seed), 'people', seen);
        await compare(visitsOf(seed), 'firms', seen);
      }),
      { seed: SEED, numRuns: 2 },
    );
    const wanted = [...KINDS.split(/\s+/), 'journey between', 'journey step', 'journey sessions'];
    expect(wanted.filter((kind) => !seen.get(kind))).toEqual([]);
  });
});
