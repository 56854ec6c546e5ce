/**
 * Reference evaluator of labels: the semantics of a checked query on tiny tables, written from the language reference
 * with loops and no SQL. Slow on purpose; property tests hold the SQL to it.
 */
import { fkColumn, type Schema, type Table } from '../../src/data/schema/types.ts';
import type {
  Aggregate,
  Becomes,
  CheckedQuery,
  ColumnRef,
  Comparison,
  Literal,
  Predicate,
  Window,
} from '../../src/query/pql/ast.ts';
import { addUnits } from '../../src/query/task/calendar.ts';

export type Value = string | number | boolean | null;
/** A row of `data.<table>`: schema columns and the internal ones; times in ms. */
export type WorldRow = Readonly<Record<string, Value>>;
export interface World {
  readonly schema: Schema;
  readonly rows: Readonly<Record<string, readonly WorldRow[]>>;
}

type Side = 'past' | 'label';
interface Context {
  readonly table: Table;
  readonly row: WorldRow;
  readonly at: number | null;
  readonly side: Side;
}

export interface Truth {
  readonly value: boolean;
  readonly empty: boolean;
  readonly held: boolean;
}

export interface Label {
  readonly row: number;
  readonly at: number | null;
  readonly values: readonly Value[];
  readonly empty: boolean;
  readonly held: boolean;
  readonly kept: boolean;
}

const num = (v: Value | undefined): number | null => (typeof v === 'number' ? v : null);
const tableOf = (w: World, name: string): Table => w.schema.tables.find((t) => t.name === name)!;
const linkOf = (w: World, name: string) => w.schema.links.find((l) => l.name === name)!;
const rowsOf = (w: World, name: string): readonly WorldRow[] => w.rows[name] ?? [];
const knownBy = (row: WorldRow, at: number): boolean => num(row.__known) !== null && num(row.__known)! <= at;

/** Entities asked about at each cutoff, as `row@cutoff`. */
export function referencePopulation(w: World, q: CheckedQuery, cutoffs: readonly number[]): string[] {
  const table = tableOf(w, q.entity.table);
  const found: string[] = [];
  for (const at of q.temporal ? cutoffs : [null])
    for (const row of rowsOf(w, table.name)) {
      if (at !== null && !alive(w, table, row, at)) continue;
      const context: Context = { table, row, at, side: at === null ? 'label' : 'past' };
      if (q.where && !passes(truth(w, q.where, context))) continue;
      found.push(`${row.__row}@${at}`);
    }
  return found.sort();
}

function alive(w: World, table: Table, row: WorldRow, at: number): boolean {
  const end = num(row.__end);
  if (!knownBy(row, at) || (end !== null && end <= at)) return false;
  if (table.time !== undefined || num(row.__known) !== Number.NEGATIVE_INFINITY) return true;
  const down = w.schema.links.filter((l) => l.to === table.name && tableOf(w, l.from).time !== undefined);
  if (down.length === 0) return true;
  return down.some((l) => rowsOf(w, l.from).some((c) => c[fkColumn(l)] === row.__row && knownBy(c, at)));
}

const passes = (t: Truth): boolean => t.value && !t.empty && !t.held;

export function referenceLabel(w: World, q: CheckedQuery, rowNumber: number, at: number | null): Label {
  const table = tableOf(w, q.entity.table);
  const row = rowsOf(w, table.name).find((r) => r.__row === rowNumber)!;
  const context: Context = { table, row, at, side: 'label' };
  const steps = q.hint?.kind === 'forecast' ? q.hint.steps : 1;
  const cells = Array.from({ length: steps }, (_, k) => cell(w, q, context, k));
  return {
    row: rowNumber,
    at,
    values: cells.map((c) => c.value),
    empty: cells.some((c) => c.empty),
    held: cells.some((c) => c.held),
    kept: q.assuming ? passes(truth(w, q.assuming, context)) : true,
  };
}

function cell(w: World, q: CheckedQuery, c: Context, step: number) {
  const t = q.target;
  if (t.kind === 'column') return { value: read(w, c, t), empty: false, held: false };
  if (t.kind !== 'aggregate') {
    const verdict = truth(w, t, c);
    return { ...verdict, value: verdict.value ? 1 : 0 };
  }
  const window = t.window && {
    ...t.window,
    start: (t.window.start ?? 0) + step * t.window.end,
    end: t.window.end * (step + 1),
  };
  const value = aggregateValue(w, window ? { ...t, window } : t, c);
  return { value, empty: value === null, held: false };
}

