/** What is planted as dirt, duplicates and missing accounts, identity finds again: nearly nothing else, and most of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import { loadWorkspace } from '../../src/data/load/load.ts';
import { hostOf } from '../../src/data/quality/identity/domains.ts';
import { resolveIdentity } from '../../src/data/quality/identity/resolve.ts';
import { readConfig } from '../../src/data/schema/yaml-read.ts';
import { initWorkspace } from '../../src/serve/scoring/workspace.ts';
import { evenDirt } from '../../src/simulate/dirt/soil.ts';
import { exportCompany } from '../../src/simulate/export.ts';
import { MECHANISMS } from '../../src/simulate/mechanisms.ts';
import { inTempFolder } from '../support/workspaces.ts';

const SEEDS = [3, 17];
const PATIENCE_MS = 120_000;

interface Found {
  readonly kind: string;
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly evidence: string;
}

interface Company {
  readonly found: readonly Found[];
  /** Contact → account and address: as dirt left them, and as they were. */
  readonly dirty: ReadonlyMap<string, Contact>;
  readonly clean: ReadonlyMap<string, Contact>;
  readonly accounts: readonly string[];
}
interface Contact {
  readonly account: string;
  readonly email: string;
}

async function foundIn(engine: Engine): Promise<readonly Found[]> {
  const rows = await engine.rows('SELECT * FROM identity.links');
  return rows.map((r) => ({
    kind: String(r.kind),
    table: String(r.from_table),
    from: String(r.from_id),
    to: String(r.to_id),
    evidence: String(r.evidence),
  }));
}

async function contactsOf(folder: string): Promise<ReadonlyMap<string, Contact>> {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  try {
    const file = join(folder, 'tables', 'contacts.csv').replaceAll("'", "''");
    const rows = await engine.rows(
      `SELECT contact_id, coalesce(account_id, '') AS a, email FROM read_csv('${file}', all_varchar = true)`,
    );
    return new Map(
      rows.map((r) => [String(r.contact_id), { account: String(r.a), email: String(r.email) }] as const),
    );
  } finally {
    await engine.close();
  }
}

const simulated = (seed: number): Promise<Company> =>
  inTempFolder(async (dir) => {
    const span = { from: Date.UTC(2023, 0, 1), to: Date.UTC(2024, 3, 1) };
    const options = { seed, accounts: 250, ...span, mechanisms: MECHANISMS, truthAt: [] };
    await exportCompany(join(dir, 'clean'), options);
    const report = await exportCompany(join(dir, 'dirty'), { ...options, dirt: evenDirt(1) });
    expect(report.planted.length).toBeGreaterThan(5);
    const { file } = await initWorkspace([join(dir, 'dirty', 'tables')], dir);
    const config = readConfig(readFileSync(file, 'utf8'), file);
    const engine = await openDuckdb({ threads: 1, memoryLimitMb: 1000 });
    try {
      await loadWorkspace(engine, config, dir, {}, { now: new Date(span.to) });
      await resolveIdentity(engine, config);
      const accounts = await engine.rows('SELECT account_id FROM data.accounts');
      return {
        found: await foundIn(engine),
        dirty: await contactsOf(join(dir, 'dirty')),
        clean: await contactsOf(join(dir, 'clean')),
        accounts: accounts.map((r) => String(r.account_id)),
      };
    } finally {
      await engine.close();
    }
  });

const first = (id: string): string => id.replace(/-2$/, '');
const isFree = (email: string): boolean => hostOf(email.toLowerCase().split('@')[1] ?? '').provider;
const share = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length;

describe.each(SEEDS)('a company with as much dirt as there is (seed %i)', (seed) => {
  it('gets its repeats and missing accounts back', { timeout: PATIENCE_MS }, async () => {
    const { found, dirty, clean, accounts } = await simulated(seed);
    const repeats = found.filter((f) => f.kind === 'duplicate');
    const domains = found.filter((f) => f.kind === 'domain');
    expect(share(repeats.map((f) => first(f.from) === first(f.to)))).toBeGreaterThanOrEqual(0.98);
    expect(
      share(domains.map((f) => clean.get(first(f.from))!.account === first(f.to))),
    ).toBeGreaterThanOrEqual(0.98);

    const again = (table: string) =>
      new Set(repeats.filter((f) => f.table === table).flatMap((f) => [f.from, f.to]));
    const seconds = (ids: Iterable<string>): readonly string[] => [...ids].filter((id) => id.endsWith('-2'));
    const told = {
      contacts: share(seconds(dirty.keys()).map((id) => again('contacts').has(id))),
      accounts: share(seconds(accounts).map((id) => again('accounts').has(id))),
    };
    expect(told.contacts).toBeGreaterThan(0.9);
    expect(told.accounts).toBeGreaterThan(0.9);

    const linked = new Map(domains.map((f) => [f.from, f.to]));
    const missing = [...dirty].filter(([, c]) => c.account === '');
    const telling = missing.filter(([, c]) => !isFree(c.email));
    expect(telling.length).toBeGreaterThan(30);
    expect(share(telling.map(([id]) => linked.has(id)))).toBeGreaterThan(0.9);
    expect(domains.filter((f) => isFree(dirty.get(f.from)!.email) || hostOf(f.evidence).provider)).toEqual(
      [],
    );
  });
});
