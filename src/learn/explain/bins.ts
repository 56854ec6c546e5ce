/** Values of a feature in ranges that people can name: categories, yes and no, or up to eight ranges of about equal size. */
import type { FeatureColumn } from '../features/types.ts';
import { valueWords } from './number-words.ts';
import { categoryText, isFlag, seniorityWords } from './phrase.ts';

export interface Bin {
  readonly label: string;
  readonly rows: readonly number[];
}

const MAX_RANGES = 8;
const MAX_CATEGORIES = 12;

/** Every row is in one bin, missing ones in the last. Numbers ascend; categories by their number of rows. */
export function binsOf(column: FeatureColumn, values: Float32Array, currency: string): readonly Bin[] {
  const all = Array.from(values.keys());
  const known = all.filter((row) => !Number.isNaN(values[row]!));
  const missing = all.filter((row) => Number.isNaN(values[row]!));
  const bins =
    column.kind === 'categorical'
      ? categories(column, values, known)
      : ranges(column, values, known, currency);
  return missing.length > 0 ? [...bins, { label: 'none on record', rows: missing }] : bins;
}

function categories(column: FeatureColumn, values: Float32Array, rows: readonly number[]): readonly Bin[] {
  const found = [...distinct(values, rows)].sort(([a, x], [b, y]) => y.length - x.length || a - b);
  const named = found
    .slice(0, MAX_CATEGORIES)
    .map(([code, of]) => ({ label: categoryText(column, code), rows: of }));
  const rest = found.slice(MAX_CATEGORIES).flatMap(([, of]) => of);
  return rest.length > 0
    ? [...named, { label: `${found.length - MAX_CATEGORIES} others`, rows: rest }]
    : named;
}

function distinct(values: Float32Array, rows: readonly number[]): ReadonlyMap<number, number[]> {
  const by = new Map<number, number[]>();
  for (const row of rows) {
    const found = by.get(values[row]!);
    if (found) found.push(row);
    else by.set(values[row]!, [row]);
  }
  return by;
}

/** Equal values stay together. */
function ranges(
  column: FeatureColumn,
  values: Float32Array,
  rows: readonly number[],
  currency: string,
): readonly Bin[] {
  const sorted = [...distinct(values, rows)].sort(([a], [b]) => a - b);
  const size = rows.length / MAX_RANGES;
  const bins: { low: number; high: number; rows: number[] }[] = [];
  for (const [value, of] of sorted) {
    const last = bins.at(-1);
    if (last && sorted.length > MAX_RANGES && last.rows.length + of.length / 2 <= size) {
      last.high = value;
      last.rows.push(...of);
    } else bins.push({ low: value, high: value, rows: [...of] });
  }
  const words = (x: number): string => figure(column, x, currency);
  return bins.map(({ low, high, rows: of }) => ({
    label: low === high || words(low) === words(high) ? words(low) : `${words(low)} to ${words(high)}`,
    rows: of,
  }));
}

function figure(column: FeatureColumn, x: number, currency: string): string {
  if (isFlag(column)) return x === 0 ? 'no' : 'yes';
  return column.primitive === 'seniority' ? seniorityWords(x) : valueWords(x, column.unit, currency);
}
