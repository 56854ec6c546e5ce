/** The texts of snapshots as of their cutoff: of the entity's own row, and of its newest rows in a linked table. */
import type { Engine } from '../../../data/engine/types.ts';
import { type Column, fkColumn, ID, KNOWN, ROW, type Table, TIME } from '../../../data/schema/types.ts';
import {
  and,
  as,
  asc,
  call,
  cast,
  col,
  desc,
  eq,
  innerJoin,
  isNotNull,
  le,
  over,
  select,
  sub,
  subquery,
  table,
} from '../../../data/sql/build.ts';
import { toSql } from '../../../data/sql/print.ts';
import type { Query } from '../../../data/sql/tree.ts';
import { cellAsOf, historyJoin } from '../as-of.ts';
import { FEATURE_SCHEMA } from '../event-sql.ts';
import { followed, tableOf } from '../paths.ts';
import type { Group, PlanInput } from '../plan-types.ts';
import { createFeatureTable } from '../prepare.ts';
import { usable } from '../static-columns.ts';
import { ownRowVisible } from '../static-sql.ts';
import type { TextSource } from './types.ts';

/** Newest rows of a linked table whose texts are read. */
const NEWEST = 5;

/** Columns of free text that may be read: own ones, then those of tables that link to the entity. */
export function textSources(input: PlanInput): readonly TextSource[] {
  const own = tableOf(input.schema, input.entityTable);
  const self: Group = { id: 'self', up: [], table: own.name };
  const sourcesIn = (t: Table, group: Group, link?: string): readonly TextSource[] =>
    t.columns
      .filter((c) => c.semantic === 'text' && usable(c, t, input, group))
      .map((c) => ({
        table: t.name,
        column: c.name,
        ...(link === undefined ? {} : { link }),
        last: link === undefined ? 1 : NEWEST,
      }));
  const linked = input.schema.links.filter(
    (l) =>
      l.to === own.name && l.from !== own.name && !l.dated && followed(input, l) && readable(input, l.from),
  );
  return [
    ...sourcesIn(own, self),
    ...linked.flatMap((l) => {
      const t = tableOf(input.schema, l.from);
      return sourcesIn(asWritten(t), { id: l.name, up: [], table: t.name }, l.name);
    }),
  ];
}

const readable = (input: PlanInput, name: string): boolean =>
  input.tables === undefined || input.tables.has(name);

/** Of linked rows only cells as written at creation are read. */
const asWritten = (t: Table): Table => ({
  ...t,
  columns: t.columns.filter((c) => c.mutable === undefined || c.trusted === true),
});

const ROWS = 'derive_rows';

/** The text of every snapshot of `feat.snap`, in sid order; undefined where there is none. */
export async function readTexts(
  engine: Engine,
  input: PlanInput,
  source: TextSource,
  rows: number,
): Promise<readonly (string | undefined)[]> {
  const place = over('row_number', [], { orderBy: [asc(col('sid'))] });
  const snapshots = select({
    columns: [as(sub(place, 1), 'sid'), as(col('erow'), 'g'), as(col('cutoff'), 'cutoff')],
    from: table('snap', undefined, FEATURE_SCHEMA),
  });
  await createFeatureTable(engine, ROWS, snapshots);
  const t = tableOf(input.schema, source.table);
  const query = source.link === undefined ? ownText(input, t, source) : linkedTexts(input, t, source);
  const found = await engine.columns(toSql(query, engine.dialect));
  const [sid, text] = [found.columns[0]!, found.columns[1]!];
  const texts = new Array<string | undefined>(rows);
  if (sid.kind !== 'number' || text.kind !== 'text') return texts;
  for (let i = 0; i < found.rows; i++) {
    const at = sid.values[i]!;
    const before = texts[at];
    texts[at] = before === undefined ? (text.values[i] ?? undefined) : `${before}\n${text.values[i]}`;
  }
  return texts;
}

const columnOf = (t: Table, name: string): Column => {
  const found = t.columns.find((c) => c.name === name);
  if (!found) throw new Error(`no column ${name} in ${t.name}`);
  return found;
};

function ownText(input: PlanInput, t: Table, source: TextSource): Query {
  const column = columnOf(t, source.column);
  const cell = input.static ? col('t', column.name) : cellAsOf(t, column, 't', col('s', 'cutoff'));
  return select({
    columns: [as(cast(col('s', 'sid'), 'double'), 'sid'), as(cast(cell, 'text'), 'text')],
    from: table(ROWS, 's', FEATURE_SCHEMA),
    joins: [
      innerJoin(
        table(t.name, 't', 'data'),
        and(eq(col('t', ROW), col('s', 'g')), ownRowVisible('t', input.entityGiven)),
      ),
      ...(input.static ? [] : historyJoin(input.schema, column, 't', ROWS)),
    ],
    where: isNotNull(cell),
    orderBy: [asc(col('s', 'sid'))],
  });
}

/** Newest first; of rows at one moment the one with the highest key, shorter keys being lower. */
function linkedTexts(input: PlanInput, t: Table, source: TextSource): Query {
  const link = input.schema.links.find((l) => l.name === source.link);
  if (!link) throw new Error(`no link ${source.link} in the schema`);
  const newest = [desc(col('e', TIME)), desc(call('length', col('e', ID))), desc(col('e', ID))];
  const ranked = select({
    columns: [
      as(col('s', 'sid'), 'sid'),
      as(col('e', ROW), 'row'),
      as(over('row_number', [], { partitionBy: [col('s', 'sid')], orderBy: newest }), 'place'),
    ],
    from: table(ROWS, 's', FEATURE_SCHEMA),
    joins: [
      innerJoin(
        table(t.name, 'e', 'data'),
        and(
          eq(col('e', fkColumn(link)), col('s', 'g')),
          le(col('e', KNOWN), col('s', 'cutoff')),
          isNotNull(col('e', source.column)),
        ),
      ),
    ],
  });
  return select({
    columns: [as(cast(col('r', 'sid'), 'double'), 'sid'), as(cast(col('t', source.column), 'text'), 'text')],
    from: subquery(ranked, 'r'),
    joins: [innerJoin(table(t.name, 't', 'data'), eq(col('t', ROW), col('r', 'row')))],
    where: le(col('r', 'place'), source.last),
    orderBy: [asc(col('r', 'sid')), asc(col('r', 'place'))],
  });
}
