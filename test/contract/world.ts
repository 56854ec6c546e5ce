/** Tiny databases for tests: random rows of a fixed CRM-like schema, and any world written into an engine. */
import type { Engine } from '../../src/data/engine/types.ts';
import {
  type Column,
  fkColumn,
  type Link,
  type Schema,
  type StorageType,
  type Table,
} from '../../src/data/schema/types.ts';
import { as, cast, createTableAs, lit, select, ts, unionAll } from '../../src/data/sql/build.ts';
import { toSql } from '../../src/data/sql/print.ts';
import type { Expr, SqlType } from '../../src/data/sql/tree.ts';
import { DAY_MS } from '../../src/query/task/calendar.ts';
import type { Random } from '../../src/util/random.ts';
import type { Value, World, WorldRow } from './labels-reference.ts';

const column = (name: string, type: StorageType, more: Partial<Column> = {}): Column => ({
  name,
  type,
  semantic: type === 'text' ? 'categorical' : type === 'timestamp' ? 'timestamp' : 'numeric',
  ...(type === 'number' ? { decimals: 2 } : {}),
  ...more,
});

const file = (path: string) => ({ kind: 'file', path, format: 'csv' }) as const;

const link = (from: string, name: string, to: string): Link => ({
  name: `${from}.${name}`,
  from,
  columns: [name],
  to,
});

const TABLES: readonly Table[] = [
  {
    name: 'firms',
    origin: file('firms.csv'),
    key: ['id'],
    role: 'entity',
    columns: [column('id', 'integer', { semantic: 'key' }), column('sector', 'text')],
  },
  {
    name: 'people',
    origin: file('people.csv'),
    key: ['id'],
    role: 'entity',
    time: 'born',
    endTime: 'gone',
    columns: [
      column('id', 'integer', { semantic: 'key' }),
      column('born', 'timestamp'),
      column('gone', 'timestamp'),
      column('fit', 'integer'),
      column('source', 'text'),
      column('state', 'text', {
        mutable: 'has a history',
        history: { kind: 'table', table: 'moves', link: 'moves.person', value: 'to', time: 'on' },
      }),
      column('won', 'boolean', { mutable: 'x', history: { kind: 'valueTimes', times: { true: 'won_at' } } }),
      column('won_at', 'timestamp'),
      column('tier', 'text', { mutable: 'x', history: { kind: 'changedAt', column: 'tier_at' } }),
      column('tier_at', 'timestamp'),
    ],
  },
  {
    name: 'moves',
    origin: file('moves.csv'),
    key: [],
    role: 'history',
    time: 'on',
    columns: [column('to', 'text'), column('on', 'timestamp')],
  },
  {
    name: 'deals',
    origin: file('deals.csv'),
    key: ['id'],
    role: 'event',
    time: 'opened',
    labelTime: 'closed',
    columns: [
      column('id', 'integer', { semantic: 'key' }),
      column('opened', 'timestamp'),
      column('closed', 'timestamp'),
      column('stage', 'text'),
      column('amount', 'number'),
      column('tags', 'text', { semantic: 'multicategorical', separator: ';' }),
    ],
  },
  {
    name: 'lines',
    origin: file('lines.csv'),
    key: [],
    role: 'event',
    time: 'at',
    columns: [column('at', 'timestamp'), column('qty', 'integer')],
  },
  {
    name: 'items',
    origin: file('items.csv'),
    key: ['id'],
    role: 'lookup',
    columns: [column('id', 'integer', { semantic: 'key' }), column('kind', 'text')],
  },
];

export const SCHEMA: Schema = {
  tables: TABLES,
  links: [
    link('people', 'firm', 'firms'),
    link('moves', 'person', 'people'),
    link('deals', 'person', 'people'),
    link('deals', 'firm', 'firms'),
    link('deals', 'item', 'items'),
    link('lines', 'deal', 'deals'),
  ],
  derivedLinks: [],
};

/** Days 0 … 60; moments on whole hours collide often, to test the open and closed ends. */
export const START = Date.UTC(2024, 0, 1);

