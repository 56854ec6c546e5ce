import { describe, expect, it } from 'vitest';
import { shopSchema } from '../../../test/support/shop.ts';
import type { Column, Schema } from '../../data/schema/types.ts';
import { planLags } from '../../learn/features/lags/lags.ts';
import { planPairs } from '../../learn/features/pairs/plan.ts';
import type { Aggregate } from '../pql/ast.ts';
import { compileQuery } from '../pql/compile.ts';
import { changingCell } from './changing-cells.ts';
import { itemTargetOf } from './past-items.ts';
import { pastTargetOf } from './past-target.ts';

const EDITED: Partial<Column> = { mutable: 'may be edited' };
const edited = (table: string, column: string, change: Partial<Column>): Schema => ({
  ...shopSchema,
  tables: shopSchema.tables.map((t) =>
    t.name === table
      ? { ...t, columns: t.columns.map((c) => (c.name === column ? { ...c, ...change } : c)) }
      : t,
  ),
});

const checkedOf = (schema: Schema, text: string) => {
  const { checked, diagnostics } = compileQuery(text, schema);
  if (!checked) throw new Error(JSON.stringify(diagnostics));
  return checked;
};
const cellOf = (schema: Schema, text: string): string | undefined =>
  changingCell(schema, checkedOf(schema, text).target as Aggregate);

const SUM = 'PREDICT SUM(orders.total, 0, 30, days) FOR EACH firms.firm_id';
const COUNT = 'PREDICT COUNT(orders.* WHERE orders.rush = TRUE, 0, 30, days) FOR EACH firms.firm_id';

describe('cells read as exported over windows of the past', () => {
  it.each([
    ['none, where all are as written', SUM, shopSchema, undefined],
    ['the amount', SUM, edited('orders', 'total', EDITED), 'orders.total'],
    ['the condition', COUNT, edited('orders', 'rush', EDITED), 'orders.rush'],
    ['the link', SUM, edited('orders', 'firm_id', EDITED), 'orders.firm_id'],
    ['none that is not read', COUNT, edited('orders', 'total', EDITED), undefined],
    ['none that is vouched for', SUM, edited('orders', 'total', { ...EDITED, trusted: true }), undefined],
    [
      'none that has a history',
      SUM,
      edited('orders', 'total', { ...EDITED, history: { kind: 'changedAt', column: 'placed' } }),
      undefined,
    ],
  ] as const)('%s', (_, text, schema, expected) => {
    expect(cellOf(schema, text)).toBe(expected);
  });

  it('not the link that is followed as of the cutoff', () => {
    const schema = edited('orders', 'firm_id', EDITED);
    const links = schema.links.map((l) => (l.from === 'orders' ? { ...l, dated: true } : l));
    expect(cellOf({ ...schema, links }, SUM)).toBeUndefined();
  });
});

describe('what is not on record', () => {
  it('is no lag of the target, and the plan says so', () => {
    const target = pastTargetOf(checkedOf(shopSchema, SUM))!;
    expect(planLags(shopSchema, 'firms', target).lags!.columns.length).toBeGreaterThan(0);
    const { lags, notes } = planLags(edited('orders', 'total', EDITED), 'firms', target);
    expect(lags).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('orders.total may change')]);
  });

  it('makes no peers of pairs', () => {
    const text = 'PREDICT LIST_DISTINCT(visits.page, 0, 30, days) RANK TOP 3 FOR EACH people.person_id';
    const peersOf = (schema: Schema, withheld: readonly string[] = []) =>
      planPairs(schema, itemTargetOf(schema, checkedOf(schema, text))!, new Set(withheld), false).peers;
    expect(peersOf(shopSchema)).toEqual({ kind: 'parent', link: 'people.firm_id', table: 'firms' });
    expect(peersOf(edited('people', 'firm_id', EDITED))).toBeUndefined();
    expect(peersOf(shopSchema, ['people.firm_id'])).toBeUndefined();
  });
});
