/** From encoders to numbers: the design for fitting, and each column's contribution for scoring and reasons. */
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import { columnIndexes } from '../shared/sample.ts';
import { type Encoder, encodeLevels, type LevelEncoder, missingTerm, numericTerm } from './encode.ts';
import type { Design } from './objective.ts';

/** An encoder with the place of its coefficients among one output's parameters, in the order `Design` has them. */
export interface PlacedEncoder {
  readonly encoder: Encoder;
  readonly at: number;
}

export function placeEncoders(encoders: readonly Encoder[]): readonly PlacedEncoder[] {
  const dense = encoders.filter((e) => e.kind !== 'levels');
  let next = 1;
  const placed: PlacedEncoder[] = dense.map((encoder) => ({ encoder, at: next++ }));
  for (const encoder of encoders) {
    if (encoder.kind !== 'levels') continue;
    placed.push({ encoder, at: next });
    next += encoder.shares.length;
  }
  return placed;
}

/** Rows of all matrices, one above the other. */
export function buildDesign(encoders: readonly Encoder[], matrices: readonly FeatureMatrix[]): Design {
  const rows = matrices.reduce((sum, m) => sum + m.rows, 0);
  const sources = matrices.map((m) => sourceColumns(encoders, m));
  const dense: Float32Array[] = [];
  const levels: { code: Uint16Array; count: number }[] = [];
  encoders.forEach((encoder, e) => {
    const parts = sources.map((source) => source[e]!);
    if (encoder.kind === 'levels') {
      const code = new Uint16Array(rows);
      let from = 0;
      for (const { column, data } of parts) {
        encodeLevels(encoder, column, data, code.subarray(from, from + data.length));
        from += data.length;
      }
      levels.push({ code, count: encoder.shares.length });
    } else {
      const term = denseTerm(encoder);
      const column = new Float32Array(rows);
      let row = 0;
      for (const { data } of parts) {
        for (let i = 0; i < data.length; i++) column[row++] = term(data[i]!);
      }
      dense.push(column);
    }
  });
  return { rows, dense, levels };
}

function denseTerm(encoder: Exclude<Encoder, LevelEncoder>): (cell: number) => number {
  const term = encoder.kind === 'numeric' ? numericTerm(encoder) : missingTerm(encoder);
  return (cell) => Math.fround(term(cell));
}

interface Source {
  readonly index: number;
  readonly column: FeatureColumn;
  readonly data: Float32Array;
}

function sourceColumns(encoders: readonly Encoder[], matrix: FeatureMatrix): readonly Source[] {
  const indexes = columnIndexes(
    matrix,
    encoders.map((e) => e.column),
  );
  return indexes.map((index) => ({ index, column: matrix.columns[index]!, data: matrix.data[index]! }));
}

/** Adds parameters·terms to `margin`, one output. */
export function addMargins(
  placed: readonly PlacedEncoder[],
  parameters: Float64Array,
  matrix: FeatureMatrix,
  margin: Float64Array,
): void {
  eachContribution(placed, parameters, matrix, (_, contribution) => {
    for (let i = 0; i < margin.length; i++) margin[i]! += contribution(i);
  });
}

/** Calls back once per encoder with the matrix column it reads, its contribution in a row, and that on average. */
export function eachContribution(
  placed: readonly PlacedEncoder[],
  parameters: Float64Array,
  matrix: FeatureMatrix,
  visit: (columnIndex: number, contribution: (row: number) => number, mean: number) => void,
): void {
  const sources = sourceColumns(
    placed.map((p) => p.encoder),
    matrix,
  );
  placed.forEach(({ encoder, at }, e) => {
    const { index, column, data } = sources[e]!;
    if (encoder.kind === 'levels') {
      const code = new Uint16Array(data.length);
      encodeLevels(encoder, column, data, code);
      const mean = encoder.shares.reduce((sum, share, level) => sum + share * parameters[at + level]!, 0);
      visit(index, (row) => parameters[at + code[row]!]!, mean);
    } else {
      const weight = parameters[at]!;
      const term = denseTerm(encoder);
      visit(index, (row) => weight * term(data[row]!), 0);
    }
  });
}
