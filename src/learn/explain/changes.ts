/**
 * What moved a score between two moments. Margins add up over columns, so their difference does; each signal's part of
 * it is turned into probability by the mean slope between the two scores, which keeps the sum exact.
 */
import type { FeatureColumn, FeatureMatrix } from '../features/types.ts';
import type { Attribution } from '../models/types.ts';
import { logistic } from './additivity.ts';
import { valueWords } from './number-words.ts';
import { categoryText, isFlag, phraseOf, seniorityWords } from './phrase.ts';
import { capitalise } from './sentence.ts';
import type { Direction, PartDefinition } from './types.ts';

/** A matrix with the attributions of its rows. */
export interface Attributed {
  readonly matrix: FeatureMatrix;
  readonly attribution: Attribution;
}

export interface SignalChange {
  readonly signal: string;
  /** Of the probability (of the value, for regression): the changes of one score add to its difference. */
  readonly delta: number;
  readonly direction: Direction;
  readonly sentence: string;
  /** Column that moved most in that direction; undefined for the rest. */
  readonly lead: number | undefined;
}

export interface ChangeRow {
  readonly now: number;
  readonly before: number;
}

/** Signals listed before the rest. */
const LISTED = 5;
/** A column whose figure reads differently is told before one that moved more: from this part of its move on. */
const TOLD = 0.3;
/** Below this part of a probability a change is not worth a line. */
const NOTEWORTHY = 0.001;

/**
 * Largest first; `rows` are the row in either matrix. `probabilities`: margins are log-odds. Empty when nothing moved.
 */
export function changesOf(
  definitions: readonly PartDefinition[],
  now: Attributed,
  before: Attributed,
  rows: ChangeRow,
  options: { readonly probabilities: boolean; readonly currency: string },
): readonly SignalChange[] {
  const differs = (column: number): boolean => {
    const words = (of: Attributed, row: number): string =>
      figureWords(of.matrix.columns[column]!, of.matrix.data[column]![row]!, options.currency);
    return words(now, rows.now) !== words(before, rows.before);
  };
  const moved = movedSignals(definitions, now.attribution, before.attribution, rows, differs);
  const slope = options.probabilities ? slopeBetween(now, before, rows) : 1;
  const all = [...moved].map(([signal, m]) => ({ signal, delta: m.delta * slope, lead: m.lead }));
  const named = all
    .filter(
      (c) =>
        c.signal !== 'other' &&
        Math.abs(c.delta) >= (options.probabilities ? NOTEWORTHY : 0) &&
        c.delta !== 0,
    )
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta) || (a.signal < b.signal ? -1 : 1))
    .slice(0, LISTED);
  const listed = named.map((c): SignalChange => {
    const reading = { now, before, rows, column: c.lead, currency: options.currency };
    return { ...c, direction: directionOf(c.delta), sentence: changeSentence(reading, directionOf(c.delta)) };
  });
  const rest = all.filter((c) => !named.includes(c)).reduce((sum, c) => sum + c.delta, 0);
  if (rest === 0) return listed;
  const sentence = 'Further signals together';
  return [
    ...listed,
    { signal: 'other', delta: rest, direction: directionOf(rest), sentence, lead: undefined },
  ];
}

const directionOf = (x: number): Direction => (x > 0 ? 'up' : 'down');

interface Moved {
  delta: number;
  lead: number;
}

function movedSignals(
  definitions: readonly PartDefinition[],
  now: Attribution,
  before: Attribution,
  rows: ChangeRow,
  differs: (column: number) => boolean,
): ReadonlyMap<string, Moved> {
  const by = new Map<string, { delta: number; columns: { column: number; delta: number }[] }>();
  for (const { signal, columns } of definitions) {
    const sums = by.get(signal) ?? { delta: 0, columns: [] };
    for (const column of columns) {
      const delta = now.values[column]![rows.now]! - before.values[column]![rows.before]!;
      sums.delta += delta;
      sums.columns.push({ column, delta });
    }
    by.set(signal, sums);
  }
  return new Map(
    [...by].map(([signal, { delta, columns }]) => {
      const along = Math.sign(delta);
      const most = (of: typeof columns) => of.reduce((a, b) => (b.delta * along > a.delta * along ? b : a));
      const lead = most(columns);
      const told = columns.filter((c) => c.delta * along >= TOLD * lead.delta * along && differs(c.column));
      return [signal, { delta, lead: (told.length > 0 ? most(told) : lead).column }];
    }),
  );
}

/** Δprobability ÷ Δmargin; the tangent where both are equal. */
function slopeBetween(now: Attributed, before: Attributed, rows: ChangeRow): number {
  const margin = ({ attribution }: Attributed, row: number): number =>
    attribution.values.reduce((sum, column) => sum + column[row]!, attribution.base);
  const [a, b] = [margin(now, rows.now), margin(before, rows.before)];
  const p = logistic(a);
  return Math.abs(a - b) < 1e-9 ? p * (1 - p) : (p - logistic(b)) / (a - b);
}

interface Reading {
  readonly now: Attributed;
  readonly before: Attributed;
  readonly rows: ChangeRow;
  readonly column: number;
  readonly currency: string;
}

/** The phrase now, and what the figure was then. A column of equal value moved only through the others. */
function changeSentence({ now, before, rows, column, currency }: Reading, direction: Direction): string {
  const of = now.matrix.columns[column]!;
  const value = now.matrix.data[column]![rows.now]!;
  const was = before.matrix.data[column]![rows.before]!;
  const phrase = capitalise(phraseOf({ column: of, value, direction, currency }));
  return Object.is(value, was)
    ? `${phrase}, as before`
    : `${phrase}; before: ${figureWords(of, was, currency)}`;
}

function figureWords(column: FeatureColumn, x: number, currency: string): string {
  if (Number.isNaN(x)) return 'none';
  if (column.kind === 'categorical') return categoryText(column, x);
  if (isFlag(column)) return x === 0 ? 'no' : 'yes';
  if (column.primitive === 'seniority') return seniorityWords(x);
  return valueWords(x, column.unit, currency);
}
