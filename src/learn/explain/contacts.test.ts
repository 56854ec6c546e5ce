import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../data/engine/types.ts';
import type { Link } from '../../data/schema/types.ts';
import { contactsSummary } from './contacts.ts';
import { entityNames, nameColumns } from './names.ts';
import {
  HOSTILE,
  linkOf,
  openSmall,
  type SmallTable,
  tableOf,
  textColumn,
} from './small-database.fixture.ts';

const title = textColumn('title', 'title');
const MAY = Date.parse('2024-05-01T00:00:00Z');

let engine: Engine | undefined;
afterEach(() => engine?.close());

async function summary(tables: readonly SmallTable[], links: readonly Link[], entity: string, rows = [0]) {
  const opened = await openSmall(tables, links);
  engine = opened.engine;
  const anchors = rows.map((entityRow) => ({ entityRow, cutoff: MAY }));
  return contactsSummary(engine, opened.schema, entity, anchors);
}

const leads = (to: readonly (readonly (number | null)[])[]): SmallTable => ({
  table: tableOf('leads', 'entity'),
  rows: to.map((links, i) => ({ id: `l${i}`, time: '2024-01-01', to: links })),
});
const contacts = (rows: SmallTable['rows']): SmallTable => ({
  table: tableOf('contacts', 'entity', [title]),
  rows,
});

describe('contacts around an entity', () => {
  it('counts people linked to it and known by the cutoff', async () => {
    const people = contacts([
      { id: 'c0', time: '2024-02-01', to: [0], cells: ['VP Engineering'] },
      { id: 'c1', time: '2024-02-02', to: [0], cells: ['CTO'] },
      { id: 'c2', time: '2024-05-02', to: [0], cells: ['CEO'] },
      { id: 'c3', time: '2024-02-02', to: [1], cells: ['Data Analyst'] },
    ]);
    const found = await summary(
      [leads([[], [], []]), people],
      [linkOf('contacts', 'leads')],
      'leads',
      [0, 1, 2, -1],
    );
    expect(found).toEqual(['2 (VP + CTO)', '1 (IC)', '0', null]);
  });

  it('takes the people of the account where the entity names one person and an account', async () => {
    const accounts = { table: tableOf('accounts', 'entity'), rows: [{ id: 'a0' }] };
    const people = contacts([
      { id: 'c0', to: [0], cells: ['Director'] },
      { id: 'c1', to: [0], cells: [null] },
    ]);
    const links = [linkOf('contacts', 'accounts'), linkOf('leads', 'contacts'), linkOf('leads', 'accounts')];
    expect(await summary([leads([[0, 0]]), people, accounts], links, 'leads')).toEqual(['2 (Dir + 1 more)']);
  });

  it('counts a contact and its colleagues', async () => {
    const accounts = { table: tableOf('accounts', 'entity'), rows: [{ id: 'a0' }] };
    const people = contacts([
      { id: 'c0', to: [0], cells: ['CFO'] },
      { id: 'c1', to: [0], cells: ['Manager'] },
      { id: 'c2', to: [null], cells: ['Manager'] },
    ]);
    const found = await summary([people, accounts], [linkOf('contacts', 'accounts')], 'contacts', [0, 2]);
    expect(found).toEqual(['2 (CFO + Mgr)', '0']);
  });

  it('follows an association to people', async () => {
    const roles = {
      table: tableOf('deal_roles', 'association'),
      rows: [
        { id: 'r0', to: [0, 1] },
        { id: 'r1', to: [0, 1] },
      ],
    };
    const people = contacts([
      { id: 'c0', cells: ['CFO'] },
      { id: 'c1', cells: ['CTO'] },
    ]);
    const deals = { table: tableOf('deals', 'entity'), rows: [{ id: 'd0', time: '2024-01-01' }] };
    const links = [linkOf('deal_roles', 'deals'), linkOf('deal_roles', 'contacts')];
    expect(await summary([deals, people, roles], links, 'deals')).toEqual(['1 (CTO)']);
  });

  it('takes neither the seller’s staff nor logs for contacts', async () => {
    const staff = {
      table: tableOf('sales_reps', 'entity', [title]),
      rows: [{ id: 'r', cells: ['VP Sales'] }],
    };
    const views = {
      table: tableOf('views', 'event', [title]),
      rows: [{ id: 'v', to: [0], cells: ['Head of page'] }],
    };
    const links = [linkOf('leads', 'sales_reps'), linkOf('views', 'leads')];
    expect(await summary([leads([[0]]), staff, views], links, 'leads')).toEqual([null]);
  });

  it('keeps hostile names in their quotes', async () => {
    for (const name of HOSTILE) {
      const people = {
        table: tableOf(`${name} p`, 'entity', [textColumn(name, 'title')]),
        rows: [{ id: 'c', to: [0], cells: ['CEO'] }],
      };
      const entity = {
        table: tableOf(name, 'entity', [textColumn(name, 'email')]),
        rows: [{ id: 'x', cells: [name] }],
      };
      const opened = await openSmall([entity, people], [linkOf(`${name} p`, name, name)]);
      const anchors = [{ entityRow: 0, cutoff: MAY }];
      expect(await contactsSummary(opened.engine, opened.schema, name, anchors)).toEqual(['1 (CEO)']);
      const [names] = await entityNames(opened.engine, opened.schema, name, anchors);
      expect(Object.entries(names!)).toEqual([[name, name]]);
      await opened.engine.close();
    }
    engine = undefined;
  });
});

describe('names', () => {
  it('finds what people call a row by, and nothing that changes', () => {
    const columns = [
      'id',
      'company_name',
      'Full Name',
      'campaign_name',
      'industry',
      'account_name',
      'status_name',
    ];
    const table = tableOf('accounts', 'entity', [
      ...columns.map((c) => textColumn(c)),
      { ...textColumn('owner_name'), mutable: 'owner' },
      textColumn('mail', 'email'),
      title,
    ]);
    expect(nameColumns(table)).toEqual(['company_name', 'Full Name', 'account_name', 'mail', 'title']);
  });

  it('adds those of the account and person it names, once known, and leaves staff out', async () => {
    const name = textColumn('name');
    const tables = [
      {
        table: tableOf('leads', 'entity', [name]),
        rows: [
          { id: 'l', to: [0, 0, 0], cells: ['Ann'] },
          { id: 'm', to: [null, 1, null] },
        ],
      },
      {
        table: tableOf('accounts', 'entity', [name, textColumn('company')]),
        rows: [{ id: 'a', cells: ['Acme', 'Acme Corp'] }],
      },
      {
        table: tableOf('contacts', 'entity', [title]),
        rows: [
          { id: 'c', cells: ['CTO'] },
          { id: 'd', time: '2024-06-01', cells: ['CEO'] },
        ],
      },
      { table: tableOf('users', 'entity', [name]), rows: [{ id: 'u', cells: ['Rep'] }] },
    ];
    const links = [linkOf('leads', 'accounts'), linkOf('leads', 'contacts'), linkOf('leads', 'users')];
    const opened = await openSmall(tables, links);
    engine = opened.engine;
    const anchors = [0, 1].map((entityRow) => ({ entityRow, cutoff: MAY }));
    expect(await entityNames(engine, opened.schema, 'leads', anchors)).toEqual([
      { name: 'Ann', 'accounts.name': 'Acme', company: 'Acme Corp', title: 'CTO' },
      {},
    ]);
  });
});
