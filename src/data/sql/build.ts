/** Builders of the SQL tree, short to type. Values (strings, numbers, null…) given where an expression is expected become literals. */
import type {
  AggregateFunction,
  BinaryOperator,
  Cte,
  DatePart,
  Expr,
  Frame,
  IntervalUnit,
  Join,
  Order,
  Query,
  ScalarFunction,
  Select,
  SelectItem,
  Source,
  SqlType,
  Statement,
  TableName,
  WindowFunction,
} from './tree.ts';

export type Value = Expr | string | number | bigint | boolean | null;

const expr = (v: Value): Expr => (typeof v === 'object' && v !== null ? v : { kind: 'literal', value: v });
const exprs = (vs: readonly Value[]): readonly Expr[] => vs.map(expr);

/** `col('name')` or `col('alias', 'name')`. */
export function col(name: string): Expr;
export function col(table: string, name: string): Expr;
export function col(first: string, second?: string): Expr {
  return second === undefined
    ? { kind: 'column', name: first }
    : { kind: 'column', table: first, name: second };
}

export const lit = (value: string | number | bigint | boolean | null): Expr => ({ kind: 'literal', value });

/** A timestamp from ms since epoch or an ISO text without zone (`2024-05-01`, `2024-05-01T12:00:00.000001`), UTC. */
export function ts(at: number | string): Expr {
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  const m = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?Z?$/.exec(iso);
  if (!m) throw new RangeError(`not a timestamp between the years 0 and 9999: ${iso}`);
  return { kind: 'timestamp', text: `${m[1]} ${m[2] ?? '00:00:00'}.${(m[3] ?? '').padEnd(6, '0')}` };
}

/** Before every other timestamp. */
export const minusInfinity: Expr = { kind: 'timestamp', text: '-infinity' };

const binary =
  (op: BinaryOperator) =>
  (left: Value, right: Value): Expr => ({ kind: 'binary', op, left: expr(left), right: expr(right) });
export const eq = binary('=');
export const ne = binary('<>');
export const lt = binary('<');
export const le = binary('<=');
export const gt = binary('>');
export const ge = binary('>=');
export const add = binary('+');
export const sub = binary('-');
export const mul = binary('*');
/** Always a fraction; null when the divisor is 0. */
export const div = binary('/');
export const mod = binary('%');
export const isNotDistinct = binary('is not distinct from');

/** True without operands. */
export const and = (...operands: readonly Value[]): Expr => ({
  kind: 'logical',
  op: 'and',
  operands: exprs(operands),
});
/** False without operands. */
export const or = (...operands: readonly Value[]): Expr => ({
  kind: 'logical',
  op: 'or',
  operands: exprs(operands),
});
export const not = (operand: Value): Expr => ({ kind: 'not', operand: expr(operand) });
export const negate = (operand: Value): Expr => ({ kind: 'negate', operand: expr(operand) });
export const isNull = (operand: Value): Expr => ({ kind: 'isNull', operand: expr(operand), negated: false });
export const isNotNull = (operand: Value): Expr => ({
  kind: 'isNull',
  operand: expr(operand),
  negated: true,
});
export const inList = (operand: Value, values: readonly Value[]): Expr => ({
  kind: 'in',
  operand: expr(operand),
  values: exprs(values),
  negated: false,
});
export const between = (operand: Value, low: Value, high: Value): Expr =>
  and(ge(operand, low), le(operand, high));

/** `caseWhen([[condition, value], …], otherwise)`; null when nothing holds and no otherwise is given. */
export function caseWhen(whens: readonly (readonly [Value, Value])[], otherwise?: Value): Expr {
  const pairs = whens.map(([c, v]) => [expr(c), expr(v)] as const);
  return otherwise === undefined
    ? { kind: 'case', whens: pairs }
    : { kind: 'case', whens: pairs, otherwise: expr(otherwise) };
}

export const cast = (operand: Value, type: SqlType): Expr => ({
  kind: 'cast',
  operand: expr(operand),
  type,
  lenient: false,
});
/** Null where the value does not convert. */
export const tryCast = (operand: Value, type: SqlType): Expr => ({
  kind: 'cast',
  operand: expr(operand),
  type,
  lenient: true,
});
export const call = (fn: ScalarFunction, ...args: readonly Value[]): Expr => ({
  kind: 'call',
  fn,
  args: exprs(args),
});
export const coalesce = (...args: readonly Value[]): Expr => call('coalesce', ...args);
export const greatest = (...args: readonly Value[]): Expr => call('greatest', ...args);
export const least = (...args: readonly Value[]): Expr => call('least', ...args);

export interface AggregateOptions {
  readonly filter?: Expr;
  readonly distinct?: boolean;
}

const withFilter = (filter: Expr | undefined): { readonly filter?: Expr } =>
  filter === undefined ? {} : { filter };

const aggregate =
  (fn: AggregateFunction) =>
  (arg: Value, options: AggregateOptions = {}): Expr => ({
    kind: 'aggregate',
    fn,
    arg: expr(arg),
    distinct: options.distinct ?? false,
    ...withFilter(options.filter),
  });
