import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Schema, Table } from '../../data/schema/types.ts';
import { table as tableSource } from '../../data/sql/build.ts';
import { quoteName, quoteText, toSql } from '../../data/sql/print.ts';
import { neighbourRows } from './side-sql.ts';
import type { SideStep } from './types.ts';

/** Reference: neighbours worked out row by row from what each cutoff may see. */

const q = (name: string): string => quoteName(name, 'duckdb');
const t = (text: string): string => quoteText(text, 'duckdb');
const DAY = 86_400_000;
const stamp = (day: number): string => `TIMESTAMP '${new Date(day * DAY).toISOString().slice(0, 19)}'`;

const FIRMS = 'firms "of" ours';
const TRADE = 'select';
const SIZE = 'größe';
const STACK = "it's used";
const column = (name: string, semantic: Column['semantic'], type: Column['type'] = 'text'): Column => ({
  name,
  semantic,
  type,
});
const table = (name: string, role: Table['role'], columns: readonly Column[]): Table => ({
  name,
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  key: ['id'],
  role,
  columns,
});
const schema: Schema = {
  tables: [
    table(FIRMS, 'entity', [
      column(TRADE, 'categorical'),
      column(SIZE, 'numeric', 'integer'),
      { ...column(STACK, 'multicategorical'), separator: ';' },
      column('boss', 'key'),
    ]),
    table('tools', 'event', [column('firm', 'key'), column('tool', 'categorical')]),
    table('ties', 'association', [column('one', 'key'), column('other', 'key')]),
  ],
  links: [
    { name: 'boss link', from: FIRMS, columns: ['boss'], to: FIRMS },
    { name: 'tools.firm', from: 'tools', columns: ['firm'], to: FIRMS },
    { name: 'ties.one', from: 'ties', columns: ['one'], to: FIRMS },
    { name: 'ties.other', from: 'ties', columns: ['other'], to: FIRMS },
  ],
  derivedLinks: [],
};

interface Firm {
  readonly known: number;
  readonly trade: string | null;
  readonly size: number | null;
  readonly stack: readonly string[];
  readonly boss: number | null;
}
interface World {
  readonly firms: readonly Firm[];
  readonly tools: readonly (readonly [known: number, firm: number, tool: string])[];
  readonly ties: readonly (readonly [known: number, one: number, other: number, end: number | null])[];
}

const day = fc.nat({ max: 10 });
const place = fc.nat({ max: 5 });
const tool = fc.constantFrom('a', 'b', "c'", ' A', 'd e');
const world = fc.record({
  firms: fc.array(
    fc.record({
      known: day,
      trade: fc.constantFrom('x', 'y"', null),
      size: fc.constantFrom(5, 10, 11, 40, 50_000, null),
      stack: fc.array(tool, { maxLength: 3 }),
      boss: fc.option(place),
    }),
    { minLength: 6, maxLength: 6 },
  ),
  tools: fc.array(fc.tuple(day, place, tool), { maxLength: 14 }),
  ties: fc.array(fc.tuple(day, place, place, fc.option(day)), { maxLength: 8 }),
});

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  await engine.run('CREATE SCHEMA data; CREATE SCHEMA feat');
});
afterAll(() => engine.close());

const META = '__row BIGINT, __id VARCHAR, __known TIMESTAMP, __end TIMESTAMP';
const fk = (link: string): string => q(`__fk_${link}`);

async function load(w: World): Promise<void> {
  const fill = async (name: string, columns: string, rows: readonly string[]): Promise<void> => {
    await engine.run(`CREATE OR REPLACE TABLE data.${q(name)} (${META}, ${columns})`);
    if (rows.length > 0) await engine.run(`INSERT INTO data.${q(name)} VALUES ${rows.join(', ')}`);
  };
  const text = (v: string | null): string => (v === null ? 'NULL' : t(v));
  await fill(
    FIRMS,
    `${q(TRADE)} VARCHAR, ${q(SIZE)} BIGINT, ${q(STACK)} VARCHAR, ${fk('boss link')} BIGINT`,
    w.firms.map(
      (f, i) =>
        `(${i}, 'f${i}', ${stamp(f.known)}, NULL, ${text(f.trade)}, ${f.size ?? 'NULL'}, ${f.stack.length === 0 ? 'NULL' : t(f.stack.join(';'))}, ${f.boss ?? 'NULL'})`,
    ),
  );
  await fill(
    'tools',
    `tool VARCHAR, ${fk('tools.firm')} BIGINT`,
    w.tools.map(([known, firm, name], i) => `(${i}, 't${i}', ${stamp(known)}, NULL, ${t(name)}, ${firm})`),
  );
  await fill(
    'ties',
    `${fk('ties.one')} BIGINT, ${fk('ties.other')} BIGINT`,
    w.ties.map(
      ([known, one, other, end], i) =>
        `(${i}, 'k${i}', ${stamp(known)}, ${end === null ? 'NULL' : stamp(end)}, ${one}, ${other})`,
    ),
  );
  const pairs = w.firms.flatMap((_, g) => CUTOFFS.map((at, k) => `(${g * 10 + k}, ${g}, ${stamp(at)})`));
  await engine.run('CREATE OR REPLACE TABLE feat.base (pid BIGINT, g BIGINT, cutoff TIMESTAMP)');
  await engine.run(`INSERT INTO feat.base VALUES ${pairs.join(', ')}`);
}

