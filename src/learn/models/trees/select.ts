/** Which columns of a matrix the model reads, by name, and category codes translated to those of training. */
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';

export interface SavedColumn {
  readonly name: string;
  readonly categories?: readonly string[] | undefined;
}

export function describeColumns(columns: readonly FeatureColumn[]): SavedColumn[] {
  return columns.map(({ name, kind, categories }) => ({
    name,
    ...(kind === 'categorical' && categories ? { categories } : {}),
  }));
}

/** Index of each saved column in the matrix. A column that is gone is a fault of the caller. */
export function findColumns(saved: readonly SavedColumn[], matrix: FeatureMatrix): number[] {
  const places = new Map(matrix.columns.map((column, i) => [column.name, i]));
  return saved.map(({ name }) => {
    const at = places.get(name);
    if (at === undefined) throw new Error(`the matrix has no column ${name}, which the model reads`);
    return at;
  });
}

/** Data of the saved columns; categories unknown at training get a code beyond all known ones. */
export function readColumns(saved: readonly SavedColumn[], matrix: FeatureMatrix): Float32Array[] {
  return findColumns(saved, matrix).map((at, c) => {
    const data = matrix.data[at]!;
    const before = saved[c]!.categories;
    const now = matrix.columns[at]!.categories;
    if (!before || !now || sameTexts(before, now)) return data;
    const codes = new Map(before.map((text, code) => [text, code]));
    const translated = now.map((text) => codes.get(text) ?? before.length);
    return data.map((code) => translated[code] ?? (Number.isNaN(code) ? NaN : before.length));
  });
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((text, i) => text === b[i]));
}
