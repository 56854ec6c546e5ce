import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckdb } from '../engine/duckdb.ts';
import type { Engine, Row } from '../engine/types.ts';
import type { Column, Link, StorageType, Table, WorkspaceConfig } from '../schema/types.ts';
import { loadWorkspace } from './load.ts';
import type { LoadReport } from './types.ts';

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadlight-load-'));
  engine = await openDuckdb({ threads: 2, memoryLimitMb: 1024 });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const column = (name: string, type: StorageType, more: Partial<Column> = {}): Column => ({
  name,
  type,
  semantic:
    type === 'timestamp' || type === 'date' ? 'timestamp' : type === 'text' ? 'categorical' : 'numeric',
  ...more,
});

type TableDraft = Partial<Table> & Pick<Table, 'name' | 'columns'>;
const table = (draft: TableDraft): Table => ({
  origin: { kind: 'file', path: `${draft.name}.csv`, format: 'csv' },
  key: [],
  role: 'event',
  ...draft,
});
const link = (from: string, columns: string, to: string): Link => ({
  name: `${from}.${columns}`,
  from,
  columns: columns.split('+'),
  to,
});

const NOW = new Date('2025-01-01T00:00:00Z');

async function load(
  files: Readonly<Record<string, string>>,
  tables: readonly Table[],
  links: readonly Link[] = [],
  timeZone = 'UTC',
): Promise<LoadReport> {
  for (const [name, body] of Object.entries(files)) await writeFile(join(folder, `${name}.csv`), body);
  const config: WorkspaceConfig = {
    version: 1,
    timeZone,
    schema: { tables, links, derivedLinks: [] },
    targets: [],
    integrations: [],
    pointRules: [],
    playbook: [],
  };
  return loadWorkspace(engine, config, folder, {}, { now: NOW });
}

const rows = (name: string, columns = '*'): Promise<readonly Row[]> =>
  engine.rows(`SELECT ${columns} FROM data."${name}" ORDER BY "__row"`);
const at = (iso: string): Date => new Date(iso);