export const count = aggregate('count');
export const sum = aggregate('sum');
export const min = aggregate('min');
export const max = aggregate('max');
export const avg = aggregate('avg');
export const boolOr = aggregate('bool_or');
export const countDistinct = (arg: Value, options: { readonly filter?: Expr } = {}): Expr =>
  count(arg, { ...options, distinct: true });
export const countAll = (options: { readonly filter?: Expr } = {}): Expr => ({
  kind: 'aggregate',
  fn: 'count',
  distinct: false,
  ...withFilter(options.filter),
});

const extreme =
  (side: 'max' | 'min') =>
  (value: Value, keys: readonly Value[], options: { readonly filter?: Expr } = {}): Expr => ({
    kind: 'extreme',
    side,
    value: expr(value),
    keys: exprs(keys),
    ...withFilter(options.filter),
  });
/** `value` where `keys` are greatest, compared in order; give a unique last key so that ties cannot occur. */
export const maxBy = extreme('max');
export const minBy = extreme('min');

export interface WindowOptions {
  readonly partitionBy?: readonly Expr[];
  readonly orderBy?: readonly Order[];
  readonly frame?: Frame;
}

/** `over('lag', [col('x')], { partitionBy, orderBy, frame })`. */
export const over = (fn: WindowFunction, args: readonly Value[], options: WindowOptions = {}): Expr => ({
  kind: 'window',
  fn,
  args: exprs(args),
  partitionBy: options.partitionBy ?? [],
  orderBy: options.orderBy ?? [],
  ...(options.frame === undefined ? {} : { frame: options.frame }),
});

const order =
  (direction: 'asc' | 'desc') =>
  (by: Value, nulls: 'first' | 'last' = 'last'): Order => ({ expr: expr(by), direction, nulls });
export const asc = order('asc');
export const desc = order('desc');

/** Calendar arithmetic: months and years clamp at month end; `amount` is a whole number, may be negative. */
export const addInterval = (operand: Value, amount: Value, unit: IntervalUnit): Expr => ({
  kind: 'addInterval',
  operand: expr(operand),
  amount: expr(amount),
  unit,
});
/** later − earlier in whole microseconds; null when either is infinite. */
export const diffMicros = (later: Value, earlier: Value): Expr => call('diff_micros', later, earlier);
const MICROS_PER_DAY = 86_400_000_000;
/** later − earlier in days of 24 hours, with fraction. */
export const diffDays = (later: Value, earlier: Value): Expr =>
  div(diffMicros(later, earlier), MICROS_PER_DAY);
/** Midnight of the day, as a timestamp. */
export const truncDay = (operand: Value): Expr => call('trunc_day', operand);
export const extract = (part: DatePart, operand: Value): Expr => ({
  kind: 'extract',
  part,
  operand: expr(operand),
});

export const as = (value: Value, name: string): SelectItem => ({ kind: 'aliased', expr: expr(value), name });
export const star = (of?: string): SelectItem =>
  of === undefined ? { kind: 'star' } : { kind: 'star', table: of };

const tableName = (name: string, schema?: string): TableName =>
  schema === undefined ? { name } : { schema, name };

/** `table('deals')`, `table('deals', 'd')`, `table('deals', 'd', 'data')`. */
export const table = (name: string, alias?: string, schema?: string): Source => ({
  kind: 'table',
  table: tableName(name, schema),
  ...(alias === undefined ? {} : { alias }),
});
export const subquery = (query: Query, alias: string): Source => ({ kind: 'subquery', query, alias });
/** Inline rows; at least one. */
export const values = (
  rows: readonly (readonly Value[])[],
  columns: readonly string[],
  alias: string,
): Source => ({ kind: 'values', rows: rows.map(exprs), columns, alias });

const join =
  (type: 'inner' | 'left' | 'semi' | 'anti') =>
  (source: Source, on: Expr): Join => ({ type, source, on });
export const innerJoin = join('inner');
export const leftJoin = join('left');
export const semiJoin = join('semi');
export const antiJoin = join('anti');
export const crossJoin = (source: Source): Join => ({ type: 'cross', source });

export const select = (parts: Omit<Select, 'kind'>): Select => ({ kind: 'select', ...parts });
export const unionAll = (...queries: readonly Query[]): Query => ({ kind: 'unionAll', queries });
export const cte = (name: string, query: Query, materialized = false): Cte => ({ name, query, materialized });

export const createTableAs = (name: string, query: Query, schema?: string): Statement => ({
  kind: 'createTable',
  table: tableName(name, schema),
  query,
});
export const createView = (name: string, query: Query, schema?: string): Statement => ({
  kind: 'createView',
  table: tableName(name, schema),
  query,
});
export const deleteRows = (name: string, where: Expr, schema?: string): Statement => ({
  kind: 'deleteRows',
  table: tableName(name, schema),
  where,
});
export const dropTable = (name: string, schema?: string): Statement => ({
  kind: 'dropTable',
  table: tableName(name, schema),
});
