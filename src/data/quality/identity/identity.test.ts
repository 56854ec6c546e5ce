import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDuckdb } from '../../engine/duckdb.ts';
import type { Engine } from '../../engine/types.ts';
import { loadWorkspace } from '../../load/load.ts';
import { linkedSchema } from '../../schema/dated-links.ts';
import type { Column, IdentityRule, WorkspaceConfig } from '../../schema/types.ts';
import { quoteName, quoteText } from '../../sql/print.ts';
import { hostOf } from './domains.ts';
import { identityRules } from './infer.ts';
import { phoneNumber } from './phones.ts';
import { identityFindings } from './report.ts';
import { resolveIdentity } from './resolve.ts';

const q = (name: string): string => quoteName(name, 'duckdb');
const t = (text: string): string => quoteText(text, 'duckdb');
const file = (name: string) => ({ kind: 'file', path: `${name}.csv`, format: 'csv' }) as const;
const column = (name: string, semantic: Column['semantic'], type: Column['type'] = 'text'): Column => ({
  name,
  type,
  semantic,
});
const BORN = column('born at', 'timestamp', 'timestamp');

const schema: WorkspaceConfig['schema'] = {
  tables: [
    {
      name: 'accounts',
      origin: file('accounts'),
      key: ['account "id"'],
      role: 'entity',
      time: 'born at',
      columns: [
        column('account "id"', 'key'),
        BORN,
        column('website', 'url'),
        column('company name', 'categorical'),
      ],
    },
    {
      name: 'contacts',
      origin: file('contacts'),
      key: ['who'],
      role: 'entity',
      time: 'born at',
      columns: [column('who', 'key'), BORN, column('e-mail', 'email'), column('account', 'key')],
    },
    {
      name: 'leads',
      origin: file('leads'),
      key: ['lead'],
      role: 'entity',
      time: 'born at',
      columns: [column('lead', 'key'), BORN, column('mail', 'email')],
    },
  ],
  links: [{ name: 'contacts.account', from: 'contacts', columns: ['account'], to: 'accounts' }],
  derivedLinks: [],
};

const TEL = 'phone "no"';
/** People with names and numbers, in a schema of their own. */
const people: WorkspaceConfig['schema'] = {
  tables: [
    { ...schema.tables[0]! },
    {
      name: 'contacts',
      origin: file('contacts'),
      key: ['who'],
      role: 'entity',
      time: 'born at',
      columns: [
        column('who', 'key'),
        BORN,
        column('e-mail', 'email'),
        column('account', 'key'),
        column('first name', 'categorical'),
        column('LastName', 'text'),
        column(TEL, 'text'),
      ],
    },
  ],
  links: schema.links,
  derivedLinks: [],
};

const configOf = (identity: readonly IdentityRule[]): WorkspaceConfig => ({
  version: 1,
  timeZone: 'UTC',
  schema,
  identity,
  targets: [],
  integrations: [],
  pointRules: [],
  playbook: [],
});

interface Company {
  readonly accounts: readonly (readonly [day: number, site: string, name: string])[];
  readonly contacts: readonly (readonly [day: number, mail: string, account: number])[];
  readonly leads: readonly (readonly [day: number, mail: string])[];
}

const dayOf = (n: number): string =>
  new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 19);

