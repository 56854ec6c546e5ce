/**
 * Bad input of every kind: a LeadlightError that says where and what to do, or a result with the repair reported; never
 * another throw.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { CheckReport } from '../../src/data/schema/check-types.ts';
import type { Column, WorkspaceConfig } from '../../src/data/schema/types.ts';
import { LeadlightError } from '../../src/errors.ts';
import type { TargetOptions } from '../../src/serve/scoring/types.ts';
import { initWorkspace, openWorkspace } from '../../src/serve/scoring/workspace.ts';
import { PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { csvOf, type FileTable, writeTables } from '../support/tables.ts';
import { inferredYaml, inTempFolder, NOW } from '../support/workspaces.ts';

const COMPANY = plainCompany(20_260_330, 60);
type Files = Readonly<Record<string, string | Buffer>>;

interface Outcome {
  readonly warnings: readonly string[];
  readonly report: CheckReport;
  readonly config: WorkspaceConfig;
}

/** init and check over files: the repairs, the findings and what was inferred. */
const inspected = (files: Files): Promise<Outcome> =>
  inTempFolder(async (dir) => {
    mkdirSync(join(dir, 'data'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, 'data', name), content);
    const { config, warnings } = await initWorkspace([join(dir, 'data')], dir);
    const workspace = await openWorkspace(dir, { now: NOW, threads: 1 });
    try {
      const report = await workspace.check();
      return { warnings, report, config };
    } finally {
      await workspace.close();
    }
  });

async function refusal(run: Promise<unknown>): Promise<LeadlightError> {
  const thrown = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(thrown instanceof LeadlightError))
    throw new Error(`expected a LeadlightError, got ${String(thrown)}`, { cause: thrown });
  return thrown;
}

const told = ({ warnings, report }: Outcome): string =>
  [...warnings, ...report.findings.map((f) => `${f.table} ${f.column ?? ''} ${f.code}: ${f.message}`)].join(
    '\n',
  );

const rows = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => `${line(i)}\n`).join('');
const day = (i: number): string => `2023-0${1 + (i % 9)}-1${i % 10}`;
const GOOD = `id,at,kind,amount\n${rows(50, (i) => `${i},${day(i)},${i % 2 ? 'a' : 'b'},${i * 3}`)}`;
const utf16 = (text: string, big: boolean): Buffer => {
  const body = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? body.swap16() : body;
};

describe('files that are repaired, and say so', () => {
  it.each<[string, Files, RegExp]>([
    ['an unbalanced quote', { 'a.csv': `${GOOD}99,2023-01-01,"open,5\n` }, /quote/i],
    ['ragged rows', { 'a.csv': `${GOOD}98,2023-01-01\n99,2023-01-01,a,5,6,7\n` }, /cells|fields|columns/i],
    [
      'a repeated header',
      { 'a.csv': `id,at,kind,kind\n${rows(30, (i) => `${i},${day(i)},x,${i}`)}` },
      /repeat/i,
    ],
    ['repeated keys', { 'a.csv': `${GOOD}7,2023-01-01,a,1\n` }, /duplicate|same key|repeat/i],
    ['missing times', { 'a.csv': `${GOOD}98,,a,5\n99,,a,5\n` }, /time/i],
    [
      'a column without values',
      { 'a.csv': `id,at,none\n${rows(40, (i) => `${i},${day(i)},`)}` },
      /constant|one value|empty/i,
    ],
    ['future times', { 'a.csv': `${GOOD}99,2093-01-01,a,5\n` }, /future|later|tail/i],
    [
      'Latin-1 text',
      { 'a.csv': Buffer.from(GOOD.replaceAll(',a,', ',é,'), 'latin1') },
      /encod|latin|windows|UTF-8/i,
    ],
    ['UTF-16 text', { 'a.csv': utf16(GOOD, false) }, /UTF-16/i],
    ['big-endian UTF-16 text', { 'a.csv': utf16(GOOD, true) }, /UTF-16/i],
    [
      'a header without rows beside a table',
      { 'a.csv': GOOD, 'b.csv': 'id,at\n' },
      /b\b.*(empty|no rows)|no rows/i,
    ],
    ['an empty file beside a table', { 'a.csv': GOOD, 'b.csv': '' }, /empty/i],
    ['broken lines of NDJSON', { 'a.ndjson': '{"id": 1}\n{"id": \n{{{\n' }, /not a JSON object/],
  ])('%s', async (_, files, message) => {
    expect(told(await inspected(files))).toMatch(message);
  });
});

