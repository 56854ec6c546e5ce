/**
 * The leak report: columns that know the outcome, found by name, by fill pattern, by timing, by being a twin of the
 * label and by separation power. Only labels of train and validation rows come in here.
 *
 * Statistical tests look at the entity's own row and at rows one-to-one with it; names do too. Columns of other tables
 * are reported when they change without a dated history. A mutable column with a table of its changes is read as of the
 * cutoff and therefore not a leak, unless the task has no cutoffs.
 */
import { LeadlightError } from '../../errors.ts';
import type { RunControl } from '../../util/progress.ts';
import type { Engine } from '../engine/types.ts';
import { FUTURE_WORDS, hasWord, stems } from '../schema/lexicon.ts';
import type { Column, Table, WorkspaceConfig } from '../schema/types.ts';
import { type LabelledRow, type LeakColumn, readLeakColumns } from './leak-cells.ts';
import { outcomeName, processName, workedName } from './leak-names.ts';
import { columnAuroc, equalShare, fillShares, type Judged, twinAgreement } from './separation.ts';

export type { LabelledRow } from './leak-cells.ts';
export type LeakKind = 'twin' | 'separation' | 'fill' | 'timing' | 'name';

export interface LeakFinding {
  /** `table.column`; `table.*` for many columns of one table with the same reason. */
  readonly column: string;
  readonly kind: LeakKind;
  /** A clause with numbers, e.g. `filled on 98 % of positives and 0 % of the rest`. */
  readonly evidence: string;
  readonly action: 'withhold' | 'warn';
}

export interface LeakInput {
  readonly entityTable: string;
  /** Train and validation rows; those without an entity row (-1) are ignored. */
  readonly rows: readonly LabelledRow[];
}

/** Enough for shares to half a percent. */
const MAX_ROWS = 20_000;
const LEAST_ROWS = 30;

export async function findLeaks(
  engine: Engine,
  config: WorkspaceConfig,
  input: LeakInput,
  control: RunControl = {},
): Promise<readonly LeakFinding[]> {
  const { schema } = config;
  const entity = schema.tables.find((t) => t.name === input.entityTable);
  if (!entity)
    throw new LeadlightError('UNKNOWN_ENTITY', {
      problem: `There is no table ${input.entityTable}`,
      remedy: `Tables: ${schema.tables.map((t) => t.name).join(', ')}.`,
    });
  const rows = sample(input.rows.filter((r) => r.entityRow >= 0 && !Number.isNaN(r.label)));
  const columns = rows.length === 0 ? [] : await readLeakColumns(engine, schema, entity, rows);
  const problem = problemOf(rows);
  const found: LeakFinding[] = [];
  for (const [done, column] of columns.entries()) {
    if (control.signal?.aborted) throw new LeadlightError('CANCELLED', {});
    control.progress?.({ stage: 'looking for leaks', done, total: columns.length, unit: 'columns' });
    found.push(...strongest(judgeColumn(column, problem)));
  }
  return [
    ...found,
    ...undatedChanges(schema.tables, new Set(found.map((f) => f.column)), problem.static, entity),
  ];
}

/** Evenly spaced rows, all of the rarer class of a yes/no label first. */
function sample(rows: readonly LabelledRow[]): readonly LabelledRow[] {
  if (rows.length <= MAX_ROWS) return rows;
  const thin = (some: readonly LabelledRow[], n: number): readonly LabelledRow[] =>
    Array.from(
      { length: Math.min(n, some.length) },
      (_, k) => some[Math.floor((k * some.length) / Math.min(n, some.length))]!,
    );
  const positives = rows.filter((r) => r.label > 0);
  const rest = rows.filter((r) => r.label <= 0);
  const [few, many] = positives.length < rest.length ? [positives, rest] : [rest, positives];
  const kept = thin(few, MAX_ROWS / 2);
  return [...kept, ...thin(many, MAX_ROWS - kept.length)];
}

interface Problem {
  readonly rows: readonly LabelledRow[];
  readonly static: boolean;
  readonly label: Float64Array;
  /** The label as yes/no: 1; the most frequent class; above the median. */
  readonly positive: Uint8Array;
  readonly continuous: boolean;
  readonly fold: Uint8Array;
  readonly names: readonly [positives: string, rest: string];
}

