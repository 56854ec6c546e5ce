/** `--set feature=value`: features of one row replaced by hand. */
import { LeadlightError } from '../../errors.ts';
import type { FeatureColumn, FeatureMatrix } from '../../learn/features/types.ts';

export interface Assigned {
  readonly feature: string;
  readonly from: number | string | null;
  readonly to: number | string | null;
  /** Said when training rows never had such a value. */
  readonly warning: string | null;
}

/** @throws LeadlightError USAGE naming the pair and what is expected. `matrix`: one row. */
export function assign(
  matrix: FeatureMatrix,
  pairs: readonly string[],
  seen: FeatureMatrix,
): { readonly changed: FeatureMatrix; readonly values: readonly Assigned[] } {
  const data = [...matrix.data];
  const values = pairs.map((pair): Assigned => {
    const [at, text] = parsePair(matrix.columns, pair);
    const column = matrix.columns[at]!;
    const value = readValue(column, text, pair);
    const before = data[at]![0]!;
    data[at] = Float32Array.of(value);
    const warning = warningOf(column, value, seen.data[at]!);
    return { feature: column.name, from: shown(column, before), to: shown(column, value), warning };
  });
  return { changed: { ...matrix, data }, values };
}

/** Names may hold `=` themselves: the longest feature or column that the pair begins with is meant. */
function parsePair(columns: readonly FeatureColumn[], pair: string): readonly [number, string] {
  const named = columns.flatMap((c, at) =>
    namesOf(c).flatMap((name) => (pair.startsWith(`${name}=`) ? [{ at, name }] : [])),
  );
  const best = named.sort((a, b) => b.name.length - a.name.length || a.at - b.at)[0];
  if (best) return [best.at, pair.slice(best.name.length + 1)];
  const asked = pair.split('=')[0]!.toLowerCase();
  const near = columns.filter((c) => c.name.toLowerCase().includes(asked)).slice(0, 3);
  const examples = (near.length > 0 ? near : columns.slice(0, 3)).map((c) => c.name).join(', ');
  throw new LeadlightError('USAGE', {
    problem: `--set ${pair}: expected feature=value with a feature the model reads`,
    remedy: `Such as ${examples}; \`leadlight plan\` lists all.`,
  });
}

const namesOf = (c: FeatureColumn): readonly string[] =>
  c.path.length === 0 && c.column !== undefined ? [c.name, `${c.table}.${c.column}`, c.column] : [c.name];

const MISSING = /^(|null|none)$/i;

function readValue(column: FeatureColumn, text: string, pair: string): number {
  if (MISSING.test(text.trim())) return Number.NaN;
  if (column.kind === 'categorical') return codeOf(column, text, pair);
  const flag = /^(yes|true)$/i.test(text) ? 1 : /^(no|false)$/i.test(text) ? 0 : Number(text);
  if (Number.isFinite(flag)) return flag;
  throw new LeadlightError('USAGE', {
    problem: `--set ${pair}: expected a number, yes, no or nothing for ${column.sentence}`,
    remedy: `Write ${column.name}=3, say.`,
  });
}

function codeOf(column: FeatureColumn, text: string, pair: string): number {
  const known = column.categories ?? [];
  const exact = known.indexOf(text);
  const found = exact >= 0 ? exact : known.findIndex((c) => c.toLowerCase() === text.toLowerCase());
  if (found >= 0) return found;
  throw new LeadlightError('USAGE', {
    problem: `--set ${pair}: the model knows no ${column.sentence} of that name`,
    remedy: `Take one of ${known.slice(0, 12).join(', ')}.`,
  });
}

const shown = (column: FeatureColumn, value: number): number | string | null => {
  if (Number.isNaN(value)) return null;
  return column.kind === 'categorical' ? (column.categories?.[value] ?? null) : value;
};

function warningOf(column: FeatureColumn, value: number, seen: Float32Array): string | null {
  if (column.kind === 'categorical' || Number.isNaN(value)) return null;
  const [low, high] = seen.reduce(
    ([a, b], x) => (Number.isNaN(x) ? [a, b] : [Math.min(a, x), Math.max(b, x)]),
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number],
  );
  if (value >= low && value <= high) return null;
  return `outside what training rows had (${low} to ${high}, n=${seen.length}): the model extrapolates`;
}
