/** A small made-up company in the layout that loading produces: firms, people, visits, orders with lines. */
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import type { Column, Schema, Table } from '../../src/data/schema/types.ts';
import { createRandom, type Random } from '../../src/util/random.ts';

const DAY = 86_400_000;
export const START = Date.UTC(2023, 0, 1);

const column = (
  name: string,
  semantic: Column['semantic'],
  type: Column['type'],
  extra: Partial<Column> = {},
): Column => ({
  name,
  semantic,
  type,
  ...extra,
});

const tableOf = (
  name: string,
  key: string,
  time: string | undefined,
  columns: readonly Column[],
  role: Table['role'],
): Table => ({
  name,
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  key: [key],
  role,
  columns: [column(key, 'key', 'text'), ...columns],
  ...(time === undefined ? {} : { time }),
});

export const shopSchema: Schema = {
  tables: [
    tableOf(
      'firms',
      'firm_id',
      'made',
      [
        column('made', 'timestamp', 'timestamp'),
        column('trade', 'categorical', 'text'),
        column('heads', 'numeric', 'integer'),
      ],
      'entity',
    ),
    tableOf(
      'people',
      'person_id',
      'joined',
      [
        column('joined', 'timestamp', 'timestamp'),
        column('firm_id', 'key', 'text'),
        column('title', 'title', 'text'),
      ],
      'entity',
    ),
    tableOf(
      'visits',
      'visit_id',
      'seen',
      [
        column('seen', 'timestamp', 'timestamp'),
        column('person_id', 'key', 'text'),
        column('page', 'categorical', 'text'),
        column('seconds', 'numeric', 'number', { decimals: 2 }),
      ],
      'event',
    ),
    tableOf(
      'orders',
      'order_id',
      'placed',
      [
        column('placed', 'timestamp', 'timestamp'),
        column('firm_id', 'key', 'text'),
        column('total', 'numeric', 'number', { decimals: 2 }),
        column('rush', 'boolean', 'boolean'),
      ],
      'event',
    ),
  ],
  links: [
    { name: 'people.firm_id', from: 'people', columns: ['firm_id'], to: 'firms' },
    { name: 'visits.person_id', from: 'visits', columns: ['person_id'], to: 'people' },
    { name: 'orders.firm_id', from: 'orders', columns: ['firm_id'], to: 'firms' },
  ],
  derivedLinks: [{ kind: 'industry_peer', table: 'firms', by: ['trade'] }],
};

export interface ShopRows {
  readonly firms: readonly { readonly at: number; readonly trade: string; readonly heads: number }[];
  readonly people: readonly { readonly at: number; readonly firm: number; readonly title: string }[];
  readonly visits: readonly {
    readonly at: number;
    readonly person: number;
    readonly page: string | null;
    readonly seconds: number | null;
  }[];
  readonly orders: readonly {
    readonly at: number;
    readonly firm: number;
    readonly total: number;
    readonly rush: boolean;
  }[];
}

export function shopRows(seed: number, firms = 30, days = 300): ShopRows {
  const random = createRandom(seed);
  const at = (): number => START + random.int(days * 24) * 3_600_000;
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  return {
    firms: Array.from({ length: firms }, () => ({
      at: START + random.int(60) * DAY,
      trade: pick(['steel', 'paper', 'glass']),
      heads: 5 + random.int(3000),
    })),
    people: Array.from({ length: firms * 3 }, () => ({
      at: START + random.int(120) * DAY,
      firm: random.int(firms),
      title: pick(['VP Sales', 'CTO', 'Engineer', 'Intern']),
    })),
    visits: visits(firms, days, random.fork(1)),
    orders: Array.from({ length: firms * 6 }, () => ({
      at: at(),
      firm: random.int(firms),
      total: Math.round(random.next() * 100_000) / 100,
      rush: random.next() < 0.3,
    })),
  };
}