function problemOf(rows: readonly LabelledRow[]): Problem {
  const label = Float64Array.from(rows, (r) => r.label);
  const distinct = new Set(label);
  const binary = [...distinct].every((v) => v === 0 || v === 1);
  const continuous = !binary && (distinct.size > 100 || [...distinct].some((v) => !Number.isInteger(v)));
  const middle = Float64Array.from(label).sort()[Math.floor(label.length / 2)] ?? 0;
  const isPositive = (v: number): boolean => (binary ? v === 1 : continuous ? v > middle : v === 0);
  return {
    rows,
    static: rows.length > 0 && Number.isNaN(rows[0]!.cutoff),
    label,
    positive: Uint8Array.from(label, (v) => (isPositive(v) ? 1 : 0)),
    continuous,
    fold: foldsOf(rows),
    names: binary
      ? ['positives', 'negatives']
      : continuous
        ? ['high labels', 'low labels']
        : ['the main class', 'the other classes'],
  };
}

/** Two halves of the entities, in order of appearance: where they stand in a file does not decide. */
function foldsOf(rows: readonly LabelledRow[]): Uint8Array {
  const place = new Map<number, number>();
  for (const { entityRow } of rows) if (!place.has(entityRow)) place.set(entityRow, place.size);
  return Uint8Array.from(rows, (r) => (Math.imul(place.get(r.entityRow)! + 1, 0x9e3779b1) >>> 16) & 1);
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

function judgeColumn(c: LeakColumn, p: Problem): readonly LeakFinding[] {
  const dated = c.column.history?.kind === 'table' && !p.static;
  if (dated) return [];
  const enough = Math.min(...classSizes(p)) >= LEAST_ROWS / 2 && p.rows.length >= LEAST_ROWS;
  const area = enough && !c.isKey ? columnAuroc(judged(c, p), p.positive) : undefined;
  const tests = enough ? [twin(c, p), separation(c, p, area), fill(c, p)] : [];
  const found = [...tests, timing(c, p), named(c, p, area)].filter((f) => f !== undefined);
  return c.column.trusted
    ? found.filter((f) => f.kind !== 'name').map((f) => ({ ...f, action: 'warn' }))
    : found;
}

const classSizes = (p: Problem): readonly [number, number] => {
  const positives = p.positive.reduce((a, b) => a + b, 0);
  return [positives, p.positive.length - positives];
};

const RANK: readonly LeakKind[] = ['twin', 'fill', 'timing', 'separation', 'name'];

/** One finding a column: what withholds it, by the plainest evidence. */
function strongest(found: readonly LeakFinding[]): readonly LeakFinding[] {
  const order = (f: LeakFinding): number => (f.action === 'withhold' ? 0 : 10) + RANK.indexOf(f.kind);
  return [...found].sort((a, b) => order(a) - order(b)).slice(0, 1);
}

const finding = (
  c: LeakColumn,
  kind: LeakKind,
  action: LeakFinding['action'],
  evidence: string,
): LeakFinding => ({
  column: `${c.table.name}.${c.column.name}`,
  kind,
  action,
  evidence,
});

const judged = (c: LeakColumn, p: Problem): Judged => ({ cells: c.cells, label: p.label, fold: p.fold });

function twin(c: LeakColumn, p: Problem): LeakFinding | undefined {
  if (c.isKey) return undefined;
  const share = p.continuous ? equalShare(judged(c, p)) : twinAgreement(judged(c, p));
  if (share < 0.995) return undefined;
  return finding(
    c,
    'twin',
    'withhold',
    `reproduces the label on ${percent(share)} of the rows of every class`,
  );
}

function separation(c: LeakColumn, p: Problem, area: number | undefined): LeakFinding | undefined {
  if (area === undefined || area < 0.85) return undefined;
  const text = `alone it tells ${p.names[0]} from ${p.names[1]} with AUROC ${area.toFixed(3)} on held-out rows`;
  return finding(c, 'separation', area >= 0.95 ? 'withhold' : 'warn', text);
}

function fill(c: LeakColumn, p: Problem): LeakFinding | undefined {
  const [positives, rest] = fillShares(c.cells, p.positive);
  const [more, less] = [Math.max(positives, rest), Math.min(positives, rest)];
  if (more < 0.1 || less > 0.02 || more < 10 * less) return undefined;
  const text = `filled on ${percent(positives)} of ${p.names[0]} and ${percent(rest)} of ${p.names[1]}`;
  return finding(c, 'fill', 'withhold', text);
}

const isTime = (c: Column): boolean => c.type === 'timestamp' || c.type === 'date';

/** A time of the row that mostly lies after the cutoff: written later. Expected dates are only warned about. */
function timing(c: LeakColumn, p: Problem): LeakFinding | undefined {
  if (!isTime(c.column) || p.static) return undefined;
  const filled = c.cells.map((v, k) => [v, p.rows[k]!.cutoff] as const).filter(([v]) => v !== null);
  const later = filled.filter(([v, cutoff]) => Number(v) > cutoff).length;
  if (filled.length < LEAST_ROWS || later < filled.length / 2) return undefined;
  const planned = hasWord(stems(c.column.name), FUTURE_WORDS);
  const text = `lies after the cutoff in ${percent(later / filled.length)} of the ${filled.length} filled rows`;
  return finding(c, 'timing', planned ? 'warn' : 'withhold', text);
}

/**
 * By name. Words of the outcome always count; with cutoffs every mutable column without a full history is out; without
 * cutoffs counts and totals to date stay, with a warning, since nothing better is to be had from a flat export.
 */
function named(c: LeakColumn, p: Problem, area: number | undefined): LeakFinding | undefined {
  const { name, mutable } = c.column;
  if (c.isKey && mutable === undefined) return undefined;
  const alone = area === undefined ? '' : `; alone its AUROC is ${area.toFixed(2)}`;
  const out = (why: string, action: LeakFinding['action'] = 'withhold'): LeakFinding =>
    finding(c, 'name', action, why + alone);
  const payload = !c.own && c.table.time !== undefined && !p.static && mutable === undefined;
  const told = (payload ? undefined : outcomeName(name)) ?? (c.own ? processName(name) : undefined);
  if (told) return out(p.static ? told : `${told}, and its value at the cutoff is not known`);
  if (mutable === undefined) return undefined;
  // Those of other tables are told together, below.
  const elsewhere = !c.own && c.column.history === undefined;
  if (!p.static) return elsewhere || hasFullHistory(c) ? undefined : out(changes(c.column));
  return workedName(name) ? out(mutable) : out(`may have changed after the outcome: ${mutable}`, 'warn');
}

const changes = (column: Column): string =>
  column.history
    ? `${column.mutable}, and only some of its values are dated`
    : `${column.mutable}, and no history says what it was at the cutoff`;

/** Whether the value at a cutoff is always known: not when only some values have a date. */
function hasFullHistory(c: LeakColumn): boolean {
  const { history } = c.column;
  if (history === undefined) return false;
  if (history.kind !== 'valueTimes') return true;
  const dated = new Set(Object.keys(history.times));
  return c.column.type === 'boolean' || c.cells.every((v) => v === null || dated.has(String(v)));
}

const MANY = 6;

/** Columns elsewhere that change without a history: features leave them out, and the report says so. */
function undatedChanges(
  tables: readonly Table[],
  told: ReadonlySet<string>,
  isStatic: boolean,
  entity: Table,
): readonly LeakFinding[] {
  return tables.flatMap((t) => {
    if (t === entity && isStatic) return [];
    const out = t.columns.filter(
      (c) => c.mutable !== undefined && !c.history && !c.trusted && !told.has(`${t.name}.${c.name}`),
    );
    const reasons = [...new Set(out.map((c) => c.mutable!))];
    return reasons.flatMap((why) =>
      describeGroup(
        t,
        why,
        out.filter((c) => c.mutable === why),
      ),
    );
  });
}

function describeGroup(t: Table, why: string, group: readonly Column[]): readonly LeakFinding[] {
  const finding = (name: string, text: string): LeakFinding => ({
    column: `${t.name}.${name}`,
    kind: 'name',
    action: 'withhold',
    evidence: `${text}, and no history says what it was at the cutoff`,
  });
  if (group.length < MANY) return group.map((c) => finding(c.name, why));
  return [finding('*', `${group.length} columns: ${why}`)];
}
