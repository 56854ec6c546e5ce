import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadShop, loadSnapshots, START, shopRows, shopSchema } from '../../../test/support/shop.ts';
import type { Engine } from '../../data/engine/types.ts';
import { planFeatures } from '../../learn/features/plan.ts';
import { createSnapshots } from '../../learn/features/prepare.ts';
import { computeFeatures } from '../../learn/features/run.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { championOf } from './champion.ts';
import type { WorkspaceContext } from './context.ts';
import type { Scorable } from './scorable.ts';
import { featuresWithout, rowsBelow } from './without-rows.ts';

const DAY = 86_400_000;
const CUTOFF = START + 200 * DAY;
const rows = shopRows(7);
const FIRM = 3;
const members = rows.people.flatMap((p, i) => (p.firm === FIRM && p.at <= CUTOFF ? [i] : []));
const visitsOf = (person: number): number =>
  rows.visits.filter((v) => v.person === person && v.at <= CUTOFF).length;

let engine: Engine;
let scorable: Scorable;
let context: WorkspaceContext;

beforeAll(async () => {
  engine = await loadShop(rows);
  await loadSnapshots(engine, [[FIRM, CUTOFF]]);
  await createSnapshots(engine, { moment: CUTOFF });
  const plan = await planFeatures(engine, {
    ...{ schema: shopSchema, entityTable: 'firms', static: false, horizonDays: 30, asOf: CUTOFF },
    ...{ withheld: new Set<string>(), entityGiven: false, maxColumns: 300, maxSources: 12 },
  });
  const matrix = await computeFeatures(engine, plan, 1, { outcomes: false });
  const visits = matrix.columns.findIndex(
    (c) => c.table === 'visits' && c.primitive === 'count' && !c.windowDays,
  );
  const predict = async (m: FeatureMatrix) => m.data[visits]!.map((n) => Math.min(1, (n || 0) / 1000));
  const snapshots = { entityRow: Int32Array.of(FIRM), cutoff: Float64Array.of(CUTOFF) };
  const task = { entityTable: 'firms', snapshots };
  scorable = {
    prepared: { task, plan, matrix, outcomes: false, model: { type: 'binary' } },
    ...{ rows: Int32Array.of(0), fitted: { predict } },
  } as unknown as Scorable;
  context = { engine, config: { schema: shopSchema } } as unknown as WorkspaceContext;
});
afterAll(() => engine.close());

const countOf = async (name: string): Promise<number> =>
  Number((await engine.rows(`SELECT count(*) AS n FROM data.${name}`))[0]!.n);

describe('a score without some rows', () => {
  it('is what it was when nothing is hidden, and leaves the tables as they were', async () => {
    const same = await featuresWithout(context, scorable, 0, new Map(), {});
    expect(same.data.map((d) => d[0])).toEqual(scorable.prepared.matrix.data.map((d) => d[0]));
    const before = await countOf('visits');
    await featuresWithout(context, scorable, 0, new Map([['visits', [0, 1, 2]]]), {});
    expect(await countOf('visits')).toBe(before);
  });

  it('does not change with rows known after the cutoff', async () => {
    const later = rows.visits.flatMap((v, i) => (v.at > CUTOFF ? [i] : []));
    const found = await featuresWithout(context, scorable, 0, new Map([['visits', later]]), {});
    expect(found.data.map((d) => d[0])).toEqual(scorable.prepared.matrix.data.map((d) => d[0]));
  });

  it('finds all rows below a person', async () => {
    const person = members[0]!;
    const below = await rowsBelow(engine, shopSchema, 'people', person);
    const visits = rows.visits.flatMap((v, i) => (v.person === person ? [i] : []));
    expect([...below.get('visits')!].sort((a, b) => a - b)).toEqual(visits);
    expect(below.get('people')).toEqual([person]);
  });
});

describe('the champion', () => {
  it('is the person with whose rows the score falls furthest, exactly so', async () => {
    const busiest = members.reduce((a, b) => (visitsOf(b) > visitsOf(a) ? b : a));
    const total = members.reduce((n, p) => n + visitsOf(p), 0);
    const found = await championOf(context, scorable, 0, {});
    expect(found).toMatchObject({ table: 'people', id: `p${busiest}`, people: members.length });
    expect(found!.probability_without).toBeCloseTo((total - visitsOf(busiest)) / 1000, 6);
    expect(found!.drop).toBeCloseTo(visitsOf(busiest) / 1000, 6);
    expect(found!.sentence).toContain(`the largest drop among ${members.length} people`);
  });

  it('is nobody where no one lowers the score', async () => {
    const flat = {
      ...scorable,
      fitted: { predict: async () => Float32Array.of(0.5) },
    } as unknown as Scorable;
    expect(await championOf(context, flat, 0, {})).toBeNull();
  });
});
