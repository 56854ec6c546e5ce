/**
 * The schema of what each command prints under --json, declared once: docs/reference-json.md is made from it, the tests
 * hold it against real output, and the compiler holds it against the library's own types.
 */
import { z } from 'zod';
import type { CheckFinding } from '../../data/schema/check.ts';
import type { CompareReport, LabelsReport, Score, ScoreReport, SelectionView } from '../scoring/types.ts';
import type { QueryExplanation } from '../scoring/workspace.ts';
import type { Frame } from './csv.ts';
import { playbookOf, signalsOf, whatIf } from './explain-schemas.ts';
import { modelSchemas, moves } from './model-schemas.ts';
import {
  auditSchema,
  backtestSchema,
  baseRate,
  decile,
  forTargets,
  monthDeciles,
  segmentView,
} from './proof-schemas.ts';
import type { RankRow } from './ranks.ts';
import { forecastStep, rankingFacts, scoredItem, severalFigures } from './several-schemas.ts';
import { ceilingOf, simulated, told } from './simulate-schemas.ts';

const nullableNumber = z.number().nullable();
const taskType = z.enum(['binary', 'multiclass', 'regression', 'ranking', 'multilabel', 'forecast']);

const task: z.ZodType<CompareReport['task']> = z.strictObject({
  type: taskType,
  entity: z.string().describe('table of the entities'),
  description: z.string().describe('what is predicted, in words'),
  query: z.string().nullable().describe('canonical query; null for a task table'),
  horizon_days: nullableNumber.describe('length of the label window'),
  static: z.boolean().describe('true when the task has no cutoffs'),
});

const splitSize = z.strictObject({ rows: z.number(), positives: z.number() });

const rung: z.ZodType<CompareReport['rungs'][number]> = z.strictObject({
  name: z.string(),
  level: z.number().describe('level of the ladder, 0 to 5'),
  note: z.exactOptional(z.string()).describe('why the rung did not run; its figures are then null'),
  auroc: nullableNumber,
  auroc_ci: z.tuple([z.number(), z.number()]).nullable().describe('95 % interval'),
  average_precision: nullableNumber,
  brier: nullableNumber,
  log_loss: nullableNumber,
  ece: nullableNumber.describe('expected calibration error, ten bins of equal size'),
  lift10: nullableNumber.describe('rate in the best tenth over the rate of all'),
  lift20: nullableNumber,
  captured20: nullableNumber.describe('share of positives in the best fifth'),
  seconds: z.number().describe('to fit and predict'),
  mae: z.exactOptional(z.number()).describe('amounts: mean absolute error'),
  mae_ci: z.exactOptional(z.tuple([z.number(), z.number()])).describe('95 % interval'),
  rmse: z.exactOptional(z.number()).describe('amounts: root mean square error'),
  rmse_ci: z.exactOptional(z.tuple([z.number(), z.number()])).describe('95 % interval'),
  median_ae: z.exactOptional(z.number()).describe('amounts: median absolute error'),
  r2: z.exactOptional(z.number()).describe('amounts: share of the spread explained'),
  nmae: z.exactOptional(z.number()).describe('amounts: MAE over the spread of the training labels'),
  pinball10: z.exactOptional(z.number()).describe('amounts: loss of the 10 % quantile'),
  pinball90: z.exactOptional(z.number()).describe('amounts: loss of the 90 % quantile'),
  coverage: z.exactOptional(z.number()).describe('amounts: share of outcomes within the 80 % interval'),
  coverage_ci: z.exactOptional(z.tuple([z.number(), z.number()])).describe('95 % interval'),
  interval_cases: z.exactOptional(z.number()).describe('amounts: held-out cases the interval rests on'),
  accuracy: z.exactOptional(z.number()).describe('multiclass'),
  macro_f1: z.exactOptional(z.number()).describe('multiclass'),
  mrr: z
    .exactOptional(z.number())
    .describe('mean reciprocal rank of the true class; rankings: of the first true item'),
  ...severalFigures,
});

const rankRow: z.ZodType<RankRow> = z.strictObject({
  entity: z.string(),
  cutoff: z.string().nullable(),
  points: nullableNumber,
  points_rank: nullableNumber,
  score: z.number(),
  score_rank: z.number(),
  outcome: z.number(),
});

const screenedColumn = z.strictObject({
  name: z.string(),
  reason: z.enum(['constant', 'duplicate', 'drift', 'family']),
});

const selection: z.ZodType<SelectionView> = z.strictObject({
  adversarial_auc: z.number().describe('how well validation rows are told from training rows'),
  adversarial_rows: z.number(),
  turned: z.array(z.string()).describe('features that order labels the other way round in validation'),
  note: z.string().nullable().describe('why no family of features was tried'),
  folds: z.number(),
  rows: z.number().describe('rows the loss changes rest on'),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      columns: z.number(),
      kept: z.boolean(),
      loss_change: z.number().describe('mean loss without the group less with it'),
      standard_error: z.number(),
    }),
  ),
});

