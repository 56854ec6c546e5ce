/** The shop with everything that stands beside: shared tools, ties and former jobs of people, people who moved on. */
import type { Engine } from '../../src/data/engine/types.ts';
import type { Column, Schema, Table } from '../../src/data/schema/types.ts';
import { createRandom } from '../../src/util/random.ts';
import { START, shopSchema } from './shop.ts';

const DAY = 86_400_000;
const key = (name: string): Column => ({ name, semantic: 'key', type: 'text' });
const time = (name: string): Column => ({ name, semantic: 'timestamp', type: 'timestamp' });

const table = (name: string, role: Table['role'], columns: readonly Column[], extra = {}): Table => ({
  ...{ name, role, columns: [key('id'), time('at'), ...columns], key: ['id'], time: 'at' },
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  ...extra,
});

const links: Schema['links'] = [
  { name: 'tools.firm', from: 'tools', columns: ['firm'], to: 'firms' },
  { name: 'ties.one', from: 'ties', columns: ['one'], to: 'people' },
  { name: 'ties.other', from: 'ties', columns: ['other'], to: 'people' },
  { name: 'jobs.person', from: 'jobs', columns: ['person'], to: 'people' },
  { name: 'jobs.firm', from: 'jobs', columns: ['firm'], to: 'firms' },
];

export const sidesSchema: Schema = {
  tables: [
    ...shopSchema.tables,
    table('tools', 'event', [key('firm'), { name: 'tool', semantic: 'categorical', type: 'text' }]),
    table('ties', 'association', [key('one'), key('other')]),
    table('jobs', 'association', [key('person'), key('firm'), time('left')], { endTime: 'left' }),
  ],
  links: [...shopSchema.links, ...links],
  derivedLinks: [
    { kind: 'industry_peer', table: 'firms', by: ['trade', 'heads'] },
    { kind: 'similar_to', table: 'firms', by: ['tool'], through: 'tools' },
  ],
};

const stamp = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19)}'`;
const META =
  '__row BIGINT, __id VARCHAR, __time TIMESTAMP, __known TIMESTAMP, __end TIMESTAMP, __label_time TIMESTAMP';

export interface SideRow {
  readonly at: number;
  readonly end?: number;
  readonly cells: readonly (number | string)[];
}
export type SideRows = Readonly<Record<'tools' | 'ties' | 'jobs', readonly SideRow[]>>;

export function sideRows(seed: number, firms = 30, days = 300): SideRows {
  const random = createRandom(seed);
  const at = (): number => START + random.int(days * 24) * 3_600_000;
  const rows = (n: number, of: () => SideRow): readonly SideRow[] => Array.from({ length: n }, of);
  const person = (): number => random.int(firms * 3);
  const tools = ["it's", 'b"c', 'd', 'e e', 'ÿ'];
  return {
    tools: rows(firms * 4, () => ({ at: at(), cells: [random.int(firms), tools[random.int(5)]!] })),
    ties: rows(firms * 4, () => ({ at: at(), cells: [person(), person()] })),
    jobs: rows(firms * 4, () => {
      const begun = at();
      const end = random.next() < 0.7 ? { end: begun + random.int(90) * DAY } : {};
      return { at: begun, ...end, cells: [person(), random.int(firms)] };
    }),
  };
}

const COLUMNS = {
  tools: '"__fk_tools.firm" BIGINT, tool VARCHAR',
  ties: '"__fk_ties.one" BIGINT, "__fk_ties.other" BIGINT',
  jobs: '"__fk_jobs.person" BIGINT, "__fk_jobs.firm" BIGINT',
};

const literal = (cell: number | string): string =>
  typeof cell === 'number' ? `${cell}` : `'${cell.replaceAll("'", "''")}'`;

/** Adds them to a loaded shop. */
export async function loadSides(engine: Engine, rows: SideRows): Promise<void> {
  for (const name of ['tools', 'ties', 'jobs'] as const) {
    await engine.run(`CREATE OR REPLACE TABLE data.${name} (${META}, ${COLUMNS[name]})`);
    if (rows[name].length === 0) continue;
    const values = rows[name].map(
      ({ at, end, cells }, i) =>
        `(${i}, '${i}', ${stamp(at)}, ${stamp(at)}, ${end === undefined ? 'NULL' : stamp(end)}, ${stamp(at)}, ${cells.map(literal).join(', ')})`,
    );
    await engine.run(`INSERT INTO data.${name} VALUES ${values.join(', ')}`);
  }
}
