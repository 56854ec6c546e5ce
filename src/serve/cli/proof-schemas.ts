/** The schemas of what backtests and audits print under --json. */
import { z } from 'zod';
import type { AuditReport, Money, ScoreAudit, SegmentView } from '../scoring/audit-types.ts';
import type { BacktestReport, BacktestRung, BaseRate, Estimate } from '../scoring/backtest-types.ts';
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

export const baseRate: z.ZodType<BaseRate> = z.strictObject({
  months: z.array(z.strictObject({ month: z.string(), ...rateFields })),
  statistic: z.number().nullable(),
  degrees: z.number(),
  p_value: z.number().nullable(),
  sentence: z.string(),
});

export const segmentView: z.ZodType<SegmentView> = z.strictObject({
  column: z.string(),
  segments: z.array(
    z.strictObject({
      segment: z.string(),
      ...rateFields,
      auroc: estimate,
      observed_over_expected: estimate,
      lift20: estimate,
      own_model: estimate.nullable().describe('AUROC of a model of its own minus the common one'),
    }),
  ),
  sentence: z.string(),
});

/** What a command prints for one target, or for several named in one call. */
export const forTargets = <T extends z.ZodType>(one: T) =>
  z.union([
    one,
    z
      .strictObject({ targets: z.array(z.strictObject({ target: z.string(), report: one })) })
      .describe('with several targets'),
  ]);

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
    base_rate: baseRate,
    warnings: z.array(z.string()),
    withheld: z.array(z.strictObject({ column: z.string(), reason: z.string() })),
  });

const contacts = z.array(z.strictObject({ contacts: z.string().describe('0 to 3, 4+'), ...rateFields }));

const leak = z.strictObject({
  column: z.string(),
  kind: z.enum(['twin', 'separation', 'fill', 'timing', 'name']),
  evidence: z.string(),
  action: z.enum(['withhold', 'warn']),
});

const collapse = z.strictObject({
  column: z.string(),
  rows: z.number(),
  exported: z.number().describe('AUROC of the column alone as exported, out of fold'),
  as_of: z.number().nullable().describe('the same as known at each cutoff; null when that is not known'),
  collapsed: z.boolean(),
  evidence: z.string(),
});

const scoreAudit: z.ZodType<ScoreAudit> = z.strictObject({
  name: z.string(),
  note: z.string().nullable(),
  auroc: estimate,
  slices: z.array(z.strictObject({ slice: z.number().describe('fifth, 1 is best'), ...rateFields })),
  top_to_bottom: z.strictObject({ ratio: z.number(), ci: pair }),
  monotone: z.boolean(),
  model_minus_score: estimate.nullable(),
  sentence: z.string(),
});

const money: z.ZodType<Money> = z.strictObject({
  deal_value: z.number().nullable(),
  cost_per_call: z.number().nullable(),
  wasted: z
    .strictObject({ now: z.number(), model: z.number() })
    .nullable()
    .describe('labour on leads that were not won, per list'),
  pipeline: z.strictObject({ cases: z.number(), value: z.number(), ci: pair }).nullable(),
  gain: estimate.nullable().describe('wins of the model’s order over those of the present one, minus 1'),
  deals: pair.nullable(),
  more_deals: pair.nullable(),
  revenue: pair.nullable().describe('of the deals beyond those closed anyway'),
  against: z.string().describe('the present order'),
  sentences: z.array(z.string()),
});

export const auditSchema = (task: z.ZodType<CompareReport['task']>): z.ZodType<AuditReport> =>
  z.strictObject({
    task,
    rows: z.number().describe('test cases'),
    positives: z.number(),
    rung: z.string(),
    sufficiency: z.strictObject({
      positives: z.number(),
      negatives: z.number(),
      advice: z.enum(['full', 'weak', 'rules']),
      rung: z.string().describe('what scores when no rung is asked for'),
      sentence: z.string(),
    }),
    leaks: z.array(leak),
    collapses: z.array(collapse),
    scores: z.array(scoreAudit).describe('scores in use, then orders without learning, then the model'),
    colleagues: z
      .strictObject({
        people: z.string(),
        events: z.array(z.string()),
        days: z.number(),
        by_contacts: contacts,
        by_departments: contacts,
        wins: z.number(),
        wins_with_three: z.number(),
        three_to_one: estimate,
        sentence: z.string(),
      })
      .nullable(),
    capacity: z
      .strictObject({
        reps: z.number(),
        calls: z.number(),
        weeks: z.number(),
        per_list: z.number(),
        lists: z.number(),
        wins_unordered: z.number(),
        orders: z.array(
          z.strictObject({
            name: z.string(),
            threshold: z.number().nullable(),
            worked: z.number(),
            wins: estimate,
            more: estimate,
          }),
        ),
        sentence: z.string(),
      })
      .nullable(),
    money: money.nullable(),
    segments: segmentView.nullable(),
    fairness: z.array(
      z.strictObject({
        column: z.string(),
        predictability: estimate.describe('AUROC with which the columns that are left tell `told`'),
        told: z.string(),
        values: z.array(
          z.strictObject({
            value: z.string(),
            ...rateFields,
            mean_score: z.number(),
            observed_over_expected: estimate,
            in_top_fifth: z.number(),
          }),
        ),
        proxies: z.array(z.strictObject({ column: z.string(), sentence: z.string(), auroc: z.number() })),
        sentence: z.string(),
      }),
    ),
    warnings: z.array(z.string()),
    withheld: z.array(z.strictObject({ column: z.string(), reason: z.string() })),
  });
