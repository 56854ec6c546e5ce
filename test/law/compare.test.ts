/**
 * Comparing models: labels of training and validation ignore what came after their windows, and predictions for the
 * test cutoff do not depend on anything known after it; only the outcomes they are judged by do.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompareDetail } from '../../src/serve/scoring/types.ts';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { changedAfter, type FileTable } from '../support/tables.ts';
import { inferredYaml, withWorkspace } from '../support/workspaces.ts';

const SEED = 20_260_313;
const TEST_AT = '2023-10-02';
const RUNGS = ['newest', 'past-rate', 'rules', 'icp', 'logistic', 'trees', 'account', 'blend'];

const COMPANIES = [
  ['clock times and lower-case names', plainCompany(SEED, 150), PLAIN_QUERY],
  ['dates without clocks and CRM names', forceCompany(SEED, 200), FORCE_QUERY],
] as const;

describe.each(COMPANIES)('comparing on a company, %s', (_, tables, query) => {
  let yaml = '';
  const compared = (of: readonly FileTable[]): Promise<CompareDetail> =>
    withWorkspace(of, yaml, (workspace) =>
      workspace.compare({
        query,
        rungs: RUNGS,
        budget: 'quick',
        stepDays: 28,
        trainTo: '2023-08-01',
        valAt: '2023-08-31',
        testAt: TEST_AT,
      }),
    );
  let before: CompareDetail;
  beforeAll(async () => {
    yaml = await inferredYaml(tables);
    before = await compared(tables);
  });

  it('runs every rung that applies', () => {
    expect(Object.keys(before.predictions).length).toBeGreaterThanOrEqual(6);
    expect(before.report.snapshots.test.positives).toBeGreaterThan(10);
  });

  it.each(['alter', 'add'] as const)(
    'predicts the same when rows after the test cutoff change: %s',
    async (change) => {
      const changed = changedAfter(tables, Date.parse(TEST_AT), change, SEED);
      const after = await compared(changed);
      const { train, val, test } = before.report.snapshots;
      expect(after.report.snapshots).toMatchObject({ train, val, test: { rows: test.rows } });
      expect(after.report.withheld).toEqual(before.report.withheld);
      expect(after.predictions).toEqual(before.predictions);
      expect([...after.outcomes]).not.toEqual([...before.outcomes]);
    },
  );
});