const compareFields = {
  task,
  snapshots: z.strictObject({ train: splitSize, val: splitSize, test: splitSize }),
  rungs: z.array(rung),
  ranking: z.exactOptional(rankingFacts).describe('rankings and multilabel tasks'),
  deciles: z
    .exactOptional(
      z.strictObject({ rung: z.string(), all: z.array(decile), by_month: z.array(monthDeciles) }),
    )
    .describe('binary: win rate and lift by tenth of the rung that scores, each cutoff ranked by itself'),
  base_rate: z.exactOptional(baseRate).describe('binary: share of positives by month over all splits'),
  segments: z.exactOptional(segmentView).describe('with --segment'),
  verdict: z.string(),
  warnings: z.array(z.string()),
  withheld: z
    .array(z.strictObject({ column: z.string(), reason: z.string() }))
    .describe('columns that know the outcome'),
  screened: z.exactOptional(z.array(screenedColumn)).describe('features left out by screening'),
  selection: z.exactOptional(selection).describe('how drift and families were judged'),
};

const compareReport: z.ZodType<CompareReport> = z.strictObject(compareFields);

const compare: z.ZodType<CompareReport & { readonly ranks?: readonly RankRow[] }> = z.strictObject({
  ...compareFields,
  ranks: z
    .exactOptional(z.array(rankRow))
    .describe('with --ranks: rows of the newest test cutoff, best model score first'),
});

const evidence = z
  .array(z.strictObject({ table: z.string(), ids: z.array(z.string()) }))
  .describe('keys of the rows behind it');

const reason: z.ZodType<Score['reasons'][number]> = z.strictObject({
  signal: z.string(),
  share: z.number().describe('the shares of one score add to 1'),
  direction: z.enum(['up', 'down']),
  sentence: z.string(),
  evidence,
});

const changes: z.ZodType<NonNullable<Score['changes']>> = z.strictObject({
  since: z.string(),
  before: z.number().describe('probability then (value, for regression)'),
  delta: z.number(),
  signals: z
    .array(
      z.strictObject({
        signal: z.string(),
        delta: z.number(),
        direction: z.enum(['up', 'down']),
        sentence: z.string(),
        evidence: evidence.describe('keys of rows that became known since'),
      }),
    )
    .describe('largest first; their deltas add to the difference'),
});

const similarExample = z.strictObject({
  entity: z.string(),
  cutoff: z.string().nullable(),
  likeness: z.number().describe('0 to 1'),
  agrees: z.array(z.string()).describe('signals in which the two hardly differ'),
});

const similar: z.ZodType<NonNullable<Score['similar']>> = z.strictObject({
  won: z.array(similarExample),
  lost: z.array(similarExample),
  among: z.strictObject({ won: z.number(), lost: z.number() }).describe('past examples looked at'),
});

const champion: z.ZodType<NonNullable<Score['champion']>> = z.strictObject({
  table: z.string(),
  id: z.string(),
  title: z.string().nullable(),
  probability_without: z.number(),
  drop: z.number(),
  people: z.number().describe('people tried'),
  sentence: z.string(),
});

const score: z.ZodType<Score> = z.strictObject({
  entity: z.string(),
  names: z.record(z.string(), z.string()).describe('name columns of the entity'),
  cutoff: z.string().nullable(),
  probability: z.number().describe('multiclass: of the likeliest class; regression: the value'),
  classes: z.exactOptional(z.record(z.string(), z.number())).describe('multiclass'),
  value: z
    .exactOptional(z.number())
    .describe('regression: the expected amount; forecasts: that of the first step'),
  items: z.exactOptional(z.array(scoredItem)).describe('rankings and multilabel tasks: best first'),
  steps: z.exactOptional(z.array(forecastStep)).describe('forecasts: one a window ahead'),
  median: z.exactOptional(z.number()).describe('regression: the typical amount'),
  interval: z
    .strictObject({ low: z.number(), high: z.number(), cases: z.number() })
    .nullable()
    .describe('bounds of the probability (regression: 10 % and 90 % quantiles) and the cases they rest on'),
  expected_value: nullableNumber.describe('probability × the amount in the record'),
  percentile: z.number().describe('0 to 100, within the rows scored'),
  band: z.string(),
  fit: nullableNumber.describe('0 to 100: the record alone'),
  engagement: nullableNumber.describe('0 to 100: the behaviour alone'),
  firmographic_only: nullableNumber.describe('probability from the record alone'),
  trend: z.enum(['rising', 'steady', 'falling', 'new']).nullable(),
  contacts: z.string().nullable(),
  key_signal: z.string(),
  action: z.string(),
  rule: z.string().nullable().describe('rule of the playbook that gave the action, name@version'),
  reasons: z.array(reason),
  changes: changes.nullable().describe('why it moved since an earlier moment'),
  similar: similar.nullable().describe('past wins and losses most like it'),
  champion: z
    .exactOptional(champion.nullable())
    .describe('with explain: whose removal lowers the score most'),
});

const model: z.ZodType<ScoreReport['model']> = z.strictObject({
  rung: z.string(),
  version: z.string(),
  status: z
    .enum(['candidate', 'shadow', 'champion'])
    .nullable()
    .describe('null: trained for this call and not kept'),
  data_cutoff: z.string().nullable().describe('nothing later is in the model'),
  trained_rows: z.number(),
  positives: z.number().describe('0 unless binary'),
});