const parquet = (): Promise<Buffer> =>
  inTempFolder(async (dir) => {
    const engine = await openDuckdb({ threads: 1 });
    await engine.run(
      `COPY (SELECT range AS id, range * 2 AS v FROM range(5000)) TO '${join(dir, 'x.parquet')}'`,
    );
    await engine.close();
    return readFileSync(join(dir, 'x.parquet'));
  });

describe('files of mixed writing', () => {
  const column = ({ config }: Outcome, name: string): Column | undefined =>
    config.schema.tables[0]!.columns.find((c) => c.name === name);

  it('NDJSON of numbers and texts is read as text', async () => {
    const lines = rows(40, (i) => JSON.stringify({ id: i, v: i % 7 ? i : `x${i}` }));
    const found = await inspected({ 'a.ndjson': lines });
    expect(column(found, 'v')).toMatchObject({ type: 'text' });
  });

  it('numbers with thousands separators are numbers', async () => {
    const lines = rows(40, (i) => `${i},"${1 + i},234.50"`);
    const found = await inspected({ 'a.csv': `id,amount\n${lines}` });
    expect(column(found, 'amount')).toMatchObject({ type: 'number', semantic: 'numeric' });
    expect(told(found)).not.toMatch(/unparsed/);
  });
});

describe('files that are refused with place and remedy', () => {
  it.each<[string, Files]>([
    ['an empty file', { 'a.csv': '' }],
    ['a header without rows', { 'a.csv': 'id,at\n' }],
    ['no files', {}],
    ['only notes', { 'README.md': '# hello' }],
    ['binary noise', { 'a.csv': Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)) }],
    ['broken JSON', { 'a.json': '[{"id": 1}, {"id": ' }],
    ['JSON that is no table', { 'a.json': '42' }],
    ['Parquet that is none', { 'a.parquet': 'PAR1 but not really' }],
    ['a DuckDB file that is none', { 'a.duckdb': 'nothing of the kind' }],
    ['gzip that is none', { 'a.csv.gz': 'not gzip' }],
  ])('%s', async (_, files) => {
    const error = await refusal(inspected(files));
    expect(error.message.length).toBeGreaterThan(30);
    expect(error.exitCode).toBe(3);
  });

  it('a truncated Parquet file', async () => {
    const whole = await parquet();
    const error = await refusal(inspected({ 'a.parquet': whole.subarray(0, whole.length / 2) }));
    expect(error.message).toContain('a.parquet');
  });

  it('paths that do not exist', async () => {
    const error = await refusal(inTempFolder((dir) => initWorkspace([join(dir, 'none')], dir)));
    expect(error.code).toBe('SOURCE_NOT_FOUND');
  });
});

/** The made-up company, opened with changed leadlight.yaml or files. */
const opened = <T>(
  use: (workspace: Awaited<ReturnType<typeof openWorkspace>>, dir: string) => Promise<T>,
  change: { readonly yaml?: (text: string) => string; readonly tables?: readonly FileTable[] } = {},
): Promise<T> =>
  inTempFolder(async (dir) => {
    writeTables(join(dir, 'data'), change.tables ?? COMPANY);
    const text = await inferredYaml(COMPANY);
    writeFileSync(join(dir, 'leadlight.yaml'), change.yaml?.(text) ?? text);
    const workspace = await openWorkspace(dir, { now: NOW, threads: 1 });
    try {
      return await use(workspace, dir);
    } finally {
      await workspace.close();
    }
  });

