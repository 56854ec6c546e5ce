/** One aggregation: its column, its types, its window and its path. */
import type { Column, Table } from '../../data/schema/types.ts';
import type { Aggregate } from './ast.ts';
import type { Operand } from './check-compare.ts';
import {
  type Check,
  findColumn,
  findTable,
  isForeignKey,
  isPrimaryKey,
  kindOf,
  type Meaning,
  meaningOf,
} from './check-context.ts';
import { aggregatePath } from './check-links.ts';
import { type Clause, checkTimeColumn, checkWindow } from './check-time.ts';
import { FUNCTIONS, type ValueKind } from './functions.ts';

export interface AggregatePlace {
  readonly clause: Clause;
  readonly context: Table;
  readonly via: readonly string[] | undefined;
  /** A list over a foreign key with RANK needs no window. */
  readonly windowless: boolean;
}

/** The aggregate with names and path filled in (its inner filter is left to the caller), and its type. */
export function checkAggregate(
  check: Check,
  aggregate: Aggregate,
  place: AggregatePlace,
): { readonly operand: Operand; readonly table: Table } | undefined {
  const { fn, source, window, span } = aggregate;
  const table = findTable(check, source.table, source.span);
  if (window) checkWindow(check, window, span, place.clause);
  else if (!place.windowless) {
    check.error('Z4', span, `${fn} needs a window.`, { expected: `${fn}(…, start, end, unit)` });
  }
  if (!table) return undefined;
  const column = checkColumn(check, aggregate, table);
  if (window) checkTimeColumn(check, table, span);
  const { path, via } = aggregatePath(check, aggregate, table, place.context, place.via);
  const { via: _, ...rest } = aggregate;
  if (column === undefined) return undefined;
  const node: Aggregate = {
    ...rest,
    source: { ...source, table: table.name, column: column === '*' ? '*' : column.name },
    path,
    ...(via ? { via } : {}),
  };
  if (fn === 'LIST_DISTINCT' && column !== '*') checkListedKey(check, aggregate, table, column, path);
  return { operand: { node, ...resultOf(check, fn, table, column) }, table };
}

/** `*`, the column, or undefined when the argument is wrong. */
function checkColumn(check: Check, aggregate: Aggregate, table: Table): Column | '*' | undefined {
  const { fn, source } = aggregate;
  if (source.column === '*') {
    if (fn === 'COUNT') return '*';
    check.error('W1', source.span, `${fn} needs a column; only COUNT counts rows.`, {
      expected: `${table.name}.<column>`,
    });
    return undefined;
  }
  const column = findColumn(check, table, source.column, source.span);
  if (!column) return undefined;
  checkInput(check, aggregate, table, column);
  limitInput(check, aggregate, table, column);
  return column;
}

function checkInput(check: Check, { fn, source, span }: Aggregate, table: Table, column: Column): void {
  const kind = kindOf(column);
  const meaning = meaningOf(check, table, column);
  const name = `${table.name}.${column.name}`;
  if (meaning === 'id' && ['SUM', 'AVG', 'COUNT_DISTINCT'].includes(fn)) {
    check.error('S1', span, `${fn} of a key says nothing.`, { suggestion: `COUNT(${table.name}.*, …)` });
  } else if (!FUNCTIONS[fn].accepts.includes(kind)) {
    const code = fn === 'LIST_DISTINCT' ? 'T9' : 'T1';
    check.error(code, source.span, `${fn} cannot take ${name}.`, { expected: FUNCTIONS[fn].input });
  } else if (fn === 'SUM' || fn === 'AVG') {
    if (kind === 'boolean') check.warn('T1', source.span, `${fn} counts true as 1 and false as 0.`);
    else if (meaning !== 'numerical') check.warn('S2', source.span, `${name} is not numeric in meaning.`);
  } else if (fn === 'MIN' || fn === 'MAX') {
    if (kind === 'boolean') check.warn('T2', source.span, `${fn} of a boolean.`);
    else if (meaning === 'categorical' || meaning === 'multicategorical') {
      check.warn('S3', source.span, `${fn} of a category.`);
    }
  } else if (fn === 'LIST_DISTINCT' && (meaning === 'numerical' || meaning === 'text')) {
    check.warn('S4', source.span, `Every value of ${name} becomes a label of its own.`);
  }
  if ((fn === 'FIRST' || fn === 'LAST') && isForeignKey(check, table.name, column.name)) {
    check.error('L5', span, `${fn} cannot take a foreign key.`, {
      suggestion: `LIST_DISTINCT(${name}, …) RANK TOP 1`,
    });
  }
}

function limitInput(check: Check, { fn, source, span }: Aggregate, table: Table, column: Column): void {
  const kind = kindOf(column);
  const foreign = isForeignKey(check, table.name, column.name);
  if (FUNCTIONS[fn].level === 'trained') check.limit('R1', span, `${fn} is not computed zero-shot.`);
  if (fn === 'LIST_DISTINCT') {
    if (!foreign) check.limit('R8', span, 'Zero-shot, LIST_DISTINCT takes a foreign key.');
  } else if (fn === 'COUNT') {
    if (kind !== 'number' && check.mode === 'strict' && check.level !== 'trained') {
      check.warn('R5', source.span, 'The hosted service may refuse to count a column that is no number.');
    }
  } else {
    if (kind === 'string' || kind === 'timestamp')
      check.limit('R5', source.span, `${fn} takes numbers here.`);
    if (meaningOf(check, table, column) === 'id') check.limit('R12', source.span, `${fn} of a key.`);
  }
}

/** L4: nothing is left to predict about a row's own key, or about the link that ties the rows to the entity. */
function checkListedKey(
  check: Check,
  { span }: Aggregate,
  table: Table,
  column: Column,
  path: readonly string[],
): void {
  const back = check.schema.links.find((l) => l.name === path[0]);
  if (isPrimaryKey(table, column.name) && !isForeignKey(check, table.name, column.name)) {
    check.error('L4', span, `${table.name}.${column.name} is different in every row.`, {
      expected: 'a foreign key or a category',
    });
  } else if (back?.from === table.name && back.columns.includes(column.name)) {
    check.error('L4', span, `${table.name}.${column.name} is the link to the entity itself.`, {
      expected: 'another foreign key or a category',
    });
  }
}

function resultOf(
  check: Check,
  fn: Aggregate['fn'],
  table: Table,
  column: Column | '*',
): { readonly kind: ValueKind; readonly meaning: Meaning; readonly list: boolean } {
  const { result } = FUNCTIONS[fn];
  if (column === '*' || result === 'integer' || result === 'number' || fn === 'SUM') {
    return { kind: 'number', meaning: 'numerical', list: false };
  }
  const list = result === 'list';
  return { kind: kindOf(column), meaning: list ? 'multicategorical' : meaningOf(check, table, column), list };
}
