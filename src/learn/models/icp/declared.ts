/** The declared profile: column → wanted values; `>=1000`, `<50` or `200-1000` for numbers. One point a criterion met. */
import type { FeatureColumn } from '../../features/types.ts';
import type { ScoreTerm } from '../shared/score-model.ts';

/** Keys are `table.column` or a column's bare name, in any case. */
export type DeclaredProfile = Readonly<Record<string, readonly string[]>>;

export const declaredTerms = (
  declared: DeclaredProfile,
  columns: readonly FeatureColumn[],
): readonly ScoreTerm[] =>
  Object.entries(declared).flatMap(([key, wanted]) => {
    const column = columns.find((c) => isStatic(c) && names(c).includes(key.toLowerCase()));
    return column ? [{ column: column.name, value: criterion(column, wanted) }] : [];
  });

const isStatic = (column: FeatureColumn): boolean =>
  (column.scope === 'record' || column.scope === 'flat') &&
  column.column !== undefined &&
  !column.primitive.startsWith('points.');

const names = ({ table, column = '' }: FeatureColumn): readonly string[] => [
  column.toLowerCase(),
  `${table}.${column}`.toLowerCase(),
];

function criterion(column: FeatureColumn, wanted: readonly string[]): (cell: number) => number {
  if (column.kind === 'categorical') {
    const values = new Set(wanted.map((value) => value.trim().toLowerCase()));
    const hit = (column.categories ?? []).map((text) => (values.has(text.trim().toLowerCase()) ? 1 : 0));
    return (cell) => hit[cell] ?? 0;
  }
  const tests = wanted.map(numberTest);
  return (cell) => (tests.some((test) => test(cell)) ? 1 : 0);
}

function numberTest(text: string): (value: number) => boolean {
  const compare = /^\s*(>=|<=|>|<)\s*([\d.,_]+)\s*$/.exec(text);
  if (compare) {
    const bound = toNumber(compare[2]!);
    switch (compare[1]) {
      case '>=':
        return (v) => v >= bound;
      case '<=':
        return (v) => v <= bound;
      case '>':
        return (v) => v > bound;
      default:
        return (v) => v < bound;
    }
  }
  const range = /^\s*([\d.,_]+)\s*(?:-|–|\.\.|to)\s*([\d.,_]+)\s*$/.exec(text);
  if (range) {
    const [low, high] = [toNumber(range[1]!), toNumber(range[2]!)];
    return (v) => v >= low && v <= high;
  }
  const flag = { true: 1, yes: 1, false: 0, no: 0 }[text.trim().toLowerCase()];
  const exact = flag ?? toNumber(text);
  return (v) => v === exact;
}

const toNumber = (text: string): number => Number(text.replace(/[,_\s]/g, ''));
