/** Job titles as numbers: a look-up table from the distinct titles of a column, so that SQL and TypeScript agree. */

import type { Engine } from '../../data/engine/types.ts';
import { type Department, parseTitle, SENIOR_PATTERNS, seniorityRank } from '../../data/schema/title.ts';
import {
  and,
  as,
  call,
  cast,
  col,
  createTableAs,
  isNotNull,
  not,
  select,
  table,
  unionAll,
  values,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';

export const TITLE_DEPARTMENTS = [
  'executive',
  'engineering',
  'it',
  'security',
  'data',
  'product',
  'design',
  'marketing',
  'sales',
  'customer success',
  'finance',
  'hr',
  'legal',
  'operations',
  'procurement',
] as const satisfies readonly Department[];

/** Is the title a vice president's, founder's or chief's, as `parseTitle` has it? */
export function isSeniorTitle(title: Expr): Expr {
  const text = call('lower', cast(title, 'text'));
  return and(
    call('regexp_match', text, SENIOR_PATTERNS.senior),
    not(call('regexp_match', text, SENIOR_PATTERNS.assistant)),
  );
}

export interface TitleCell {
  readonly table: string;
  readonly column: string;
}

/** Creates `feat.titles` (title, seniority, department) for every distinct title of the columns. */
export async function createTitles(
  engine: Engine,
  cells: readonly TitleCell[],
  schema: string,
): Promise<void> {
  const distinct = new Set<string>();
  for (const cell of cells) {
    const query = select({
      distinct: true,
      columns: [as(cast(col(cell.column), 'text'), 'title')],
      from: table(cell.table, undefined, 'data'),
      where: isNotNull(col(cell.column)),
    });
    for (const row of await engine.rows(toSql(query, engine.dialect))) distinct.add(String(row.title));
  }
  const rows = [...distinct].sort().map(titleRow);
  await engine.run(toSql(createTableAs('titles', inline(rows), schema), engine.dialect));
}

const titleRow = (title: string): readonly [string, number | null, number | null] => {
  const { seniority, department } = parseTitle(title);
  const code = department === undefined ? -1 : (TITLE_DEPARTMENTS as readonly string[]).indexOf(department);
  return [
    title,
    seniority === undefined ? null : seniorityRank(seniority),
    code < 0 ? TITLE_DEPARTMENTS.length : code,
  ];
};

const CHUNK = 1000;

function inline(rows: readonly (readonly [string, number | null, number | null])[]): Query {
  const chunks: Query[] = [];
  const all = rows.length > 0 ? rows : [['', null, null] as const];
  for (let i = 0; i < all.length; i += CHUNK) {
    chunks.push(
      select({
        columns: [
          as(cast(col('title'), 'text'), 'title'),
          as(cast(col('seniority'), 'double'), 'seniority'),
          as(cast(col('department'), 'double'), 'department'),
        ],
        from: values(all.slice(i, i + CHUNK), ['title', 'seniority', 'department'], 'v'),
      }),
    );
  }
  return chunks.length === 1 ? chunks[0]! : unionAll(...chunks);
}