describe('leadlight.yaml', () => {
  it.each<[string, (yaml: string) => string, RegExp]>([
    ['an unknown column', (y) => y.replace('name: industry', 'name: industri'), /industri/],
    ['an unknown time', (y) => y.replace('time: occurred_at', 'time: ocurred_at'), /ocurred_at/],
    ['an unknown key', (y) => y.replace('key: [touch_id]', 'key: [touch]'), /touch/],
    ['an unknown link target', (y) => y.replace(/to: accounts\}/, 'to: acounts}'), /acounts/],
    ['a file that is gone', (y) => y.replace('data/touches.csv', 'data/gone.csv'), /gone\.csv/],
    ['a wrong type', (y) => y.replace('type: integer', 'type: whole'), /whole|type/],
    ['broken YAML', (y) => `${y}\n  - [unclosed`, /leadlight\.yaml/],
    ['another version', (y) => y.replace('version: 1', 'version: 9'), /version/],
    ['a text as time', (y) => y.replace('time: occurred_at', 'time: kind'), /kind/],
    ['nothing', () => '', /leadlight\.yaml/],
    ['an unknown time zone', (y) => y.replace('timeZone: UTC', 'timeZone: Mars/Base'), /Mars/],
  ])('with %s is refused by name', async (_, yaml, message) => {
    const error = await refusal(opened((w) => w.labels({ query: PLAIN_QUERY }), { yaml }));
    expect(error.message).toMatch(message);
  });

  it('that is missing is refused with what to run', async () => {
    const error = await refusal(inTempFolder((dir) => openWorkspace(dir)));
    expect(error.message).toContain('leadlight init');
  });
});

describe('questions', () => {
  it.each<[string, TargetOptions, RegExp]>([
    [
      'an unknown table',
      { query: 'PREDICT COUNT(dealz.*, 0, 30, days) > 0 FOR EACH accounts.account_id' },
      /deals/,
    ],
    [
      'an unknown column',
      { query: 'PREDICT COUNT(deals.*, 0, 30, days) > 0 FOR EACH accounts.acount_id' },
      /account_id/,
    ],
    ['a broken query', { query: 'PREDICT COUNT(deals.* 0' }, /./],
    ['an empty query', { query: '' }, /./],
    ['noise', { query: '\u0000😀 '.repeat(100) }, /./],
    ['an unknown target', { target: 'nope' }, /nope/],
    ['two targets', { target: 'conversion', query: PLAIN_QUERY }, /one of/],
    ['an unknown rung', { query: PLAIN_QUERY, rungs: ['magic'] }, /magic/],
    ['a bad date', { query: PLAIN_QUERY, at: 'yesterday' }, /yesterday/],
    [
      'a window longer than history',
      { query: 'PREDICT COUNT(deals.*, 0, 3000, days) > 0 FOR EACH accounts.account_id' },
      /3000/,
    ],
    [
      'a target that always holds',
      { query: 'PREDICT COUNT(deals.*, 0, 30, days) >= 0 FOR EACH accounts.account_id' },
      /true/,
    ],
  ])('with %s are refused with the remedy', async (_, options, message) => {
    await opened(async (workspace) => {
      expect((await refusal(workspace.score({ budget: 'quick', ...options }))).message).toMatch(message);
    });
  });

  it('with a target that never holds are answered by rules, and say so', async () => {
    const query =
      "PREDICT COUNT(deals.* WHERE deals.stage = 'x', 0, 30, days) > 0 FOR EACH accounts.account_id";
    const report = await opened((workspace) => workspace.score({ budget: 'quick', query }));
    expect(report.scores.length).toBeGreaterThan(0);
    expect(report.warnings.join('\n')).toMatch(/0 of them positive: too few outcomes, nothing was won yet/);
    const refused = await refusal(opened((workspace) => workspace.compare({ budget: 'quick', query })));
    expect(refused.message).toMatch(/false/);
  });

  it('about an id that is not there are refused with one that is', async () => {
    const options = { query: PLAIN_QUERY, rungs: ['icp'], budget: 'quick' as const, id: "A1'; --" };
    const error = await refusal(opened((w) => w.explain(options)));
    expect(error.message).toMatch(/e\.g\. A1\d\d\d/);
  });
});

