/** SQL tree → text. One walk for all dialects; what differs is looked up in the Dialect. */
import type { Dialect } from './dialect.ts';
import { DUCKDB } from './duckdb.ts';
import { SPARK } from './spark.ts';
import type {
  Expr,
  Frame,
  Join,
  Order,
  Query,
  Select,
  SelectItem,
  Source,
  Statement,
  TableName,
} from './tree.ts';

const DIALECTS: Readonly<Record<Dialect['name'], Dialect>> = { duckdb: DUCKDB, spark: SPARK };

/** Text of an expression, a query or a statement. Queries are indented; literals are never touched. */
export function toSql(node: Expr | Query | Statement, dialect: Dialect['name']): string {
  const d = DIALECTS[dialect];
  switch (node.kind) {
    case 'select':
    case 'unionAll':
      return query(node, d, 0);
    case 'createTable':
      return `CREATE OR REPLACE TABLE ${tableName(node.table, d)} AS\n${query(node.query, d, 0)}`;
    case 'createView':
      return `CREATE OR REPLACE VIEW ${tableName(node.table, d)} AS\n${query(node.query, d, 0)}`;
    case 'dropTable':
      return `DROP TABLE IF EXISTS ${tableName(node.table, d)}`;
    case 'deleteRows':
      return `DELETE FROM ${tableName(node.table, d)}\nWHERE ${expression(node.where, d)}`;
    default:
      return expression(node, d);
  }
}

/** A name quoted for the dialect, for the few places that write SQL text themselves. */
export const quoteName = (name: string, dialect: Dialect['name']): string =>
  DIALECTS[dialect].identifier(name);
/** A string literal of the dialect. */
export const quoteText = (text: string, dialect: Dialect['name']): string => DIALECTS[dialect].string(text);

const tableName = (t: TableName, d: Dialect): string =>
  (t.schema === undefined ? [t.name] : [t.schema, t.name]).map(d.identifier).join('.');

const indent = (depth: number): string => '  '.repeat(depth);

function query(q: Query, d: Dialect, depth: number): string {
  if (q.kind === 'select') return select(q, d, depth);
  const parts = q.queries.map((part) => `${indent(depth)}(\n${query(part, d, depth + 1)}\n${indent(depth)})`);
  return parts.join(`\n${indent(depth)}UNION ALL\n`);
}

function select(s: Select, d: Dialect, depth: number): string {
  const pad = indent(depth);
  const list = (items: readonly string[]): string => items.join(`,\n${pad}  `);
  const lines: string[] = [];
  if (s.with?.length) lines.push(`WITH ${s.with.map((c) => cte(c, d, depth)).join(',\n')}`);
  lines.push(`SELECT ${s.distinct ? 'DISTINCT ' : ''}${list(s.columns.map((c) => item(c, d)))}`);
  if (s.from) lines.push(`FROM ${source(s.from, d, depth)}`);
  for (const j of s.joins ?? []) lines.push(join(j, d, depth));
  if (s.where) lines.push(`WHERE ${expression(s.where, d)}`);
  if (s.groupBy?.length) lines.push(`GROUP BY ${s.groupBy.map((e) => expression(e, d)).join(', ')}`);
  if (s.having) lines.push(`HAVING ${expression(s.having, d)}`);
  if (s.orderBy?.length) lines.push(`ORDER BY ${orders(s.orderBy, d)}`);
  if (s.limit !== undefined) lines.push(`LIMIT ${s.limit}`);
  return lines.map((line) => pad + line).join('\n');
}

function cte(c: NonNullable<Select['with']>[number], d: Dialect, depth: number): string {
  const how = c.materialized ? d.materialized : '';
  return `${d.identifier(c.name)} AS ${how}(\n${query(c.query, d, depth + 1)}\n${indent(depth)})`;
}

function item(i: SelectItem, d: Dialect): string {
  if (i.kind === 'star') return i.table === undefined ? '*' : `${d.identifier(i.table)}.*`;
  if (i.kind === 'aliased') return `${expression(i.expr, d)} AS ${d.identifier(i.name)}`;
  return expression(i, d);
}

function source(s: Source, d: Dialect, depth: number): string {
  if (s.kind === 'table')
    return tableName(s.table, d) + (s.alias === undefined ? '' : ` AS ${d.identifier(s.alias)}`);
  const alias = d.identifier(s.alias);
  if (s.kind === 'subquery') return `(\n${query(s.query, d, depth + 1)}\n${indent(depth)}) AS ${alias}`;
  const rows = s.rows.map((r) => `(${expressions(r, d)})`).join(', ');
  return `(VALUES ${rows}) AS ${alias}(${s.columns.map(d.identifier).join(', ')})`;
}

function join(j: Join, d: Dialect, depth: number): string {
  const on = j.on === undefined ? '' : ` ON ${expression(j.on, d)}`;
  return `${d.joins[j.type]} ${source(j.source, d, depth)}${on}`;
}

const orders = (os: readonly Order[], d: Dialect): string =>
  os
    .map((o) => `${expression(o.expr, d)} ${o.direction.toUpperCase()} NULLS ${o.nulls.toUpperCase()}`)
    .join(', ');

const expressions = (es: readonly Expr[], d: Dialect): string => es.map((e) => expression(e, d)).join(', ');

const ATOMIC: ReadonlySet<Expr['kind']> = new Set([
  'column',
  'literal',
  'timestamp',
  'cast',
  'aggregate',
  'extreme',
  'window',
  'addInterval',
  'extract',
  'case',
  'call',
]);

