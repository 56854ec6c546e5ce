/**
 * One raw table → `stage."<table>"`: typed columns, `__row`, `__id`, `__time`, `__end`, `__label_time`, and `__known` where the
 * table is dated. Rows without a key and duplicates of a key are set aside here; keyless tables keep every row.
 */
import { LeadlightError } from '../../errors.ts';
import type { Engine, Row } from '../engine/types.ts';
import type { Column, Table } from '../schema/types.ts';
import { rawTable } from '../sources/attach.ts';
import { MAX_EXAMPLES } from '../sources/types.ts';
import { quoteText } from '../sql/print.ts';
import { cellText, keyText, typedCell } from './cells.ts';
import { columnOf, type LoadContext, q, staged } from './context.ts';
import type { Finding, TableLoad } from './types.ts';

type Staged = Pick<TableLoad, 'rowsRead' | 'rowsKept' | 'setAside' | 'unparsed'>;

export async function stageTable(context: LoadContext, table: Table): Promise<Staged> {
  const types = await rawTypes(context, table);
  await context.engine.run(
    `CREATE OR REPLACE TABLE ${staged(table.name)} AS ${typedSql(context, table, types)}`,
  );
  const unparsed = await findUnparsed(context, table, types);
  const [{ n }] = (await context.engine.rows(`SELECT count(*) AS n FROM ${staged(table.name)}`)) as [Row];
  const setAside = table.key.length === 0 ? [] : await dropDuplicates(context, table);
  const rowsRead = Number(n);
  return { rowsRead, rowsKept: rowsRead - setAside.reduce((sum, f) => sum + f.rows, 0), setAside, unparsed };
}

async function rawTypes({ engine }: LoadContext, table: Table): Promise<ReadonlyMap<string, string>> {
  const described = await engine.rows(`DESCRIBE ${rawTable(table.name)}`);
  const types = new Map(described.map((d) => [String(d.column_name), String(d.column_type)]));
  for (const { name } of table.columns)
    if (!types.has(name))
      throw new LeadlightError('SCHEMA_MISMATCH', {
        where: `Table ${table.name}`,
        expected: `a column ${name} as in leadlight.yaml`,
        found: [...types.keys()].filter((c) => c !== '__row').join(', '),
        remedy: 'Correct leadlight.yaml, or run `leadlight init` again.',
      });
  return types;
}

function typedSql(context: LoadContext, table: Table, types: ReadonlyMap<string, string>): string {
  const columns = table.columns.map(
    (c) => `${typedCell(c, types.get(c.name)!, context.timeZone)} AS ${q(c.name)}`,
  );
  const inner = `SELECT "__row", ${['"__row" AS "__source"', ...columns].join(', ')} FROM ${rawTable(table.name)}`;
  return `SELECT s.*, ${idSql(table)} AS "__id", ${timesSql(table).join(', ')} FROM (${inner}) AS s`;
}

function idSql(table: Table): string {
  if (table.key.length === 0) return 'CAST(s."__row" AS VARCHAR)';
  return table.key.map((k) => keyText('s', columnOf(table, k, `Key of ${table.name}`))).join(` || '|' || `);
}

/** The moment a column's value stands for: a date without a clock lies at its day's end. */
export function momentSql(table: Table, name: string | undefined, role: string): string {
  if (name === undefined) return 'CAST(NULL AS TIMESTAMP)';
  const column = columnOf(table, name, `${role} of ${table.name}`);
  if (column.type === 'timestamp') return `s.${q(name)}`;
  if (column.type === 'date') return `date_trunc('day', s.${q(name)}) + INTERVAL '86399999999 microseconds'`;
  throw new LeadlightError('SCHEMA_MISMATCH', {
    where: `${role} of ${table.name}`,
    expected: 'a timestamp or date column',
    found: `${name}, which is ${column.type}`,
    remedy: 'Correct leadlight.yaml.',
  });
}

function timesSql(table: Table): readonly string[] {
  const time = momentSql(table, table.time, 'time');
  const known = momentSql(table, table.knownAt, 'knownAt');
  const visible =
    table.time === undefined ? known : `CASE WHEN ${time} IS NOT NULL THEN greatest(${time}, ${known}) END`;
  return [
    `${time} AS "__time"`,
    `${visible} AS "__known"`,
    `${momentSql(table, table.endTime, 'endTime')} AS "__end"`,
    `${momentSql(table, table.labelTime ?? table.time, 'labelTime')} AS "__label_time"`,
  ];
}