async function load(engine: Engine, c: Company, identity = identityRules(schema)): Promise<WorkspaceConfig> {
  await engine.run('CREATE SCHEMA raw');
  const fill = async (name: string, rows: readonly (readonly string[])[]): Promise<void> => {
    const columns = schema.tables.find((x) => x.name === name)!.columns.map((x) => q(x.name));
    await engine.run(
      `CREATE TABLE raw.${q(name)} AS SELECT row_number() OVER () - 1 AS "__row", v.* FROM (VALUES ${[
        columns.map(() => ''),
        ...rows,
      ]
        .map((r) => `(${r.map(t).join(', ')})`)
        .join(', ')}) v(${columns.join(', ')})`,
    );
  };
  await fill(
    'accounts',
    c.accounts.map(([day, site, name], i) => [`a${i}`, dayOf(day), site, name]),
  );
  await fill(
    'contacts',
    c.contacts.map(([day, mail, account], i) => [
      `c${i}`,
      dayOf(day),
      mail,
      account < 0 ? '' : `a${account}`,
    ]),
  );
  await fill(
    'leads',
    c.leads.map(([day, mail], i) => [`l${i}`, dayOf(day), mail]),
  );
  const config = configOf(identity);
  await loadWorkspace(engine, config, '.', {}, { now: new Date('2030-01-01') });
  await resolveIdentity(engine, config);
  return config;
}

async function using<T>(
  c: Company,
  use: (engine: Engine, config: WorkspaceConfig) => Promise<T>,
  rules?: readonly IdentityRule[],
): Promise<T> {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  try {
    return await use(engine, await load(engine, c, rules));
  } finally {
    await engine.close();
  }
}

const links = (c: Company, rules?: readonly IdentityRule[]): Promise<readonly string[]> =>
  using(
    c,
    async (engine) => {
      const rows = await engine.rows('SELECT * FROM identity.links ORDER BY kind, from_id, to_id, known_at');
      const day = (at: unknown): string => (at as Date).toISOString().slice(0, 10);
      return rows.map((r) => {
        const until = day(r.end) === '9999-12-31' ? '' : ` until ${day(r.end)}`;
        return `${r.kind}: ${r.from_id} is ${r.to_id} from ${day(r.known_at)}${until}`;
      });
    },
    rules,
  );

type Person = readonly [day: number, mail: string, account: string, first: string, last: string, tel: string];

async function peopleLinks(rows: readonly Person[], identity = identityRules(people)) {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  try {
    await engine.run('CREATE SCHEMA raw');
    const fill = (name: string, cells: readonly (readonly string[])[]) => {
      const columns = people.tables.find((x) => x.name === name)!.columns.map((x) => q(x.name));
      const values = [columns.map(() => ''), ...cells].map((r) => `(${r.map(t).join(', ')})`).join(', ');
      return engine.run(
        `CREATE TABLE raw.${q(name)} AS SELECT row_number() OVER () - 1 AS "__row", v.* FROM (VALUES ${values}) v(${columns.join(', ')})`,
      );
    };
    const accounts = ['a0', 'a1'].map((id) => [id, dayOf(0), `${id}.com`, id]);
    await fill('accounts', accounts);
    await fill(
      'contacts',
      rows.map(([day, mail, account, first, last, tel], i) => [
        `c${i}`,
        dayOf(day),
        mail,
        account,
        first,
        last,
        tel,
      ]),
    );
    const config = { ...configOf(identity), schema: people };
    await loadWorkspace(engine, config, '.', {}, { now: new Date('2030-01-01') });
    await resolveIdentity(engine, config);
    const links = await engine.rows('SELECT * FROM identity.links ORDER BY kind, rule, from_id');
    return {
      links: links.map((r) => `${r.kind}: ${r.from_id} is ${r.to_id}`),
      told: links.map((r) => [r.confidence, Number(r.cases)]),
      findings: await identityFindings(engine, config),
    };
  } finally {
    await engine.close();
  }
}

