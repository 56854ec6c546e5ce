/** Few outcomes, or none won, are no reason to stay silent: the order falls back, and says on how little it rests. */
import { beforeAll, expect, it } from 'vitest';
import { plainCompany } from './support/companies.ts';
import type { FileTable } from './support/tables.ts';
import { inferredYaml, withWorkspace } from './support/workspaces.ts';

const QUERY = 'PREDICT COUNT(deals.*, 0, 30, days) > 0 FOR EACH accounts.account_id';
const tables = plainCompany(5, 60);
let yaml = '';
beforeAll(async () => {
  yaml = await inferredYaml(tables);
});

const scored = (query: string, of: readonly FileTable[] = tables) =>
  withWorkspace(of, yaml, (workspace) => workspace.score({ query, budget: 'quick', stepDays: 28 }));

it('scores by rules when outcomes are few, with a warning that says how few', async () => {
  const report = await scored(`${QUERY} WHERE accounts.industry = 'steel'`);
  expect(['rules', 'rules-fit', 'newest']).toContain(report.model.rung);
  expect(report.warnings.join('\n')).toMatch(/settled outcomes, \d+ of them positive: too few outcomes/);
  expect(report.scores.length).toBeGreaterThan(5);
});

it('scores when nothing was won yet, every probability small and finite', async () => {
  const report = await scored('PREDICT COUNT(deals.*, 0, 30, days) > 99 FOR EACH accounts.account_id');
  expect(report.warnings.join('\n')).toContain('nothing was won yet');
  for (const s of report.scores) {
    expect(s.probability).toBeGreaterThanOrEqual(0);
    expect(s.probability).toBeLessThan(0.2);
  }
});

it('holds a weak model close to the rules', async () => {
  const report = await scored(`${QUERY} WHERE accounts.employees < 4800`);
  expect(['blend-with-rules', 'rules', 'rules-fit', 'newest']).toContain(report.model.rung);
  expect(report.warnings.join('\n')).toContain('settled outcomes');
});