const CUTOFFS = [3, 7, 20];

async function found(side: SideStep): Promise<readonly string[]> {
  const rows = await engine.rows(
    toSql(
      neighbourRows(side, schema, (alias) => tableSource('base', alias, 'feat')),
      'duckdb',
    ),
  );
  return rows.map((r) => `${r.pid}:${r.g}`).sort();
}

/** `beside(here, next, cutoff)` over all visible rows. */
function expected(w: World, beside: (here: number, next: number, at: number) => boolean): readonly string[] {
  return w.firms
    .flatMap((_, g) =>
      CUTOFFS.flatMap((at, k) =>
        w.firms.flatMap((f, n) =>
          n !== g && f.known <= at && beside(g, n, at) ? [`${g * 10 + k}:${n}`] : [],
        ),
      ),
    )
    .sort();
}

const bandOf = (size: number): number =>
  [10, 50, 200, 500, 1000, 5000, 10_000].filter((b) => size > b).length;

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => {
  const both = [...a].filter((x) => b.has(x)).length;
  return both > 0 && both / (a.size + b.size - both) >= 0.3;
};
const plain = (tools: readonly string[]): ReadonlySet<string> =>
  new Set(tools.map((x) => x.trim().toLowerCase()));

const check = (side: SideStep, beside: (w: World) => (here: number, next: number, at: number) => boolean) =>
  fc.assert(
    fc.asyncProperty(world, async (w) => {
      await load(w);
      expect(await found(side)).toEqual(expected(w, beside(w)));
    }),
    { seed: 20_260_304, numRuns: 25 },
  );

describe('rows beside', () => {
  it('are of the same industry and band of size', () =>
    check(
      { kind: 'industry_peer', id: 'p', table: FIRMS, category: TRADE, size: SIZE },
      (w) => (here, next, at) => {
        const [a, b] = [w.firms[here]!, w.firms[next]!];
        const alike = a.trade !== null && a.trade === b.trade && a.size !== null && b.size !== null;
        return a.known <= at && alike && bandOf(a.size!) === bandOf(b.size!);
      },
    ));

  it('share enough of a column of several', () =>
    check(
      { kind: 'similar_to', id: 's', table: FIRMS, column: STACK, maxHolders: 100 },
      (w) => (here, next, at) =>
        w.firms[here]!.known <= at && overlap(plain(w.firms[here]!.stack), plain(w.firms[next]!.stack)),
    ));

  it('share enough rows of a child table, known by then', () =>
    check(
      { kind: 'similar_to', id: 's', table: FIRMS, column: 'tool', link: 'tools.firm', maxHolders: 100 },
      (w) => (here, next, at) => {
        const of = (firm: number) =>
          plain(w.tools.filter((x) => x[0] <= at && x[1] === firm).map((x) => x[2]));
        return overlap(of(here), of(next));
      },
    ));

  it('are tied by a row of an association that holds then', () =>
    check(
      { kind: 'association', id: 'a', table: FIRMS, through: 'ties', into: 'ties.one', out: 'ties.other' },
      (w) => (here, next, at) =>
        w.ties.some(
          ([known, one, other, end]) =>
            one === here && other === next && known <= at && (end === null || end > at),
        ),
    ));

  it.each(['up', 'down'] as const)('are reached by a self link, %s', (direction) =>
    check(
      { kind: 'self', id: 'b', table: FIRMS, link: 'boss link', direction },
      (w) => (here, next, at) =>
        w.firms[here]!.known <= at &&
        (direction === 'up' ? w.firms[here]!.boss === next : w.firms[next]!.boss === here),
    ),
  );

  it('leave out what nearly everybody has', async () => {
    const firm = (...stack: readonly string[]): Firm => ({
      known: 0,
      trade: null,
      size: null,
      stack,
      boss: null,
    });
    await load({
      firms: [firm('all', 'rare'), firm('all', 'rare'), firm('all'), firm('all')],
      tools: [],
      ties: [],
    });
    const side: SideStep = { kind: 'similar_to', id: 's', table: FIRMS, column: STACK, maxHolders: 2 };
    expect(await found(side)).toEqual(['0:1', '10:0', '11:0', '12:0', '1:1', '2:1'].sort());
  });

  it('are the nearest, no more than the cap, ties by key', async () => {
    const firms = Array.from(
      { length: 61 },
      (): Firm => ({ known: 0, trade: 'x', size: null, stack: [], boss: null }),
    );
    await load({ firms, tools: [], ties: [] });
    const rows = await found({ kind: 'industry_peer', id: 'p', table: FIRMS, category: TRADE });
    const first = rows.filter((r) => r.startsWith('0:')).map((r) => Number(r.slice(2)));
    expect(first.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });
});
