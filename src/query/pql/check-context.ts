import type { Column, Schema, Table } from '../../data/schema/types.ts';
import type { Diagnostic, Span } from './ast.ts';
import type { DiagnosticCode } from './codes.ts';
import { type Advice, diagnostic } from './diagnostic.ts';
import type { ValueKind } from './functions.ts';
import type { Mode } from './keywords.ts';
import { nearestName, otherCase, otherNumber } from './names.ts';

/** `rfm`: zero-shot; `rfm-v2`: its open tier, without link prediction. */
export type Level = 'trained' | 'rfm' | 'rfm-v2';

type Report = (code: DiagnosticCode, span: Span, message: string, advice?: Advice) => void;

/** What every rule needs: the schema, the dialect, and where findings go. */
export interface Check {
  readonly schema: Schema;
  readonly mode: Mode;
  readonly level: Level;
  readonly playground: boolean;
  readonly error: Report;
  readonly warn: Report;
  readonly note: Report;
  /** An error at the zero-shot levels only. */
  readonly limit: Report;
}

export function createCheck(
  options: {
    readonly schema: Schema;
    readonly mode: Mode;
    readonly level: Level;
    readonly playground: boolean;
  },
  report: (d: Diagnostic) => void,
): Check {
  const at =
    (severity: Diagnostic['severity']): Report =>
    (...finding) =>
      report(diagnostic(severity, ...finding));
  const error = at('error');
  return {
    ...options,
    error,
    warn: at('warning'),
    note: at('info'),
    limit: (...finding) => {
      if (options.level !== 'trained') error(...finding);
    },
  };
}

/** Looks a table up; lenient mode also in another case and, with `number`, in singular or plural. */
export function findTable(check: Check, name: string, span: Span, number = false): Table | undefined {
  const names = check.schema.tables.map((t) => t.name);
  const meant = names.includes(name) ? name : leniently(check, name, names, number);
  if (meant === undefined) {
    check.error('C1', span, `There is no table ${name}.`, {
      expected: `one of ${names.join(', ')}`,
      suggestion: nearestName(name, names) ?? otherNumber(name, names),
    });
    return undefined;
  }
  if (meant !== name) check.note('E15', span, `The table is spelled ${meant}.`, { suggestion: meant });
  return check.schema.tables.find((t) => t.name === meant);
}

/** Looks a column up; a table without a key also has `row`, its 0-based row number. */
export function findColumn(check: Check, table: Table, name: string, span: Span): Column | undefined {
  const columns = table.key.length === 0 ? [...table.columns, ROW_NUMBER] : table.columns;
  const names = columns.map((c) => c.name);
  const meant = names.includes(name) ? name : leniently(check, name, names, false);
  if (meant === undefined) {
    check.error('C2', span, `The table ${table.name} has no column ${name}.`, {
      expected: `one of ${names.join(', ')}`,
      suggestion: nearestName(name, names) ?? elsewhere(check, name),
    });
    return undefined;
  }
  if (meant !== name) {
    check.note('E15', span, `The column is spelled ${meant}.`, { suggestion: `${table.name}.${meant}` });
  }
  return columns.find((c) => c.name === meant);
}

const ROW_NUMBER: Column = { name: 'row', type: 'integer', semantic: 'key' };

function leniently(
  check: Check,
  name: string,
  names: readonly string[],
  number: boolean,
): string | undefined {
  if (check.mode === 'strict') return undefined;
  return otherCase(name, names) ?? (number ? otherNumber(name, names) : undefined);
}

/** `other.column` when exactly one table has the column. */
function elsewhere({ schema }: Check, name: string): string | undefined {
  const owners = schema.tables.filter((t) => t.columns.some((c) => c.name === name));
  return owners.length === 1 ? `${owners[0]!.name}.${name}` : undefined;
}

/** Columns of the key, or the row number of a table without one. */
export const keyColumns = (table: Table): readonly string[] => (table.key.length > 0 ? table.key : ['row']);

export type Meaning = 'numerical' | 'categorical' | 'multicategorical' | 'id' | 'text' | 'timestamp';

export function kindOf(column: Column): ValueKind {
  if (column.parse) return 'number';
  switch (column.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'timestamp':
    case 'date':
      return 'timestamp';
    case 'text':
      return 'string';
  }
}

export const isPrimaryKey = (table: Table, column: string): boolean => keyColumns(table).includes(column);

export const isForeignKey = (check: Check, table: string, column: string): boolean =>
  check.schema.links.some((l) => l.from === table && l.columns.includes(column));

export function meaningOf(check: Check, table: Table, column: Column): Meaning {
  if (isPrimaryKey(table, column.name) || isForeignKey(check, table.name, column.name)) return 'id';
  switch (column.semantic) {
    case 'key':
      return 'id';
    case 'numeric':
      return 'numerical';
    case 'categorical':
    case 'boolean':
      return 'categorical';
    case 'multicategorical':
      return 'multicategorical';
    case 'timestamp':
      return 'timestamp';
    default:
      return 'text';
  }
}