describe('people', () => {
  it('of one number and name are one, however the number is written', async () => {
    const { links } = await peopleLinks([
      [1, '', '', 'Ann', 'Lee', '+44 20 7946 0018'],
      [2, 'ann@else.org', '', 'ann ', 'LEE', '(020) 7946-0018 ext. 12'],
      [3, '', '', 'Bob', 'Lee', '020 7946 0018'],
      [4, '', '', '', '', '020 7946 0018'],
      [5, '', '', '', '', '020 7946 0018'],
      [6, '', '', 'Cy', 'O', '0000000000'],
      [7, '', '', 'Cy', 'O', '0000000000'],
      [8, '', '', 'Di', 'Po', '12'],
      [9, '', '', 'Di', 'Po', '12'],
    ]);
    expect(links).toEqual(['duplicate: c1 is c0']);
  });

  it('of one private address are one only with one name; a name alone joins nobody', async () => {
    const { links } = await peopleLinks([
      [1, 'lees@gmail.com', '', 'Ann', 'Lee', ''],
      [2, 'l.ees@googlemail.com', '', 'Bob', 'Lee', ''],
      [3, 'LEES@gmail.com', '', 'Ann', 'Lee', ''],
      [4, 'other@gmail.com', '', 'Ann', 'Lee', ''],
      [5, 'ann@firm.example', '', 'Ann', 'Lee', ''],
      [6, 'ann@firm.example', '', 'Anna', 'Lee-Poe', ''],
    ]);
    expect(links).toEqual(['duplicate: c2 is c0', 'duplicate: c5 is c4']);
  });

  it('tell how often their keys agree with a rule', async () => {
    const { links, told, findings } = await peopleLinks([
      [1, 'x@a0.com', 'a0', 'X', 'X', ''],
      [2, 'y@a0.com', 'a0', 'Y', 'Y', ''],
      [3, 'z@a0.com', 'a1', 'Z', 'Z', ''],
      [4, 'w@a0.com', '', 'W', 'W', ''],
    ]);
    expect(links).toEqual(['domain: c3 is a0']);
    expect(told).toEqual([[2 / 3, 3]]);
    expect(findings[0]!.message).toMatch(/; keys agree in 2 of 3 cases$/);
  });

  it.each([
    ['+1 (415) 555-2671', '155552671'],
    ['415.555.2671 x99', '155552671'],
    ['5552671', undefined],
    ['n/a', undefined],
    ['1234567890', undefined],
  ])('number %s is %s', (text, number) => {
    expect(phoneNumber(text)).toBe(number);
  });
});

