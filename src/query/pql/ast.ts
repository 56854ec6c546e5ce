/** PQL as data. `Query` is what the text says; `CheckedQuery` is what it means on a schema. Runs in a browser. */

/** Offsets into the query text, [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type AggregateFn =
  | 'SUM'
  | 'AVG'
  | 'MIN'
  | 'MAX'
  | 'COUNT'
  | 'COUNT_DISTINCT'
  | 'FIRST'
  | 'LAST'
  | 'LIST_DISTINCT';
export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months';
/** After normalisation: IS → =, IS NOT → !=, LIKE → CONTAINS/STARTS WITH/ENDS WITH, NOT IN → NOT(IN). */
export type CompareOp =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'CONTAINS'
  | 'NOT CONTAINS'
  | 'STARTS WITH'
  | 'ENDS WITH';

export interface Window {
  /** null = -INF */
  readonly start: number | null;
  readonly end: number;
  readonly unit: TimeUnit;
}

export type Literal =
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly integer: boolean;
      readonly span: Span;
      /** The digits, for an integer that a double cannot hold (64-bit ids). */
      readonly digits?: string;
    }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  /** ISO `YYYY-MM-DDTHH:MM:SS` (UTC), `dateOnly` when written without a clock. */
  | { readonly kind: 'datetime'; readonly value: string; readonly dateOnly: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'array'; readonly items: readonly Literal[]; readonly span: Span };

export interface ColumnRef {
  readonly kind: 'column';
  readonly table: string;
  /** `*` for a wildcard. */
  readonly column: string;
  readonly span: Span;
  /** Checked queries: link names to walk from the context table (many-to-one) to reach `table`. Empty: own table. */
  readonly path?: readonly string[];
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly fn: AggregateFn;
  readonly source: ColumnRef;
  readonly where?: Predicate;
  readonly window?: Window;
  readonly span: Span;
  /** Link names written after VIA. */
  readonly via?: readonly string[];
  /**
   * Checked queries: links from the aggregated table to the context (entity) table, nearest first. A link whose
   * `from` is the table reached so far is walked forwards, otherwise backwards (contacts ← accounts).
   */
  readonly path?: readonly string[];
}

/** BOOL(table.column = value, start, end, unit): the condition becomes true inside the window. */
export interface Becomes {
  readonly kind: 'becomes';
  readonly condition: Comparison;
  readonly window: Window;
  readonly span: Span;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly left: ColumnRef | Aggregate;
  readonly op: CompareOp;
  readonly right: Literal;
  readonly span: Span;
}

export type Predicate =
  | Comparison
  | Becomes
  | { readonly kind: 'and' | 'or'; readonly left: Predicate; readonly right: Predicate; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Predicate; readonly span: Span };

export type Target = Predicate | Aggregate | ColumnRef;

export type Hint =
  | { readonly kind: 'forecast'; readonly steps: number; readonly span: Span }
  | { readonly kind: 'rank' | 'classify'; readonly topK?: number; readonly span: Span }
  /** TOP k alone: parses, never survives checking. */
  | { readonly kind: 'top'; readonly topK: number; readonly span: Span };

export interface Query {
  /** Before checking, a named target that was not looked up yet is a column without a table. */
  readonly target: Target;
  readonly hint?: Hint;
  /** Before checking, `column` is empty when only the table was named (`FOR leads`). */
  readonly entity: ColumnRef;
  readonly forEach: boolean;
  readonly ids?: Literal;
  /** `=` or IN in a checked query. */
  readonly idsOp?: CompareOp;
  readonly where?: Predicate;
  readonly assuming?: Predicate;
  readonly using?: readonly string[];
  readonly usingSpan?: Span;
  /** Link names of a VIA clause that stands for every aggregate needing one. */
  readonly via?: readonly string[];
  readonly prefix?: 'explain' | 'evaluate';
  /** Name of the workspace target the text used, when it did. */
  readonly namedTarget?: string;
}

export type TaskType = 'binary' | 'multiclass' | 'regression' | 'ranking' | 'multilabel' | 'forecast';

/** Names resolved against the schema, paths filled in, types checked. */
export interface CheckedQuery extends Query {
  readonly taskType: TaskType;
  readonly temporal: boolean;
  /** Canonical (strict) text. */
  readonly text: string;
  /** Largest end of a target or ASSUMING window: the example is complete from then on. Undefined for static queries. */
  readonly horizon?: { readonly end: number; readonly unit: TimeUnit };
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  /** C1, T3, Z5, … of the reference, P… for the parser, E… for extensions in use. */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly expected?: string;
  readonly suggestion?: string;
}
