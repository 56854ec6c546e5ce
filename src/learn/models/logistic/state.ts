/** What a fitted linear model is, and what it says about rows. */
import type { FeatureMatrix } from '../../features/types.ts';
import { sigmoid } from '../shared/math.ts';
import type { Attribution, Fitted, ModelTask } from '../types.ts';
import type { Encoder } from './encode.ts';
import { addMargins, eachContribution, type PlacedEncoder, placeEncoders } from './terms.ts';

export interface LogisticState {
  readonly type: ModelTask['type'];
  readonly outputs: number;
  readonly encoders: readonly Encoder[];
  /** One list per output: intercept, dense coefficients, level coefficients. */
  readonly parameters: readonly (readonly number[])[];
  readonly labelMean: number;
  readonly labelScale: number;
}

export function restoreLogistic(state: LogisticState): Fitted {
  const placed = placeEncoders(state.encoders);
  const parameters = state.parameters.map((list) => Float64Array.from(list));
  const fitted = {
    predict: async (matrix: FeatureMatrix) => predictRows(state, placed, parameters, matrix),
    save: () => state,
  };
  if (state.type === 'multiclass') return fitted;
  return { ...fitted, attribute: async (matrix) => attributeRows(state, placed, parameters[0]!, matrix) };
}

function predictRows(
  { type, labelMean, labelScale }: LogisticState,
  placed: readonly PlacedEncoder[],
  parameters: readonly Float64Array[],
  matrix: FeatureMatrix,
): Float32Array {
  const margins = parameters.map((output) => {
    const margin = new Float64Array(matrix.rows).fill(output[0]!);
    addMargins(placed, output, matrix, margin);
    return margin;
  });
  if (type === 'multiclass') return softmaxRows(margins);
  return Float32Array.from(margins[0]!, type === 'binary' ? sigmoid : (m) => labelMean + labelScale * m);
}

/** Rows × classes, row-major. */
function softmaxRows(margins: readonly Float64Array[]): Float32Array {
  const classes = margins.length;
  const rows = margins[0]!.length;
  const out = new Float32Array(rows * classes);
  for (let i = 0; i < rows; i++) {
    const top = margins.reduce((max, m) => Math.max(max, m[i]!), Number.NEGATIVE_INFINITY);
    const sum = margins.reduce((total, m) => total + Math.exp(m[i]! - top), 0);
    for (let k = 0; k < classes; k++) out[i * classes + k] = Math.exp(margins[k]![i]! - top) / sum;
  }
  return out;
}

function attributeRows(
  { labelMean, labelScale }: LogisticState,
  placed: readonly PlacedEncoder[],
  parameters: Float64Array,
  matrix: FeatureMatrix,
): Attribution {
  const values = zeroColumns(matrix);
  let base = labelMean + labelScale * parameters[0]!;
  eachContribution(placed, parameters, matrix, (index, contribution, mean) => {
    const into = values[index]!;
    base += labelScale * mean;
    for (let i = 0; i < into.length; i++) into[i]! += labelScale * (contribution(i) - mean);
  });
  return { base, values };
}

const zeroColumns = (matrix: FeatureMatrix): Float32Array[] =>
  matrix.columns.map(() => new Float32Array(matrix.rows));
