/** What a score is worth: probability × the amount written in the entity's own record, where there is one. */
import { stems } from '../../data/schema/lexicon.ts';
import type { FeatureColumn, FeatureMatrix } from '../../learn/features/types.ts';

const AMOUNTS: ReadonlySet<string> = new Set('amount acv arr mrr tcv'.split(' '));
const SIZES: ReadonlySet<string> = new Set('value size price revenue'.split(' '));
/** `value` alone may be anything; a deal's or an expected one is money. */
const OF: ReadonlySet<string> = new Set(
  'deal contract opportunity order quote estimated expected forecast'.split(' '),
);

/** Column of the entity's own row that says how much is at stake; as of the cutoff, like every column of the matrix. */
export function amountColumn(columns: readonly FeatureColumn[]): number | undefined {
  const found = columns.findIndex(isAmount);
  return found < 0 ? undefined : found;
}

function isAmount(c: FeatureColumn): boolean {
  if (c.family !== 'static' || c.path.length > 0 || c.primitive !== 'number' || c.column === undefined)
    return false;
  const words = stems(c.column);
  return (
    words.some((w) => AMOUNTS.has(w)) || (words.some((w) => SIZES.has(w)) && words.some((w) => OF.has(w)))
  );
}

/** Null where no amount is on record. */
export function expectedValue(
  matrix: FeatureMatrix,
  amount: number | undefined,
  row: number,
  probability: number,
): number | null {
  const value = amount === undefined ? Number.NaN : matrix.data[amount]![row]!;
  return Number.isFinite(value) ? probability * value : null;
}
