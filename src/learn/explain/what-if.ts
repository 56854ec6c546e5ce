/**
 * What single change the seller can cause would move a score most, in the model's eyes. An action stands for all columns
 * that read the same rows, so that counts, recency and rhythm agree with each other: they are replaced together by those
 * of past wins, one win at a time. The middle of the answers is the effect, and the middle half of the wins its range.
 * Associations in past data: nothing here says that the change would cause the outcome.
 */
import { conceptOf, stems } from '../../data/schema/lexicon.ts';
import { selectRows } from '../features/screen.ts';
import type { FeatureColumn, FeatureMatrix } from '../features/types.ts';
import { countWords, shareWords } from './number-words.ts';
import { isCount } from './phrase.ts';
import { capitalise } from './sentence.ts';

/** Columns of one kind of rows that the company's own work adds to. */
export interface ActionableRows {
  readonly table: string;
  /** What the rows are, e.g. `sales activities`. */
  readonly noun: string;
  readonly columns: readonly number[];
  /** Counts its rows: what the action is measured by. */
  readonly measure: number;
}

export interface Counterfactual {
  readonly action: string;
  readonly signal: string;
  readonly feature: string;
  readonly now: number;
  /** Of the past wins: quartiles and median of the feature. */
  readonly among_wins: { readonly low: number; readonly middle: number; readonly high: number };
  /** Prediction with the rows of a past win in their place: quartiles and median over the wins. */
  readonly probability: { readonly low: number; readonly middle: number; readonly high: number };
  readonly delta: number;
  /** Past wins it rests on. */
  readonly cases: number;
  readonly sentence: string;
}

/** What the company does or can bring about, by the last word of a table's name. Firmographics and purchases are not. */
const CAUSED: ReadonlySet<string> = new Set(
  'activity touch call email mail meeting message webinar demo trial task event campaign session visit login usage contact person people member reply response note interaction engagement'.split(
    ' ',
  ),
);
const FAMILIES: ReadonlySet<string> = new Set(['windows', 'recency', 'peers', 'sequence']);

export function actionableRows(
  columns: readonly FeatureColumn[],
  weights: ArrayLike<number>,
): readonly ActionableRows[] {
  const groups = new Map<string, number[]>();
  columns.forEach((c, i) => {
    if (!isCaused(c)) return;
    const { closed = false, others = false } = c.rows ?? {};
    const key = JSON.stringify([c.path.map((s) => [s.link, s.direction]), c.table, closed, others]);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()].flatMap((of) => {
    const counts = of.filter((i) => isCount(columns[i]!) && columns[i]!.rows?.value === undefined);
    const measure = counts.sort((a, b) => weights[b]! - weights[a]! || a - b)[0];
    if (measure === undefined) return [];
    const { table, sentence } = columns[measure]!;
    return [{ table, noun: nounOf(sentence), columns: of, measure }];
  });
}

/** Rows of the entity or of its people, not of a market that shares a value. */
function isCaused(c: FeatureColumn): boolean {
  if (!FAMILIES.has(c.family) || c.rows?.sameValue !== undefined || c.path.length === 0) return false;
  if (conceptOf(c.table) === 'deal' || conceptOf(c.table) === 'transaction') return false;
  return CAUSED.has(stems(c.table).at(-1) ?? '');
}

const nounOf = (sentence: string): string =>
  sentence.replace(/^(days with|distinct) /, '').replace(/ (ever|in the last \d+ days?)$/, '');

export interface WhatIfInput {
  readonly matrix: FeatureMatrix;
  readonly row: number;
  readonly now: number;
  /** Past rows with the outcome, the same columns. */
  readonly wins: FeatureMatrix;
  readonly actions: readonly ActionableRows[];
  readonly predict: (matrix: FeatureMatrix) => Promise<ArrayLike<number>>;
}

const MAX_WINS = 100;
/** With fewer wins their range means nothing. */
export const MIN_WINS = 10;

/** Largest gain first; actions that gain nothing are left out. */
export async function counterfactuals(input: WhatIfInput): Promise<readonly Counterfactual[]> {
  const step = Math.max(1, Math.ceil(input.wins.rows / MAX_WINS));
  const rows = Int32Array.from({ length: input.wins.rows }, (_, i) => i).filter((i) => i % step === 0);
  if (rows.length < MIN_WINS) return [];
  const wins = selectRows(input.wins, rows);
  const found: Counterfactual[] = [];
  for (const action of input.actions) found.push(await tried(input, wins, action));
  return found
    .filter((c) => c.delta > 0)
    .sort((a, b) => b.delta - a.delta || (a.feature < b.feature ? -1 : 1));
}

async function tried(
  input: WhatIfInput,
  wins: FeatureMatrix,
  action: ActionableRows,
): Promise<Counterfactual> {
  const replaced = new Set(action.columns);
  const { columns } = input.matrix;
  const data = columns.map((_, c) =>
    replaced.has(c) ? wins.data[c]! : new Float32Array(wins.rows).fill(input.matrix.data[c]![input.row]!),
  );
  const probability = quartiles(await input.predict({ rows: wins.rows, columns, data }));
  const among = quartiles(wins.data[action.measure]!);
  const measure = columns[action.measure]!;
  const value = input.matrix.data[action.measure]![input.row]!;
  const now = Number.isNaN(value) ? 0 : value;
  const delta = probability.middle - input.now;
  return {
    ...{ action: action.noun, signal: measure.signal, feature: measure.name, now, among_wins: among },
    ...{ probability, delta, cases: wins.rows },
    sentence: sentenceOf(measure, now, among, input.now, probability.middle, wins.rows),
  };
}

function sentenceOf(
  measure: FeatureColumn,
  now: number,
  among: Counterfactual['among_wins'],
  before: number,
  after: number,
  cases: number,
): string {
  const range = `${countWords(among.middle)} (middle half ${countWords(among.low)} to ${countWords(among.high)})`;
  const as = `${capitalise(measure.sentence.replace(/ ever$/, ' so far'))}: ${countWords(now)} now, ${range} among past wins`;
  return `${as}; with them the model gives ${shareWords(after)} instead of ${shareWords(before)} (n=${countWords(cases)})`;
}

/** Lower quartile, median and upper quartile of the values that are there; 0 where none is. */
function quartiles(values: ArrayLike<number>): Counterfactual['among_wins'] {
  const sorted = Float64Array.from(Array.from(values).filter((x) => !Number.isNaN(x))).sort();
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return { low: at(0.25), middle: at(0.5), high: at(0.75) };
}
