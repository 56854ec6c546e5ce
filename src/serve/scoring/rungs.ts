/** Fits the rungs of the ladder one after another on the same samples and scores the same rows with each. */

import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { type LadderOptions, ladder, reserve } from '../../learn/models/ladder.ts';
import type { Budget, FitContext, Fitted, Interval, Model } from '../../learn/models/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { Prepared } from './prepare.ts';

export interface FittedRung {
  readonly model: Model;
  readonly seconds: number;
  /** Why it did not run. */
  readonly note?: string;
  readonly fitted?: Fitted;
  /** Predictions for the rows asked for. */
  readonly prediction?: Float32Array;
  /** Regression, where the rung states it: the bounds of 80 % and the median of the same rows. */
  readonly interval?: Interval;
}

export interface RungOptions extends RunControl {
  readonly rungs?: readonly string[];
  readonly seed: number;
  readonly budget: Budget;
  readonly threads: number;
}

export function chooseRungs(names: readonly string[] | undefined, options: LadderOptions): readonly Model[] {
  const all = ladder(options);
  if (names === undefined) return all;
  const known = new Map([...all, ...reserve(options)].map((m) => [m.name, m]));
  return names.map((name) => {
    const model = known.get(name);
    if (!model) throw new LeadlightError('UNKNOWN_RUNG', { name, known: [...known.keys()].join(', ') });
    return model;
  });
}

/** Points in use are a rung only where their value as of the cutoff is a feature. */
export const ladderOptions = (config: WorkspaceConfig, prepared: Prepared): LadderOptions => ({
  pointRules: config.pointRules,
  ...(config.icp ? { icp: config.icp } : {}),
  ...(prepared.model.type === 'regression' ? { amounts: true } : {}),
  ...(config.points && hasPoints(config.points, prepared) ? { points: config.points } : {}),
});

export const hasPoints = (points: string, prepared: Prepared): boolean =>
  prepared.matrix.columns.some(
    (c) => c.primitive === 'number' && c.path.length === 0 && `${c.table}.${c.column}` === points,
  );

export const fitContext = (prepared: Prepared, options: RungOptions): FitContext => ({
  task: prepared.model,
  train: prepared.train,
  val: prepared.val,
  seed: options.seed,
  budget: options.budget,
  threads: options.threads,
  ...(prepared.task.horizonDays === undefined ? {} : { horizonDays: prepared.task.horizonDays }),
  ...(options.signal ? { signal: options.signal } : {}),
  ...(options.progress ? { progress: options.progress } : {}),
});

export async function fitRungs(
  config: WorkspaceConfig,
  prepared: Prepared,
  matrix: FeatureMatrix,
  options: RungOptions,
): Promise<readonly FittedRung[]> {
  const results: FittedRung[] = [];
  const models = chooseRungs(options.rungs, ladderOptions(config, prepared));
  for (const [i, model] of models.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.({ stage: `rung ${model.name}`, done: i, total: models.length, unit: 'rungs' });
    results.push(await fitRung(model, fitContext(prepared, options), matrix));
  }
  return results;
}

async function fitRung(model: Model, context: FitContext, matrix: FeatureMatrix): Promise<FittedRung> {
  const note = model.inapplicable?.(context);
  if (note !== undefined) return { model, seconds: 0, note };
  const start = performance.now();
  const fitted = await model.fit(context);
  const prediction = await fitted.predict(matrix, context);
  const interval = context.task.type === 'regression' ? await fitted.interval?.(matrix, context) : undefined;
  return {
    model,
    fitted,
    prediction,
    ...(interval ? { interval } : {}),
    seconds: Math.round((performance.now() - start) / 10) / 100,
  };
}