describe('loading types', () => {
  it.each<[string, string, Partial<Column> & { type: StorageType }, (string | number | boolean | null)[]]>([
    [
      'integers',
      '7|017|17850.0|1,234|2.5|x|9007199254740993',
      { type: 'integer' },
      [7, 17, 17850, 1234, null, null, 9007199254740993n as unknown as number],
    ],
    ['numbers', '1.5|-2e3|1,234.50|nan|inf|x', { type: 'number' }, [1.5, -2000, 1234.5, null, null, null]],
    ['numbers with a decimal comma', '1,5|1.234,50|7', { type: 'number', format: ',' }, [1.5, 1234.5, 7]],
    [
      'money',
      '$500M|€1.2bn|(1,200.50)|-$3k|12|USD 5 thousand|n/k',
      { type: 'number', parse: 'money' },
      [5e8, 1.2e9, -1200.5, -3000, 12, 5000, null],
    ],
    [
      'ranges',
      '11-50|1,001 - 5,000|10000+|<10|$1M-$5M|1-5k|201 to 500 employees|x',
      { type: 'number', parse: 'range' },
      [30.5, 3000.5, 10000, 5, 3e6, 3000, 350.5, null],
    ],
    ['percentages', '12 %|3.5%|x', { type: 'number', parse: 'percent' }, [12, 3.5, null]],
    ['booleans', 'Yes|no|TRUE|f|1|maybe', { type: 'boolean' }, [true, false, true, false, true, null]],
    ['text', ' a |Select|b', { type: 'text', nullTokens: ['Select'] }, ['a', null, 'b']],
  ])('reads %s', async (_, cells, { type, ...more }, expected) => {
    const body = cells
      .split('|')
      .map((c) => `1,"${c}"`)
      .join('\n');
    await load({ t: `i,v\n${body}\n` }, [table({ name: 't', columns: [column('v', type, more)] })]);
    expect((await rows('t', 'v')).map((r) => r.v)).toEqual(expected);
  });

  it.each([
    ['2024-07-01T12:00:00.5+02:00', '2024-07-01T10:00:00.5Z'],
    ['2024-07-01T12:00:00-0530', '2024-07-01T17:30:00Z'],
    ['2024-07-01 12:00:00 UTC', '2024-07-01T12:00:00Z'],
    ['2024-07-01T12:00Z', '2024-07-01T12:00:00Z'],
    ['2024/7/1 1:02', '2024-07-01T01:02:00Z'],
    ['2024-07-01 12:00:00 Europe/Berlin', '2024-07-01T10:00:00Z'],
  ])('reads %s as a moment', async (cell, expected) => {
    await load({ t: `a,b\n1,${cell}\n` }, [table({ name: 't', columns: [column('b', 'timestamp')] })]);
    expect((await rows('t', 'b'))[0]!.b).toEqual(at(expected));
  });

  it('reads times: ISO, offsets to the workspace zone, formats, epochs; never words', async () => {
    const columns = [
      column('iso', 'timestamp'),
      column('us', 'timestamp', { format: '%m/%d/%Y' }),
      column('unix', 'timestamp', { format: 'epoch_s' }),
    ];
    const body = [
      '2024-01-02 03:04:05,01/31/2024,1704067200',
      '2024-07-01T12:00:00Z,13/13/2024,x',
      'infinity,,',
      'epoch,,',
    ];
    const report = await load(
      { t: `iso,us,unix\n${body.join('\n')}\n` },
      [table({ name: 't', columns })],
      [],
      'America/New_York',
    );
    expect(await rows('t', 'iso, us, unix')).toEqual([
      { iso: at('2024-01-02T03:04:05Z'), us: at('2024-01-31'), unix: at('2023-12-31T19:00:00Z') },
      { iso: at('2024-07-01T08:00:00Z'), us: null, unix: null },
      { iso: null, us: null, unix: null },
      { iso: null, us: null, unix: null },
    ]);
    expect(report.tables[0]!.unparsed).toEqual([
      { column: 'iso', reason: 'not a timestamp', rows: 2, examples: ['row 3: infinity', 'row 4: epoch'] },
      { column: 'us', reason: 'not a timestamp', rows: 1, examples: ['row 2: 13/13/2024'] },
      { column: 'unix', reason: 'not a timestamp', rows: 1, examples: ['row 2: x'] },
    ]);
  });
});

