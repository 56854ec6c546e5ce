/**
 * Puts rows made here into the engine. One string literal carries them all and is split there: far cheaper to parse
 * than a VALUES list of the same rows, and the same on both dialects. Cells are numbers and fixed words, never user text.
 */
import type { Engine } from '../../data/engine/types.ts';
import { as, call, cast, col, createTableAs, lit, select, subquery } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { SqlType } from '../../data/sql/tree.ts';

export interface UploadColumn {
  readonly name: string;
  readonly type: SqlType;
  /** The empty string is null. */
  readonly cell: (row: number) => string;
}

/** Creates `task.<name>`; rows keep no order. */
export async function uploadRows(
  engine: Engine,
  name: string,
  rows: number,
  columns: readonly UploadColumn[],
): Promise<void> {
  const lines = Array.from({ length: rows }, (_, k) => columns.map((c) => c.cell(k)).join('|'));
  const packed = select({ columns: [as(call('split_rows', lit(lines.join('\n')), '\n'), 'line')] });
  const query = select({
    columns: columns.map((c, k) =>
      as(cast(call('nullif', call('split_part', col('u', 'line'), '|', k + 1), ''), c.type), c.name),
    ),
    from: subquery(packed, 'u'),
    ...(rows === 0 ? { where: lit(false) } : {}),
  });
  await engine.run('CREATE SCHEMA IF NOT EXISTS task');
  await engine.run(toSql(createTableAs(name, query, 'task'), engine.dialect));
}
