import { beforeAll, describe, expect, it } from 'vitest';
import { columnIn, day, type Fixture, inferFixture, linksOf, moment, rows, tableOf } from './raw.fixture.ts';
import type { WorkspaceConfig } from './types.ts';

/** CRM export with camel-case names, 18-character ids, a stage history and Boolean flags. */
const sfId = (prefix: string, i: number): string =>
  `${prefix}5g0000${String(1000 + i * 7).padStart(6, '0')}AAQ`;
const STAGES = ['Prospecting', 'Negotiation', 'Closed Won', 'Closed Lost'];
const closed = (i: number): boolean => i % 4 > 1;
const crm: Fixture = {
  Account: {
    columns: [
      'Id',
      'Name',
      'Industry',
      'NumberOfEmployees',
      'ParentId',
      'Type',
      'Rating',
      'BillingState',
      'TechStack',
      'CreatedDate',
      'IsDeleted',
    ],
    rows: rows(60, (i) => [
      sfId('001', i),
      `Firm ${i} Inc`,
      ['Finance', 'Retail', 'Health'][i % 3]!,
      20 + ((i * 37) % 900),
      i % 5 === 0 && i > 0 ? sfId('001', i - 1) : '',
      ['Customer', 'Prospect'][i % 2]!,
      ['Hot', 'Cold'][i % 2]!,
      ['CA', 'NY', 'TX'][i % 3]!,
      ['AWS;Snowflake', 'AWS', 'Azure;Oracle;AWS'][i % 3]!,
      `${moment(i).slice(0, 19)}.000+0000`,
      i % 9 === 0 ? 'true' : 'false',
    ]),
  },
  Contact: {
    columns: [
      'Id',
      'AccountId',
      'Title',
      'Email',
      'ReportsToId',
      'OwnerId',
      'CreatedDate',
      'LastActivityDate',
      'LeadScore__c',
    ],
    rows: rows(200, (i) => [
      sfId('003', i),
      sfId('001', i % 60),
      [
        'VP Engineering',
        'Data Analyst',
        'Chief Financial Officer',
        'Marketing Manager',
        'Head of Sales',
        'IT Director',
      ][i % 6]!,
      `p${i}@firm${i % 60}.com`,
      i > 10 && i % 4 === 0 ? sfId('003', i - 7) : '',
      sfId('005', i % 6),
      `${moment(i + 3).slice(0, 19)}.000+0000`,
      day(i + 30),
      (i * 13) % 100,
    ]),
  },
  Opportunity: {
    columns: [
      'Id',
      'AccountId',
      'OwnerId',
      'StageName',
      'Amount',
      'CreatedDate',
      'ClosedDate',
      'LossReason',
      'SystemModstamp',
    ],
    rows: rows(160, (i) => [
      sfId('006', i),
      sfId('001', i % 55),
      sfId('005', i % 6),
      STAGES[i % 4]!,
      1000 + i * 10.5,
      `${moment(i).slice(0, 19)}.000+0000`,
      closed(i) ? day(i + 40 + (i % 5)) : '',
      closed(i) ? ['price', 'timing', 'none given'][i % 3]! : '',
      `${moment(i + 90).slice(0, 19)}.000+0000`,
    ]),
  },
  OpportunityStageHistory: {
    columns: ['Id', 'OpportunityId', 'OldStage', 'NewStage', 'CreatedDate'],
    rows: rows(400, (i) => [
      sfId('008', i),
      sfId('006', i % 160),
      STAGES[(i + 3) % 4]!,
      STAGES[i % 4]!,
      `${moment(i).slice(0, 19)}.000+0000`,
    ]),
  },
  Task: {
    columns: ['Id', 'WhoId', 'Subject', 'ActivityDate', 'ImportedAt', 'Type'],
    rows: rows(300, (i) => [
      sfId('00T', i),
      sfId('003', (i * 3) % 200),
      `Call about topic number ${i}`,
      day(i % 90),
      moment((i % 90) + 2),
      ['Call', 'Email'][i % 2]!,
    ]),
  },
};

