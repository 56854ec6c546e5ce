/**
 * A small typed SQL tree: plain tagged readonly records that DuckDB and Spark both can run with the same meaning.
 * No ASOF, no QUALIFY, no implicit null order. Built with build.ts, printed with print.ts.
 *
 * Fixed semantics, whatever the dialect: x / 0 and x % 0 are null; ln(x ≤ 0) and sqrt(x < 0) are null; day of week is
 * ISO (Monday 1 … Sunday 7); months clamp at month end; timestamps have no zone and µs resolution; text compares by
 * bytes. Casting a fraction to an integer type is the one difference left (DuckDB rounds, Spark truncates): floor first.
 */
export type SqlType =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'float'
  | 'double'
  | 'text'
  | 'timestamp'
  | `decimal(${number},${number})`;

export type BinaryOperator =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | 'is distinct from'
  | 'is not distinct from';

export type IntervalUnit = 'microsecond' | 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
export type DatePart = 'year' | 'quarter' | 'month' | 'day' | 'dow' | 'hour' | 'minute';

/** Scalar functions both dialects have; arguments in the order of the comment in dialect.ts. */
export type ScalarFunction =
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'sign'
  | 'sqrt'
  | 'ln'
  | 'exp'
  | 'power'
  | 'int_div'
  | 'greatest'
  | 'least'
  | 'coalesce'
  | 'nullif'
  | 'is_nan'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'length'
  | 'substring'
  | 'concat'
  | 'replace'
  | 'contains'
  | 'starts_with'
  | 'ends_with'
  | 'regexp_match'
  | 'regexp_extract'
  | 'split_part'
  | 'split_rows'
  | 'hash31'
  | 'diff_micros'
  | 'trunc_day'
  | 'trunc_month';

export type AggregateFunction = 'count' | 'sum' | 'min' | 'max' | 'avg' | 'bool_or' | 'bool_and';
export type WindowFunction =
  | AggregateFunction
  | 'row_number'
  | 'rank'
  | 'dense_rank'
  | 'lag'
  | 'lead'
  | 'first_value'
  | 'last_value';

export type Expr =
  | { readonly kind: 'column'; readonly name: string; readonly table?: string }
  | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean | null }
  /** `text` is `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, or `-infinity`. */
  | { readonly kind: 'timestamp'; readonly text: string }
  | { readonly kind: 'binary'; readonly op: BinaryOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'logical'; readonly op: 'and' | 'or'; readonly operands: readonly Expr[] }
  | { readonly kind: 'not' | 'negate'; readonly operand: Expr }
  | { readonly kind: 'isNull'; readonly operand: Expr; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly operand: Expr;
      readonly values: readonly Expr[];
      readonly negated: boolean;
    }
  | {
      readonly kind: 'case';
      readonly whens: readonly (readonly [condition: Expr, value: Expr])[];
      readonly otherwise?: Expr;
    }
  /** `lenient`: a value that does not convert becomes null. */
  | { readonly kind: 'cast'; readonly operand: Expr; readonly type: SqlType; readonly lenient: boolean }
  | { readonly kind: 'call'; readonly fn: ScalarFunction; readonly args: readonly Expr[] }
  /** Without `arg`: count(*). */
  | {
      readonly kind: 'aggregate';
      readonly fn: AggregateFunction;
      readonly arg?: Expr;
      readonly distinct: boolean;
      readonly filter?: Expr;
    }
  /** Value of the row with the greatest (least) keys, compared in order; rows with a null value or key are skipped. */
  | {
      readonly kind: 'extreme';
      readonly side: 'max' | 'min';
      readonly value: Expr;
      readonly keys: readonly Expr[];
      readonly filter?: Expr;
    }
  | {
      readonly kind: 'window';
      readonly fn: WindowFunction;
      readonly args: readonly Expr[];
      readonly partitionBy: readonly Expr[];
      readonly orderBy: readonly Order[];
      readonly frame?: Frame;
    }
  | {
      readonly kind: 'addInterval';
      readonly operand: Expr;
      readonly amount: Expr;
      readonly unit: IntervalUnit;
    }
  | { readonly kind: 'extract'; readonly part: DatePart; readonly operand: Expr };

export interface Order {
  readonly expr: Expr;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

/** Bounds are offsets from the current row (negative: before); null is unbounded. `range` offsets need a numeric order. */
export interface Frame {
  readonly unit: 'rows' | 'range';
  readonly start: number | null;
  readonly end: number | null;
}

/** An output column. A bare column keeps its name. */
export type SelectItem =
  | Expr
  | { readonly kind: 'aliased'; readonly expr: Expr; readonly name: string }
  | { readonly kind: 'star'; readonly table?: string };

export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

export type Source =
  | { readonly kind: 'table'; readonly table: TableName; readonly alias?: string }
  | { readonly kind: 'subquery'; readonly query: Query; readonly alias: string }
  | {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expr[])[];
      readonly columns: readonly string[];
      readonly alias: string;
    };

export interface Join {
  readonly type: 'inner' | 'left' | 'cross' | 'semi' | 'anti';
  readonly source: Source;
  readonly on?: Expr;
}

export interface Cte {
  readonly name: string;
  readonly query: Query;
  /** Compute once, where the dialect can say so. */
  readonly materialized?: boolean;
}

export interface Select {
  readonly kind: 'select';
  readonly with?: readonly Cte[];
  readonly distinct?: boolean;
  readonly columns: readonly SelectItem[];
  readonly from?: Source;
  readonly joins?: readonly Join[];
  readonly where?: Expr;
  readonly groupBy?: readonly Expr[];
  readonly having?: Expr;
  readonly orderBy?: readonly Order[];
  readonly limit?: number;
}

export type Query = Select | { readonly kind: 'unionAll'; readonly queries: readonly Query[] };

export type Statement =
  | { readonly kind: 'createTable'; readonly table: TableName; readonly query: Query }
  | { readonly kind: 'createView'; readonly table: TableName; readonly query: Query }
  | { readonly kind: 'dropTable'; readonly table: TableName }
  | { readonly kind: 'deleteRows'; readonly table: TableName; readonly where: Expr };