const TASK_ROWS = rows(
  60,
  (i) => `A${1000 + i},2023-0${6 + (i % 3)}-01,${i % 2},${['train', 'val', 'test'][i % 3]}`,
);

describe('task tables', () => {
  const asked = (text: string | Buffer, entity = 'accounts.account_id'): Promise<unknown> =>
    opened(async (workspace, dir) => {
      const taskTable = join(dir, 'task.csv');
      writeFileSync(taskTable, text);
      return (await workspace.compare({ taskTable, entity, rungs: ['icp'], budget: 'quick' })).report;
    });
  const head = 'entity_id,cutoff,label,split\n';

  it.each<[string, string | Buffer, RegExp]>([
    ['no label column', `entity_id,cutoff,split\nA1000,2023-06-01,train\n`, /label/],
    ['bad dates', `${head}${TASK_ROWS}A1001,the other day,1,train\n`, /the other day/],
    ['unknown splits', `${head}${TASK_ROWS}A1001,2023-06-02,1,banana\n`, /banana/],
    ['ids that match nothing', `${head}${TASK_ROWS.replaceAll('A1', 'B1')}`, /ids/],
    [
      'one class',
      `${head}${rows(60, (i) => `A${1000 + i},2023-06-01,1,${i % 2 ? 'train' : 'test'}`)}`,
      /labels are|nothing to tell/,
    ],
    [
      'free text as labels',
      `${head}${rows(60, (i) => `A${1000 + i},2023-06-01,essay ${i},${i % 2 ? 'train' : 'test'}`)}`,
      /label|classes/,
    ],
    ['a repeated row', `${head}${TASK_ROWS}A1000,2023-06-01,1,train\n`, /A1000/],
    ['no rows', head, /rows/],
    ['nothing', '', /./],
    ['no test rows', `${head}${TASK_ROWS.replaceAll('test', 'train')}`, /test/],
    ['binary noise', Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x10, 0x80]), /./],
  ])('with %s are refused with the place', async (_, text, message) => {
    const error = await refusal(asked(text));
    expect(error.message).toMatch(message);
    expect([3, 5]).toContain(error.exitCode);
  });

  it('with some unmatched ids are used, and the ids are told', async () => {
    const report = await asked(`${head}${TASK_ROWS}nobody,2023-06-01,1,train\n`);
    expect(JSON.stringify(report)).toContain('nobody');
  });

  it('whose entity is unknown are refused with what there is', async () => {
    expect((await refusal(asked(head + TASK_ROWS, 'customers.id'))).message).toMatch(/accounts/);
    expect((await refusal(asked(head + TASK_ROWS, 'accounts.nope'))).message).toMatch(/nope/);
  });
});

describe('data that changed since init', () => {
  const score = (tables: readonly FileTable[]): Promise<unknown> =>
    opened((w) => w.score({ query: PLAIN_QUERY, rungs: ['icp'], budget: 'quick' }), { tables });
  const without = (name: string, change: (t: FileTable) => FileTable): readonly FileTable[] =>
    COMPANY.map((t) => (t.name === name ? change(t) : t));

  it('a column that is gone is named', async () => {
    const header = ['account_id', 'name', 'employees', 'created_at'];
    expect((await refusal(score(without('accounts', (t) => ({ ...t, header }))))).message).toMatch(
      /industry/,
    );
  });

  it('a table that has become empty leaves nothing to label, and says so', async () => {
    const error = await refusal(score(without('deals', (t) => ({ ...t, rows: [] }))));
    expect(error.message).toMatch(/deals|target/);
  });

  it('cells that are no numbers and no times any more are set aside and told', async () => {
    const broken = without('touches', (t) => ({
      ...t,
      rows: t.rows.map((r, i) => (i % 10 ? r : { ...r, seconds: 'n/a!', occurred_at: 'someday' })),
    }));
    expect(csvOf(broken[2]!)).toContain('someday');
    const report = await opened((w) => w.check(), { tables: broken });
    expect(report.findings.map((f) => f.code)).toContain('unparsed-cells');
  });
});