export const isDated = (table: Table): boolean => table.time !== undefined || table.knownAt !== undefined;

/** Filled raw cells against filled typed cells; only columns that lose some are looked at closer. */
async function findUnparsed(
  { engine, timeZone }: LoadContext,
  table: Table,
  types: ReadonlyMap<string, string>,
): Promise<TableLoad['unparsed']> {
  const count = async (columns: readonly Column[], of: (c: Column) => string, from: string): Promise<Row> => {
    const counts = columns.map((c, i) => `count(${of(c)}) AS c${i}`);
    const [row] = await engine.rows(`SELECT ${['count(*) AS n', ...counts].join(', ')} FROM ${from}`);
    return row!;
  };
  const typed = table.columns.filter((c) => c.type !== 'text');
  const values = await count(typed, (c) => q(c.name), staged(table.name));
  const gaps = typed.flatMap((c, i) =>
    values[`c${i}`] === values.n ? [] : [{ column: c, values: Number(values[`c${i}`]) }],
  );
  const cells = await count(
    gaps.map((g) => g.column),
    cellText,
    rawTable(table.name),
  );
  const out: (Finding & { readonly column: string })[] = [];
  for (const [i, { column, values: read }] of gaps.entries()) {
    const rows = Number(cells[`c${i}`]) - read;
    if (rows <= 0) continue;
    const value = typedCell(column, types.get(column.name)!, timeZone);
    const found = await engine.rows(
      `SELECT "__row" AS r, ${cellText(column)} AS v FROM ${rawTable(table.name)}
       WHERE ${cellText(column)} IS NOT NULL AND (${value}) IS NULL ORDER BY 1 LIMIT ${MAX_EXAMPLES}`,
    );
    const examples = found.map(({ r, v }) => `row ${Number(r) + 1}: ${String(v).slice(0, 80)}`);
    out.push({ column: column.name, reason: `not a ${column.type}`, rows, examples });
  }
  return out;
}

const RANKED = staged('__ranked');

/** Of rows with one key the first by time, then file order, is kept. Rewrites the stage only when something is dropped. */
async function dropDuplicates({ engine }: LoadContext, table: Table): Promise<readonly Finding[]> {
  const stage = staged(table.name);
  const [counts] = await engine.rows(`SELECT count(*) AS n, count(DISTINCT "__id") AS d FROM ${stage}`);
  if (counts!.n === counts!.d) return [];
  const order = 'PARTITION BY "__id" ORDER BY "__time" ASC NULLS LAST, "__source"';
  const cells = `hash(${table.columns.map((c) => q(c.name)).join(', ')})`;
  await engine.run(
    `CREATE OR REPLACE TABLE ${RANKED} AS SELECT *, CASE
       WHEN "__id" IS NULL THEN 'no key'
       WHEN row_number() OVER (${order}) = 1 THEN NULL
       WHEN ${cells} = first_value(${cells}) OVER (${order}) THEN 'exact repeat of a row'
       ELSE 'another row has the same key, the first is kept' END AS "__reason" FROM ${stage}`,
  );
  const kept = `SELECT * EXCLUDE ("__reason") REPLACE (row_number() OVER (ORDER BY "__source") - 1 AS "__row")
    FROM ${RANKED} WHERE "__reason" IS NULL`;
  const dropped = await engine.rows(
    `SELECT "__reason" AS reason, count(*) AS n FROM ${RANKED} WHERE "__reason" IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  await engine.run(`CREATE OR REPLACE TABLE ${stage} AS ${kept} ORDER BY "__source"`);
  const findings = dropped.map((d) => ({ reason: String(d.reason), rows: Number(d.n) }));
  const examples = await Promise.all(findings.map((f) => droppedExamples(engine, f.reason)));
  await engine.run(`DROP TABLE ${RANKED}`);
  return findings.map((f, i) => ({ ...f, examples: examples[i]! }));
}

async function droppedExamples(engine: Engine, reason: string): Promise<readonly string[]> {
  const rows = await engine.rows(
    `SELECT "__source" AS s, "__id" AS k FROM ${RANKED} WHERE "__reason" = ${quoteText(reason, 'duckdb')} ORDER BY 1 LIMIT ${MAX_EXAMPLES}`,
  );
  return rows.map(({ s, k }) => `row ${Number(s) + 1}${k === null ? '' : `: key ${String(k).slice(0, 80)}`}`);
}
