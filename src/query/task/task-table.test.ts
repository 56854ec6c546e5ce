import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA, START, writeWorld } from '../../../test/contract/world.ts';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { Schema, WorkspaceConfig } from '../../data/schema/types.ts';
import { chooseEntity } from './entity.ts';
import { indexIds } from './ids.ts';
import { readTaskTable } from './task-table.ts';

const config = { version: 1, timeZone: 'UTC', schema: SCHEMA } as unknown as WorkspaceConfig;

const person = (row: number) => ({
  id: row + 1000,
  __row: row,
  __id: String(row + 1000),
  __time: START,
  __known: START,
  __end: null,
  __label_time: START,
  born: START,
  '__fk_people.firm': row % 3,
});
const empty = (name: string) => ({
  [name]: [{ __row: 0, __id: '0', __time: null, __known: null, __end: null, __label_time: null }],
});

describe('task tables', () => {
  let engine: Engine;
  let dir: string;
  const read = async (text: string | Buffer, more: { entity?: string; horizonDays?: number } = {}) => {
    const file = join(dir, 'task.csv');
    await writeFile(file, text);
    return readTaskTable(engine, config, { file, entity: 'people.id', ...more });
  };
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 1 });
    dir = await mkdtemp(join(tmpdir(), 'task-'));
    const firm = (k: number) => ({ ...person(k), __id: `f${k}`, id: k, sector: 'bank' });
    await writeWorld(engine, {
      schema: SCHEMA,
      rows: {
        ...Object.assign({}, ...['moves', 'deals', 'lines', 'items'].map(empty)),
        firms: [0, 1, 2].map(firm),
        people: Array.from({ length: 60 }, (_, k) => person(k)),
      },
    });
  });
  afterAll(async () => {
    await engine.close();
    await rm(dir, { recursive: true });
  });

  it('keep file order, read gzip, aliases and ids written another way', async () => {
    const text =
      '\uFEFFENTITY_ID,cutoff,Label,split\r\n1005.0,2024-02-01,1,training\r\n "1003" ,2024-02-01,0,Train\r\n'.replace(
        ' "1003" ',
        '" 1003"',
      ) +
      '1004,2024-02-01,,test\n1001,2024-03-01,1,test\n1002,2024-03-01,0,TEST\n77,2024-02-15,0,valid\n1006,2024-02-15,1,val\n';
    const task = await read(gzipSync(text.replace('\uFEFF', '')));
    expect([...task.snapshots.entityRow]).toEqual([5, 3, 4, 1, 2, -1, 6]);
    expect(task.snapshots.split).toEqual(['train', 'train', 'predict', 'test', 'test', 'val', 'val']);
    expect(task.snapshots.entityId[0]).toBe('1005.0');
    expect(new Date(task.snapshots.cutoff[0]!).toISOString()).toBe('2024-02-01T00:00:00.000Z');
    expect([...task.visible.values].map(String)).toEqual(['1', '0', 'NaN', 'NaN', 'NaN', '0', '1']);
    expect([...task.heldOut.values].map(String)).toEqual(['NaN', 'NaN', 'NaN', '1', '0', 'NaN', 'NaN']);
    expect(task).toMatchObject({ type: 'binary', validation: 'given', static: false });
    expect(task.warnings.join()).toContain('1 of 7 rows name an id that no row has, for example 77');
    const rows = await engine.rows('SELECT sid, erow, split FROM task.snapshots ORDER BY sid');
    expect(rows[5]).toEqual({ sid: 5, erow: -1, split: 'val' });
  });

  it('keep repeated rows, and say so', async () => {
    const task = await read(
      'entity_id,cutoff,label,split\n1001,,1,train\n1002,,0,train\n1003,,,test\n1003,,,test\n',
    );
    expect(task.snapshots.split.filter((s) => s === 'predict')).toHaveLength(2);
    expect(task.warnings.join()).toContain('1 rows repeat an earlier row (first on line 5)');
  });

  it('refuse a column that several rows share', async () => {
    const text = 'entity_id,cutoff,label,split\nbank,,1,train\n';
    await expect(read(text, { entity: 'firms.sector' })).rejects.toThrow(/several hold bank/);
  });

  it('hold out accounts when there are no validation rows, and read static tasks', async () => {
    const lines = Array.from({ length: 60 }, (_, k) => `${1000 + k},,${k % 2},${k < 50 ? 'train' : 'test'}`);
    const task = await read(`entity_id,cutoff,label,split\n${lines.join('\n')}`);
    expect(task).toMatchObject({ static: true, validation: 'grouped-folds' });
    expect(task.counts.val.rows + task.counts.train.rows).toBe(50);
  });

  it('split by time when there is no split column', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, k) => `${1000 + k},2024-0${1 + Math.floor(k / 12)}-01,${k % 2},`,
    );
    const task = await read(`entity_id,cutoff,label,extra\n${lines.join('\n')}`);
    expect(task.counts).toMatchObject({ train: { rows: 36 }, val: { rows: 12 }, test: { rows: 12 } });
  });

  it('tell classes from numbers', async () => {
    const rows = (labels: readonly string[]) =>
      `entity_id,cutoff,label,split\n${labels.map((l, k) => `${1000 + k},,${l},${k < 8 ? 'train' : k < 10 ? 'val' : 'test'}`).join('\n')}`;
    const cycle = (...labels: readonly string[]) =>
      Array.from({ length: 12 }, (_, k) => labels[k % labels.length]!);
    expect((await read(rows(cycle('1', '2.5', '9')))).type).toBe('regression');
    const classes = await read(rows(cycle('gold', 'gold', 'tin')));
    expect(classes).toMatchObject({ type: 'multiclass', classes: ['gold', 'tin'] });
    expect((await read(rows(cycle('Won', 'Lost')))).type).toBe('binary');
  });

  it('warn when train windows run into the test', async () => {
    const text =
      'entity_id,cutoff,label,split\n1001,2024-02-01,1,train\n1002,2024-02-01,0,train\n1003,2024-02-10,1,test\n1004,2024-02-10,0,test\n1005,2024-02-05,0,val\n';
    expect((await read(text, { horizonDays: 30 })).warnings.join()).toContain(
      'run past the first test cutoff',
    );
    expect((await read(text, { horizonDays: 5 })).warnings.join()).not.toContain('run past');
  });

  const head = 'entity_id,cutoff,label,split\n';
  for (const [fault, text, message] of [
    ['no rows', head, /a header and no rows/],
    ['nothing', '', /the file is empty/],
    ['a missing column', 'entity_id,label\n1001,1\n', /line 1: no column cutoff/],
    ['a bad date', `${head}1001,2024-02-30,1,train\n`, /line 2: cutoff 2024-02-30 is not a date/],
    ['a contradiction', `${head}1001,,1,train\n1002,,0,train\n1001,,0,train\n`, /line 4: 1001 .* line 2/],
    ['an unknown split', `${head}1001,,1,later\n`, /split later is not known/],
    ['mixed cutoffs', `${head}1001,2024-01-01,1,train\n1002,,0,train\n`, /line 3: cutoff is blank here/],
    ['a broken line', `${head}1001,2024-01-01,1\n`, /line 2: 3 fields where the header has 4/],
    ['an open quote', `${head}"1001,2024-01-01,1,train\n`, /line 2: a quote is opened/],
    ['one class', `${head}1001,,1,train\n1002,,1,train\n1004,,1,train\n1003,,0,test\n`, /labels are true/],
    ['free text', `${head}1001,,hello,train\n1002,,world,train\n`, /too many for classes/],
    ['no label', `${head}1001,,,train\n`, /no row has a label/],
    ['foreign ids', `${head}a,,1,train\nb,,0,train\n`, /None of the 2 ids/],
    ['not text', Buffer.from([0xff, 0xfe, 0x00, 0x41]), /UTF-8/],
  ] as const)
    it(`are refused with the place for ${fault}`, async () => {
      await expect(read(text as string)).rejects.toThrow(message);
    });

  it('are refused when the file is not there', async () => {
    const options = { file: join(dir, 'none.csv'), entity: 'people' };
    await expect(readTaskTable(engine, config, options)).rejects.toThrow(/No such file/);
  });
});

