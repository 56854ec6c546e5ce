/**
 * Time safety of the whole way from files to scores: rows and cells known after the cutoff may go, change or come
 * without changing one byte of the model, the probabilities, percentiles, reasons or evidence.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { type Change, cellsChangedAfter, changedAfter } from '../support/tables.ts';
import { expectSame, inferredYaml, type Scored, scored } from '../support/workspaces.ts';

const SEED = 20_260_311;
const AT = '2023-10-02';
const CUTOFF = Date.parse(AT);

const COMPANIES = [
  ['clock times and lower-case names', plainCompany(SEED, 150), PLAIN_QUERY],
  ['dates without clocks and CRM names', forceCompany(SEED, 200), FORCE_QUERY],
] as const;

describe.each(COMPANIES)('scores at a cutoff, %s', (_, tables, query) => {
  const options = { query, at: AT };
  let yaml = '';
  let before: Scored;
  beforeAll(async () => {
    yaml = await inferredYaml(tables);
    before = await scored(tables, yaml, options);
  });

  it('are of a population with reasons and evidence', () => {
    expect(before.scores.length).toBeGreaterThan(140);
    expect(before.model.positives).toBeGreaterThan(100);
    const spread = new Set(before.scores.map((s) => s.probability.toFixed(2)));
    expect(spread.size).toBeGreaterThan(15);
    expect(before.scores[0]!.reasons.some((r) => r.evidence.length > 0)).toBe(true);
  });

  it.each<Change>(['remove', 'alter', 'add'])('stay when later rows are changed: %s', async (change) => {
    expectSame(await scored(changedAfter(tables, CUTOFF, change, SEED), yaml, options), before);
  });

  it('stay when cells written later change', async () => {
    const changed = cellsChangedAfter(tables, CUTOFF, SEED);
    expect(changed.map((t) => t.rows)).not.toEqual(tables.map((t) => t.rows));
    expectSame(await scored(changed, yaml, options), before);
  });
});
