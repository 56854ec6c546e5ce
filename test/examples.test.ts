/** Each example runs whatever its tables and columns are called, and answers the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Column, WorkspaceConfig } from '../src/data/schema/types.ts';
import { writeConfig } from '../src/data/schema/yaml-write.ts';
import type { CompareReport, TargetOptions } from '../src/serve/scoring/types.ts';
import { initWorkspace, openWorkspace } from '../src/serve/scoring/workspace.ts';
import {
  type ExampleTable,
  keepWhere,
  type Named,
  randomNames,
  readExample,
  renameQuery,
  sameNames,
  writeExample,
} from './support/renamed-example.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'leadlight-examples-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const oneIn = (n: number) => (id: string) => Number(id.replace(/\D/g, '')) % n === 0;

async function compareAs(
  tables: readonly ExampleTable[],
  names: Named,
  target: TargetOptions & { readonly query: string },
  correct?: (config: WorkspaceConfig, names: Named) => WorkspaceConfig,
): Promise<CompareReport> {
  const dir = mkdtempSync(join(work, 'run-'));
  writeExample(join(dir, 'files'), tables, names);
  const { config, file } = await initWorkspace([join(dir, 'files')], join(dir, 'workspace'), {});
  if (correct) writeFileSync(file, writeConfig(correct(config, names)));
  const workspace = await openWorkspace(join(dir, 'workspace'), { threads: 2 });
  try {
    const query = renameQuery(target.query, names);
    const options = {
      ...target,
      query,
      rungs: ['newest', 'logistic', 'trees'],
      budget: 'quick' as const,
      seed: 1,
    };
    return (await workspace.compare(options)).report;
  } finally {
    await workspace.close();
  }
}

/** What only a name could tell, the user adds: which column dates the stage that the query asks for. */
function dateTheStage(config: WorkspaceConfig, names: Named): WorkspaceConfig {
  const stage = names.columns.get('current_stage');
  const date = names.columns.get('conversion_timestamp') ?? '';
  const dated = (column: Column): Column =>
    column.name === stage
      ? { ...column, mutable: 'a stage', history: { kind: 'valueTimes', times: { closed_won: date } } }
      : column;
  const tables = config.schema.tables.map((table) => ({ ...table, columns: table.columns.map(dated) }));
  return { ...config, schema: { ...config.schema, tables } };
}

const aurocOf = (report: CompareReport, rung: string): number =>
  report.rungs.find((r) => r.name === rung)?.auroc ?? Number.NaN;

test('wholesale under random names: same cases, same ranking', { timeout: 180_000 }, async () => {
  const tables = keepWhere(readExample('wholesale'), 'CustomerID', oneIn(3));
  const sold = new Set(
    tables.find((t) => t.name === 'invoices')?.lines.map((line) => line.split(',')[0] ?? ''),
  );
  const sample = keepWhere(tables, 'InvoiceNo', (id) => sold.has(id));
  const query =
    "PREDICT COUNT(invoices.* WHERE invoices.InvoiceType = 'sale', 0, 30, days) > 0 FOR EACH customers.CustomerID WHERE COUNT(invoices.*, -90, 0, days) > 0";
  const known = await compareAs(sample, sameNames(sample), { query });
  const renamed = await compareAs(sample, randomNames(sample, 11), { query });
  expect(renamed.snapshots).toEqual(known.snapshots);
  expect(aurocOf(known, 'trees')).toBeGreaterThan(0.7);
  expect(Math.abs(aurocOf(renamed, 'trees') - aurocOf(known, 'trees'))).toBeLessThan(0.02);
});

test('saas-crm under random names: same cases, same ranking', { timeout: 180_000 }, async () => {
  const sample = keepWhere(readExample('saas-crm'), 'lead_id', oneIn(2));
  const target = {
    query: "PREDICT BOOL(leads.current_stage = 'closed_won', 0, 14, days) FOR EACH leads.lead_id",
    stepDays: 7,
    trainTo: '2024-03-17',
    valAt: '2024-03-31',
    testAt: '2024-04-14',
  };
  const known = await compareAs(sample, sameNames(sample), target);
  const renamed = await compareAs(sample, randomNames(sample, 12), target, dateTheStage);
  expect(renamed.snapshots).toEqual(known.snapshots);
  expect(Math.abs(aurocOf(renamed, 'trees') - aurocOf(known, 'trees'))).toBeLessThan(0.06);
});
