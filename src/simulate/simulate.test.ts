import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from './create.ts';
import { MECHANISMS } from './mechanisms.ts';
import { simulateCompany } from './run.ts';
import { step } from './step.ts';
import { combineRecorders } from './tables/combine.ts';
import { copyWorld, truthOf } from './truth.ts';
import type { Account, CompanyOptions, Row } from './types.ts';

const options = (seed: number, accounts = 60, days = 150): CompanyOptions => {
  const from = Date.UTC(2023, 8, 1);
  return { seed, accounts, from, to: from + days * 86_400_000, mechanisms: MECHANISMS };
};

function tablesOf(given: CompanyOptions): ReadonlyMap<string, readonly Row[]> {
  const tables = new Map<string, Row[]>();
  simulateCompany(given, (table, row) => {
    tables.set(table, [...(tables.get(table) ?? []), row]);
  });
  return tables;
}

const state = ({ accounts }: { readonly accounts: readonly Account[] }): string =>
  JSON.stringify(accounts, (_, v) => (v instanceof Int32Array ? [...v] : v));

describe('a simulated company', () => {
  it('is the same again for the same seed, and another for another', () => {
    const [a, b, c] = [tablesOf(options(7)), tablesOf(options(7)), tablesOf(options(8))];
    expect(JSON.stringify([...a])).toBe(JSON.stringify([...b]));
    expect(JSON.stringify([...a])).not.toBe(JSON.stringify([...c]));
  });

  it('does not notice whether it is recorded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const [told, untold] = [createWorld(options(seed, 30)), createWorld(options(seed, 30))];
        for (let day = 0; day < 100; day++) {
          step(told, { recorder: combineRecorders([]) });
          step(untold);
        }
        expect(state(told)).toBe(state(untold));
      }),
      { numRuns: 5, seed: 1 },
    );
  });

  it('points only to records that exist', () => {
    const tables = tablesOf(options(3, 200));
    const keys = (table: string, column: string) => new Set(tables.get(table)?.map((r) => r[column]));
    const links = [
      ['contacts', 'account_id', 'accounts'],
      ['contacts', 'reports_to_id', 'contacts', 'contact_id'],
      ['leads', 'contact_id', 'contacts'],
      ['content_views', 'contact_id', 'contacts'],
      ['activities', 'contact_id', 'contacts'],
      ['product_usage', 'account_id', 'accounts'],
      ['opportunities', 'account_id', 'accounts'],
      ['opportunity_history', 'opp_id', 'opportunities'],
      ['opportunity_contacts', 'contact_id', 'contacts'],
      ['campaign_members', 'campaign_id', 'campaigns'],
      ['intent_topics', 'account_id', 'accounts'],
      ['accounts', 'owner_id', 'reps'],
    ] as const;
    for (const [table, column, to, key = column] of links) {
      const known = keys(to, key);
      const used = [...keys(table, column)].filter((v) => v !== null);
      expect(used.length, table).toBeGreaterThan(0);
      expect(
        used.filter((v) => !known.has(v!)),
        `${table}.${column}`,
      ).toEqual([]);
    }
  });

  it('writes histories that end as the records stand', () => {
    const tables = tablesOf(options(4, 200));
    expect(tables.get('opportunities')?.length).toBeGreaterThan(5);
    const last = new Map(tables.get('opportunity_history')?.map((r) => [r.opp_id, r]));
    for (const deal of tables.get('opportunities') ?? []) {
      expect(last.get(deal.opp_id!)).toMatchObject({ stage: deal.stage, amount: deal.amount });
    }
    const status = new Map(tables.get('lead_status_history')?.map((r) => [r.lead_id, r.status]));
    for (const lead of tables.get('leads') ?? []) expect(status.get(lead.lead_id!)).toBe(lead.status);
  });

  it('has nobody act before being on record', () => {
    const tables = tablesOf(options(5));
    const born = new Map(tables.get('contacts')?.map((r) => [r.contact_id, String(r.created_at)]));
    const acts = [...(tables.get('activities') ?? []), ...(tables.get('content_views') ?? [])];
    expect(acts.length).toBeGreaterThan(100);
    for (const act of acts)
      expect(String(act.occurred_at ?? act.viewed_at) > born.get(act.contact_id!)!).toBe(true);
  });
});

describe('true probabilities', () => {
  it('leave the company as it is', () => {
    const world = createWorld(options(1));
    for (let day = 0; day < 60; day++) step(world);
    const before = state(world);
    truthOf(world, { horizon: 30, futures: 4 });
    expect(state(world)).toBe(before);
  });

  it('are met by what happens: opened and won as often as said, in all and among the likeliest', () => {
    const sums = { said: 0, met: 0, topSaid: 0, topMet: 0, wonSaid: 0, wonMet: 0 };
    for (let seed = 0; seed < 4; seed++) {
      const world = createWorld(options(seed, 250, 300));
      while (world.day < 150) step(world);
      const truth = truthOf(world, { horizon: 60, futures: 24 });
      const future = copyWorld(world, 999);
      const opened = new Set<number>();
      const won = new Set<number>();
      const recorder = combineRecorders([
        {
          opened: (_, account) => opened.add(account.id),
          closed: (_, account, __, isWon) => isWon && won.add(account.id),
        },
      ]);
      for (let day = 0; day < 60; day++) step(future, { recorder });
      truth.opened.forEach(({ p }, id) => {
        sums.said += p;
        sums.met += Number(opened.has(id));
        if (p > 0.3) sums.topSaid += p;
        if (p > 0.3) sums.topMet += Number(opened.has(id));
        sums.wonSaid += truth.won[id]!.p;
        sums.wonMet += Number(won.has(id));
      });
    }
    const within = (met: number, said: number) => Math.abs(met - said) / Math.sqrt(said);
    expect(sums.met).toBeGreaterThan(20);
    expect(within(sums.met, sums.said)).toBeLessThan(3.5);
    expect(within(sums.topMet, sums.topSaid)).toBeLessThan(3.5);
    expect(within(sums.wonMet, sums.wonSaid)).toBeLessThan(3.5);
  });
});
