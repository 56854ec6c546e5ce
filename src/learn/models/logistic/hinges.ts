/**
 * Bends in numeric columns: a linear model follows a curve with terms max(0, z − k) of the normal score z at the quartiles
 * k (linear splines; Friedman & Silverman 1989). Only columns whose relation to the training labels is surely curved get
 * them: the score test of the bends against a straight line, n·R² of its residuals, is χ² with as many degrees of freedom
 * as bends (Lagrange multiplier test; Breusch & Pagan 1980). Ridge on a bend's coefficient draws the change of slope to zero.
 */
import type { FeatureMatrix } from '../../features/types.ts';
import type { Budget, FitContext, Sample } from '../types.ts';
import { centred, type Encoder, type NumericEncoder, numericTerm } from './encode.ts';

/** Columns that get bends at most. */
const MOST: Readonly<Record<Budget, number>> = { quick: 6, normal: 12, best: 24 };
/** Training rows that the test looks at. */
const SAMPLE_ROWS = 5000;
const QUARTILES = [0.25, 0.5, 0.75];
/** χ² that chance exceeds once in ten thousand, by degrees of freedom. */
const CURVED = [Number.POSITIVE_INFINITY, 15.1, 18.4, 21.1];

/** Terms to stand beside the plain ones, most curved column first. Empty where every relation may be straight. */
export function fitHinges(
  { train, task, budget }: Pick<FitContext, 'train' | 'task' | 'budget'>,
  encoders: readonly Encoder[],
  matrix: FeatureMatrix,
): readonly NumericEncoder[] {
  const stride = Math.max(1, Math.ceil(matrix.rows / SAMPLE_ROWS));
  const rows = Int32Array.from({ length: Math.ceil(matrix.rows / stride) }, (_, i) => i * stride);
  const targets = targetsOf(train, task.type === 'multiclass', rows);
  const data = new Map(matrix.columns.map((c, i) => [c.name, matrix.data[i]!]));
  return encoders
    .flatMap((encoder, order) => {
      if (encoder.kind !== 'numeric') return [];
      const cells = Float32Array.from(rows, (r) => data.get(encoder.column)![r]!);
      const bends = bendsOf(encoder, cells);
      const excess = curvature([encoder, ...bends], cells, targets) - CURVED[bends.length]!;
      return excess > 0 ? [{ bends, excess, order }] : [];
    })
    .sort((a, b) => b.excess - a.excess || a.order - b.order)
    .slice(0, MOST[budget])
    .flatMap(({ bends }) => bends);
}

/** The labels as numbers; of classes, a 0/1 column for each. */
function targetsOf(train: Sample, classes: boolean, rows: Int32Array): readonly Float64Array[] {
  const label = Float64Array.from(rows, (r) => train.label[r]!);
  if (!classes) return [label];
  return [...new Set(label)].sort((a, b) => a - b).map((k) => label.map((y) => (y === k ? 1 : 0)));
}

function bendsOf({ column, values, scores }: NumericEncoder, cells: Float32Array): readonly NumericEncoder[] {
  const sorted = cells.filter((v) => !Number.isNaN(v)).sort();
  const score = numericTerm({ kind: 'numeric', column, values, scores, mean: 0, scale: 1 });
  const [low, high] = [score(sorted[0] ?? 0), score(sorted.at(-1) ?? 0)];
  const at = QUARTILES.map((q) => score(sorted[Math.floor(q * (sorted.length - 1))] ?? 0));
  return [...new Set(at)]
    .filter((k) => k > low && k < high)
    .map((k) => {
      // Knots below the bend are all 0: the last of them stands for the rest.
      const from = Math.max(0, scores.findIndex((z) => z > k) - 1);
      const bent = scores.slice(from).map((z) => Math.max(0, z - k));
      return centred({ column, values: values.slice(from), scores: bent }, sorted);
    });
}

/** n·R² of what a straight line leaves of the label, on the line and the bends; of several labels the largest. */
function curvature(
  terms: readonly NumericEncoder[],
  cells: Float32Array,
  targets: readonly Float64Array[],
): number {
  if (terms.length < 2) return 0;
  const present = [...cells.keys()].filter((i) => !Number.isNaN(cells[i]!));
  const basis = orthogonal(
    [() => 1, ...terms.map(numericTerm)].map((term) => Float64Array.from(present, (i) => term(cells[i]!))),
  );
  return Math.max(
    ...targets.map((y) => {
      const left = Float64Array.from(present, (i) => y[i]!);
      const explained = basis.map((b) => project(left, b));
      const residual = left.reduce((sum, r) => sum + r * r, 0);
      const bends = explained.slice(2).reduce((sum, e) => sum + e * e, 0);
      return residual + bends > 0 ? (present.length * bends) / (residual + bends) : 0;
    }),
  );
}

/** Gram–Schmidt; a vector that depends on earlier ones becomes zero. */
function orthogonal(vectors: readonly Float64Array[]): readonly Float64Array[] {
  const out: Float64Array[] = [];
  for (const v of vectors) {
    const size = Math.sqrt(dot(v, v));
    for (const u of out) project(v, u);
    const left = Math.sqrt(dot(v, v));
    out.push(left > size * 1e-6 ? v.map((x) => x / left) : new Float64Array(v.length));
  }
  return out;
}

/** Takes unit vector `u` out of `v`; how much of it there was. */
function project(v: Float64Array, u: Float64Array): number {
  const amount = dot(v, u);
  for (let i = 0; i < v.length; i++) v[i]! -= amount * u[i]!;
  return amount;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
