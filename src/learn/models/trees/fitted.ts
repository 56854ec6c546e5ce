/** A trained ensemble as a model: predictions, margins and exact attributions of rows, stretch by stretch. */
import type { RunControl } from '../../../util/progress.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import { checkpoint } from '../shared/control.ts';
import { centreRows } from '../shared/math.ts';
import type { Attribution, Fitted } from '../types.ts';
import { linkMargins, predictTrees } from './predict.ts';
import { saveTrees } from './save.ts';
import { findColumns, readColumns, type SavedColumn } from './select.ts';
import { expectedMargin, openShap } from './shap.ts';
import type { TreeEnsemble } from './types.ts';

export function restoreTrees(columns: readonly SavedColumn[], ensemble: TreeEnsemble): Fitted {
  const { outputs } = ensemble;
  const margin = async (matrix: FeatureMatrix, control?: RunControl): Promise<Float64Array> => {
    const out = new Float64Array(matrix.rows * outputs);
    const data = readColumns(columns, matrix);
    await eachStretch(matrix.rows, control, (from, to) => {
      const part = data.map((column) => column.subarray(from, to));
      out.set(predictTrees(ensemble, part, to - from), from * outputs);
    });
    return out;
  };
  return {
    predict: async (matrix, control) => linkMargins(ensemble, await margin(matrix, control)),
    margin: async (matrix, control) => {
      const margins = await margin(matrix, control);
      return outputs > 1 ? centreRows(margins, outputs) : margins;
    },
    attribute: (matrix, control, output = 0) => attribute(columns, ensemble, matrix, output, control),
    save: () => ({ columns, trees: saveTrees(ensemble) }),
  };
}

/** Of one output; among classes, less the mean of all outputs, as margins are. */
async function attribute(
  columns: readonly SavedColumn[],
  ensemble: TreeEnsemble,
  matrix: FeatureMatrix,
  output: number,
  control: RunControl | undefined,
): Promise<Attribution> {
  const { outputs } = ensemble;
  const data = readColumns(columns, matrix);
  const places = findColumns(columns, matrix);
  const values = matrix.columns.map(() => new Float64Array(matrix.rows));
  const shap = await openShap(ensemble, Math.min(matrix.rows, STRETCH));
  let base = 0;
  try {
    for (let k = 0; k < outputs; k++) {
      const share = (k === output ? 1 : 0) - (outputs > 1 ? 1 / outputs : 0);
      base += share * expectedMargin(ensemble, k);
      await eachStretch(matrix.rows, control, (from, to) => {
        const part = data.map((column) => column.subarray(from, to));
        const own = shap.contributions(part, to - from, k);
        for (const [c, at] of places.entries()) addScaled(values[at]!.subarray(from, to), share, own[c]!);
      });
    }
  } finally {
    await shap.close();
  }
  return { base, values };
}

function addScaled(into: Float64Array, share: number, from: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += share * from[i]!;
}

/** Rows between two turns of the event loop. */
const STRETCH = 8192;

async function eachStretch(
  rows: number,
  control: RunControl | undefined,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < rows; from += STRETCH) {
    if (from > 0) await checkpoint(control);
    work(from, Math.min(from + STRETCH, rows));
  }
}
