/** The laws of time and order for other kinds of questions: people of accounts, changes of state, amounts. */
import { expect, it } from 'vitest';
import { forceCompany, plainCompany } from '../support/companies.ts';
import { cellsChangedAfter, changedAfter, type FileTable, reordered } from '../support/tables.ts';
import { expectSame, inferredYaml, scored } from '../support/workspaces.ts';

const SEED = 20_260_314;
const AT = '2023-10-02';

it.each<[readonly FileTable[], string, ((yaml: string) => string)?]>([
  [plainCompany(SEED, 120), 'PREDICT COUNT(touches.*, 0, 30, days) > 0 FOR EACH contacts.contact_id'],
  [plainCompany(SEED, 120), "PREDICT BOOL(deals.stage = 'won', 0, 30, days) FOR EACH deals.deal_id"],
  [plainCompany(SEED, 120), 'PREDICT SUM(deals.amount, 0, 60, days) FOR EACH accounts.account_id'],
  [
    plainCompany(SEED, 120),
    "PREDICT COUNT(deals.* WHERE deals.stage != 'lost', 0, 60, days) > 0 FOR EACH accounts.account_id",
    (yaml: string) => yaml.replace('labelTime: closed_at', 'labelTime: opened_at'),
  ],
  [
    plainCompany(SEED, 120),
    'PREDICT SUM(deals.amount, 0, 30, days) FOR EACH accounts.account_id',
    (yaml: string) => yaml.replace('labelTime: closed_at', 'labelTime: opened_at'),
  ],
  [forceCompany(SEED, 150), "PREDICT BOOL(Lead.Status = 'Nurturing', 0, 60, days) FOR EACH Lead.Id"],
])('neither later rows and cells nor the order of files matter (%#)', async (tables, query, correct) => {
  const inferred = await inferredYaml(tables);
  const yaml = correct?.(inferred) ?? inferred;
  const options = { query, at: AT };
  const before = await scored(tables, yaml, options);
  expect(before.scores.length).toBeGreaterThan(10);
  const cutoff = Date.parse(AT);
  const changed = changedAfter(cellsChangedAfter(tables, cutoff, SEED), cutoff, 'alter', SEED);
  expectSame(await scored(reordered(changed, SEED), yaml, options), before);
});
