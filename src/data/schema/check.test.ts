import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuckdb } from '../engine/duckdb.ts';
import type { Engine } from '../engine/types.ts';
import { checkData, printCheck } from './check.ts';
import type { CheckReport, LoadFacts, TableLoadFacts } from './check-types.ts';
import type { WorkspaceConfig } from './types.ts';

const config: WorkspaceConfig = {
  version: 1,
  timeZone: 'UTC',
  schema: {
    tables: [
      {
        name: 'people',
        origin: { kind: 'file', path: 'p.csv', format: 'csv' },
        key: ['id'],
        role: 'entity',
        columns: [
          { name: 'id', type: 'text', semantic: 'key' },
          { name: 'status', type: 'text', semantic: 'categorical', mutable: 'a state' },
          { name: 'city', type: 'text', semantic: 'categorical' },
          { name: 'list', type: 'text', semantic: 'categorical', constant: true },
        ],
      },
      {
        name: 'visits',
        origin: { kind: 'file', path: 'v.csv', format: 'csv' },
        key: [],
        role: 'event',
        time: 'at',
        columns: [
          { name: 'who', type: 'text', semantic: 'key' },
          { name: 'firm', type: 'text', semantic: 'key' },
          { name: 'at', type: 'timestamp', semantic: 'timestamp' },
        ],
      },
    ],
    links: [
      { name: 'visits.who', from: 'visits', columns: ['who'], to: 'people' },
      { name: 'visits.firm', from: 'visits', columns: ['firm'], to: 'people' },
    ],
    derivedLinks: [],
  },
  targets: [],
  integrations: [],
  pointRules: [],
  playbook: [],
};

const facts = (name: string, more: Partial<TableLoadFacts>): TableLoadFacts => ({
  name,
  rowsRead: 1000,
  rowsKept: 1000,
  setAside: [],
  unparsed: [],
  orphans: [],
  missingTime: 0,
  future: 0,
  repairs: [],
  ...more,
});

const load: LoadFacts = {
  tables: [
    facts('people', {
      setAside: [
        { reason: 'another row has the same key, the first is kept', rows: 2, examples: ['row 4: key a'] },
        { reason: 'no key', rows: 1, examples: ['row 9'] },
      ],
    }),
    facts('visits', {
      missingTime: 3,
      future: 1,
      unparsed: [{ column: 'at', reason: 'not a timestamp', rows: 3, examples: ['row 2: soon'] }],
      orphans: [
        { link: 'visits.who', reason: 'no such row in people', rows: 5, examples: ['zz'] },
        { link: 'visits.firm', reason: '', rows: 0, examples: [] },
      ],
      repairs: [
        { where: 'v.csv', problem: 'a broken line', rows: 1, examples: ['line 7'], action: 'set aside' },
      ],
    }),
  ],
  lastCredibleTime: Date.UTC(2024, 5, 1),
};

let engine: Engine;
let report: CheckReport;
beforeAll(async () => {
  engine = await openDuckdb({});
  await engine.run(`CREATE SCHEMA data;
    CREATE TABLE data.people AS SELECT i AS __row FROM range(1000) r(i);
    CREATE TABLE data.visits AS SELECT i AS __row, 1::BIGINT AS "__fk_visits.who", NULL::BIGINT AS "__fk_visits.firm",
      CASE i WHEN 0 THEN TIMESTAMP '2199-01-01' WHEN 1 THEN TIMESTAMP '2025-02-01' ELSE TIMESTAMP '2024-05-01' END AS __time,
      __time AS __known FROM range(1000) r(i)`);
  report = await checkData(engine, config, load);
});
afterAll(() => engine.close());

it('finds each fault and assumption once, errors first', () => {
  const found = report.findings.map(
    (f) => `${f.severity} ${f.code} ${f.table}${f.column ? `.${f.column}` : ''} ${f.count}`,
  );
  expect(found.slice(0, 2).sort()).toEqual([
    'error duplicate-keys people 2',
    'error empty-link visits.firm 1000',
  ]);
  expect(found.slice(2).sort()).toEqual([
    'info assumed-at-creation people 1',
    'info constant-columns people 1',
    'warning future-times visits.at 1',
    'warning isolated-tail visits.at 1',
    'warning missing-times visits.at 3',
    'warning mutable-without-history people 1',
    'warning orphan-keys visits.who 5',
    'warning repaired-file visits 1',
    'warning rows-set-aside people 1',
    'warning undated-table people 1000',
    'warning unparsed-cells visits.at 3',
  ]);
});

it('gives examples and a remedy for each', () => {
  const by = (code: string) => report.findings.find((f) => f.code === code)!;
  expect(by('future-times').examples).toEqual(['2199-01-01 00:00:00']);
  expect(by('isolated-tail').examples.join()).toContain('2025-02-01');
  expect(by('mutable-without-history').examples).toEqual(['status (a state)']);
  expect(report.findings.every((f) => f.remedy !== '' && f.message !== '')).toBe(true);
});

it('prints what was found and a count', () => {
  const text = printCheck(report);
  expect(text).toContain('ERROR people: 2 rows set aside');
  expect(text).toContain('e.g. zz');
  expect(text.split('\n').at(-1)).toBe('errors: 2, warnings: 9, notes: 2');
  expect(printCheck({ findings: [] })).toBe('errors: 0, warnings: 0, notes: 0');
});
