/**
 * The rungs an amount has to beat: of the target over windows before the cutoff the entity's own mean or median, its
 * last value, or that of the same season before; where it has no such past, the mean or median of all training rows.
 */
import { LAG, LAG_MEAN, LAG_MEDIAN, SEASON } from '../../features/lags/lags.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import { checkTrainable, concatSamples, weightsOf } from '../shared/sample.ts';
import type { Fitted, Model } from '../types.ts';
import { weightedQuantile } from './quantile.ts';

export const AMOUNTS_ONLY = 'not applicable: it predicts amounts only';

interface ConstantState {
  readonly primitive: string;
  /** For rows without a past of their own. */
  readonly overall: number;
}

export const createPastMeanModel = (): Model => createConstant('past-mean', LAG_MEAN);
export const createPastMedianModel = (): Model => createConstant('past-median', LAG_MEDIAN);
export const createLastValueModel = (): Model => createConstant('last-value', LAG);
/** The naive forecast of a seasonal series. */
export const createSeasonalModel = (): Model => createConstant('seasonal', SEASON);

function createConstant(name: string, primitive: string): Model {
  return {
    name,
    level: 0,
    inapplicable: ({ task }) => (task.type === 'regression' ? undefined : AMOUNTS_ONLY),
    fit: async (context) => {
      checkTrainable(context);
      const all = concatSamples(context.train, context.val);
      const weight = weightsOf(all);
      const mass = weight.reduce((sum, w) => sum + w, 0);
      const overall =
        primitive !== LAG_MEDIAN
          ? all.label.reduce((sum, y, i) => sum + weight[i]! * y, 0) / mass
          : weightedQuantile(all.label, 0.5, (i) => weight[i]!);
      return restoreConstant({ primitive, overall });
    },
    load: (saved) => restoreConstant(saved as ConstantState),
  };
}

function restoreConstant(state: ConstantState): Fitted {
  const predict = (matrix: FeatureMatrix): Float32Array => {
    const own = matrix.data[placeOf(matrix, state.primitive)];
    return Float32Array.from({ length: matrix.rows }, (_, i) => {
      const value = own?.[i] ?? Number.NaN;
      return Number.isNaN(value) ? state.overall : value;
    });
  };
  return {
    predict: async (matrix) => predict(matrix),
    attribute: async (matrix) => {
      const values = matrix.columns.map(() => new Float64Array(matrix.rows));
      values[placeOf(matrix, state.primitive)]?.set(predict(matrix).map((v) => v - state.overall));
      return { base: state.overall, values };
    },
    save: () => state,
  };
}

/** −1 when the target has no past. */
const placeOf = (matrix: FeatureMatrix, primitive: string): number =>
  matrix.columns.findIndex((c) => c.primitive === primitive);