function truth(w: World, p: Predicate, c: Context): Truth {
  switch (p.kind) {
    case 'and':
    case 'or': {
      const [a, b] = [truth(w, p.left, c), truth(w, p.right, c)];
      const value = p.kind === 'and' ? a.value && b.value : a.value || b.value;
      return { value, empty: a.empty || b.empty, held: a.held || b.held };
    }
    case 'not': {
      const a = truth(w, p.operand, c);
      return { ...a, value: !a.value };
    }
    case 'becomes':
      return becomesTruth(w, p, c);
    case 'comparison':
      return compareTruth(w, p, c);
  }
}

function compareTruth(w: World, p: Comparison, c: Context): Truth {
  if (p.left.kind === 'column')
    return { value: compare(read(w, c, p.left), p.op, p.right), empty: false, held: false };
  if (p.left.fn === 'LIST_DISTINCT') {
    const items = aggregatedCells(w, p.left, c).map((x) => x.value);
    const member = items.some((x) => compare(x, '=', p.right));
    const value = p.op === 'NOT CONTAINS' ? (items.length > 0 ? !member : true) : member;
    return { value, empty: items.length === 0, held: false };
  }
  const value = aggregateValue(w, p.left, c);
  return { value: compare(value, p.op, p.right), empty: value === null, held: false };
}

const constant = (l: Literal): Value =>
  l.kind === 'datetime'
    ? Date.parse(`${l.value}Z`)
    : l.kind === 'null' || l.kind === 'array'
      ? null
      : l.value;

function compare(x: Value, op: Comparison['op'], right: Literal): boolean {
  if (right.kind === 'null') return op === '=' ? x === null : x !== null;
  if (x === null) return false;
  const y = constant(right)!;
  switch (op) {
    case '=':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case 'IN':
      return right.kind === 'array' && right.items.some((i) => constant(i) === x);
    case 'CONTAINS':
      return String(x).includes(String(y));
    case 'NOT CONTAINS':
      return !String(x).includes(String(y));
    case 'STARTS WITH':
      return String(x).startsWith(String(y));
    case 'ENDS WITH':
      return String(x).endsWith(String(y));
  }
}

/** The row a column reference means: the context's, or a (visible) one it points to. */
function climb(w: World, c: Context, path: readonly string[]): [Table, WorldRow | undefined] {
  let [table, row] = [c.table, c.row as WorldRow | undefined];
  for (const name of path) {
    const link = linkOf(w, name);
    table = tableOf(w, link.to);
    const target: Value | undefined = row?.[fkColumn(link)];
    row = rowsOf(w, link.to).find((r) => r.__row === target);
    if (row && c.side === 'past' && c.at !== null && !knownBy(row, c.at)) row = undefined;
  }
  return [table, row];
}

function read(w: World, c: Context, ref: ColumnRef): Value {
  const [table, row] = climb(w, c, ref.path ?? []);
  return row ? readCell(w, c, table, row, ref.column) : null;
}

function readCell(w: World, c: Context, table: Table, row: WorldRow, name: string): Value {
  const column = table.columns.find((x) => x.name === name)!;
  const value = row[name] ?? null;
  if (c.side === 'label' || c.at === null) return value;
  if (name !== table.time && laterDates(table).includes(name)) return Number(value) <= c.at ? value : null;
  if (!column.history) return value;
  const past = changes(w, table, row, name).filter(
    (x) => x.time <= c.at! && x.known <= c.at! && x.value !== null,
  );
  if (past.length === 0 && column.type === 'boolean' && column.history.kind === 'valueTimes')
    return Object.keys(column.history.times)[0] !== 'true';
  return past.at(-1)?.value ?? null;
}

function laterDates(t: Table): readonly string[] {
  const fromHistories = t.columns.flatMap((c) => {
    if (c.history?.kind === 'changedAt') return [c.history.column];
    return c.history?.kind === 'valueTimes' ? Object.values(c.history.times) : [];
  });
  return [t.endTime, t.labelTime, ...fromHistories].filter((x) => x !== undefined);
}

interface Change {
  readonly time: number;
  readonly known: number;
  readonly value: Value;
}