describe('a CRM export in camel case', () => {
  let config: WorkspaceConfig;
  beforeAll(async () => {
    config = await inferFixture(crm);
  });

  it('finds keys, links and self links', () => {
    expect(config.schema.tables.filter((t) => t.origin.kind === 'file').map((t) => t.key)).toEqual(
      Array(5).fill(['Id']),
    );
    expect(linksOf(config)).toEqual(
      expect.arrayContaining([
        'Account.ParentId → Account',
        'Contact.AccountId → Account',
        'Contact.ReportsToId → Contact',
        'Opportunity.AccountId → Account',
        'OpportunityStageHistory.OpportunityId → Opportunity',
        'Task.WhoId → Contact',
      ]),
    );
  });

  it('derives the owner that no table has', () => {
    const owner = config.schema.tables.find((t) => t.origin.kind === 'derived')!;
    expect(owner.name).toBe('owner');
    expect(linksOf(config)).toEqual(
      expect.arrayContaining(['Contact.OwnerId → owner', 'Opportunity.OwnerId → owner']),
    );
  });

  it('types columns', () => {
    expect(columnIn(config, 'Account', 'Id')).toMatchObject({ type: 'text', semantic: 'key' });
    expect(columnIn(config, 'Account', 'Industry').semantic).toBe('categorical');
    expect(columnIn(config, 'Account', 'NumberOfEmployees')).toMatchObject({
      type: 'integer',
      semantic: 'numeric',
    });
    expect(columnIn(config, 'Account', 'TechStack')).toMatchObject({
      semantic: 'multicategorical',
      separator: ';',
    });
    expect(columnIn(config, 'Account', 'IsDeleted').type).toBe('boolean');
    expect(columnIn(config, 'Contact', 'Title').semantic).toBe('title');
    expect(columnIn(config, 'Contact', 'Email').semantic).toBe('email');
    expect(columnIn(config, 'Opportunity', 'Amount')).toMatchObject({ type: 'number', decimals: 1 });
    expect(columnIn(config, 'Opportunity', 'ClosedDate').type).toBe('date');
    expect(columnIn(config, 'Opportunity', 'CreatedDate').type).toBe('timestamp');
  });

  it('finds times: creation, close as label and end time, import as known-at', () => {
    expect(tableOf(config, 'Opportunity')).toMatchObject({
      time: 'CreatedDate',
      labelTime: 'ClosedDate',
      endTime: 'ClosedDate',
    });
    expect(tableOf(config, 'Contact').time).toBe('CreatedDate');
    expect(tableOf(config, 'Task')).toMatchObject({ time: 'ActivityDate', knownAt: 'ImportedAt' });
  });

  it('finds roles', () => {
    const roles = Object.fromEntries(config.schema.tables.map((t) => [t.name, t.role]));
    expect(roles).toMatchObject({
      Account: 'entity',
      Contact: 'entity',
      Opportunity: 'entity',
      Task: 'event',
      OpportunityStageHistory: 'history',
    });
  });

  it('reads the stage from its history table', () => {
    expect(columnIn(config, 'Opportunity', 'StageName').history).toEqual({
      kind: 'table',
      table: 'OpportunityStageHistory',
      link: 'OpportunityStageHistory.OpportunityId',
      value: 'NewStage',
      time: 'CreatedDate',
    });
  });

  it('marks what changes later, and dates what is filled at closing', () => {
    expect(columnIn(config, 'Opportunity', 'LossReason').history).toEqual({
      kind: 'changedAt',
      column: 'ClosedDate',
    });
    expect(columnIn(config, 'Opportunity', 'Amount').history).toEqual({
      kind: 'changedAt',
      column: 'ClosedDate',
    });
    for (const [table, column] of [
      ['Opportunity', 'SystemModstamp'],
      ['Opportunity', 'OwnerId'],
      ['Contact', 'LastActivityDate'],
      ['Contact', 'LeadScore__c'],
      ['Account', 'Type'],
      ['Account', 'Rating'],
      ['Account', 'IsDeleted'],
    ] as const) {
      expect(columnIn(config, table, column).mutable, `${table}.${column}`).toBeDefined();
      expect(columnIn(config, table, column).history, `${table}.${column}`).toBeUndefined();
    }
    for (const [table, column] of [
      ['Account', 'Industry'],
      ['Account', 'NumberOfEmployees'],
      ['Account', 'BillingState'],
      ['Contact', 'Title'],
      ['Task', 'Type'],
    ] as const) {
      expect(columnIn(config, table, column).mutable, `${table}.${column}`).toBeUndefined();
    }
  });

  it('finds sideways relations', () => {
    expect(config.schema.derivedLinks).toEqual(
      expect.arrayContaining([
        { kind: 'industry_peer', table: 'Account', by: ['Industry', 'NumberOfEmployees'] },
        { kind: 'similar_to', table: 'Account', by: ['TechStack'] },
        { kind: 'colleague', table: 'Contact', by: ['AccountId'] },
      ]),
    );
  });

  it('declares targets through the account, the points in use and the cycle', () => {
    const target = config.targets.find((t) => t.table === 'Contact' && t.name === 'will_convert');
    expect(target).toEqual({
      name: 'will_convert',
      table: 'Contact',
      predicate: 'COUNT(Opportunity.* VIA Contact.AccountId, Opportunity.AccountId, 0, 90, days) > 0',
      labelTimes: { Opportunity: 'CreatedDate' },
    });
    expect(config.targets.find((t) => t.table === 'Account')?.predicate).toBe(
      'COUNT(Opportunity.*, 0, 90, days) > 0',
    );
    expect(config.points).toBe('Contact.LeadScore__c');
    expect(config.salesCycleDays).toBeGreaterThan(35);
  });
});

