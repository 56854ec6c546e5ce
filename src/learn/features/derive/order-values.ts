/** Numbers about the rows beside a row in order of creation, and about how many others have its values. */

import { type Near, nearOf, together } from './near.ts';
import { type Asked, DAY, isVisible, type OrderedRows } from './order-rows.ts';
import { countBelow } from './signal.ts';
import { visitStanding } from './standing.ts';
import type { OrderFormula } from './types.ts';

/** Runs are counted up to here. */
const LONGEST_RUN = 50;

export interface OrderView {
  readonly ordered: OrderedRows;
  readonly asked: Asked;
  /** Places are µs, not serial numbers. */
  readonly dated: boolean;
  /** Rows given by a task table are visible from their own day on. */
  readonly given: boolean;
  /** Rows after the asked one count: nothing has a date. */
  readonly both: boolean;
}

/** One array a formula, one cell a question; NaN where its row is not visible, or the formula has no value. */
export function orderValues(view: OrderView, formulas: readonly OrderFormula[]): Float32Array[] {
  const { ordered, asked } = view;
  const out = formulas.map(() => new Float32Array(asked.at.length).fill(Number.NaN));
  const read = formulas.map((f) => reader(view, f));
  visitStanding(ordered.known, asked.cutoff, (q, standing) => {
    const at = asked.at[q]!;
    if (at < 0 || !isVisible(ordered, at, asked.cutoff[q]!, view.given)) return;
    const near = nearOf(ordered, at, standing, view.both);
    for (let f = 0; f < read.length; f++) out[f]![q] = read[f]!(at, near, asked.cutoff[q]!);
  });
  return out;
}

type Reader = (at: number, near: Near, cutoff: number) => number;

function reader(view: OrderView, f: OrderFormula): Reader {
  const { ordered } = view;
  switch (f.kind) {
    case 'same': {
      const codes = codesOf(ordered, f.column);
      return (at, near) => (Number.isNaN(codes[at]!) ? Number.NaN : shared([codes], at, near[f.side]));
    }
    case 'agree': {
      const all = f.columns.map((c) => codesOf(ordered, c));
      return (at, near) => shared(all, at, near[f.side]);
    }
    case 'gap':
      return (at, near) => {
        const other = near[f.side][0];
        if (other === undefined) return Number.NaN;
        const gap = Math.abs(ordered.place[at]! - ordered.place[other]!);
        return view.dated ? gap / DAY : gap;
      };
    case 'run':
      return runs(ordered, profileCodes(ordered, f.columns), view.both);
    case 'frequency':
      return frequencies(ordered, f.columns);
  }
}

/** Values shared with the others, on average; NaN without others. */
function shared(columns: readonly Float64Array[], at: number, others: readonly number[]): number {
  if (others.length === 0) return Number.NaN;
  let sum = 0;
  for (const codes of columns) for (const p of others) if (codes[p] === codes[at]) sum++;
  return sum / others.length;
}

/** Places in a row, the own one included, that have a row of the profile of `at`; NaN where too many stand together. */
const runs =
  (ordered: OrderedRows, profile: Float64Array, both: boolean): Reader =>
  (at, { standing }) => {
    let length = 1;
    for (const step of both ? [standing.before, standing.after] : [standing.before]) {
      const own = together(ordered, at, step);
      if (!own) return Number.NaN;
      let next = step(own.at(-1)!);
      while (next >= 0 && length < LONGEST_RUN) {
        const rows = together(ordered, next, step);
        if (!rows?.some((p) => profile[p] === profile[at])) break;
        length++;
        next = step(rows.at(-1)!);
      }
    }
    return length;
  };

/** Other known rows with the same value, or the same values of several columns. */
function frequencies(ordered: OrderedRows, columns: readonly string[]): Reader {
  const { known } = ordered;
  const codes = columns.length === 1 ? codesOf(ordered, columns[0]!) : profileCodes(ordered, columns);
  const groups = new Map<number, number[]>();
  codes.forEach((code, p) => {
    if (Number.isNaN(code) || Number.isNaN(known[p]!)) return;
    const group = groups.get(code);
    if (group) group.push(known[p]!);
    else groups.set(code, [known[p]!]);
  });
  const times = new Map([...groups].map(([code, at]) => [code, Float64Array.from(at).sort()]));
  return (at, _, cutoff) => {
    if (Number.isNaN(codes[at]!)) return Number.NaN;
    const all = countBelow(times.get(codes[at]!) ?? [], cutoff, true);
    return known[at]! <= cutoff ? all - 1 : all;
  };
}

const codesOf = ({ codes }: OrderedRows, column: string): Float64Array => {
  const found = codes.get(column);
  if (!found) throw new Error(`column ${column} was not read`);
  return found;
};

/** Equal numbers, equal values in all columns; empty cells count as a value. */
function profileCodes(ordered: OrderedRows, columns: readonly string[]): Float64Array {
  let profile = new Float64Array(ordered.rows);
  for (const column of columns) {
    const codes = codesOf(ordered, column);
    const numbers = new Map<number, number>();
    const width = codes.reduce((most, c) => (Number.isNaN(c) ? most : Math.max(most, c)), 0) + 1;
    profile = profile.map((before, p) => {
      const pair = before * width + (Number.isNaN(codes[p]!) ? 0 : codes[p]!);
      const number = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, number);
      return number;
    });
  }
  return profile;
}
