/**
 * Calibrated average of dissimilar members. Members are fitted on train; their predictions of held-out stretches choose
 * the weights and fit the calibration; the members that predict have since been refitted on train and validation.
 */
import type { ColumnFilter } from '../shared/sample.ts';
import type { FitContext, Model } from '../types.ts';
import { type BlendMember, fitBlend } from './fit.ts';
import { type BlendLink, restoreBlend } from './fitted.ts';

export type { BlendMember } from './fit.ts';

export interface BlendOptions {
  readonly name: string;
  readonly level: number;
  readonly members: readonly BlendMember[];
  /** One of these must be there, or the rung does not apply; `missing` says what is not. */
  readonly needs?: { readonly columns: ColumnFilter; readonly missing: string };
}

interface BlendState {
  readonly link: BlendLink;
  readonly members: readonly { readonly name: string; readonly weight: number; readonly state: unknown }[];
}

export function createBlendModel({ name, level, members, needs }: BlendOptions): Model {
  const runnable = (context: FitContext): readonly BlendMember[] =>
    members.filter(({ model }) => model.inapplicable?.(context) === undefined);
  return {
    name,
    level,
    inapplicable: (context) => {
      if (needs && !context.train.matrix.columns.some(needs.columns))
        return `not applicable: ${needs.missing}`;
      return runnable(context).length > 0 ? undefined : members[0]?.model.inapplicable?.(context);
    },
    fit: (context) => fitBlend(context, runnable(context)),
    load: (saved) => {
      const state = saved as BlendState;
      const fitted = state.members.map(({ name, weight, state }) => {
        const model = members.find((member) => member.model.name === name)!.model;
        return { name, weight, fitted: model.load(state) };
      });
      return restoreBlend(state.link, fitted);
    },
  };
}
