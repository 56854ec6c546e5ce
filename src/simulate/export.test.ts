import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evenDirt } from './dirt/soil.ts';
import { DIALS, type Dial } from './dirt/types.ts';
import { type ExportOptions, type ExportReport, exportCompany } from './export.ts';
import { MECHANISMS } from './mechanisms.ts';
import { sampleCompany } from './sample.ts';
import { salesforceId } from './shapes/salesforce.ts';

const root = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const base: ExportOptions = {
  seed: 5,
  accounts: 80,
  from: Date.UTC(2024, 0, 1),
  to: Date.UTC(2024, 8, 1),
  mechanisms: MECHANISMS,
  truthAt: [],
};

async function exported(
  options: Partial<ExportOptions> = {},
): Promise<ExportReport & { readonly text: (table: string) => string }> {
  const folder = join(root, String(folders++));
  const report = await exportCompany(folder, { ...base, ...options });
  return { ...report, text: (table) => readFileSync(join(folder, 'tables', `${table}.csv`), 'utf8') };
}

const bytes = ({ folder }: ExportReport): string =>
  readdirSync(join(folder, 'tables'))
    .sort()
    .map((name) => readFileSync(join(folder, 'tables', name), 'utf8'))
    .join('\n');

describe('export', () => {
  it('writes the same bytes for the same seed, in every shape', async () => {
    for (const shape of ['plain', 'salesforce', 'hubspot', 'product'] as const) {
      const options = { shape, dirt: evenDirt(0.7) };
      expect(bytes(await exported(options)), shape).toBe(bytes(await exported(options)));
    }
  });

  it('keeps the truth apart from the tables, with ids as the shape prints them', async () => {
    const { folder, truthAt } = await exported({
      shape: 'salesforce',
      truthAt: [Date.UTC(2024, 4, 1)],
      futures: 2,
    });
    const lines = readFileSync(join(folder, 'truth.csv'), 'utf8').trim().split('\n');
    expect(truthAt).toEqual(['2024-05-01']);
    expect(readdirSync(join(folder, 'tables'))).not.toContain('truth.csv');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines[1]).toMatch(/^Account,001\w{15},2024-05-01,opened,0/);
  });

  it('has no truth to tell in the columns of the tables', async () => {
    expect(bytes(await exported({ truthAt: [Date.UTC(2024, 4, 1)], futures: 2 }))).toBe(
      bytes(await exported()),
    );
  });
});

describe('dirt', () => {
  const only = (dial: Dial) => ({ ...evenDirt(0), [dial]: 1 });

  it('is none at zero', async () => {
    const clean = await exported();
    const soiled = await exported({ dirt: evenDirt(0) });
    expect(soiled.planted).toEqual([]);
    expect(bytes(soiled)).toBe(bytes(clean));
  });

  it.each(DIALS.map((dial) => [dial] as const))('%s alone plants only its own, and says so', async (dial) => {
    const soiled = await exported({ dirt: only(dial), accounts: 150 });
    expect(soiled.planted.length).toBeGreaterThan(0);
    expect(soiled.planted.every((p) => p.dial === dial && p.rows > 0)).toBe(true);
    expect(bytes(soiled)).not.toBe(bytes(await exported({ accounts: 150 })));
  });

  it('grows with its dial', async () => {
    const rows = async (level: number): Promise<number> =>
      (await exported({ dirt: evenDirt(level), accounts: 150 })).planted.find(
        (p) => p.what === 'a private address',
      )?.rows ?? 0;
    const few = await rows(0.3);
    expect(few).toBeGreaterThan(0);
    expect(await rows(1)).toBeGreaterThan(few);
  });

  it('adds duplicates as rows of their own, and loses no row', async () => {
    const clean = await exported({ accounts: 150 });
    const soiled = await exported({ accounts: 150, dirt: only('duplicates') });
    const twice = soiled.planted.find((p) => p.table === 'accounts')?.rows ?? 0;
    expect(soiled.rows.accounts).toBe(clean.rows.accounts! + twice);
    for (const line of clean.text('accounts').split('\n')) expect(soiled.text('accounts')).toContain(line);
  });
});

describe('Salesforce ids', () => {
  it('are 18 characters, and differ where the plain ids do', async () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 99_999_999 }), { minLength: 2 }), (numbers) => {
        const made = numbers.flatMap((n) => [
          salesforceId(`A${n}`),
          salesforceId(`A${n}-2`),
          salesforceId(`C${n}`),
        ]);
        expect(new Set(made).size).toBe(made.length);
        expect(made.every((id) => /^\w{18}$/.test(String(id)))).toBe(true);
      }),
      { seed: 3 },
    );
  });
});

describe('sampled companies', () => {
  it('are the same for the same seed and differ between seeds', async () => {
    const of = (seed: number) => JSON.stringify(sampleCompany(seed));
    expect(of(1)).toBe(of(1));
    expect(new Set(Array.from({ length: 20 }, (_, i) => of(i))).size).toBe(20);
  });

  it('can be written whatever is drawn', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10_000 }), async (seed) => {
        const sampled = sampleCompany(seed, { accounts: [40, 60], days: [200, 240] });
        const written = await exported({ ...sampled.options, ...sampled });
        expect(Object.keys(written.rows).length).toBeGreaterThan(3);
      }),
      { numRuns: 8, seed: 2 },
    );
  });
});
