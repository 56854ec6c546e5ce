import { expect, test } from 'vitest';
import { fixtureSchema } from '../../../test/golden/pql/fixture-schema.ts';
import type { Schema } from '../../data/schema/types.ts';
import type { Aggregate } from './ast.ts';
import { type CheckOptions, checkQuery } from './check.ts';
import { compileQuery } from './compile.ts';
import { parseQuery } from './parse.ts';

const compile = (text: string, options: CheckOptions = {}) => compileQuery(text, fixtureSchema, options);
const codesOf = (text: string, options: CheckOptions = {}): readonly string[] =>
  compile(text, options).diagnostics.map((d) => d.code);
const ids = (count: number): string => Array.from({ length: count }, (_, i) => i).join(', ');

test('all faults are gathered, each at its place', () => {
  const text =
    'PREDICT COUNT(touchs.*, 0, 7) > 0 FOR EACH leads.source WHERE leads.fit > true AND leads.no = 1';
  expect(codesOf(text)).toEqual(['C3', 'C1', 'T3', 'C2']);
});

test('unknown names come with the nearest one', () => {
  const [fault] = compile('PREDICT leads.fit FOR EACH leads.lead_id WHERE leads.sorce = 1').diagnostics;
  expect(fault).toMatchObject({ code: 'C2', suggestion: 'source' });
});

test('a checked query has resolved names, paths and no clause-wide VIA', () => {
  const path = (text: string): Aggregate['path'] => (compile(text).checked!.target as Aggregate).path;
  const accounts = 'PREDICT COUNT(deal_lines.*, 0, 30) FOR EACH accounts VIA deals.account_id';
  expect(path(accounts)).toEqual(['deal_lines.deal_id', 'deals.account_id']);
  expect(compile(accounts).checked).not.toHaveProperty('via');
  expect(path('PREDICT COUNT(deals.*, 0, 30) FOR EACH leads.lead_id')).toEqual(['deals.lead_id']);
});

test('a clause-wide VIA holds where a path can use it, and must be of use', () => {
  const text =
    'PREDICT COUNT(deals.*, 0, 30) FOR EACH leads VIA leads.account_id WHERE COUNT(touches.*, -7, 0) > 0';
  const { checked } = compile(text);
  expect(checked!.target).toMatchObject({ path: ['deals.account_id', 'leads.account_id'] });
  expect(checked!.where).toMatchObject({ left: { path: ['touches.lead_id'] } });
  const useless = 'PREDICT COUNT(touches.*, 0, 7) FOR EACH leads.lead_id VIA deals.opener_rep';
  expect(codesOf(useless)).toContain('L1');
});

test('the horizon is the end of the latest window', () => {
  const { checked } = compile(
    'PREDICT COUNT(deals.*, 0, 30, days) > 0 OR COUNT(touches.*, 0, 5, weeks) > 0 FOR EACH leads.lead_id',
  );
  expect(checked?.horizon).toEqual({ end: 5, unit: 'weeks' });
  expect(compile('PREDICT leads.fit FOR EACH leads.lead_id').checked).not.toHaveProperty('horizon');
});

test('more than 1000 ids are refused where the hosted service refuses them', () => {
  const many = `PREDICT leads.fit FOR leads.lead_id IN (${ids(1_001)})`;
  expect(codesOf(many, { mode: 'strict', level: 'rfm' })).toEqual(['I6']);
  expect(codesOf(many)).toEqual(['E18']);
});

test('USING that leaves out a table of the target is warned about', () => {
  const { checked, diagnostics } = compile(
    'PREDICT COUNT(deals.*, 0, 30) FOR EACH leads.lead_id USING touches',
  );
  expect(diagnostics.find((d) => d.severity === 'warning')).toMatchObject({ code: 'U1' });
  expect(checked?.using).toEqual(['touches']);
});

test('ids of a composite key are its parts joined, as text', () => {
  const [accounts, ...rest] = fixtureSchema.tables;
  const schema: Schema = {
    ...fixtureSchema,
    tables: [{ ...accounts!, key: ['country', 'employees'] }, ...rest],
  };
  const accepts = (id: string): boolean =>
    compileQuery(`PREDICT accounts.industry FOR accounts = ${id}`, schema).checked !== undefined;
  expect(accepts("'US|3'")).toBe(true);
  expect(accepts('3')).toBe(false);
});

test('names that differ only by case must be written exactly', () => {
  const [accounts, ...rest] = fixtureSchema.tables;
  const twins = [...accounts!.columns, { ...accounts!.columns[1]!, name: 'Name' }];
  const schema: Schema = { ...fixtureSchema, tables: [{ ...accounts!, columns: twins }, ...rest] };
  const check = (name: string) =>
    checkQuery(parseQuery(`PREDICT accounts.${name} = 'x' FOR EACH accounts.account_id`).query!, schema);
  expect(check('Name').checked).toBeDefined();
  expect(check('NAME').diagnostics[0]?.code).toBe('C2');
});

test('a schema without tables gives an error, not a crash', () => {
  const empty: Schema = { tables: [], links: [], derivedLinks: [] };
  expect(compileQuery('PREDICT a.b FOR EACH a.id', empty).diagnostics[0]?.code).toBe('C1');
});

test('an example is complete only when its assumption is', () => {
  const text =
    'PREDICT COUNT(deals.*, 0, 7, days) > 0 FOR EACH leads.lead_id ASSUMING COUNT(touches.*, 0, 30, days) > 0';
  expect(compile(text).checked?.horizon).toEqual({ end: 30, unit: 'days' });
});