describe('loading rows', () => {
  const columns = [column('id', 'text'), column('v', 'integer'), column('at', 'timestamp')];

  it('keeps every row of a table without a key, under its row number', async () => {
    const report = await load({ t: 'id,v,at\na,1,\na,1,\n' }, [table({ name: 't', columns })]);
    expect(await rows('t', '__row, __id')).toEqual([
      { __row: 0, __id: '0' },
      { __row: 1, __id: '1' },
    ]);
    expect(report.tables[0]).toMatchObject({ rowsRead: 2, rowsKept: 2, setAside: [] });
  });

  it('sets aside repeats, conflicts and rows without a key, keeping the first by time', async () => {
    const body = 'a,1,2024-02-01\na,1,2024-01-01\nb,2,2024-01-01\nb,2,2024-01-01\n,3,2024-01-01\nc,4,\n';
    const report = await load({ t: `id,v,at\n${body}` }, [
      table({ name: 't', key: ['id'], time: 'at', columns }),
    ]);
    expect(await rows('t', '__row, __id, "at"')).toEqual([
      { __row: 0, __id: 'a', at: at('2024-01-01') },
      { __row: 1, __id: 'b', at: at('2024-01-01') },
      { __row: 2, __id: 'c', at: null },
    ]);
    expect(report.tables[0]).toMatchObject({
      rowsRead: 6,
      rowsKept: 3,
      missingTime: 1,
      setAside: [
        { reason: 'another row has the same key, the first is kept', rows: 1, examples: ['row 1: key a'] },
        { reason: 'exact repeat of a row', rows: 1, examples: ['row 4: key b'] },
        { reason: 'no key', rows: 1, examples: ['row 5'] },
      ],
    });
  });

  it('dates rows: day ends, later import stamps, never without a time', async () => {
    const dated = [column('day', 'date'), column('imported', 'timestamp'), column('done', 'date')];
    const draft = {
      name: 't',
      columns: dated,
      time: 'day',
      knownAt: 'imported',
      endTime: 'done',
      labelTime: 'done',
    };
    await load(
      { t: 'day,imported,done\n2024-01-01,,\n2024-01-01,2024-01-05 10:00:00,2024-02-01\n,2024-01-05,\n' },
      [table(draft)],
    );
    const { columns: out } = await engine.columns(
      'SELECT __time, __known, __end, __label_time FROM data.t ORDER BY __row',
    );
    const end = (day: string): number => Date.parse(`${day}T23:59:59.999Z`) + 0.999;
    expect(out.map((c) => [...(c.values as Float64Array)])).toEqual([
      [end('2024-01-01'), end('2024-01-01'), Number.NaN],
      [end('2024-01-01'), Date.parse('2024-01-05T10:00:00Z'), Number.NaN],
      [Number.NaN, end('2024-02-01'), Number.NaN],
      [Number.NaN, end('2024-02-01'), Number.NaN],
    ]);
  });

  it('refuses a schema that does not fit the file', async () => {
    const wrong = table({ name: 't', columns: [column('missing', 'text')] });
    await expect(load({ t: 'a,b\n1,2\n' }, [wrong])).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
    const noTime = table({ name: 't', columns: [column('a', 'text')], time: 'a' });
    await expect(load({ t: 'a,b\n1,2\n' }, [noTime])).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
  });
});

