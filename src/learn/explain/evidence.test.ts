import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../data/engine/types.ts';
import type { FeatureColumn, PathStep } from '../features/types.ts';
import { findEvidence } from './evidence.ts';
import {
  fill,
  HOSTILE,
  linkOf,
  openSmall,
  type SmallRow,
  tableOf,
  textColumn,
} from './small-database.fixture.ts';

const column = (
  table: string,
  path: readonly PathStep[],
  more: Partial<FeatureColumn> = {},
): FeatureColumn => ({
  ...{ name: 'n', kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement' },
  ...{ path, table, primitive: 'count', sentence: 's', ...more },
});
const up = (link: string, table: string): PathStep => ({ link, direction: 'up', table });
const down = (link: string, table: string): PathStep => ({ link, direction: 'down', table });
const day = (iso: string): number => Date.parse(`${iso}T00:00:00Z`);

let engine: Engine;
const opened: Engine[] = [];
afterEach(async () => {
  for (const e of opened.splice(0)) await e.close();
});

/** leads → accounts, touches → leads. */
async function openCrm() {
  const tables = [
    { table: tableOf('accounts', 'entity'), rows: [{ id: 'a0' }, { id: 'a1', time: '2024-06-01' }] },
    {
      table: tableOf('leads', 'entity', [textColumn('source')]),
      rows: [
        { id: 'l0', time: '2024-01-01', to: [0], cells: ['web'] },
        { id: 'l1', time: '2024-01-01', to: [0], cells: ['web'] },
        { id: 'l2', time: '2024-01-01', to: [1], cells: ['ads'] },
      ],
    },
    {
      table: tableOf('touches', 'event', [textColumn('kind')]),
      rows: [
        { id: 't0', time: '2024-02-01', to: [0], cells: ['call'] },
        { id: 't1', time: '2024-02-20', to: [0], cells: ['demo'] },
        { id: 't2', time: '2024-02-25', to: [1], cells: ['demo'] },
        { id: 't3', time: '2024-02-10', known: '2024-03-10', to: [0], cells: ['call'] },
        { id: 't4', time: '2024-03-05', closed: '2024-03-20', to: [0], cells: ['call'] },
        { id: 't5', time: null, known: null, to: [0], cells: ['call'] },
        { id: 't6', time: '2024-02-26', to: [2], cells: ['call'] },
      ],
    },
  ];
  const crm = await openSmall(tables, [linkOf('leads', 'accounts'), linkOf('touches', 'leads')]);
  engine = crm.engine;
  opened.push(engine);
  return crm;
}

const own = [down('touches.leads', 'touches')];
const members = [up('leads.accounts', 'accounts'), down('leads.accounts', 'leads')];

async function idsOf(of: FeatureColumn, entityRow: number, cutoff: number, limit = 5) {
  const { schema } = await openCrm();
  const [found] = await findEvidence(engine, schema, 'leads', [{ column: of, entityRow, cutoff }], limit);
  return found;
}

describe('evidence', () => {
  it('lists own events known at the cutoff, newest first', async () => {
    expect(await idsOf(column('touches', own), 0, day('2024-03-01'))).toEqual({
      table: 'touches',
      ids: ['t1', 't0'],
    });
    expect((await idsOf(column('touches', own), 0, day('2024-03-01'), 1))!.ids).toEqual(['t1']);
  });

  it('shows a row from the moment it is known, not from when it happened', async () => {
    expect((await idsOf(column('touches', own), 0, day('2024-03-10')))!.ids).toEqual([
      't4',
      't1',
      't3',
      't0',
    ]);
  });

  it('keeps to the window', async () => {
    expect((await idsOf(column('touches', own, { windowDays: 14 }), 0, day('2024-03-01')))!.ids).toEqual([
      't1',
    ]);
  });

  it('keeps to the value counted, unless the cell changes over time', async () => {
    const calls = column('touches', own, { column: 'kind', rows: { value: 'call' } });
    expect((await idsOf(calls, 0, day('2024-03-01')))!.ids).toEqual(['t0']);
    const { schema } = await openCrm();
    const changing = { ...textColumn('kind'), mutable: 'state' };
    const tables = schema.tables.map((t) => (t.name === 'touches' ? { ...t, columns: [changing] } : t));
    const requests = [{ column: calls, entityRow: 0, cutoff: day('2024-03-01') }];
    const [found] = await findEvidence(engine, { ...schema, tables }, 'leads', requests);
    expect(found!.ids).toEqual(['t1', 't0']);
  });

  it('dates closed rows by their closing', async () => {
    const closed = column('touches', own, { rows: { closed: true } });
    expect((await idsOf(closed, 0, day('2024-03-15')))!.ids).toEqual([]);
    expect((await idsOf(closed, 0, day('2024-03-25')))!.ids).toEqual(['t4']);
  });

  it('goes to other members of the account and leaves the entity out', async () => {
    const path = [...members, down('touches.leads', 'touches')];
    const others = column('touches', path, { rows: { others: true } });
    expect((await idsOf(others, 0, day('2024-03-01')))!.ids).toEqual(['t2']);
    expect((await idsOf(column('touches', path), 0, day('2024-03-01')))!.ids).toEqual(['t2', 't1', 't0']);
  });

  it('does not pass through a parent that was not known yet', async () => {
    const path = [...members, down('touches.leads', 'touches')];
    expect((await idsOf(column('touches', path), 2, day('2024-03-01')))!.ids).toEqual([]);
    expect((await idsOf(column('touches', path), 2, day('2024-07-01')))!.ids).toEqual(['t6']);
  });

  it('follows a group by value', async () => {
    const peers = column('touches', own, { rows: { sameValue: 'source' } });
    expect((await idsOf(peers, 1, day('2024-03-01')))!.ids).toEqual(['t2', 't1', 't0']);
  });

  it('shows the entity’s own row or its parent for attributes', async () => {
    expect(await idsOf(column('leads', []), 0, day('2024-03-01'))).toEqual({ table: 'leads', ids: ['l0'] });
    const parent = column('accounts', [up('leads.accounts', 'accounts')]);
    expect((await idsOf(parent, 0, day('2024-03-01')))!.ids).toEqual(['a0']);
  });

  it('sees all dated rows of a static task and nothing of an id without a row', async () => {
    expect((await idsOf(column('touches', own), 0, Number.NaN))!.ids).toEqual(['t4', 't1', 't3', 't0']);
    expect((await idsOf(column('touches', own), -1, day('2024-03-01')))!.ids).toEqual([]);
  });

  it('answers many requests in their order', async () => {
    const { schema } = await openCrm();
    const at = day('2024-03-01');
    const requests = [
      { column: column('touches', own), entityRow: 1, cutoff: at },
      { column: column('leads', []), entityRow: 2, cutoff: Number.NaN },
      { column: column('touches', own), entityRow: 0, cutoff: day('2024-02-05') },
    ];
    const found = await findEvidence(engine, schema, 'leads', requests);
    expect(found.map((f) => f.ids)).toEqual([['t2'], ['l2'], ['t0']]);
  });

  it('keeps hostile names and values in their quotes', async () => {
    for (const name of HOSTILE) {
      const events = {
        table: tableOf(`${name} e`, 'event', [textColumn(name)]),
        rows: [
          { id: name, time: '2024-01-02', to: [0], cells: [name] },
          { id: 'other', time: '2024-01-02', to: [0], cells: ['x'] },
        ],
      };
      const link = linkOf(`${name} e`, name, name);
      const hostile = await openSmall(
        [{ table: tableOf(name, 'entity'), rows: [{ id: 'x' }] }, events],
        [link],
      );
      opened.push(hostile.engine);
      const of = column(`${name} e`, [down(name, `${name} e`)], { column: name, rows: { value: name } });
      const requests = [{ column: of, entityRow: 0, cutoff: day('2024-02-01') }];
      expect(await findEvidence(hostile.engine, hostile.schema, name, requests)).toEqual([
        { table: `${name} e`, ids: [name] },
      ]);
    }
  });

  it('shows exactly the newest rows known by the cutoff, whatever the rows (seed 11)', async () => {
    const { schema } = await openCrm();
    const touches = schema.tables[2]!;
    const minute = fc.integer({ min: 0, max: 60 * 24 * 40 });
    const rowOf = fc.record({ happened: minute, delay: fc.nat(60 * 24 * 10), lead: fc.nat(2) });
    const start = day('2024-02-01');
    const iso = (m: number): string => new Date(start + m * 60_000).toISOString().slice(0, 19);
    const property = fc.asyncProperty(
      fc.array(rowOf, { maxLength: 25 }),
      minute,
      fc.constantFrom(undefined, 7, 14),
      fc.constantFrom('own', 'account', 'others'),
      fc.integer({ min: 1, max: 4 }),
      async (rows, cutoffMinute, windowDays, whose, limit) => {
        const small = rows.map(
          (r, i): SmallRow => ({
            ...{ id: String(i), time: iso(r.happened), known: iso(r.happened + r.delay), to: [r.lead] },
          }),
        );
        await fill(engine, { table: touches, rows: small }, [schema.links[1]!]);
        const of = column('touches', whose === 'own' ? own : [...members, ...own], {
          ...(windowDays === undefined ? {} : { windowDays }),
          ...(whose === 'others' ? { rows: { others: true } } : {}),
        });
        const cutoff = start + cutoffMinute * 60_000;
        const requests = [0, 1].map((entityRow) => ({ column: of, entityRow, cutoff }));
        const found = await findEvidence(engine, schema, 'leads', requests, limit);
        const since = windowDays === undefined ? Number.NEGATIVE_INFINITY : cutoffMinute - windowDays * 1440;
        const expected = [0, 1].map((lead) => {
          const wanted = { own: [lead], account: [0, 1], others: [1 - lead] }[whose];
          return rows
            .map((r, i) => ({ ...r, i }))
            .filter(
              (r) => wanted.includes(r.lead) && r.happened + r.delay <= cutoffMinute && r.happened > since,
            )
            .sort((x, y) => y.happened - x.happened || y.i - x.i)
            .slice(0, limit)
            .map((r) => String(r.i));
        });
        expect(found.map((f) => f.ids)).toEqual(expected);
      },
    );
    await fc.assert(property, { seed: 11, numRuns: 100 });
  });
});
