/**
 * What stands beside a row in order of creation, and how many others share its values. Records entered together (lists,
 * copies, the lines of one order) share outcomes.
 *
 * The law: only rows known by the row's cutoff count, with cells as written at creation. The next row counts in static
 * tasks alone. Labels of other rows are never read; training labels choose which columns are kept.
 */
import { KNOWN } from '../../../data/schema/types.ts';
import { as, col, countAll, le, select, table, ts } from '../../../data/sql/build.ts';
import { toSql } from '../../../data/sql/print.ts';
import { tableOf } from '../paths.ts';
import { serialOf } from '../serial.ts';
import type { FeatureMatrix } from '../types.ts';
import { candidatesOf, columnOf } from './order-columns.ts';
import { comparable, readOrdered } from './order-rows.ts';
import { type OrderView, orderValues } from './order-values.ts';
import { contrast, everyNth, signalErrors } from './signal.ts';
import type { DeriveInput, LearnInput, OrderFormula, OrderState } from './types.ts';

const MOST = {
  quick: { same: 4, frequency: 3 },
  normal: { same: 8, frequency: 6 },
  best: { same: 12, frequency: 8 },
} as const;
/** Training rows the choice looks at. */
const SCREENED = 8000;
/** Standard errors from which a column is taken to order labels. */
const MIN_ERRORS = 3;
/** Cells of the entity table that are compared at most: half a gigabyte. */
const MOST_CELLS = 6e7;

export async function learnOrder(
  input: LearnInput,
): Promise<{ readonly state?: OrderState; readonly notes: readonly string[] }> {
  const { engine, plan, train, labels, control } = input;
  const t = tableOf(plan.input.schema, plan.input.entityTable);
  if (train.length === 0) return { notes: [] };
  const serial = (await serialOf(engine, t, plan.input))?.name;
  const all = comparable(plan.input, serial).map((c) => c.name);
  const room = Math.floor(MOST_CELLS / Math.max(1, await countRows(input)));
  const names = all.slice(0, room);
  const notes =
    names.length < all.length
      ? [`left out: neighbours in order by ${all.length - names.length} columns of ${t.name} (too many rows)`]
      : [];
  if (names.length === 0) return { notes };
  control.signal?.throwIfAborted();
  const view = await viewOf(input, serial, names);
  const rows = everyNth(train, SCREENED);
  const formulas = candidatesOf(view, rows, names, t.time !== undefined || serial !== undefined);
  const values = orderValues(narrowed(view, rows), formulas);
  const yes = contrast(labels, rows);
  const kept = chosen(
    formulas,
    values.map((v) => signalErrors(v, yes)),
    input.budget,
  );
  if (kept.length === 0) return { notes };
  const columns = kept.map((formula) => ({ meta: columnOf(formula, plan.input, serial), formula }));
  return { state: { ...(serial === undefined ? {} : { serial }), columns }, notes };
}

export async function applyOrder(input: DeriveInput, state: OrderState | undefined): Promise<FeatureMatrix> {
  const { matrix, control } = input;
  if (!state) return matrix;
  control.signal?.throwIfAborted();
  const formulas = state.columns.map((c) => c.formula);
  const read = new Set(formulas.flatMap(columnsRead));
  const view = await viewOf(input, state.serial, [...read]);
  return {
    rows: matrix.rows,
    columns: [...matrix.columns, ...state.columns.map((c) => c.meta)],
    data: [...matrix.data, ...orderValues(view, formulas)],
  };
}

function columnsRead(f: OrderFormula): readonly string[] {
  if (f.kind === 'same') return [f.column];
  return f.kind === 'gap' ? [] : f.columns;
}

async function viewOf(
  { engine, plan }: DeriveInput,
  serial: string | undefined,
  names: readonly string[],
): Promise<OrderView> {
  const { input } = plan;
  return {
    ...(await readOrdered(engine, input, serial, names)),
    dated: serial === undefined,
    given: input.entityGiven,
    both: input.static,
  };
}

const narrowed = (view: OrderView, rows: Int32Array): OrderView => ({
  ...view,
  asked: {
    at: rows.map((r) => view.asked.at[r]!),
    cutoff: Float64Array.from(rows, (r) => view.asked.cutoff[r]!),
  },
});

async function countRows({ engine, plan }: DeriveInput): Promise<number> {
  const query = select({
    columns: [as(countAll(), 'n')],
    from: table(plan.input.entityTable, 't', 'data'),
    ...(plan.input.static ? {} : { where: le(col('t', KNOWN), ts(plan.input.asOf)) }),
  });
  return Number((await engine.rows(toSql(query, engine.dialect)))[0]?.n ?? 0);
}

/** The best of each kind; where neighbours say anything, also how many columns agree, how far apart they are, the run. */
function chosen(
  formulas: readonly OrderFormula[],
  errors: readonly number[],
  budget: LearnInput['budget'],
): readonly OrderFormula[] {
  const best = (kind: OrderFormula['kind'], most: number): readonly number[] =>
    formulas
      .flatMap((f, i) => (f.kind === kind && errors[i]! >= MIN_ERRORS ? [i] : []))
      .sort((a, b) => errors[b]! - errors[a]! || a - b)
      .slice(0, most);
  const picked = new Set([...best('same', MOST[budget].same), ...best('frequency', MOST[budget].frequency)]);
  const isBeside = (f: OrderFormula): boolean => f.kind !== 'frequency';
  const speaks = formulas.some((f, i) => isBeside(f) && errors[i]! >= MIN_ERRORS);
  return formulas.filter((f, i) => picked.has(i) || (speaks && isBeside(f) && f.kind !== 'same'));
}
