/** What commands about simulated companies print under --json. */
import { z } from 'zod';
import type { ExportReport } from '../../simulate/export.ts';
import type { CeilingReport } from '../scoring/ceiling-types.ts';
import type { CompareReport, RungResult } from '../scoring/types.ts';
import type { Told } from './story.ts';

export const simulated: z.ZodType<ExportReport> = z.strictObject({
  folder: z.string(),
  rows: z.record(z.string(), z.number()).describe('by table'),
  planted: z
    .array(
      z.strictObject({
        dial: z.enum([
          'duplicates',
          'freeMail',
          'missingLinks',
          'backdated',
          'bots',
          'leaks',
          'snapshots',
          'drift',
        ]),
        table: z.string(),
        column: z.exactOptional(z.string()),
        what: z.string(),
        rows: z.number(),
      }),
    )
    .describe('dirt'),
  truthAt: z.array(z.string()).describe('days of the true probabilities'),
});

const interval = z.tuple([z.number(), z.number()]).nullable();

export const ceilingOf = (compare: z.ZodType<CompareReport>, rung: z.ZodType<RungResult>) => {
  const ceiling: z.ZodType<CeilingReport> = z.strictObject({
    outcome: z.string().describe('of the file of true probabilities'),
    dates: z.array(z.string()).describe('test cutoffs judged'),
    rows: z.number(),
    positives: z.number(),
    expected: z.number().describe('true probabilities added up'),
    standard_error: z.number().describe('mean standard error of the true probabilities'),
    without_truth: z.number().describe('test cases that the file does not know, left out'),
    truth: rung.describe('figures of the true probabilities'),
    rungs: z.array(
      z.intersection(
        rung,
        z.looseObject({
          share: z.number().nullable().describe('(AUROC − 0.5) ÷ (AUROC of the truth − 0.5)'),
          share_ci: interval.describe('95 % interval'),
        }),
      ),
    ),
    notes: z.array(z.string()),
  });
  return z.strictObject({ compare, ceiling });
};

const sharedBy = z.strictObject({
  cases: z.number(),
  came: z.number(),
  share: z.number().nullable(),
  interval: interval.describe('95 % interval'),
});
const toldRow = z.strictObject({
  id: z.string(),
  probability: z.exactOptional(z.number()).describe('published'),
  points: z.exactOptional(z.number()).describe('published'),
  profile: z.exactOptional(z.number()).describe('published score of the profile alone'),
  signal: z.exactOptional(z.string()).describe('published'),
  action: z.exactOptional(z.string()).describe('published'),
  ours: z.number().nullable().describe('null: not in the population'),
  opened: z.number().nullable().describe('true chance that an opportunity opens'),
  won: z.number().nullable().describe('true chance that a deal is won'),
  rungs: z.record(z.string(), z.number()).describe('prediction by rung'),
  reasons: z.array(
    z.strictObject({
      signal: z.string(),
      share: z.number(),
      direction: z.enum(['up', 'down']),
      sentence: z.string(),
    }),
  ),
  act: z.string().nullable(),
});

export const told: z.ZodType<Told & { readonly page: string }> = z.strictObject({
  accounts: z.number(),
  seed: z.number(),
  rows: z.record(z.string(), z.record(z.string(), z.number())),
  measured: z.strictObject({
    ratios: z.array(
      z.strictObject({
        name: z.string(),
        published: z.string(),
        of: sharedBy,
        against: sharedBy,
        ratio: z.number().nullable(),
        interval,
      }),
    ),
    shares: z.array(z.strictObject({ name: z.string(), published: z.string(), share: sharedBy })),
  }),
  cases: z.array(
    z.strictObject({
      folder: z.enum(['lead-scoring', 'colleagues', 'crm-activities', 'graph', 'accounts']),
      title: z.string(),
      query: z.string(),
      at: z.string(),
      orders: z.array(z.tuple([z.string(), z.string()])).describe('published: the first above the second'),
      rows: z.array(toldRow),
      rung: z.string().nullable().describe('that gave `ours`'),
      cases: z.strictObject({ test: z.number(), positives: z.number() }),
      ladder: z.array(
        z.strictObject({
          name: z.string(),
          level: z.number(),
          auroc: z.number().nullable(),
          auroc_ci: interval,
          lift10: z.number().nullable(),
          lift20: z.number().nullable(),
        }),
      ),
      verdict: z.string(),
    }),
  ),
  page: z.string(),
});
