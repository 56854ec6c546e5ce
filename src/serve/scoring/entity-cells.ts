/** The cells of one column by entity row, as exported: for judging and reporting, never for a model. */
import { fkColumn, ROW } from '../../data/schema/types.ts';
import { as, cast, col, eq, innerJoin, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import type { WorkspaceContext } from './context.ts';

/** `table.column`, the column's name being what follows the last dot. */
export function splitName(name: string): { readonly table: string; readonly column: string } {
  const dot = name.lastIndexOf('.');
  return { table: name.slice(0, dot), column: name.slice(dot + 1) };
}

/** Text by row of the entity, from its own table or one it links to; undefined when there is no such link. */
export async function cellsByEntity(
  context: WorkspaceContext,
  entity: string,
  name: string,
): Promise<ReadonlyMap<number, string> | undefined> {
  const { schema } = context.config;
  const { table: tableName, column } = splitName(name);
  const known = schema.tables.find((t) => t.name === tableName)?.columns.some((c) => c.name === column);
  const link = schema.links.find((l) => l.from === entity && l.to === tableName);
  if (!known || (tableName !== entity && !link)) return undefined;
  const cell = (alias: string) => as(cast(col(alias, column), 'text'), 'cell');
  const query = link
    ? select({
        columns: [as(col('e', ROW), 'erow'), cell('p')],
        from: table(entity, 'e', 'data'),
        joins: [innerJoin(table(tableName, 'p', 'data'), eq(col('p', ROW), col('e', fkColumn(link))))],
      })
    : select({ columns: [as(col('e', ROW), 'erow'), cell('e')], from: table(entity, 'e', 'data') });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Map(rows.flatMap((r) => (r.cell === null ? [] : [[Number(r.erow), String(r.cell)] as const])));
}

export interface NamedCells {
  /** `table.column` */
  readonly column: string;
  readonly cells: ReadonlyMap<number, string>;
}

/** The same for a column the user named: a bare name is one of the entity's own. */
export async function namedCells(
  context: WorkspaceContext,
  entity: string,
  asked: string,
): Promise<NamedCells> {
  const name = asked.includes('.') ? asked : `${entity}.${asked}`;
  const cells = await cellsByEntity(context, entity, name);
  if (cells) return { column: name, cells };
  const own = context.config.schema.tables.find((t) => t.name === entity)?.columns.map((c) => c.name) ?? [];
  throw new LeadlightError('USAGE', {
    problem: `There is no column ${name} in ${entity} or a table it links to`,
    remedy: `Name it as table.column; columns of ${entity}: ${own.join(', ')}.`,
  });
}
