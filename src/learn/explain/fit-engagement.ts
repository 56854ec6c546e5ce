/**
 * The margin in two parts that sellers plot against each other. fit: what the entity is (its own row and the rows it
 * belongs to); engagement: what it and the people around it do. Each as a percentile within a population: the rows
 * scored together, or a sample of them. Past outcomes and the calendar belong to neither.
 */
import type { FeatureColumn } from '../features/types.ts';
import type { Attribution } from '../models/types.ts';
import { percentiles } from './percentiles.ts';

export interface FitEngagement {
  /** 0–100 per row; null when no column of the part exists. */
  readonly fit: Float64Array | null;
  readonly engagement: Float64Array | null;
}

const FIT: ReadonlySet<string> = new Set(['static', 'parents']);
const ENGAGEMENT: ReadonlySet<string> = new Set(['windows', 'recency', 'peers', 'sequence']);

export function fitAndEngagement(
  columns: readonly FeatureColumn[],
  attribution: Attribution,
  rows: number,
  population: { readonly attribution: Attribution; readonly rows: number } = { attribution, rows },
): FitEngagement {
  const part = (families: ReadonlySet<string>): Float64Array | null => {
    const used = columns.flatMap((c, i) => (families.has(c.family) ? [i] : []));
    if (used.length === 0) return null;
    const reference = sumOf(population.attribution, used, population.rows);
    return percentiles(sumOf(attribution, used, rows), reference);
  };
  return { fit: part(FIT), engagement: part(ENGAGEMENT) };
}

function sumOf(attribution: Attribution, columns: readonly number[], rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (const column of columns) {
    const values = attribution.values[column]!;
    for (let row = 0; row < rows; row++) sums[row]! += values[row]!;
  }
  return sums;
}
