/** what-if: a score with features set otherwise, and the change within the seller's reach that moves it most. */
import { LeadlightError } from '../../errors.ts';
import { columnWeights } from '../../learn/explain/similar.ts';
import { actionableRows, type Counterfactual, counterfactuals } from '../../learn/explain/what-if.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { chooseScorable } from './choose.ts';
import type { WorkspaceContext } from './context.ts';
import { pastExamples } from './past-examples.ts';
import type { Scorable } from './scorable.ts';
import { placeOf } from './score.ts';
import { type Assigned, assign } from './set-values.ts';
import type { TargetOptions } from './types.ts';

export interface WhatIfOptions extends TargetOptions {
  readonly id: string;
  /** `feature=value` or `column=value` of the entity's own record. */
  readonly set?: readonly string[];
}

export interface WhatIf {
  readonly entity: string;
  readonly cutoff: string | null;
  readonly probability: number;
  /** Present with `set`: all of them together. */
  readonly set: {
    readonly probability: number;
    readonly delta: number;
    readonly values: readonly Assigned[];
  } | null;
  readonly actions: readonly Counterfactual[];
  /** What these figures are and are not. */
  readonly note: string;
}

const NOTE =
  'What the model associates with such rows in past data; it does not say that the change would cause the outcome.';

/** Rows of the population from which the weight of columns is taken. */
const WEIGHED = 300;

/** @throws LeadlightError UNKNOWN_ENTITY; USAGE for a task that is not binary or an unknown feature. */
export async function whatIf(context: WorkspaceContext, options: WhatIfOptions): Promise<WhatIf> {
  const scorable = await chooseScorable(context, options);
  const { prepared, rows, fitted } = scorable;
  if (prepared.model.type !== 'binary')
    throw new LeadlightError('USAGE', {
      problem: `What-if needs a yes/no question; this one is ${prepared.model.type}`,
      remedy: 'Ask for COUNT(...) > 0 or the like.',
    });
  const sid = rows[placeOf(scorable, options.id)]!;
  const matrix = selectRows(prepared.matrix, Int32Array.of(sid));
  const predict = (of: FeatureMatrix): Promise<Float32Array> => fitted.predict(of, options);
  const [probability] = await predict(matrix);
  const cutoff = prepared.task.snapshots.cutoff[sid]!;
  return {
    entity: options.id,
    cutoff: Number.isNaN(cutoff) ? null : new Date(cutoff).toISOString(),
    probability: probability!,
    set:
      options.set && options.set.length > 0
        ? await setTo(scorable, matrix, options.set, probability!, predict)
        : null,
    actions: await actionsOf(scorable, matrix, probability!, predict, options),
    note: NOTE,
  };
}

async function setTo(
  { prepared }: Scorable,
  matrix: FeatureMatrix,
  pairs: readonly string[],
  before: number,
  predict: (of: FeatureMatrix) => Promise<Float32Array>,
): Promise<NonNullable<WhatIf['set']>> {
  const { changed, values } = assign(matrix, pairs, prepared.train.matrix);
  const [probability] = await predict(changed);
  return { probability: probability!, delta: probability! - before, values };
}

async function actionsOf(
  { prepared, fitted, rows }: Scorable,
  matrix: FeatureMatrix,
  now: number,
  predict: (of: FeatureMatrix) => Promise<Float32Array>,
  control: TargetOptions,
): Promise<readonly Counterfactual[]> {
  const past = pastExamples(prepared);
  if (!past || !fitted.attribute) return [];
  const step = Math.max(1, Math.floor(rows.length / WEIGHED));
  const sample = selectRows(
    prepared.matrix,
    rows.filter((_, i) => i % step === 0),
  );
  const weights = columnWeights(await fitted.attribute(sample, control));
  const won = Int32Array.from({ length: past.matrix.rows }, (_, i) => i).filter((i) => past.label[i] === 1);
  const actions = actionableRows(matrix.columns, weights);
  return counterfactuals({ matrix, row: 0, now, wins: selectRows(past.matrix, won), actions, predict });
}
