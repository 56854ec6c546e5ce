/** Numbers about the rows beside a row in order of creation, and about how many others have its values. */
import { type Asked, daysBetween, isVisible, type OrderedRows } from './order-rows.ts';
import { countBelow } from './signal.ts';
import { type Standing, visitStanding } from './standing.ts';
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
    for (let f = 0; f < read.length; f++) out[f]![q] = read[f]!(at, standing, asked.cutoff[q]!);
  });
  return out;
}

type Reader = (at: number, standing: Standing, cutoff: number) => number;

function reader(view: OrderView, f: OrderFormula): Reader {
  const { ordered } = view;
  switch (f.kind) {
    case 'same': {
      const codes = codesOf(ordered, f.column);
      return (at, standing) => same(codes, at, beside(standing, at, f.side));
    }
    case 'agree': {
      const all = f.columns.map((c) => codesOf(ordered, c));
      return (at, standing) => {
        const other = beside(standing, at, f.side);
        return other < 0
          ? Number.NaN
          : all.reduce((n, codes) => n + (same(codes, at, other) === 1 ? 1 : 0), 0);
      };
    }
    case 'gap':
      return (at, standing) => {
        const other = beside(standing, at, f.side);
        if (other < 0) return Number.NaN;
        const [a, b] = [ordered.place[Math.min(at, other)]!, ordered.place[Math.max(at, other)]!];
        return view.dated ? daysBetween(a, b) : b - a;
      };
    case 'run':
      return runs(profileCodes(ordered, f.columns), view.both);
    case 'frequency':
      return frequencies(ordered, f.columns);
  }
}

const beside = (standing: Standing, at: number, side: 'previous' | 'next'): number =>
  side === 'previous' ? standing.before(at) : standing.after(at);

/** 1 or 0; NaN without a value or a neighbour. */
const same = (codes: Float64Array, at: number, other: number): number =>
  other < 0 || Number.isNaN(codes[at]!) ? Number.NaN : codes[at] === codes[other] ? 1 : 0;

/** Rows in a row of one profile, the asked one included. */
const runs =
  (profile: Float64Array, both: boolean): Reader =>
  (at, standing) => {
    let length = 1;
    const walk = (step: (p: number) => number): void => {
      for (let p = step(at); p >= 0 && length < LONGEST_RUN && profile[p] === profile[at]; p = step(p))
        length++;
    };
    walk(standing.before);
    if (both) walk(standing.after);
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
