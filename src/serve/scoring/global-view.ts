/** signals: what the model in use goes by, over past examples with known outcomes. */
import { LeadlightError } from '../../errors.ts';
import { checkAdditivity } from '../../learn/explain/additivity.ts';
import { type GlobalView, globalView } from '../../learn/explain/global-view.ts';
import { selectRows } from '../../learn/features/screen.ts';
import { chooseScorable } from './choose.ts';
import type { WorkspaceContext } from './context.ts';
import { rowsOf } from './prepare.ts';
import { taskView } from './resolve.ts';
import type { Scorable } from './scorable.ts';
import type { CompareReport, ScoreReport, TargetOptions } from './types.ts';

export interface SignalsReport extends GlobalView {
  readonly task: CompareReport['task'];
  readonly model: ScoreReport['model'];
  readonly warnings: readonly string[];
}

/** Past examples looked at, taken at equal distances. */
const MOST = 2000;

/** @throws LeadlightError USAGE when the model has no attributions. */
export async function signals(context: WorkspaceContext, options: TargetOptions): Promise<SignalsReport> {
  const scorable = await chooseScorable(context, options);
  const { prepared, fitted } = scorable;
  if (!fitted.attribute || prepared.model.type === 'multiclass')
    throw new LeadlightError('USAGE', {
      problem: `Rung ${scorable.model.rung} cannot say what a ${prepared.model.type} score is made of`,
      remedy: 'Ask a yes/no or amount question with a model that explains itself, such as --rungs blend.',
    });
  const view = globalView(await explained(scorable, options));
  return { task: taskView(scorable.resolved), model: scorable.model, ...view, warnings: scorable.warnings };
}

async function explained({ prepared, fitted }: Scorable, options: TargetOptions) {
  const { task, model } = prepared;
  const all = Int32Array.from([...rowsOf(task, 'train'), ...rowsOf(task, 'val')]);
  const step = Math.max(1, Math.ceil(all.length / MOST));
  const rows = all.filter((_, i) => i % step === 0);
  const matrix = selectRows(prepared.matrix, rows);
  const prediction = await fitted.predict(matrix, options);
  const attribution = await fitted.attribute!(matrix, options);
  checkAdditivity(attribution, prediction, model.type);
  const { cutoff, cluster } = task.snapshots;
  return {
    matrix,
    attribution,
    prediction,
    label: Float32Array.from(rows, (i) => task.visible.values[i]!),
    clusters: {
      account: Int32Array.from(rows, (i) => cluster[i]!),
      cutoff: Float64Array.from(rows, (i) => cutoff[i]!),
    },
    binary: model.type === 'binary',
  };
}