/** Values over time, oldest first; of one moment the later row is later. */
function changes(w: World, table: Table, row: WorldRow, name: string): readonly Change[] {
  const { history } = table.columns.find((x) => x.name === name)!;
  if (history === undefined) return [];
  if (history.kind === 'table') {
    const link = linkOf(w, history.link);
    const found = rowsOf(w, history.table).filter((h) => h[fkColumn(link)] === row.__row);
    const at = found.map((h) => ({
      time: num(h[history.time]),
      known: num(h.__known) ?? Number.POSITIVE_INFINITY,
      value: h[history.value] ?? null,
    }));
    return byTime(at);
  }
  if (history.kind === 'changedAt') {
    const time = num(row[history.column]);
    return byTime([{ time, known: time ?? 0, value: row[name] ?? null }]);
  }
  const dated = Object.entries(history.times).map(([text, dateColumn]) => {
    const value: Value = typeof row[name] === 'boolean' ? text === 'true' : text;
    const closing = dateColumn === table.endTime || dateColumn === table.labelTime;
    const time = closing && row[name] !== value ? null : num(row[dateColumn]);
    return { time, known: time ?? 0, value };
  });
  return byTime(dated);
}

const byTime = (found: readonly { time: number | null; known: number; value: Value }[]): readonly Change[] =>
  found
    .filter((x): x is Change => x.time !== null)
    .map((x, k) => ({ ...x, k }))
    .sort((a, b) => a.time - b.time || a.k - b.k);

function becomesTruth(w: World, b: Becomes, c: Context): Truth {
  const ref = b.condition.left as ColumnRef;
  const [table, row] = climb(w, c, ref.path ?? []);
  if (!row) return { value: false, empty: false, held: false };
  const states = new Map<number, boolean>();
  for (const x of changes(w, table, row, ref.column))
    states.set(x.time, compare(x.value, b.condition.op, b.condition.right));
  let before = false;
  let [value, held] = [false, false];
  for (const [time, now] of states) {
    if (now && !before && inside(time, c.at!, b.window)) value = true;
    if (time <= c.at!) held = now;
    before = now;
  }
  return { value, empty: false, held };
}

function inside(time: number | null, at: number, w: Window): boolean {
  if (time === null) return false;
  const low = w.start === null ? Number.NEGATIVE_INFINITY : addUnits(at, w.start, w.unit);
  return time > low && time <= addUnits(at, w.end, w.unit);
}

interface Cell {
  readonly value: Value;
  readonly time: number;
}

/** Non-empty cells of the rows the aggregation counts. */
function aggregatedCells(w: World, agg: Aggregate, c: Context): readonly Cell[] {
  const table = tableOf(w, agg.source.table);
  const past = agg.window !== undefined && agg.window.end <= 0;
  const side: Side = past ? 'past' : 'label';
  const cells: Cell[] = [];
  for (const row of reached(w, agg.path ?? [], c, past)) {
    const time = num(past ? row.__time : row.__label_time);
    if (agg.window && !inside(time, c.at!, agg.window)) continue;
    if (past && !knownBy(row, c.at!)) continue;
    const inner: Context = { table, row, at: c.at, side };
    if (agg.where && !passes(truth(w, agg.where, inner))) continue;
    const value = agg.source.column === '*' ? 1 : readCell(w, inner, table, row, agg.source.column);
    if (value !== null) cells.push({ value, time: time ?? 0 });
  }
  return cells;
}

function reached(w: World, path: readonly string[], c: Context, past: boolean): ReadonlySet<WorldRow> {
  let [here, rows] = [c.table.name, new Set<WorldRow>([c.row])];
  for (const name of [...path].reverse()) {
    const link = linkOf(w, name);
    const down = link.to === here;
    here = down ? link.from : link.to;
    const next = rowsOf(w, here).filter((r) =>
      [...rows].some((o) => (down ? r[fkColumn(link)] === o.__row : o[fkColumn(link)] === r.__row)),
    );
    rows = new Set(next.filter((r) => !past || knownBy(r, c.at!)));
  }
  return rows;
}

function aggregateValue(w: World, agg: Aggregate, c: Context): Value {
  const cells = aggregatedCells(w, agg, c);
  const values = cells.map((x) => x.value);
  const sum = values.reduce<number>((a, b) => a + Number(b), 0);
  if (agg.fn === 'COUNT') return values.length;
  if (agg.fn === 'SUM') return sum;
  if (values.length === 0) return null;
  const ordered = [...values].sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0));
  switch (agg.fn) {
    case 'AVG':
      return sum / values.length;
    case 'MIN':
      return ordered[0]!;
    case 'MAX':
      return ordered.at(-1)!;
    case 'FIRST':
    case 'LAST':
      return atEdge(cells, agg.fn);
    default:
      return new Set(values).size;
  }
}

function atEdge(cells: readonly Cell[], fn: 'FIRST' | 'LAST'): Value {
  const sign = fn === 'FIRST' ? 1 : -1;
  const sorted = [...cells].sort(
    (a, b) => sign * (a.time - b.time || (a.value! < b.value! ? -1 : a.value! > b.value! ? 1 : 0)),
  );
  return sorted[0]!.value;
}