describe('entity forms', () => {
  const table = (name: string, key: readonly string[], columns: readonly string[], derived?: string) =>
    ({
      name,
      key,
      role: 'entity',
      origin: derived
        ? { kind: 'derived', table: derived, columns: key }
        : { kind: 'file', path: `${name}.csv`, format: 'csv' },
      columns: columns.map((c) => ({ name: c, type: 'text', semantic: 'categorical' })),
    }) as Schema['tables'][number];
  const schema: Schema = {
    tables: [
      table('purchases', [], ['buyer_id', 'note']),
      table('buyers', ['buyer_id'], ['buyer_id'], 'purchases'),
      table('stock', ['shop', 'sku'], ['shop', 'sku']),
    ],
    links: [{ name: 'purchases.buyer_id', from: 'purchases', columns: ['buyer_id'], to: 'buyers' }],
    derivedLinks: [],
  };
  const chosen = (text: string) => {
    const { table: t, column, order } = chooseEntity(schema, text);
    return [t.name, column, ...(order ? [order] : [])];
  };

  it('find the table and its identifying column', () => {
    expect(chosen('buyers.buyer_id')).toEqual(['buyers', '__id']);
    expect(chosen('purchases.BUYER_ID')).toEqual(['buyers', '__id']);
    expect(chosen('Buyer_ID')).toEqual(['buyers', '__id']);
    expect(chosen('buyer')).toEqual(['buyers', '__id']);
    expect(chosen('purchases')).toEqual(['purchases', '__id']);
    expect(chosen('row')).toEqual(['purchases', '__row']);
    expect(chosen('purchases.row')).toEqual(['purchases', '__row']);
    expect(chosen('stock.shop|sku')).toEqual(['stock', '__id']);
    expect(chosen('stock.sku|shop')).toEqual(['stock', '__id', [1, 0]]);
    expect(chosen('sku|shop')).toEqual(['stock', '__id', [1, 0]]);
    expect(chosen('note')).toEqual(['purchases', 'note']);
    expect(() => chooseEntity(schema, 'ghosts')).toThrow(/No table and no identifying column/);
    expect(() => chooseEntity(schema, 'buyer.buyers_id')).toThrow(/Did you mean buyers.buyer_id/);
    expect(() => chooseEntity(schema, 'stock.colour')).toThrow(/has no column colour/);
  });

  it('match ids exactly first, then loosely where only one fits', () => {
    const index = indexIds(['007', '7', '17850', 'Ab-1', 'x', 'X']);
    expect(['7', '007', '7.0', '17850.0', ' 17850 ', 'ab-1', 'x', 'X'].map(index.find)).toEqual([
      1, 0, -1, 2, 2, 3, 4, 5,
    ]);
  });
});
