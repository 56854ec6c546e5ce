import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDuckdb } from '../engine/duckdb.ts';
import type { Column, WorkspaceConfig } from '../schema/types.ts';
import { quoteName, quoteText } from '../sql/print.ts';
import { loadWorkspace } from './load.ts';

const q = (name: string): string => quoteName(name, 'duckdb');
const t = (text: string): string => quoteText(text, 'duckdb');
const key = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  semantic: 'key',
  ...more,
});
const time = (name: string): Column => ({ name, type: 'timestamp', semantic: 'timestamp' });
const HELD = `who "holds" it`;
const LINK = `accounts.${HELD}`;

const file = (name: string) => ({ kind: 'file', path: `${name}.csv`, format: 'csv' }) as const;
const config = (history: Column['history']): WorkspaceConfig => ({
  version: 1,
  timeZone: 'UTC',
  schema: {
    tables: [
      { name: 'staff', origin: file('staff'), key: ['id'], role: 'lookup', columns: [key('id')] },
      {
        name: 'accounts',
        origin: file('accounts'),
        key: ['id'],
        role: 'entity',
        time: 'made',
        columns: [
          key('id'),
          time('made'),
          time('moved'),
          key(HELD, { mutable: 'reassigned', ...(history && { history }) }),
        ],
      },
      {
        name: 'moves',
        origin: file('moves'),
        key: ['id'],
        role: 'history',
        time: 'at',
        knownAt: 'logged',
        columns: [key('id'), key('account'), key('to'), time('at'), time('logged')],
      },
    ],
    links: [
      { name: LINK, from: 'accounts', columns: [HELD], to: 'staff' },
      { name: 'moves.account', from: 'moves', columns: ['account'], to: 'accounts' },
    ],
    derivedLinks: [],
  },
  targets: [],
  integrations: [],
  pointRules: [],
  playbook: [],
});

interface Move {
  readonly account: number;
  readonly to: number;
  readonly at: number;
  readonly delay: number;
}

const hour = (n: number): string => new Date(Date.UTC(2024, 0, 1) + n * 3_600_000).toISOString().slice(0, 19);

async function stretches(history: Column['history'], moves: readonly Move[], moved: readonly string[] = []) {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  try {
    await engine.run('CREATE SCHEMA raw');
    const fill = (name: string, columns: readonly string[], rows: readonly (readonly string[])[]) =>
      engine.run(
        `CREATE TABLE raw.${q(name)} AS SELECT row_number() OVER () - 1 AS "__row", v.* FROM (VALUES ${rows
          .map((r) => `(${r.map(t).join(', ')})`)
          .join(', ')}) v(${columns.map(q).join(', ')})`,
      );
    await fill('staff', ['id'], [['s0'], ['s1'], ['s2']]);
    await fill(
      'accounts',
      ['id', 'made', 'moved', HELD],
      ['a0', 'a1'].map((id, i) => [id, hour(0), moved[i] ?? '', `s${i}`]),
    );
    await fill(
      'moves',
      ['id', 'account', 'to', 'at', 'logged'],
      [
        ['m', '', '', '', ''],
        ...moves.map((m, i) => [`m${i}`, `a${m.account}`, `s${m.to}`, hour(m.at), hour(m.at + m.delay)]),
      ],
    );
    await loadWorkspace(engine, config(history), '.');
    const rows = await engine.rows(`SELECT * FROM link.${q(LINK)} ORDER BY frow, since`);
    return rows.map((r) => ({
      from: Number(r.frow),
      to: Number(r.trow),
      since: (r.since as Date).getTime(),
      until: (r.until as Date).getTime(),
    }));
  } finally {
    await engine.close();
  }
}

const TABLE = { kind: 'table', table: 'moves', link: 'moves.account', value: 'to', time: 'at' } as const;
const ms = (n: number): number => Date.parse(`${hour(n)}Z`);

describe('links whose target changes', () => {
  it('name at every moment the target of the last change known by then', async () => {
    const move = fc.record({
      account: fc.nat({ max: 1 }),
      to: fc.nat({ max: 4 }),
      at: fc.nat({ max: 30 }),
      delay: fc.constantFrom(0, 0, 5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 8 }), async (moves) => {
        const found = await stretches(TABLE, moves);
        for (let now = 0; now <= 40; now++) {
          for (const account of [0, 1]) {
            const known = moves
              .map((m, i) => ({ ...m, i }))
              .filter((m) => m.account === account && m.at + m.delay <= now)
              .sort((a, b) => a.at - b.at || a.i - b.i);
            const to = known.at(-1)?.to;
            const holding = found.filter(
              (s) => s.from === account && s.since <= ms(now) && s.until > ms(now),
            );
            expect(holding.map((s) => s.to)).toEqual(to === undefined || to > 2 ? [] : [to]);
          }
        }
      }),
      { seed: 20_260_302, numRuns: 25 },
    );
  });

  it('hold from the time that dates the key on, where there is no table of changes', async () => {
    const found = await stretches({ kind: 'changedAt', column: 'moved' }, [], [hour(9)]);
    expect(found).toEqual([{ from: 0, to: 0, since: ms(9), until: Date.UTC(9999, 11, 31) }]);
  });
});
