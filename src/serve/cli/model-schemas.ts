/** What `train` and `models` print under --json. */
import { z } from 'zod';
import type { ModelComparison } from '../scoring/models.ts';
import type { HeldOutFigures, RegisteredModel } from '../scoring/registry/types.ts';
import type { CompareReport, Moves, RungResult } from '../scoring/types.ts';
import type { ModelSummary } from './model-text.ts';

const nullableNumber = z.number().nullable();

export const moves: z.ZodType<Moves> = z.strictObject({
  version: z.string(),
  against: z.string(),
  rows: z.number().describe('scored by both'),
  rank_correlation: nullableNumber.describe('Spearman'),
  mean_absolute_change: z.number(),
  top_tenth_kept: z.number().describe('rows in both top tenths over rows in one of them'),
  movers: z
    .array(
      z.strictObject({
        entity: z.string(),
        score: z.number(),
        score_against: z.number(),
        rank: z.number(),
        rank_against: z.number(),
        signals: z
          .array(z.strictObject({ signal: z.string(), change: z.number() }))
          .describe('change of the margin by signal'),
      }),
    )
    .describe('largest changes of rank'),
});

export function modelSchemas(task: z.ZodType<CompareReport['task']>, rung: z.ZodType<RungResult>) {
  const heldOut: z.ZodType<HeldOutFigures> = z.strictObject({
    rows: z.number(),
    positives: z.number(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    figures: rung,
  });
  const parameters = z.strictObject({
    rung: z.string(),
    budget: z.enum(['quick', 'normal', 'best']),
    seed: z.number(),
    step_days: nullableNumber,
    train_to: z.string().nullable(),
    val_at: z.string().nullable(),
  });
  const training = z.strictObject({
    train_rows: z.number(),
    val_rows: z.number(),
    positives: z.number().describe('0 unless binary'),
    base_rate: nullableNumber,
  });
  const status = z.enum(['candidate', 'shadow', 'champion']);
  const created = z.string().nullable();
  const card: z.ZodType<RegisteredModel['card']> = z.strictObject({
    version: z.string().describe('hash of the state'),
    state_sha256: z.string(),
    question: z.string().describe('versions of one question can replace each other'),
    task,
    parameters,
    data_cutoff: z.string().nullable().describe('nothing later is in the model'),
    training,
    held_out: heldOut.nullable().describe('the same recipe on outcomes held back from it'),
    held_out_missing: z.string().nullable(),
    calibration: z.string(),
    features: z.array(z.strictObject({ name: z.string(), sentence: z.string() })),
    screened: z.array(
      z.strictObject({ name: z.string(), reason: z.enum(['constant', 'duplicate', 'drift', 'family']) }),
    ),
    withheld: z.array(z.strictObject({ column: z.string(), reason: z.string() })),
    schema_sha256: z.string(),
    engine: z.string(),
    package_version: z.string(),
    warnings: z.array(z.string()),
  });
  const model: z.ZodType<RegisteredModel> = z.strictObject({ card, status, created });
  const summary: z.ZodType<ModelSummary> = z.strictObject({
    version: z.string(),
    status,
    created,
    question: z.string(),
    task,
    parameters,
    data_cutoff: z.string().nullable(),
    training,
    held_out: heldOut.nullable(),
  });
  const comparison: z.ZodType<Omit<ModelComparison, 'first' | 'second'> & Summaries> = z.strictObject({
    first: summary,
    second: summary,
    held_out: z
      .strictObject({
        rows: z.number(),
        positives: z.number(),
        metrics: z.array(
          z.strictObject({
            metric: z.string(),
            first: nullableNumber,
            second: nullableNumber,
            difference: nullableNumber,
            interval: z.tuple([z.number(), z.number()]).nullable().describe('95 %'),
          }),
        ),
      })
      .nullable(),
    held_out_missing: z.string().nullable(),
    moves,
    warnings: z.array(z.string()),
  });
  return {
    train: z.strictObject({ model, path: z.string() }),
    'models list': z.strictObject({ models: z.array(summary) }),
    'models show': model,
    'models compare': comparison,
  } as const;
}

export interface Summaries {
  readonly first: ModelSummary;
  readonly second: ModelSummary;
}
