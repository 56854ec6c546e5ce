/**
 * Backtests: under the frozen regime nothing known after the origin touches a prediction of its block; under the
 * rolling one nothing known after the last test cutoff does. Outcomes may change, predictions may not by one bit.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { BacktestDetail } from '../../src/serve/scoring/backtest-types.ts';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { changedAfter, type FileTable } from '../support/tables.ts';
import { inferredYaml, withWorkspace } from '../support/workspaces.ts';

const SEED = 20_261_122;
const LAST = '2023-10-02';
const ORIGIN = '2023-09-18';
const RUNGS = ['newest', 'past-rate', 'rules', 'icp', 'logistic', 'trees'];

const COMPANIES = [
  ['clock times and lower-case names', plainCompany(SEED, 120), PLAIN_QUERY],
  ['dates without clocks and CRM names', forceCompany(SEED, 150), FORCE_QUERY],
] as const;

/** Regime → rung → `entity@cutoff` → probability. */
type Seen = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

function seen({ predictions, entityIds, cutoffs }: BacktestDetail): Seen {
  const byRow = (p: Float32Array): Record<string, number> =>
    Object.fromEntries(entityIds.map((id, i) => [`${id}@${cutoffs[i]}`, p[i]!]));
  return Object.fromEntries(
    Object.entries(predictions).map(([regime, rungs]) => [
      regime,
      Object.fromEntries(Object.entries(rungs).map(([name, p]) => [name, byRow(p)])),
    ]),
  );
}

/** Those of the rows that were there before. */
const like = (after: Seen, before: Seen, regime: string): Seen[string] =>
  Object.fromEntries(
    Object.entries(before[regime]!).map(([rung, rows]) => [
      rung,
      Object.fromEntries(Object.keys(rows).map((row) => [row, after[regime]![rung]![row]!])),
    ]),
  );

describe.each(COMPANIES)('a backtest of a company, %s', (_, tables, query) => {
  let yaml = '';
  const tested = (of: readonly FileTable[]): Promise<BacktestDetail> =>
    withWorkspace(of, yaml, (workspace) =>
      workspace.backtest({
        query,
        rungs: RUNGS,
        budget: 'quick',
        regime: 'both',
        origins: 1,
        stepDays: 14,
        testAt: LAST,
      }),
    );
  let before: BacktestDetail;
  beforeAll(async () => {
    yaml = await inferredYaml(tables);
    before = await tested(tables);
  });

  it('tests two cutoffs from one origin, and the regimes differ there', () => {
    expect(before.report.origins).toMatchObject([{ origin: ORIGIN, to: LAST, cutoffs: 2 }]);
    const { rolling, frozen } = seen(before);
    expect(frozen!.trees).not.toEqual(rolling!.trees);
    const atOrigin = (rows: Readonly<Record<string, number>>) =>
      Object.entries(rows).filter(([row]) => row.endsWith(`@${Date.parse(ORIGIN)}`));
    expect(atOrigin(frozen!.logistic!)).toEqual(atOrigin(rolling!.logistic!));
  });

  it.each(['alter', 'add'] as const)(
    'frozen predictions stay when rows after the origin change: %s',
    async (change) => {
      const after = await tested(changedAfter(tables, Date.parse(ORIGIN), change, SEED));
      expect(like(seen(after), seen(before), 'frozen')).toEqual(seen(before).frozen);
      expect([...after.outcomes]).not.toEqual([...before.outcomes]);
    },
  );

  it.each(['alter', 'add'] as const)(
    'rolling predictions stay when rows after the last test cutoff change: %s',
    async (change) => {
      const after = await tested(changedAfter(tables, Date.parse(LAST), change, SEED));
      expect(like(seen(after), seen(before), 'rolling')).toEqual(seen(before).rolling);
      expect([...after.outcomes]).not.toEqual([...before.outcomes]);
    },
  );
});
