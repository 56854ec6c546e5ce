import { LeadlightError } from '../../errors.ts';
import type { Engine } from '../engine/types.ts';
import type { Column, Schema, Table } from '../schema/types.ts';
import { quoteName } from '../sql/print.ts';

/** What the steps of one load share. */
export interface LoadContext {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly timeZone: string;
}

export const DATA_SCHEMA = 'data';
export const STAGE_SCHEMA = 'stage';

export const q = (name: string): string => quoteName(name, 'duckdb');
export const staged = (table: string): string => `${STAGE_SCHEMA}.${q(table)}`;
export const loaded = (table: string): string => `${DATA_SCHEMA}.${q(table)}`;

export function tableOf(schema: Schema, name: string, where: string): Table {
  const table = schema.tables.find((t) => t.name === name);
  if (table) return table;
  throw new LeadlightError('SCHEMA_MISMATCH', {
    where,
    expected: `a table of the schema`,
    found: name,
    remedy: `Tables: ${schema.tables.map((t) => t.name).join(', ')}.`,
  });
}

export function columnOf(table: Table, name: string, where: string): Column {
  const column = table.columns.find((c) => c.name === name);
  if (column) return column;
  throw new LeadlightError('SCHEMA_MISMATCH', {
    where,
    expected: `a column of ${table.name}`,
    found: name,
    remedy: `Columns: ${table.columns.map((c) => c.name).join(', ')}.`,
  });
}
