/** The example schema of the language reference, plus histories so that BOOL can be tried. */
import type { Column, Link, Schema, SemanticType, StorageType, Table } from '../../../src/data/schema/types.ts';

const column = (name: string, type: StorageType, semantic: SemanticType, more: Partial<Column> = {}): Column => ({
  name,
  type,
  semantic,
  ...more,
});
const key = (name: string, type: StorageType = 'integer'): Column => column(name, type, 'key');
const category = (name: string): Column => column(name, 'text', 'categorical');
const number = (name: string): Column => column(name, 'number', 'numeric');
const text = (name: string): Column => column(name, 'text', 'text');
const time = (name: string): Column => column(name, 'timestamp', 'timestamp');

const table = (name: string, columns: readonly Column[], timeColumn?: string): Table => ({
  name,
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  key: [columns[0]!.name],
  role: timeColumn ? 'event' : 'lookup',
  ...(timeColumn ? { time: timeColumn } : {}),
  columns,
});

const link = (from: string, fk: string, to: string): Link => ({ name: `${from}.${fk}`, from, columns: [fk], to });

export const fixtureSchema: Schema = {
  tables: [
    table(
      'accounts',
      [key('account_id', 'text'), text('name'), category('industry'), category('country'), number('employees'), time('created_at')],
      'created_at',
    ),
    table(
      'leads',
      [
        key('lead_id'),
        key('account_id', 'text'),
        category('source'),
        column('status', 'text', 'categorical', { history: { kind: 'valueTimes', times: { won: 'created_at' } } }),
        text('title'),
        number('fit'),
        column('converted', 'boolean', 'boolean'),
        time('created_at'),
      ],
      'created_at',
    ),
    table(
      'touches',
      [
        key('touch_id'),
        key('lead_id'),
        key('product_id'),
        category('channel'),
        number('minutes'),
        column('tags', 'text', 'multicategorical', { separator: ';' }),
        time('at'),
      ],
      'at',
    ),
    table(
      'deals',
      [
        key('deal_id'),
        key('lead_id'),
        key('account_id', 'text'),
        key('opener_rep'),
        key('closer_rep'),
        column('stage', 'text', 'categorical', { history: { kind: 'changedAt', column: 'closed_at' } }),
        number('amount'),
        number('discount'),
        time('closed_at'),
      ],
      'closed_at',
    ),
    table('deal_lines', [key('line_id'), key('deal_id'), number('qty'), time('at')], 'at'),
    table('products', [key('product_id'), category('category'), number('list_price')]),
    table('reps', [key('rep_id'), category('region')]),
    table('notes', [key('note_id'), text('body')]),
  ],
  links: [
    link('leads', 'account_id', 'accounts'),
    link('touches', 'lead_id', 'leads'),
    link('touches', 'product_id', 'products'),
    link('deals', 'lead_id', 'leads'),
    link('deals', 'account_id', 'accounts'),
    link('deals', 'opener_rep', 'reps'),
    link('deals', 'closer_rep', 'reps'),
    link('deal_lines', 'deal_id', 'deals'),
  ],
  derivedLinks: [],
};

const flags: Table = {
  ...table('flags', [
    key('flag_id'),
    key('lead_id'),
    column('hot', 'boolean', 'boolean'),
    column('grade', 'integer', 'categorical'),
    time('at'),
  ]),
  labelTime: 'at',
};

/** With a table that has a boolean and a coded category, dated for labels only. */
export const ruleSchema: Schema = {
  ...fixtureSchema,
  tables: [...fixtureSchema.tables, flags],
  links: [...fixtureSchema.links, link('flags', 'lead_id', 'leads')],
};
