/** The space in which examples are near or far: the columns that order labels best, standardised and weighted by how well. */
import { LeadlightError } from '../../../errors.ts';
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { areaUnder, contrast, everyNth } from './signal.ts';
import type { Axis, LearnInput } from './types.ts';

/** Rows that are looked at to choose and scale axes. */
const LOOKED_AT = 8000;
/** Below this distance of the area from ½ a column says nothing about likeness. */
const MIN_SIGNAL = 0.02;
const LIMIT = 3;

export function learnSpace({ matrix, train, labels }: LearnInput, most: number): readonly Axis[] {
  const rows = everyNth(train, LOOKED_AT);
  const yes = contrast(labels, rows);
  return matrix.columns
    .flatMap((column, c) => {
      if (!mayMeasure(column)) return [];
      const values = Float32Array.from(rows, (r) => matrix.data[c]![r]!);
      const signal = Math.abs(areaUnder(values, yes) - 0.5);
      return signal < MIN_SIGNAL ? [] : [{ c, signal, ...moments(values) }];
    })
    .filter((axis) => axis.scale > 0)
    .sort((a, b) => b.signal - a.signal || a.c - b.c)
    .filter((axis, i, all) => i === 0 || !isTwin(axis, all[i - 1]!))
    .slice(0, most)
    .map(({ c, signal, centre, scale }) => ({
      name: matrix.columns[c]!.name,
      centre,
      scale,
      weight: 2 * signal,
    }));
}

type Moments = { readonly signal: number; readonly centre: number; readonly scale: number };

/** The same values once more would count twice. */
const isTwin = (a: Moments, b: Moments): boolean =>
  a.signal === b.signal && a.centre === b.centre && a.scale === b.scale;

const mayMeasure = (c: FeatureColumn): boolean =>
  c.kind === 'numeric' &&
  c.family !== 'calendar' &&
  c.family !== 'outcome' &&
  !c.primitive.startsWith('points.');

function moments(values: Float32Array): { readonly centre: number; readonly scale: number } {
  let [n, sum, squares] = [0, 0, 0];
  for (const v of values) if (!Number.isNaN(v)) [n, sum, squares] = [n + 1, sum + v, squares + v * v];
  const centre = n === 0 ? 0 : sum / n;
  const variance = n === 0 ? 0 : squares / n - centre * centre;
  return { centre, scale: variance > 1e-12 * (1 + centre * centre) ? Math.sqrt(variance) : 0 };
}

/** Points of the given rows, row-major. SCHEMA_MISMATCH when an axis has no column. */
export function pointsOf(
  matrix: FeatureMatrix,
  rows: ArrayLike<number>,
  space: readonly Axis[],
): Float32Array {
  const index = new Map(matrix.columns.map((c, i) => [c.name, i]));
  const out = new Float32Array(rows.length * space.length);
  space.forEach(({ name, centre, scale, weight }, a) => {
    const values = matrix.data[index.get(name) ?? absent(name)]!;
    for (let i = 0; i < rows.length; i++) {
      const v = values[rows[i]!]!;
      const z = Number.isNaN(v) ? 0 : (v - centre) / scale;
      out[i * space.length + a] = weight * Math.max(-LIMIT, Math.min(LIMIT, z));
    }
  });
  return out;
}

/** SCHEMA_MISMATCH: a saved state reads a column that is gone. */
export function absent(name: string): never {
  throw new LeadlightError('SCHEMA_MISMATCH', {
    where: 'features to score',
    expected: `the column ${name} the model was trained on`,
    found: 'columns without it',
    remedy: 'Train again on the present tables.',
  });
}
