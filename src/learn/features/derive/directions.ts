/**
 * The first right singular vectors of a sparse matrix by a randomised range finder with power iterations
 * (Halko, Martinsson & Tropp 2011). Seeded; sums run in a fixed order.
 */
import { createRandom } from '../../../util/random.ts';

/** Rows as parallel arrays of column numbers and values. */
export interface SparseRow {
  readonly at: Int32Array;
  readonly value: Float64Array;
}

const OVERSAMPLED = 8;
const POWERS = 3;

/** Up to `count` vectors of length `width`, largest singular value first; the largest entry of each is positive. */
export function singularDirections(
  rows: readonly SparseRow[],
  width: number,
  count: number,
  seed: number,
): readonly Float64Array[] {
  const random = createRandom(seed);
  const wanted = Math.min(count + OVERSAMPLED, width, rows.length);
  let basis: Float64Array[] = Array.from({ length: wanted }, () =>
    Float64Array.from({ length: width }, () => random.normal()),
  );
  for (let i = 0; i < POWERS; i++) basis = orthonormal(basis.map((v) => gramTimes(rows, width, v)));
  const images = basis.map((v) => times(rows, v));
  const { values, vectors } = symmetricEigen(images.map((a) => images.map((b) => dot(a, b))));
  const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
  const floor = (values[order[0] ?? 0] ?? 0) * 1e-10;
  return order
    .slice(0, count)
    .filter((i) => values[i]! > floor)
    .map((i) =>
      upright(
        combine(
          basis,
          vectors.map((row) => row[i]!),
          width,
        ),
      ),
    );
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const times = (rows: readonly SparseRow[], v: Float64Array): Float64Array =>
  Float64Array.from(rows, ({ at, value }) => {
    let sum = 0;
    for (let k = 0; k < at.length; k++) sum += value[k]! * v[at[k]!]!;
    return sum;
  });

function gramTimes(rows: readonly SparseRow[], width: number, v: Float64Array): Float64Array {
  const image = times(rows, v);
  const out = new Float64Array(width);
  rows.forEach(({ at, value }, r) => {
    for (let k = 0; k < at.length; k++) out[at[k]!]! += value[k]! * image[r]!;
  });
  return out;
}

/** Gram–Schmidt, twice for accuracy; vectors that depend on earlier ones are left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const out: Float64Array[] = [];
  for (const v of vectors) {
    const size = Math.sqrt(dot(v, v));
    for (const u of [...out, ...out]) subtract(v, u, dot(v, u));
    const left = Math.sqrt(dot(v, v));
    if (left > size * 1e-9) out.push(v.map((x) => x / left));
  }
  return out;
}

function subtract(v: Float64Array, u: Float64Array, factor: number): void {
  for (let i = 0; i < v.length; i++) v[i]! -= factor * u[i]!;
}

function combine(basis: readonly Float64Array[], factors: readonly number[], width: number): Float64Array {
  const out = new Float64Array(width);
  basis.forEach((v, b) => {
    subtract(out, v, -factors[b]!);
  });
  return out;
}

function upright(v: Float64Array): Float64Array {
  const largest = v.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return largest < 0 ? v.map((x) => -x) : v;
}

const SWEEPS = 60;

/** Cyclic Jacobi rotations; columns of `vectors` belong to `values`. */
function symmetricEigen(given: readonly (readonly number[])[]): {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
} {
  const a = given.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  const size = a.length;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        off += a[p]![q]! ** 2;
        rotate(a, v, p, q);
      }
    }
    if (off < 1e-30) break;
  }
  return { values: a.map((row, i) => row[i]!), vectors: v };
}

function rotate(a: number[][], v: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!];
    [a[p]![k], a[q]![k]] = [c * x - s * y, s * x + c * y];
  }
  for (const row of v) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
}