const scoreReport: z.ZodType<ScoreReport> = z.strictObject({
  task,
  model,
  cutoff: z.string().nullable(),
  scores: z.array(score).describe('task tables: in file order; otherwise highest first'),
  shadows: z.array(moves).describe('how versions in the shadow differ'),
  warnings: z.array(z.string()),
});

const frame: z.ZodType<Frame> = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});

const splitLabels: z.ZodType<LabelsReport['splits']['train']> = z.strictObject({
  rows: z.number(),
  positives: z.number(),
  cutoffs: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

const labels: z.ZodType<LabelsReport> = z.strictObject({
  task,
  splits: z.strictObject({ train: splitLabels, val: splitLabels, test: splitLabels, predict: splitLabels }),
  dropped: z.array(z.strictObject({ reason: z.string(), rows: z.number() })),
  warnings: z.array(z.string()),
});

const finding: z.ZodType<Omit<CheckFinding, 'code'>> = z.strictObject({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string().describe('kind of finding, such as orphan-keys'),
  table: z.string(),
  column: z.exactOptional(z.string()),
  count: z.number().describe('rows, cells, keys or columns concerned'),
  examples: z.array(z.string()),
  message: z.string(),
  remedy: z.string(),
});

const pathStep = z.strictObject({
  link: z.string(),
  direction: z.enum(['up', 'down', 'side']),
  table: z.string(),
  side: z.exactOptional(z.looseObject({ kind: z.string(), id: z.string(), table: z.string() })),
});

const planColumn = z.looseObject({
  name: z.string(),
  kind: z.enum(['numeric', 'categorical']),
  family: z.string(),
  scope: z.string(),
  signal: z.string(),
  table: z.string(),
  primitive: z.string(),
  sentence: z.string(),
});

const explanation: z.ZodType<QueryExplanation> = z.strictObject({
  lines: z.array(z.string()),
  diagnostics: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning', 'info']),
      code: z.string(),
      message: z.string(),
      span: z.strictObject({ start: z.number(), end: z.number() }).describe('offsets into the text'),
      expected: z.exactOptional(z.string()),
      suggestion: z.exactOptional(z.string()),
    }),
  ),
});

/** By command; `error` is what any of them prints instead when it fails. */
export const OUTPUT_SCHEMAS = {
  init: z.strictObject({
    file: z.string(),
    previous: z.string().nullable().describe('where the leadlight.yaml that was there is kept'),
    tables: z.array(z.string()),
    links: z.array(z.string()),
    targets: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  schema: z.looseObject({
    version: z.literal(1),
    timeZone: z.string(),
    schema: z.looseObject({
      tables: z.array(z.looseObject({ name: z.string(), key: z.array(z.string()) })),
      links: z.array(
        z.looseObject({ name: z.string(), from: z.string(), columns: z.array(z.string()), to: z.string() }),
      ),
    }),
  }),
  check: z.strictObject({ findings: z.array(finding) }),
  labels,
  plan: z.strictObject({
    columns: z.array(planColumn),
    paths: z
      .array(z.strictObject({ path: z.array(pathStep), table: z.string(), columns: z.number() }))
      .describe('tables read, over which links, for how many columns'),
    estimate: z
      .strictObject({
        snapshots: z.number(),
        columns: z.number(),
        staged_rows: z.number().describe('event rows laid out, path by path'),
        joined_rows: z.number().describe('pairs of a snapshot and an event row it sees'),
        seconds: z.number(),
        memory_mb: z.number(),
      })
      .describe('what running the plan is expected to cost on two cores'),
    notes: z.array(z.string()),
  }),
  sql: z.strictObject({ statements: z.array(z.strictObject({ name: z.string(), sql: z.string() })) }),
  'explain-query': explanation,
  compare: forTargets(compare),
  backtest: backtestSchema(task),
  audit: forTargets(auditSchema(task)),
  priority: z.strictObject({
    task,
    model,
    cutoff: z.string().nullable(),
    days: nullableNumber.describe('days ahead that the probabilities speak of'),
    capacity: z.number(),
    population: z.number(),
    call: z.array(score).describe('whom to call, highest first'),
    expected: z.number().describe('probabilities of `call` added up'),
    waiting: z
      .array(z.strictObject({ entity: z.string(), probability: z.number(), last: z.string() }))
      .describe('just contacted, so left in peace'),
    warnings: z.array(z.string()),
  }),
  ...modelSchemas(task, rung),
  score: scoreReport,
  'score --frame pql': z.strictObject({ task, model, frame }),
  explain: score,
  'what-if': whatIf,
  signals: signalsOf(task, model),
  'playbook-test': playbookOf(task),
  simulate: simulated,
  ceiling: ceilingOf(compareReport, rung),
  demo: z.strictObject({
    cases: z.array(
      z.strictObject({
        name: z.string(),
        workspace: z.string(),
        csv: z.string(),
        compare: compareReport,
        top: z.array(score),
      }),
    ),
    report: z.string(),
  }),
  'demo --story': told,
  error: z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) }),
} as const;