describe('loading links', () => {
  it('resolves keys whatever their spelling, and counts orphans', async () => {
    const report = await load(
      { people: 'id,n\n17850,1\n 18 ,2\n', orders: 'who\n17850.0\n18\n19\n\n"18 "\n' },
      [
        table({ name: 'people', key: ['id'], columns: [column('id', 'integer'), column('n', 'integer')] }),
        table({ name: 'orders', columns: [column('who', 'text')] }),
      ],
      [link('orders', 'who', 'people')],
    );
    expect((await rows('orders', '"__fk_orders.who" AS fk')).map((r) => r.fk)).toEqual([0, 1, null, null, 1]);
    expect(report.tables[1]!.orphans).toEqual([
      { link: 'orders.who', reason: 'no such row in people', rows: 1, examples: ['19'] },
    ]);
  });

  it('resolves composite keys and self links', async () => {
    const columns = [
      column('a', 'text'),
      column('b', 'integer'),
      column('pa', 'text'),
      column('pb', 'integer'),
    ];
    await load(
      { t: 'a,b,pa,pb\nx,1,,\nx,2,x,1\ny,1,x,\n' },
      [table({ name: 't', key: ['a', 'b'], columns })],
      [link('t', 'pa+pb', 't')],
    );
    expect(await rows('t', '__id, "__fk_t.pa+pb" AS fk')).toEqual([
      { __id: 'x|1', fk: null },
      { __id: 'x|2', fk: 0 },
      { __id: 'y|1', fk: null },
    ]);
  });

  it('derives a table of entities that are only named, dated by first appearance', async () => {
    const customers: Table = {
      ...table({
        name: 'customers',
        key: ['customer'],
        role: 'entity',
        columns: [column('customer', 'text')],
      }),
      origin: { kind: 'derived', table: 'sales', columns: ['who'] },
    };
    const sales = table({
      name: 'sales',
      time: 'at',
      columns: [column('who', 'text'), column('at', 'timestamp')],
    });
    await load(
      { sales: 'who,at\n7,2024-03-01\n8.0,2024-01-01\n,2024-01-01\n7.0,2024-02-01\n8,2024-05-01\n9,\n' },
      [customers, sales],
      [link('sales', 'who', 'customers')],
    );
    expect(await rows('customers', '__row, __id, __time, __known')).toEqual([
      { __row: 0, __id: '8', __time: at('2024-01-01'), __known: at('2024-01-01') },
      { __row: 1, __id: '7', __time: at('2024-02-01'), __known: at('2024-02-01') },
      { __row: 2, __id: '9', __time: null, __known: null },
    ]);
    expect((await rows('sales', '"__fk_sales.who" AS fk')).map((r) => r.fk)).toEqual([1, 0, null, 1, 0, 2]);
  });

  it('shows undated rows once their parents are known, and never before', async () => {
    await load(
      {
        deals: 'id,at\n1,2024-01-01\n2,2024-06-01\n3,\n',
        lines: 'deal,sku\n1,10\n2,10\n3,10\n,10\n',
        notes: 'line\n0\n1\n2\n3\n9\n',
        skus: 'id\n10\n',
      },
      [
        table({ name: 'notes', columns: [column('line', 'integer')] }),
        table({
          name: 'lines',
          columns: [column('deal', 'integer'), column('sku', 'integer')],
          key: ['deal', 'sku'],
        }),
        table({
          name: 'deals',
          key: ['id'],
          time: 'at',
          columns: [column('id', 'integer'), column('at', 'timestamp')],
        }),
        table({ name: 'skus', key: ['id'], columns: [column('id', 'integer')] }),
      ],
      [link('lines', 'deal', 'deals'), link('lines', 'sku', 'skus')],
    );
    const always = new Date(-8.64e15);
    expect((await rows('lines', '__known')).map((r) => r.__known)).toEqual([
      at('2024-01-01'),
      at('2024-06-01'),
      null,
    ]);
    expect((await rows('skus', '__known')).map((r) => r.__known)).toEqual([always]);
    expect((await rows('notes', '__known')).map((r) => r.__known)).toEqual(
      Array.from({ length: 5 }, () => always),
    );
  });

  it('settles undated tables that link in a ring', async () => {
    const pair = (name: string, other: string): Table =>
      table({ name, key: ['id'], columns: [column('id', 'integer'), column(other, 'integer')] });
    await load(
      { a: 'id,b\n1,1\n', b: 'id,a\n1,1\n' },
      [pair('a', 'b'), pair('b', 'a')],
      [link('a', 'b', 'b'), link('b', 'a', 'a')],
    );
    expect((await rows('b', '__known'))[0]!.__known).toEqual(new Date(-8.64e15));
  });
});

describe('the last credible time', () => {
  const columns = [column('at', 'timestamp')];
  const days = (n: number): string[] =>
    Array.from({ length: n }, (_, i) =>
      new Date(Date.UTC(2024, 0, 1) + (i % 200) * 86_400_000).toISOString(),
    );

  it('passes over future rows and a stray tail', async () => {
    const body = [...days(2000), '2024-12-30T00:00:00Z', '2031-01-01T00:00:00Z'];
    const report = await load({ t: `at\n${body.join('\n')}\n` }, [table({ name: 't', time: 'at', columns })]);
    expect(report.tables[0]!.future).toBe(1);
    expect(new Date(report.lastCredibleTime!)).toEqual(at('2024-07-18'));
  });

  it('believes a tail of some size, and ends a date at the next midnight', async () => {
    const body = [...days(500), '2024-12-30T00:00:00Z'].map((d) => d.slice(0, 10));
    const dated = table({ name: 't', time: 'at', columns: [column('at', 'date')] });
    const report = await load({ t: `at\n${body.join('\n')}\n` }, [dated]);
    expect(new Date(report.lastCredibleTime!)).toEqual(at('2024-12-31'));
  });

  it('is unknown where nothing is dated', async () => {
    const report = await load({ t: 'at\nx\n' }, [table({ name: 't', columns: [column('at', 'text')] })]);
    expect(report.lastCredibleTime).toBeUndefined();
  });
});