describe('histories within a row', () => {
  it('dates values by the time that is filled exactly for them, or that is named after them', async () => {
    const config = await inferFixture({
      leads: {
        columns: ['lead_id', 'created_at', 'status', 'converted_at', 'mql_date'],
        rows: rows(90, (i) => [
          `L-${100 + i}`,
          day(i),
          ['New', 'MQL', 'Converted'][i % 3]!,
          i % 3 === 2 ? day(i + 20) : '',
          i % 3 === 0 ? '' : day(i + 5),
        ]),
      },
    });
    expect(columnIn(config, 'leads', 'status').history).toEqual({
      kind: 'valueTimes',
      times: { Converted: 'converted_at', MQL: 'mql_date' },
    });
    expect(config.targets[0]?.predicate).toBe("BOOL(leads.status = 'Converted', 0, 90, days)");
  });

  it('sees by the values alone what is settled later', async () => {
    const config = await inferFixture({
      brine: {
        columns: ['quern', 'fen', 'larch', 'scree', 'tarn', 'moss'],
        rows: rows(90, (i) => [
          `Q${1000 + i}`,
          day(i),
          i % 3 === 0 ? day(i + 20) : '',
          ['red', 'green', 'blue'][i % 3]!,
          i % 3 === 0 ? `because of ${i}` : '',
          ['x', 'y'][i % 2]!,
        ]),
      },
    });
    expect(tableOf(config, 'brine').time).toBe('fen');
    expect(columnIn(config, 'brine', 'scree').history).toEqual({
      kind: 'valueTimes',
      times: { red: 'larch' },
    });
    expect(columnIn(config, 'brine', 'tarn').history).toEqual({ kind: 'changedAt', column: 'larch' });
    expect(columnIn(config, 'brine', 'larch').history).toEqual({ kind: 'changedAt', column: 'larch' });
    expect(columnIn(config, 'brine', 'moss').mutable).toBeUndefined();
  });

  it('reads states and numbers from tables of changes dated by the change', async () => {
    const config = await inferFixture({
      leads: {
        columns: ['lead_id', 'created_at', 'status', 'point_score', 'other_score'],
        rows: rows(60, (i) => [`L${1000 + i}`, day(i), ['Open', 'MQL', 'Won'][i % 3]!, 10 + (i % 3) * 5, i]),
      },
      lead_status_history: {
        columns: ['lead_id', 'status', 'point_score', 'other_score', 'changed_at'],
        rows: rows(120, (i) => [
          `L${1000 + (i % 60)}`,
          i < 60 ? 'Open' : ['Open', 'MQL', 'Won'][i % 3]!,
          i < 60 ? 10 : 10 + (i % 3) * 5,
          3,
          day(i + 20),
        ]),
      },
    });
    const history = { kind: 'table', table: 'lead_status_history', link: 'lead_status_history.lead_id' };
    expect(tableOf(config, 'lead_status_history')).toMatchObject({ role: 'history', time: 'changed_at' });
    expect(columnIn(config, 'leads', 'status').history).toMatchObject({ ...history, value: 'status' });
    expect(columnIn(config, 'leads', 'point_score').history).toMatchObject({
      ...history,
      value: 'point_score',
    });
    expect(columnIn(config, 'leads', 'other_score').history).toBeUndefined();
  });

  it('takes a changed-at column by its name', async () => {
    const config = await inferFixture({
      deals: {
        columns: ['deal_id', 'opened_on', 'stage', 'stage_changed_at'],
        rows: rows(60, (i) => [`D${1000 + i}`, day(i), ['new', 'won', 'lost'][i % 3]!, day(i + 9)]),
      },
    });
    expect(tableOf(config, 'deals').time).toBe('opened_on');
    expect(columnIn(config, 'deals', 'stage').history).toEqual({
      kind: 'changedAt',
      column: 'stage_changed_at',
    });
  });
});