describe('identity', () => {
  it('links people to accounts by domain, to each other by address, and repeats to the first', async () => {
    const found = await links({
      accounts: [
        [0, 'https://www.acme.co.uk/en', 'Acme Ltd.'],
        [5, 'acme.co.uk', 'ACME'],
        [0, '', 'Nameless'],
      ],
      contacts: [
        [1, 'Ann@mail.acme.co.uk', -1],
        [2, 'bob@gmail.com', -1],
        [3, 'x@other.com', 2],
        [4, 'y@other.com', 2],
        [9, 'ann@MAIL.acme.co.uk ', 2],
      ],
      leads: [
        [7, 'z@other.com'],
        [7, 'B.O.B+news@googlemail.com'],
        [8, 'info@acme.co.uk'],
        [8, 'not an address'],
      ],
    });
    expect(found).toEqual([
      'domain: c0 is a0 from 2024-01-02',
      'domain: l0 is a2 from 2024-01-08',
      'domain: l2 is a0 from 2024-01-09',
      'duplicate: a1 is a0 from 2024-01-06',
      'duplicate: c4 is c0 from 2024-01-10',
      'email: l1 is c1 from 2024-01-08',
    ]);
  });

  it('ends a domain link when another company claims the domain, and says so', async () => {
    const company: Company = {
      accounts: [
        [0, 'shared.com', 'One'],
        [10, 'shared.com', 'Two'],
      ],
      contacts: [
        [3, 'a@shared.com', -1],
        [12, 'b@shared.com', -1],
      ],
      leads: [],
    };
    expect(await links(company)).toEqual(['domain: c0 is a0 from 2024-01-04 until 2024-01-11']);
    const findings = await using(company, identityFindings);
    expect(findings.find((f) => f.code === 'identity-ambiguous')).toMatchObject({
      table: 'accounts',
      count: 1,
    });
    expect(findings.find((f) => f.code === 'identity-resolved')).toMatchObject({
      table: 'contacts',
      count: 1,
    });
  });

  it('forgets what is switched off, whole rules and pairs', async () => {
    const company: Company = {
      accounts: [[0, 'acme.com', 'Acme']],
      contacts: [
        [1, 'a@acme.com', -1],
        [1, 'b@acme.com', -1],
      ],
      leads: [[2, 'a@acme.com']],
    };
    const rules = identityRules(schema).map((r): IdentityRule => {
      if (r.kind === 'domain' && r.from === 'contacts') return { ...r, except: [['c0', 'a0']] };
      return r.kind === 'email' ? { ...r, off: true } : r;
    });
    expect(await links(company, rules)).toEqual([
      'domain: c1 is a0 from 2024-01-02',
      'domain: l0 is a0 from 2024-01-03',
    ]);
    const seen = linkedSchema(configOf(rules), false).links;
    expect(seen.map((l) => [l.name, l.dated ?? false, l.resolved])).toContainEqual([
      'contacts.account',
      true,
      undefined,
    ]);
    expect(seen.some((l) => l.resolved === 'email')).toBe(false);
  });

  it('lets no later row move an earlier link', async () => {
    const day = fc.nat({ max: 20 });
    const site = fc.constantFrom(
      'a.com',
      'https://b.org/x',
      'www.a.com',
      "o'c.com",
      'gmail.com',
      '',
      '"; --',
      '💥.com',
    );
    const mail = fc.constantFrom(
      'x@a.com',
      'X+1@b.org',
      "o'x@o'c.com",
      'x@gmail.com',
      'y@a.com',
      '@@',
      'x@💥.com',
      'sales@a.com',
    );
    const company = fc.record({
      accounts: fc.array(fc.tuple(day, site, fc.constantFrom('A', 'A Inc.', 'B', '')), { maxLength: 5 }),
      contacts: fc.array(fc.tuple(day, mail, fc.constant(-1)), { maxLength: 6 }),
      leads: fc.array(fc.tuple(day, mail), { maxLength: 4 }),
    });
    const known = (engine: Engine, now: number) =>
      engine.rows(
        `SELECT rule, from_id, to_id, known_at, evidence FROM identity.links WHERE known_at <= TIMESTAMP '${dayOf(now)}'
         AND "end" > TIMESTAMP '${dayOf(now)}' ORDER BY ALL`,
      );
    await fc.assert(
      fc.asyncProperty(company, fc.nat({ max: 20 }), async (c, now) => {
        const before = await using(c, (engine) => known(engine, now));
        // Rows after `now` become others; places and so ids stay.
        const late = <T extends readonly [number, ...unknown[]]>(rows: readonly T[], to: T): readonly T[] =>
          rows.map((r) => (r[0] > now ? to : r));
        const altered: Company = {
          accounts: [...late(c.accounts, [now + 1, 'a.com', 'Z']), [now + 1, 'b.org', 'Y']],
          contacts: [...late(c.contacts, [now + 2, 'y@a.com', -1]), [now + 1, 'x@a.com', -1]],
          leads: late(c.leads, [now + 1, 'x@gmail.com']),
        };
        expect(await using(altered, (engine) => known(engine, now))).toEqual(before);
      }),
      { seed: 20_260_303, numRuns: 10 },
    );
  });

  it.each([
    ['mail.firm.co.uk', 'firm.co.uk', false],
    ['https://www.firm.com.br/a?b', 'firm.com.br', false],
    ['gmail.com', 'gmail.com', true],
    ['mailinator.com', 'mailinator.com', true],
    ['localhost', undefined, false],
    ['1.2.3.4', undefined, false],
  ])('reads %s as %s', (text, site, provider) => {
    expect(hostOf(text)).toMatchObject({ ...(site && { site }), provider });
    expect(hostOf(text).site).toBe(site);
  });
});
