/** The schemas of what backtests and audits print under --json. */
import { z } from 'zod';
import type { BacktestReport, BacktestRung, Estimate } from '../scoring/backtest-types.ts';
import type { CompareReport } from '../scoring/types.ts';

const pair = z.tuple([z.number(), z.number()]);

export const estimate: z.ZodType<Estimate> = z.strictObject({
  value: z.number().nullable(),
  ci: pair.nullable().describe('95 % interval, clustered by account and cutoff'),
});

export const rateFields = {
  rows: z.number().describe('cases; fractions where a tie is split'),
  positives: z.number(),
  rate: z.number(),
  ci: pair,
};

export const decile = z.strictObject({
  decile: z.number().describe('1 is the tenth scored highest'),
  ...rateFields,
  predicted: z.number().describe('mean predicted probability'),
  lift: z.number().nullable(),
  lift_ci: pair.nullable(),
});

export const monthDeciles = z.strictObject({
  month: z.string(),
  rows: z.number(),
  positives: z.number(),
  deciles: z.array(z.strictObject({ decile: z.number(), ...rateFields })),
});

const backtestRung: z.ZodType<BacktestRung> = z.strictObject({
  name: z.string(),
  level: z.number(),
  note: z.exactOptional(z.string()).describe('why it did not run, or takes no part in the verdict'),
  origins: z.number().describe('origins it ran at'),
  auroc: estimate.describe('mean over origins; rows of two origins are never ranked together'),
  lift10: estimate,
  observed_over_expected: estimate.describe('positives that happened over those predicted'),
  auroc_change: estimate.describe('later half of the origins minus the earlier'),
  calibration_change: estimate,
  by_origin: z.array(
    z.strictObject({
      origin: z.string(),
      rows: z.number(),
      positives: z.number(),
      auroc: estimate,
      observed_over_expected: estimate,
    }),
  ),
  deciles: z.array(decile),
  by_month: z.array(monthDeciles),
});

export const backtestSchema = (task: z.ZodType<CompareReport['task']>): z.ZodType<BacktestReport> =>
  z.strictObject({
    task,
    origins: z
      .array(
        z.strictObject({
          origin: z.string(),
          to: z.string().describe('last test cutoff'),
          cutoffs: z.number(),
          train: z.number(),
          val: z.number(),
          rows: z.number(),
          positives: z.number(),
        }),
      )
      .describe('oldest first'),
    rows: z.number(),
    positives: z.number(),
    regimes: z.array(
      z.strictObject({
        regime: z.enum(['rolling', 'frozen']),
        rungs: z.array(backtestRung),
        verdict: z.string(),
      }),
    ),
    regime_difference: estimate.nullable().describe('rolling − frozen AUROC of the highest rung'),
    base_rate: z.strictObject({
      months: z.array(z.strictObject({ month: z.string(), ...rateFields })),
      statistic: z.number().nullable(),
      degrees: z.number(),
      p_value: z.number().nullable(),
      sentence: z.string(),
    }),
    warnings: z.array(z.string()),
    withheld: z.array(z.strictObject({ column: z.string(), reason: z.string() })),
  });
