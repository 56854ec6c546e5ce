import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckdb } from '../engine/duckdb.ts';
import type { Engine, Row } from '../engine/types.ts';
import { attachRaw, rawTable } from './attach.ts';
import { discoverSources } from './files.ts';
import type { RawTable } from './types.ts';

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadlight-test-'));
  engine = await openDuckdb({ threads: 2, memoryLimitMb: 1024 });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

interface Read {
  readonly table: RawTable;
  readonly rows: readonly Row[];
}

async function read(file: string, body: string | Uint8Array): Promise<Read> {
  await writeFile(join(folder, file), body);
  const [source] = await discoverSources([file], folder);
  const [table] = await attachRaw(engine, [source!], folder);
  return {
    table: table!,
    rows: await engine.rows(`SELECT * FROM ${rawTable(source!.name)} ORDER BY "__row"`),
  };
}

const cells = (rows: readonly Row[]): unknown[][] => rows.map((r) => Object.values(r).slice(1));
const names = (table: RawTable): string[] => table.columns.map((c) => c.name);
const problems = (table: RawTable): string[] =>
  table.repairs.map((r) => `${r.rows} ${r.problem}: ${r.action}`);

describe('delimited files', () => {
  it('keep every cell as text, with empty cells null and rows numbered in file order', async () => {
    const { table, rows } = await read(
      'people.csv',
      'id,name,note\n01,"Smith, J.","line 1\nline 2"\n2,,"say ""hi"""\n',
    );
    expect(table).toMatchObject({ name: 'people', rows: 2, repairs: [] });
    expect(table.columns[0]).toEqual({ name: 'id', engineType: 'VARCHAR' });
    expect(rows).toEqual([
      { __row: 0, id: '01', name: 'Smith, J.', note: 'line 1\nline 2' },
      { __row: 1, id: '2', name: null, note: 'say "hi"' },
    ]);
  });

  it.each([
    ['semicolon.csv', 'a;b;c\n1;2,5;x\n2;3,5;y\n'],
    ['tab.tsv', 'a\tb\tc\n1\t2,5\tx\n2\t3,5\ty\n'],
    ['pipe.csv', 'a|b|c\n1|2,5|x\n2|3,5|y\n'],
    ['windows.csv', '\ufeffa,b,c\r\n1,"2,5",x\r\n2,"3,5",y\r\n'],
    ['mac.csv', 'a,b,c\r1,"2,5",x\r2,"3,5",y\r'],
    ['mixed.csv', 'a,b,c\r\n1,"2,5",x\n2,"3,5",y\r\n'],
    ['blank-lines.csv', '\n\na,b,c\n1,"2,5",x\n\n2,"3,5",y\n\n'],
    ['no-last-break.csv', 'a,b,c\n1,"2,5",x\n2,"3,5",y'],
  ])('%s reads like any other', async (file, body) => {
    const { table, rows } = await read(file, body);
    expect(names(table)).toEqual(['a', 'b', 'c']);
    expect(cells(rows)).toEqual([
      ['1', '2,5', 'x'],
      ['2', '3,5', 'y'],
    ]);
  });

  it.each([
    ['gzip.csv.gz', gzipSync('a,b\n1,Müller\n'), []],
    [
      'latin.csv',
      Buffer.from('a,b\n1,Müller\n', 'latin1'),
      ['1 lines that are not UTF-8: read as Windows-1252'],
    ],
    ['utf16.csv', Buffer.from('\ufeffa,b\n1,Müller\n', 'utf16le'), ['1 text in UTF-16: converted to UTF-8']],
  ])('%s keeps its letters', async (file, body, repairs) => {
    const { table, rows } = await read(file, body);
    expect(cells(rows)).toEqual([['1', 'Müller']]);
    expect(problems(table)).toEqual(repairs);
  });

  it('mends lines with too few or too many cells and says which', async () => {
    const { table, rows } = await read(
      'broken.csv',
      'a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,,\nTotal: 4\n13,14,15\n',
    );
    expect(cells(rows)).toEqual([
      ['1', '2', '3'],
      ['4', '5', null],
      ['10', '11', '12'],
      ['13', '14', '15'],
    ]);
    expect(problems(table)).toEqual([
      '1 lines with fewer cells than the 3 columns: missing cells read as empty',
      '1 lines with more cells than the 3 columns: set aside',
      '1 lines with empty cells beyond the last column: cells dropped',
      '1 lines with one cell where 3 are expected: set aside',
    ]);
    expect(table.repairs[1]!.examples).toEqual(['line 4: 6,7,8,9']);
  });

  it('does not let a quote that is never closed swallow the rest', async () => {
    const { table, rows } = await read(
      'quote.csv',
      'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,"x"y,12\n13,"14\n15",16\n',
    );
    expect(cells(rows)).toEqual([
      ['1', '2', '3'],
      ['4', '"5', '6'],
      ['7', '8', '9'],
      ['10', 'xy', '12'],
      ['13', '14\n15', '16'],
    ]);
    expect(table.repairs.map((r) => r.examples)).toEqual([['line 3: 4,"5,6'], ['line 5: 10,"x"y,12']]);
  });

  it('skips text above the header and reports it', async () => {
    const { table, rows } = await read('report.csv', 'Exported by Ann\n\nid,amount\n1,5\n2,6\n');
    expect(names(table)).toEqual(['id', 'amount']);
    expect(cells(rows)).toEqual([
      ['1', '5'],
      ['2', '6'],
    ]);
    expect(problems(table)).toEqual(['1 lines of text above the header: skipped']);
  });

  it('reads a header that spans lines', async () => {
    const { table, rows } = await read('wrapped.csv', '"first\nname",age\nAnn,41\nBob,52\n');
    expect(names(table)).toEqual(['first name', 'age']);
    expect(cells(rows)).toEqual([
      ['Ann', '41'],
      ['Bob', '52'],
    ]);
  });

  it('names columns that have no name, repeat, or use the reserved prefix', async () => {
    const { table } = await read('names.csv', 'id,Name,name,,__row,__\na,b,c,d,e,f\n');
    expect(names(table)).toEqual(['id', 'Name', 'name_2', 'column_4', 'row', 'column_6']);
    expect(table.repairs.map((r) => r.rows)).toEqual([1, 1, 2]);
  });

  it('names the columns of a file without a header', async () => {
    const { table, rows } = await read('bare.csv', '1,2020-01-01,x\n2,2020-01-02,y\n3,2020-01-03,z\n');
    expect(names(table)).toEqual(['column_1', 'column_2', 'column_3']);
    expect(rows.length).toBe(3);
    expect(problems(table)[0]).toContain('no header line');
    const marked = await read('marked.csv', '\ufeff1,2020-01-01\r\n2,2020-01-02\n3,2020-01-03\r\n');
    expect(cells(marked.rows)[0]).toEqual(['1', '2020-01-01']);
  });

  it('keeps a header without rows, with a remark', async () => {
    for (const body of ['a,b\n', 'a,b']) {
      const { table } = await read('header.csv', body);
      expect([names(table), table.rows, problems(table)]).toEqual([
        ['a', 'b'],
        0,
        ['0 a header and no rows: kept'],
      ]);
    }
  });

  it('refuses to go on with nothing but empty files', async () => {
    await expect(read('empty.csv', '')).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
    await expect(read('blank.csv', ' \n\n')).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  it('refuses what is not text, and a gzip file cut short', async () => {
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251);
    await expect(read('picture.csv', noise)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i},${Math.sin(i)}`).join('\n');
    const cut = gzipSync(`a,b\n${lines}\n`).subarray(0, -50_000);
    await expect(read('cut.csv.gz', cut)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('reads cells of many megabytes', async () => {
    const huge = 'x'.repeat(20_000_000);
    const { rows } = await read('huge.csv', `a,b\n1,${huge}\n2,y\n`);
    expect([String(rows[0]!.b).length, rows[1]!.b]).toEqual([huge.length, 'y']);
  });

  it('numbers rows in file order on two threads, quoted line breaks included', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) =>
      i % 7 === 0 ? `${i},"a\nb ${i}"` : `${i},some text ${i}`,
    );
    await read('large.csv', `i,t\n${lines.join('\n')}\n`);
    const [row] = await engine.rows(
      `SELECT count(*) AS n, count(*) FILTER (WHERE CAST(i AS BIGINT) <> "__row") AS wrong FROM raw.large`,
    );
    expect(row).toEqual({ n: 300_000, wrong: 0 });
  });
});

describe('typed files', () => {
  it('keeps the types of Parquet and drops time zones', async () => {
    const path = join(folder, 'p.parquet');
    await engine.run(
      `COPY (SELECT 1 AS i, 2.5 AS d, TRUE AS b, TIMESTAMPTZ '2024-01-01 02:00:00+02' AS t, {'x': 1, 'y': [1, 2]} AS s)
       TO '${path}' (FORMAT parquet)`,
    );
    const [table] = await attachRaw(engine, await discoverSources(['p.parquet'], folder), folder);
    expect(table!.columns.map((c) => `${c.name} ${c.engineType}`)).toEqual([
      'i INTEGER',
      'd DECIMAL(2,1)',
      'b BOOLEAN',
      't TIMESTAMP',
      's_x INTEGER',
      's_y VARCHAR',
    ]);
    expect((await engine.rows('SELECT t, s_y FROM raw.p'))[0]).toEqual({
      t: new Date('2024-01-01'),
      s_y: '1;2',
    });
  });

  it('flattens JSON and unwraps a single list of results', async () => {
    const { rows } = await read(
      'api.json',
      '{"results":[{"id":"1","properties":{"email":"a@b.c"}},{"id":"2"}]}',
    );
    expect(cells(rows)).toEqual([
      ['1', 'a@b.c'],
      ['2', null],
    ]);
  });

  it('sets broken NDJSON lines aside', async () => {
    const { table, rows } = await read(
      'e.ndjson',
      '{"id":1,"tags":["a","b"]}\n{"id":2,\n\n{"id":3,"tags":null}\n',
    );
    expect(cells(rows)).toEqual([
      [1, 'a;b'],
      [3, null],
    ]);
    expect(table.repairs).toMatchObject([{ rows: 1, examples: ['line 2: {"id":2,'], action: 'set aside' }]);
  });

  it('says so when JSON or Parquet cannot be read', async () => {
    await expect(read('bad.json', '[{"a":1},')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    await expect(read('bad.parquet', 'not parquet')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('reads every table of a DuckDB file', async () => {
    const path = join(folder, 'crm.duckdb');
    await engine.run(`ATTACH '${path}' AS f; CREATE TABLE f.deals AS SELECT 7 AS id; CREATE SCHEMA f.old;
      CREATE TABLE f.old.deals AS SELECT 8 AS id; DETACH f`);
    const sources = await discoverSources(['crm.duckdb'], folder);
    expect(sources.map((s) => [s.name, s.member])).toEqual([
      ['deals', 'deals'],
      ['old.deals', 'old.deals'],
    ]);
    const tables = await attachRaw(engine, sources, folder);
    expect(tables.map((t) => t.rows)).toEqual([1, 1]);
    expect(await engine.rows('SELECT id FROM raw."old.deals"')).toEqual([{ id: 8 }]);
  });
});

describe('discovery', () => {
  it('takes tables one folder down and passes over what is not a table', async () => {
    await mkdir(join(folder, 'a', 'deep'), { recursive: true });
    for (const sub of ['b', 'tasks', 'leadlight', '.git']) await mkdir(join(folder, sub));
    const table = 'x,y\n1,2\n3,4\n';
    for (const file of [
      'deals.csv',
      'a/leads.csv',
      'b/leads.csv',
      'a/deep/no.csv',
      'tasks/no.csv',
      'leadlight/no.csv',
    ])
      await writeFile(join(folder, file), table);
    for (const file of ['README.csv', '.hidden.csv', 'leadlight.yaml', '.git/no.csv', 'picture.png'])
      await writeFile(join(folder, file), table);
    await writeFile(join(folder, 'notes.txt'), 'Some notes, and more.\nNothing, that is, a, table.\n');
    await writeFile(join(folder, 'export.txt'), 'x\ty\n1\t2\n3\t4\n');
    const sources = await discoverSources(['.'], folder);
    expect(sources.map((s) => s.name)).toEqual(['a_leads', 'b_leads', 'deals', 'export']);
  });

  it('tells what it cannot find or read', async () => {
    await writeFile(join(folder, 'book.xlsx'), 'PK');
    await expect(discoverSources(['missing'], folder)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    await expect(discoverSources(['book.xlsx'], folder)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    await expect(discoverSources(['.'], folder)).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  it('stops when asked to', async () => {
    await writeFile(join(folder, 'a.csv'), 'a,b\n1,2\n');
    const sources = await discoverSources(['a.csv'], folder);
    const control = { signal: AbortSignal.abort() };
    await expect(attachRaw(engine, sources, folder, control)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