describe('entities without a table', () => {
  it('derives customers and invoices from lines, which get row numbers', async () => {
    const config = await inferFixture({
      lines: {
        columns: ['InvoiceNo', 'CustomerID', 'Sold', 'Quantity', 'ZipCode'],
        rows: rows(300, (i) => [
          i % 40 === 0 ? `C${5000 + (i >> 2)}` : String(5000 + (i >> 2)),
          12000 + ((i >> 2) % 37) * 11,
          moment(i),
          1 + (i % 5),
          String(10000 + (i % 30)),
        ]),
      },
    });
    expect(tableOf(config, 'lines')).toMatchObject({ key: [], role: 'event', time: 'Sold' });
    expect(tableOf(config, 'customer').origin).toEqual({
      kind: 'derived',
      table: 'lines',
      columns: ['CustomerID'],
    });
    expect(linksOf(config)).toEqual(['lines.CustomerID → customer', 'lines.InvoiceNo → invoice']);
  });

  it('finds composite keys and links to them', async () => {
    const config = await inferFixture({
      order_items: {
        columns: ['order_id', 'item_no', 'price'],
        rows: rows(120, (i) => [`o-${100 + Math.floor(i / 3)}`, 1 + (i % 3), 5 + (i % 7) * 1.25]),
      },
      shipments: {
        columns: ['shipment_id', 'order_id', 'item_no', 'sent'],
        rows: rows(80, (i) => [`s-${i + 500}`, `o-${100 + Math.floor(i / 3)}`, 1 + (i % 3), day(i)]),
      },
    });
    expect(tableOf(config, 'order_items').key).toEqual(['order_id', 'item_no']);
    expect(linksOf(config)).toContain('shipments.order_id+item_no → order_items');
  });
});

describe('links that are none', () => {
  it('does not link small whole numbers that happen to be keys, nor equal names without a key', async () => {
    const config = await inferFixture({
      machines: {
        columns: ['machine_id', 'floor', 'region'],
        rows: rows(50, (i) => [i + 1, 1 + (i % 9), ['n', 's'][i % 2]!]),
      },
      readings: {
        columns: ['reading_id', 'machine_id', 'level', 'attempts', 'region', 'taken'],
        rows: rows(200, (i) => [i + 1, 1 + (i % 50), 1 + (i % 40), 1 + (i % 3), ['n', 's'][i % 2]!, day(i)]),
      },
    });
    expect(linksOf(config)).toEqual(['readings.machine_id → machines']);
  });

  it('keeps flat exports from becoming targets and leaves their columns out', async () => {
    const lead = (i: number) => [
      `lead-${1000 + i}`,
      `acct-${100 + (i % 20)}`,
      day(i),
      ['ads', 'web'][i % 2]!,
      ['uk', 'us'][i % 2]!,
    ];
    const config = await inferFixture({
      accounts: {
        columns: ['account_id', 'sector', 'size_band', 'created_at'],
        rows: rows(20, (i) => [`acct-${100 + i}`, ['x', 'y'][i % 2]!, ['s', 'm'][i % 2]!, day(0)]),
      },
      leads: { columns: ['lead_id', 'account_id', 'created_at', 'source', 'country'], rows: rows(100, lead) },
      visits: {
        columns: ['visit_id', 'lead_id', 'at'],
        rows: rows(300, (i) => [`v-${5000 + i}`, `lead-${1000 + (i % 70)}`, day(i)]),
      },
      export_2024: {
        columns: [
          'lead_id',
          'account_id',
          'sector',
          'size_band',
          'created_at',
          'source',
          'country',
          'visits_total',
          'converted',
        ],
        rows: rows(70, (i) => [
          ...[lead(i)[0]!, lead(i)[1]!, ['x', 'y'][i % 2]!, 's'],
          day(i),
          ...lead(i).slice(3),
          i % 5,
          i % 2 === 0 ? 'yes' : 'no',
        ]),
      },
    });
    expect(linksOf(config)).toContain('visits.lead_id → leads');
    expect(linksOf(config)).toContain('export_2024.lead_id → leads');
    expect(columnIn(config, 'export_2024', 'visits_total').mutable).toContain('flat export of leads');
    expect(columnIn(config, 'export_2024', 'converted').history).toBeUndefined();
    expect(tableOf(config, 'export_2024').time).toBeUndefined();
  });

  it('divides a column between two targets when its values are divided', async () => {
    const code = (p: string, i: number): string => `${p}${String(10_000 + i * 3)}XZ`;
    const config = await inferFixture({
      leads: { columns: ['id', 'created'], rows: rows(80, (i) => [code('L', i), day(i)]) },
      contacts: { columns: ['id', 'created'], rows: rows(80, (i) => [code('P', i), day(i)]) },
      tasks: {
        columns: ['id', 'who_id', 'done_on'],
        rows: rows(200, (i) => [code('T', i), code(i % 2 ? 'L' : 'P', i % 80), day(i)]),
      },
    });
    expect(config.schema.links.map((l) => l.name).sort()).toEqual([
      'tasks.who_id.contacts',
      'tasks.who_id.leads',
    ]);
  });
});