export function randomWorld(random: Random): World {
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)]!;
  const moment = (): number => START + random.int(60) * DAY_MS + pick([0, 0, 12]) * 3_600_000;
  const maybe = <T>(value: T): T | null => (random.next() < 0.25 ? null : value);
  const refer = (n: number): number | null => (random.next() < 0.15 ? null : random.int(n));
  const rows: Record<string, WorldRow[]> = {};
  const make = (name: string, n: number, row: () => Record<string, Value>): void => {
    rows[name] = Array.from({ length: n }, (_, k) => finish(name, k, row()));
  };
  make('firms', 3, () => ({ sector: maybe(pick(['bank', 'farm'])) }));
  make('items', 3, () => ({ kind: maybe(pick(['a', 'b'])) }));
  make('people', 5, () => {
    const born = maybe(moment());
    return {
      born,
      gone: random.next() < 0.8 ? null : moment(),
      fit: maybe(random.int(5)),
      source: maybe(pick(['web', 'fair', "o'x"])),
      state: maybe(pick(['new', 'hot', 'done'])),
      won: random.next() < 0.5,
      won_at: maybe(moment()),
      tier: maybe(pick(['gold', 'tin'])),
      tier_at: maybe(moment()),
      '__fk_people.firm': refer(3),
    };
  });
  make('moves', 9, () => ({
    to: maybe(pick(['new', 'hot', 'done'])),
    on: maybe(moment()),
    '__fk_moves.person': refer(5),
  }));
  make('deals', 12, () => ({
    opened: maybe(moment()),
    closed: maybe(moment()),
    stage: maybe(pick(['won', 'lost', 'open'])),
    amount: maybe(random.int(1000) / 100),
    tags: maybe(pick(['x', 'x; y', 'y;z', 'xy'])),
    '__fk_deals.person': refer(5),
    '__fk_deals.firm': refer(3),
    '__fk_deals.item': refer(3),
  }));
  make('lines', 14, () => ({ at: maybe(moment()), qty: maybe(random.int(4)), '__fk_lines.deal': refer(12) }));
  return { schema: SCHEMA, rows };
}

function finish(name: string, row: number, cells: Record<string, Value>): WorldRow {
  const t = TABLES.find((x) => x.name === name)!;
  const time = t.time === undefined ? null : cells[t.time]!;
  return {
    id: row,
    ...cells,
    __row: row,
    __id: String(row),
    __time: time,
    __known: t.time === undefined ? Number.NEGATIVE_INFINITY : time,
    __end: t.endTime === undefined ? null : cells[t.endTime]!,
    __label_time: t.labelTime === undefined ? time : cells[t.labelTime]!,
  };
}

const SQL: Readonly<Record<StorageType, SqlType>> = {
  boolean: 'boolean',
  integer: 'bigint',
  number: 'double',
  text: 'text',
  timestamp: 'timestamp',
  date: 'timestamp',
};

/** Creates `data.<table>` of every table of the world. */
export async function writeWorld(engine: Engine, world: World): Promise<void> {
  await engine.run('CREATE SCHEMA IF NOT EXISTS data');
  for (const t of world.schema.tables) {
    const types: [string, SqlType][] = [
      ...t.columns.map((c): [string, SqlType] => [c.name, SQL[c.type]]),
      ['__row', 'bigint'],
      ['__id', 'text'],
      ...['__time', '__known', '__end', '__label_time'].map((n): [string, SqlType] => [n, 'timestamp']),
      ...world.schema.links
        .filter((l) => l.from === t.name)
        .map((l): [string, SqlType] => [fkColumn(l), 'bigint']),
    ];
    const rows = (world.rows[t.name] ?? []).map((r) =>
      select({ columns: types.map(([name, type]) => as(cellOf(r[name] ?? null, type), name)) }),
    );
    const query = rows.length === 1 ? rows[0]! : unionAll(...rows);
    await engine.run(toSql(createTableAs(t.name, query, 'data'), engine.dialect));
  }
}

function cellOf(value: Value, type: SqlType): Expr {
  if (type !== 'timestamp' || value === null) return cast(lit(value), type);
  return value === Number.NEGATIVE_INFINITY ? cast(lit('-infinity'), type) : ts(Number(value));
}
