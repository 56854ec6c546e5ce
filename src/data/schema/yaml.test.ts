import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeadlightError } from '../../errors.ts';
import { DEFAULT_PLAYBOOK, DEFAULT_POINT_RULES } from './defaults.ts';
import type { Column, Table, WorkspaceConfig } from './types.ts';
import { readConfig } from './yaml-read.ts';
import { writeConfig } from './yaml-write.ts';

const base: WorkspaceConfig = {
  version: 1,
  timeZone: 'Europe/Berlin',
  schema: {
    tables: [
      {
        name: 'deals',
        origin: { kind: 'file', path: 'exports/deals.csv.gz', format: 'csv' },
        key: ['deal_no'],
        role: 'entity',
        time: 'opened',
        labelTime: 'closed',
        columns: [
          { name: 'deal_no', type: 'integer', semantic: 'key' },
          { name: 'opened', type: 'date', semantic: 'timestamp', format: '%d/%m/%Y' },
          { name: 'closed', type: 'date', semantic: 'timestamp' },
          {
            name: 'stage',
            type: 'text',
            semantic: 'categorical',
            nullTokens: ['-', ''],
            mutable: 'a state',
            history: { kind: 'valueTimes', times: { Won: 'closed', 'no: "x"': 'closed' } },
          },
        ],
      },
    ],
    links: [],
    derivedLinks: [],
  },
  identity: [
    {
      name: 'deals."mail": to',
      kind: 'domain',
      from: 'deals',
      column: 'stage',
      to: 'deals',
      by: 'stage',
      off: true,
      except: [['1, "a"', 'null']],
    },
  ],
  targets: [
    {
      name: 'won',
      table: 'deals',
      predicate: "BOOL(deals.stage = 'Won', 0, 90, days)",
      labelTimes: { deals: 'closed' },
    },
  ],
  salesCycleDays: 41.5,
  icp: { 'deals.stage': ['Won', 'yes', '12'] },
  integrations: ['Snowflake'],
  points: 'deals.deal_no',
  pointRules: DEFAULT_POINT_RULES,
  playbook: DEFAULT_PLAYBOOK,
};

const fault = (text: string): LeadlightError => {
  try {
    readConfig(text, 'leadlight.yaml');
  } catch (thrown) {
    if (thrown instanceof LeadlightError) return thrown;
    throw thrown;
  }
  throw new Error('no fault found');
};
const lineWith = (text: string, part: string): number =>
  text.split('\n').findIndex((l) => l.includes(part)) + 1;

describe('writeConfig', () => {
  it('explains every section and reads back equal', () => {
    const text = writeConfig(base);
    expect(readConfig(text, 'x')).toEqual(base);
    for (const section of ['timeZone', 'tables', 'links', 'targets', 'playbook']) {
      const lines = text.split('\n');
      expect(lines[lines.findIndex((l) => l.startsWith(`${section}:`)) - 1], section).toMatch(/^#/);
    }
  });

  it('reads back any names and values', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(
        'null',
        '~',
        'yes',
        '1e3',
        '- a',
        '# c',
        '{a}',
        "it's",
        '"',
        'a: b',
        ' x ',
        '0x1F',
        '2024-01-01',
        '<<',
        '&a',
        '*a',
        '!t',
        '%',
        '|',
        '>',
      ),
    );
    const name = text.filter((t) => t !== '__proto__');
    const column = (n: string, extra: Partial<Column>): Column => ({
      name: n,
      type: 'text',
      semantic: 'text',
      ...extra,
    });
    const table = fc
      .record({
        name,
        columns: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
        token: text,
        reason: text,
      })
      .map(
        ({ name: n, columns, token, reason }): Table => ({
          name: n,
          origin: { kind: 'file', path: `${n}.csv`, format: 'csv' },
          key: columns.slice(0, 1),
          role: 'entity',
          columns: columns.map((c) => column(c, { nullTokens: [token], mutable: reason })),
        }),
      );
    const config = fc.record({
      tables: fc.uniqueArray(table, { minLength: 1, maxLength: 3, selector: (t) => t.name }),
      integrations: fc.array(text),
    });
    fc.assert(
      fc.property(config, ({ tables, integrations }) => {
        const made: WorkspaceConfig = {
          ...base,
          schema: { tables, links: [], derivedLinks: [] },
          identity: [],
          targets: [],
          integrations,
        };
        const { points: _points, icp: _icp, ...rest } = made;
        expect(readConfig(writeConfig(rest), 'x')).toEqual(rest);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('readConfig', () => {
  const text = writeConfig(base);

  it.each([
    ['time: opened', 'time: opend', 'opened'],
    ['table: deals, predicate', 'table: deal, predicate', 'deals'],
    ['key: [deal_no]', 'key: [deal_nr]', 'deal_no'],
    ['Won: closed', 'Won: clsed', 'closed'],
    ['points: deals.deal_no', 'points: deals.dealno', 'deals.deal_no'],
  ])('names the line and the nearest name for %s', (from, to, near) => {
    const wrong = text.replace(from, to);
    expect(wrong).not.toBe(text);
    const thrown = fault(wrong);
    expect(thrown.code).toBe('WORKSPACE_INVALID');
    expect(thrown.data.line).toBe(lineWith(wrong, to));
    expect(thrown.message).toContain(`Did you mean ${near}?`);
  });

  it.each([
    ['type: integer', 'type: int', 'expected one of boolean, integer'],
    ['role: entity', 'rule: entity', 'unknown key rule'],
    ['timeZone: Europe/Berlin', 'timeZone: Mars/One', 'IANA'],
    ['semantic: key}', 'semantic: key, bogus: 1}', 'unknown key bogus'],
    ['format: csv', 'member: x', 'needs its format'],
    ['time: opened', 'time: stage', 'not a time'],
    ['version: 1', 'version: 2', 'expected one of 1'],
  ])('says what was expected for %s → %s', (from, to, expected) => {
    const wrong = text.replace(from, to);
    expect(fault(wrong).message).toContain(expected);
    expect(fault(wrong).data.line).toBeGreaterThan(0);
  });

  it.each([
    ['broken YAML', 'tables: [', 'not valid YAML'],
    ['nothing', '', 'expected object'],
    ['a list', '- a', 'expected object'],
    ['repeated keys', 'version: 1\nversion: 1\n', 'not valid YAML'],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`,
      '',
    ],
  ])('refuses %s', (_, broken, expected) => {
    expect(fault(broken).message).toContain(expected);
  });

  it('fills in defaults', () => {
    const short =
      'version: 1\ntables:\n  - name: a\n    file: a.csv\n    format: csv\n    key: []\n    role: event\n    columns: [{name: x, type: text, semantic: text}]\n';
    expect(readConfig(short, 'x')).toMatchObject({
      timeZone: 'UTC',
      targets: [],
      integrations: [],
      playbook: [],
    });
  });
});