/** Text that can stand as an operand. */
const operand = (e: Expr, d: Dialect): string =>
  ATOMIC.has(e.kind) ? expression(e, d) : `(${expression(e, d)})`;

export function expression(e: Expr, d: Dialect): string {
  switch (e.kind) {
    case 'column':
      return (e.table === undefined ? [e.name] : [e.table, e.name]).map(d.identifier).join('.');
    case 'literal':
      return literal(e.value, d);
    case 'timestamp':
      return d.timestamp(e.text);
    case 'binary':
      return binary(e, d);
    case 'logical':
      return logical(e.op, e.operands, d);
    case 'not':
      return `NOT ${operand(e.operand, d)}`;
    case 'negate':
      return `-${operand(e.operand, d)}`;
    case 'isNull':
      return `${operand(e.operand, d)} IS ${e.negated ? 'NOT ' : ''}NULL`;
    case 'in':
      return inList(e, d);
    case 'case':
      return caseWhen(e, d);
    case 'cast':
      return `${e.lenient ? 'TRY_CAST' : 'CAST'}(${expression(e.operand, d)} AS ${d.type(e.type)})`;
    case 'call':
      return d.functions[e.fn](...e.args.map((a) => operand(a, d)));
    case 'aggregate':
      return aggregate(e, d);
    case 'extreme':
      return extreme(e, d);
    case 'window':
      return window(e, d);
    case 'addInterval':
      return d.addInterval(operand(e.operand, d), expression(e.amount, d), e.unit);
    case 'extract':
      return d.datePart(e.part, operand(e.operand, d));
  }
}

type Of<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** Fractions carry an exponent, which both dialects read as DOUBLE (a bare 0.1 would be DECIMAL). */
function literal(value: Of<'literal'>['value'], d: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return d.string(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' && !Number.isFinite(value))
    return `CAST(${d.string(Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity')} AS DOUBLE)`;
  const text = String(value);
  const exact = typeof value === 'bigint' || Number.isSafeInteger(value) || text.includes('e');
  const printed = exact ? text : `${text}e0`;
  return text.startsWith('-') ? `(${printed})` : printed;
}

function binary(e: Of<'binary'>, d: Dialect): string {
  const left = operand(e.left, d);
  const right = operand(e.right, d);
  const nonzero = e.right.kind === 'literal' && e.right.value !== 0;
  const guarded = (e.op === '/' || e.op === '%') && !nonzero ? `nullif(${right}, 0)` : right;
  return `${left} ${e.op.toUpperCase()} ${guarded}`;
}

function logical(op: 'and' | 'or', operands: readonly Expr[], d: Dialect): string {
  if (operands.length === 0) return op === 'and' ? 'TRUE' : 'FALSE';
  if (operands.length === 1) return expression(operands[0]!, d);
  return operands
    .map((e) => (e.kind === 'binary' ? expression(e, d) : operand(e, d)))
    .join(` ${op.toUpperCase()} `);
}

function inList(e: Of<'in'>, d: Dialect): string {
  if (e.values.length === 0) return e.negated ? 'TRUE' : 'FALSE';
  return `${operand(e.operand, d)} ${e.negated ? 'NOT ' : ''}IN (${expressions(e.values, d)})`;
}

function caseWhen(e: Of<'case'>, d: Dialect): string {
  const whens = e.whens.map(([c, v]) => `WHEN ${expression(c, d)} THEN ${expression(v, d)}`).join(' ');
  const otherwise = e.otherwise === undefined ? '' : ` ELSE ${expression(e.otherwise, d)}`;
  return `CASE ${whens}${otherwise} END`;
}

const filter = (f: Expr | undefined, d: Dialect): string =>
  f === undefined ? '' : ` FILTER (WHERE ${expression(f, d)})`;

function aggregate(e: Of<'aggregate'>, d: Dialect): string {
  const arg = e.arg === undefined ? '*' : expression(e.arg, d);
  return `${d.aggregates[e.fn]}(${e.distinct ? 'DISTINCT ' : ''}${arg})${filter(e.filter, d)}`;
}

function extreme(e: Of<'extreme'>, d: Dialect): string {
  const keys = e.keys.map((k) => operand(k, d));
  const present = [e.value, ...e.keys].map((operand): Expr => ({ kind: 'isNull', operand, negated: true }));
  const all: Expr = { kind: 'logical', op: 'and', operands: e.filter ? [e.filter, ...present] : present };
  const by = keys.length === 1 ? keys[0]! : d.keys(...keys);
  return `${d.extremes[e.side]}(${expression(e.value, d)}, ${by})${filter(all, d)}`;
}

function window(e: Of<'window'>, d: Dialect): string {
  const star = e.fn === 'count' && e.args.length === 0 ? '*' : expressions(e.args, d);
  const parts = [
    e.partitionBy.length ? `PARTITION BY ${expressions(e.partitionBy, d)}` : '',
    e.orderBy.length ? `ORDER BY ${orders(e.orderBy, d)}` : '',
    e.frame ? frame(e.frame) : '',
  ];
  return `${e.fn}(${star}) OVER (${parts.filter((p) => p !== '').join(' ')})`;
}

const frame = (f: Frame): string =>
  `${f.unit.toUpperCase()} BETWEEN ${bound(f.start, 'PRECEDING')} AND ${bound(f.end, 'FOLLOWING')}`;

function bound(offset: number | null, unbounded: string): string {
  if (offset === null) return `UNBOUNDED ${unbounded}`;
  if (offset === 0) return 'CURRENT ROW';
  return offset < 0 ? `${-offset} PRECEDING` : `${offset} FOLLOWING`;
}
