/** What a fitted linear model is, and what it says about rows. */
import type { FeatureMatrix } from '../../features/types.ts';
import { sigmoid, softmaxRows } from '../shared/math.ts';
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
  const margin = (matrix: FeatureMatrix): Float64Array => marginRows(state, placed, parameters, matrix);
  return {
    predict: async (matrix) => linkRows(state, margin(matrix)),
    margin: async (matrix) => margin(matrix),
    attribute: async (matrix, _, output = 0) =>
      attributeRows(state, placed, contrast(parameters, output), matrix),
    save: () => state,
  };
}

/** Parameters of an output's margin: softmax outputs less their mean, which no probability depends on. */
function contrast(parameters: readonly Float64Array[], output: number): Float64Array {
  const own = parameters[output]!;
  if (parameters.length === 1) return own;
  return own.map((v, j) => v - parameters.reduce((sum, p) => sum + p[j]!, 0) / parameters.length);
}

/** Rows × outputs, row-major. */
function marginRows(
  { type, labelMean, labelScale }: LogisticState,
  placed: readonly PlacedEncoder[],
  parameters: readonly Float64Array[],
  matrix: FeatureMatrix,
): Float64Array {
  const outputs = parameters.length;
  const margins = new Float64Array(matrix.rows * outputs);
  parameters.forEach((_, k) => {
    const own = contrast(parameters, k);
    const margin = new Float64Array(matrix.rows).fill(own[0]!);
    addMargins(placed, own, matrix, margin);
    margin.forEach((m, i) => {
      margins[i * outputs + k] = type === 'regression' ? labelMean + labelScale * m : m;
    });
  });
  return margins;
}

function linkRows({ type, outputs }: LogisticState, margins: Float64Array): Float32Array {
  if (type === 'multiclass') return softmaxRows(margins, outputs);
  return Float32Array.from(margins, type === 'binary' ? sigmoid : (m) => m);
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

const zeroColumns = (matrix: FeatureMatrix): Float64Array[] =>
  matrix.columns.map(() => new Float64Array(matrix.rows));