it('infers from tables without rows, or with one column', async () => {
  const config = await inferFixture({
    empty: { columns: ['id', 'b'], rows: [] },
    one: { columns: ['x'], rows: [['a'], [null]] },
  });
  expect(config.schema.tables.map((t) => [t.name, t.key.length])).toEqual([
    ['empty', 1],
    ['one', 0],
  ]);
});

it('stands hostile names', async () => {
  const config = await inferFixture({
    'a"b; DROP TABLE x --': {
      columns: ["it's", 'a"b', '  ', 'SELECT'],
      rows: rows(5, (i) => [i, 'x', "y'", '"']),
    },
  });
  expect(config.schema.tables[0]?.columns.map((c) => c.name)).toEqual(["it's", 'a"b', '  ', 'SELECT']);
});

describe('logs of changes by field', () => {
  const STATES = ['New', 'Qualified', 'Lost'];
  const record = (i: number): string => `r${1000 + i}`;
  const last = (i: number): number => i % 3;
  const log = (names: readonly [string, string], extra: (i: number) => string = () => '') => ({
    columns: ['uid', 'object_id', 'what was set', 'old value', 'new "value"', 'at'],
    rows: rows(40, (i) => i).flatMap((i) => [
      [`h${i}a`, record(i), names[0], '', STATES[(last(i) + 1) % 3]!, moment(i + 1)],
      [`h${i}b`, record(i), names[0], STATES[(last(i) + 1) % 3]!, STATES[last(i)]!, moment(i + 2)],
      [`h${i}c`, record(i), names[1], '0', `${10 * i}${extra(i)}`, moment(i + 3)],
    ]),
  });
  const inquiries = {
    columns: ['id', 'lead status', 'heat', 'created'],
    rows: rows(40, (i) => [record(i), STATES[last(i)]!, 10 * i, moment(i)]),
  };

  it('are the histories of the columns they name, whatever these are called', async () => {
    const config = await inferFixture({ leads: inquiries, 'lead change log': log(['Lead Status', 'heat']) });
    expect(linksOf(config)).toContain('lead change log.object_id → leads');
    const common = { kind: 'table', table: 'lead change log', link: 'lead change log.object_id', time: 'at' };
    const value = 'new "value"';
    expect(columnIn(config, 'leads', 'lead status').history).toEqual({
      ...common,
      value,
      where: { column: 'what was set', equals: 'Lead Status' },
    });
    const heat = columnIn(config, 'leads', 'heat');
    expect(heat.history).toEqual({ ...common, value, where: { column: 'what was set', equals: 'heat' } });
    expect(heat.mutable).toBe('its changes are on record');
  });

  it('are not where the last value there is not the present one', async () => {
    const config = await inferFixture({
      leads: inquiries,
      'lead change log': log(['Lead Status', 'heat'], () => '7'),
    });
    expect(columnIn(config, 'leads', 'heat').history).toBeUndefined();
    expect(columnIn(config, 'leads', 'lead status').history).toBeDefined();
  });
});

describe('times of one value of several', () => {
  it('do not date what comes after it', async () => {
    const states = ['Open', 'Converted', 'Closed Won', 'Closed Lost'];
    const config = await inferFixture({
      leads: {
        columns: ['id', 'status', 'created_at', 'converted_at'],
        rows: rows(80, (i) => [`L${1000 + i}`, states[i % 4]!, moment(i), i % 4 === 0 ? '' : moment(i + 5)]),
      },
    });
    expect(columnIn(config, 'leads', 'status').history).toEqual({
      kind: 'valueTimes',
      times: { Converted: 'converted_at' },
    });
  });
});

describe('keys with a few far-off numbers', () => {
  it('are still reached by the columns that name them', async () => {
    const config = await inferFixture({
      companies: {
        columns: ['id', 'name'],
        rows: rows(300, (i) => [i < 290 ? 10_000 + i : 900_000 + i, `Firm ${i}`]),
      },
      people: {
        columns: ['id', 'associatedcompanyid', 'visits'],
        rows: rows(500, (i) => [`p${1000 + i}`, 10_000 + (i % 290), i % 7]),
      },
    });
    expect(linksOf(config)).toEqual(['people.associatedcompanyid → companies']);
  });
});
