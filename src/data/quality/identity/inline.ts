/** Rows of TypeScript as a query; without rows, one of nulls that matches nothing. */
import { as, cast, col, select, unionAll, values } from '../../sql/build.ts';
import type { Query, SqlType } from '../../sql/tree.ts';

const CHUNK = 1000;

export function inlineRows(
  rows: readonly (readonly (string | boolean | null)[])[],
  columns: readonly (readonly [name: string, type: SqlType])[],
): Query {
  const names = columns.map(([name]) => name);
  const all = rows.length > 0 ? rows : [columns.map(() => null)];
  const chunks: Query[] = [];
  for (let i = 0; i < all.length; i += CHUNK)
    chunks.push(
      select({
        columns: columns.map(([name, type]) => as(cast(col(name), type), name)),
        from: values(all.slice(i, i + CHUNK), names, 'v'),
      }),
    );
  return chunks.length === 1 ? chunks[0]! : unionAll(...chunks);
}