/** Many at one moment, some without a page; people mostly read the blog first, then the docs, then the prices. */
function visits(firms: number, days: number, random: Random): ShopRows['visits'] {
  let hour = 0;
  return Array.from({ length: firms * 40 }, () => {
    if (random.next() < 0.85) hour = random.int(days * 24);
    const day = hour / 24;
    const pages =
      day < 50 ? ['blog'] : day < 90 ? ['blog', 'docs', 'docs'] : ['pricing', 'pricing', 'docs', 'blog'];
    return {
      at: START + hour * 3_600_000,
      person: random.int(firms * 3),
      page: random.next() < 0.06 ? null : pages[random.int(pages.length)]!,
      seconds: random.next() < 0.1 ? null : Math.round(random.next() * 10_000) / 100,
    };
  });
}

const stamp = (ms: number): string =>
  `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}'`;
const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
const times = (ms: number): string => `${stamp(ms)}, ${stamp(ms)}, NULL, ${stamp(ms)}`;
const META =
  '__row BIGINT, __id VARCHAR, __time TIMESTAMP, __known TIMESTAMP, __end TIMESTAMP, __label_time TIMESTAMP';

/** Loads the rows as `data.*`. Row numbers and ids are positions. */
export async function loadShop(rows: ShopRows): Promise<Engine> {
  const engine = await openDuckdb({ threads: 2, memoryLimitMb: 1000 });
  await engine.run('CREATE SCHEMA data; CREATE SCHEMA task');
  const fill = async (name: string, columns: string, values: readonly string[]): Promise<void> => {
    await engine.run(`CREATE TABLE data.${name} (${META}, ${columns})`);
    if (values.length > 0) await engine.run(`INSERT INTO data.${name} VALUES ${values.join(', ')}`);
  };
  await fill(
    'firms',
    'firm_id VARCHAR, made TIMESTAMP, trade VARCHAR, heads BIGINT',
    rows.firms.map(
      (r, i) => `(${i}, 'f${i}', ${times(r.at)}, 'f${i}', ${stamp(r.at)}, '${r.trade}', ${r.heads})`,
    ),
  );
  await fill(
    'people',
    'person_id VARCHAR, joined TIMESTAMP, firm_id VARCHAR, title VARCHAR, "__fk_people.firm_id" BIGINT',
    rows.people.map(
      (r, i) =>
        `(${i}, 'p${i}', ${times(r.at)}, 'p${i}', ${stamp(r.at)}, 'f${r.firm}', '${r.title}', ${r.firm})`,
    ),
  );
  await fill(
    'visits',
    'visit_id VARCHAR, seen TIMESTAMP, person_id VARCHAR, page VARCHAR, seconds DOUBLE, "__fk_visits.person_id" BIGINT',
    rows.visits.map(
      (r, i) =>
        `(${i}, 'v${i}', ${times(r.at)}, 'v${i}', ${stamp(r.at)}, 'p${r.person}', ${text(r.page)}, ${r.seconds ?? 'NULL'}, ${r.person})`,
    ),
  );
  await fill(
    'orders',
    'order_id VARCHAR, placed TIMESTAMP, firm_id VARCHAR, total DOUBLE, rush BOOLEAN, "__fk_orders.firm_id" BIGINT',
    rows.orders.map(
      (r, i) =>
        `(${i}, 'o${i}', ${times(r.at)}, 'o${i}', ${stamp(r.at)}, 'f${r.firm}', ${r.total}, ${r.rush}, ${r.firm})`,
    ),
  );
  return engine;
}

/** `task.snapshots` for these (entity row, cutoff) pairs. */
export async function loadSnapshots(
  engine: Engine,
  pairs: readonly (readonly [row: number, cutoff: number])[],
): Promise<void> {
  await engine.run(
    'CREATE OR REPLACE TABLE task.snapshots (sid BIGINT, erow BIGINT, cutoff TIMESTAMP, split VARCHAR)',
  );
  await engine.run(
    `INSERT INTO task.snapshots VALUES ${pairs.map(([row, at], i) => `(${i}, ${row}, ${stamp(at)}, 'train')`).join(', ')}`,
  );
}
