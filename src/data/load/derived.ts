/**
 * Entities that appear only as columns of another table: one row per distinct key, no cell of it null, dated by the
 * earliest row that names it. Rows are ordered by that time, then key, so that file order does not matter.
 */
import { LeadlightError } from '../../errors.ts';
import type { Column, Table } from '../schema/types.ts';
import { keyText } from './cells.ts';
import { columnOf, type LoadContext, loaded, q, staged, tableOf } from './context.ts';
import type { TableLoad } from './types.ts';

/** Source columns of the key, in the order of the table's key. */
export function derivedColumns(
  context: LoadContext,
  table: Table,
): { readonly source: Table; readonly columns: readonly Column[] } {
  if (table.origin.kind !== 'derived') throw new Error(`${table.name} is not derived`);
  const where = `Origin of ${table.name}`;
  const source = tableOf(context.schema, table.origin.table, where);
  if (source.origin.kind === 'derived')
    throw new LeadlightError('SCHEMA_MISMATCH', {
      where,
      expected: 'a table read from a file',
      found: `${source.name}, which is derived itself`,
      remedy: 'Derive from the file it comes from.',
    });
  return { source, columns: table.origin.columns.map((c) => columnOf(source, c, where)) };
}

/** Creates `stage."<table>"`; needs the stage of its source. */
export async function stageDerived(
  context: LoadContext,
  table: Table,
): Promise<Pick<TableLoad, 'rowsRead' | 'rowsKept'>> {
  const { source, columns } = derivedColumns(context, table);
  const keys = columns.map((c) => keyText('s', c));
  const cells = table.columns.map((c) => {
    const at = table.key.indexOf(c.name);
    const from = at >= 0 ? columns[at]! : columnOf(source, c.name, `Column of ${table.name}`);
    return `arg_min(s.${q(from.name)}, row(coalesce(s."__time", TIMESTAMP 'infinity'), s."__row")) AS ${q(c.name)}`;
  });
  const grouped = `SELECT ${keys.join(` || '|' || `)} AS "__id", min(s."__time") AS "__time", ${cells.join(', ')}
    FROM ${staged(source.name)} AS s WHERE ${keys.map((k) => `${k} IS NOT NULL`).join(' AND ')} GROUP BY ${keys.join(', ')}`;
  const numbered = 'row_number() OVER (ORDER BY g."__time" ASC NULLS LAST, g."__id") - 1';
  await context.engine.run(
    `CREATE OR REPLACE TABLE ${staged(table.name)} AS SELECT ${numbered} AS "__row", g.*, CAST(NULL AS TIMESTAMP) AS "__known",
       CAST(NULL AS TIMESTAMP) AS "__end", g."__time" AS "__label_time" FROM (${grouped}) AS g ORDER BY "__row"`,
  );
  const [count] = await context.engine.rows(`SELECT count(*) AS n FROM ${staged(table.name)}`);
  return { rowsRead: Number(count!.n), rowsKept: Number(count!.n) };
}

/** `__known` of each row: the earliest `__known` of the source rows that name it; never, when none is ever visible. */
export function derivedKnownSql(context: LoadContext, table: Table): string {
  const { source, columns } = derivedColumns(context, table);
  const keys = columns.map((c) => keyText('s', c));
  const earliest = `SELECT ${keys.join(` || '|' || `)} AS "id", min(s."__known") AS "known" FROM ${loaded(source.name)} AS s GROUP BY 1`;
  return `SELECT t.* REPLACE (e."known" AS "__known") FROM ${loaded(table.name)} AS t LEFT JOIN (${earliest}) AS e ON e."id" = t."__id"`;
}
