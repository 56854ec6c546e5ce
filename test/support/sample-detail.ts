/** A made-up comparison with six rungs and 400 test rows, for everything that prints or draws one. */
import type { CompareDetail, CompareReport, RungResult, Score } from '../../src/serve/scoring/types.ts';
import { createRandom } from '../../src/util/random.ts';

const ROWS = 400;
const DAY = 86_400_000;

const rung = (name: string, level: number, auroc: number): RungResult => ({
  name,
  level,
  auroc,
  auroc_ci: [auroc - 0.03, auroc + 0.03],
  average_precision: auroc / 2,
  brier: 0.12,
  log_loss: 0.4,
  ece: 0.02,
  lift10: auroc * 3,
  lift20: auroc * 2.5,
  captured20: 0.4,
  seconds: 1.2,
});

export const SAMPLE_REPORT: CompareReport = {
  task: {
    type: 'binary',
    entity: 'leads',
    description: 'Whether a lead is won within 14 days',
    query: 'PREDICT COUNT(deals.*, 0, 14, days) > 0 FOR EACH leads.id',
    horizon_days: 14,
    static: false,
  },
  snapshots: {
    train: { rows: 2000, positives: 200 },
    val: { rows: 400, positives: 41 },
    test: { rows: ROWS, positives: 80 },
  },
  rungs: [
    rung('newest', 0, 0.52),
    rung('rules', 2, 0.6),
    {
      ...rung('intent', 2, 0),
      note: 'not applicable: no topic table',
      auroc: null,
      auroc_ci: null,
      average_precision: null,
      brier: null,
      log_loss: null,
      ece: null,
      lift10: null,
      lift20: null,
      captured20: null,
    },
    rung('logistic', 3, 0.66),
    rung('trees', 4, 0.74),
    rung('blend', 5, 0.76),
  ],
  verdict: 'blend ranks better than rules by 0.160 (95 % interval 0.101 to 0.214).',
  warnings: ['12 rows lie in the future and were set aside.'],
  withheld: [{ column: 'leads.stage', reason: 'filled only after the outcome for 98 % of rows' }],
};

export const sampleScore = (entity: string, probability: number): Score => ({
  entity,
  names: { company: 'Acme <Corp> & "Sons"', title: 'VP, Sales' },
  cutoff: '2024-04-14T00:00:00.000Z',
  probability,
  interval: { low: probability * 0.8, high: Math.min(1, probability * 1.2), cases: 900 },
  expected_value: null,
  percentile: 99,
  band: 'A',
  fit: 81,
  engagement: 92,
  firmographic_only: 0.2,
  trend: 'rising',
  contacts: '2 (VP + CTO)',
  key_signal: '4 touches in the last 14 days',
  action: 'Schedule an executive call',
  rule: 'buying stage@1',
  reasons: [
    {
      signal: 'engagement',
      share: 0.7,
      direction: 'up',
      sentence: '4 touches in the last 14 days ; leads that converted had 3.1, others 0.4 (n=212/1,840)',
      evidence: [{ table: 'touches', ids: ['t1', 't2'] }],
    },
    { signal: 'other', share: 0.3, direction: 'down', sentence: 'everything else', evidence: [] },
  ],
  changes: {
    since: '2024-03-31T00:00:00.000Z',
    before: probability / 2,
    delta: probability / 2,
    signals: [
      {
        ...{ signal: 'engagement', delta: probability / 2, direction: 'up' },
        ...{ sentence: '4 touches in the last 14 days; before: 1', evidence: [] },
      },
    ],
  },
  similar: {
    won: [{ entity: 'w1', cutoff: '2024-01-07T00:00:00.000Z', likeness: 0.93, agrees: ['engagement'] }],
    lost: [],
    among: { won: 41, lost: 800 },
  },
});

/** Outcomes follow the true rate; each rung's prediction is that rate blurred, the less the higher its level. */
export function sampleDetail(): CompareDetail {
  const random = createRandom(7);
  const rate = Float64Array.from({ length: ROWS }, () => 0.02 + 0.5 * random.next() ** 2);
  const blurred = (weight: number): Float32Array =>
    Float32Array.from(rate, (p) => weight * p + (1 - weight) * 0.2 * random.next());
  return {
    report: SAMPLE_REPORT,
    outcomes: Float32Array.from(rate, (p) => (random.next() < p ? 1 : 0)),
    predictions: {
      newest: blurred(0),
      rules: blurred(0.2),
      logistic: blurred(0.4),
      trees: blurred(0.8),
      blend: blurred(1),
    },
    entityIds: Array.from({ length: ROWS }, (_, i) => `lead-${i}`),
    cutoffs: Float64Array.from({ length: ROWS }, (_, i) => Date.UTC(2024, 3, 14) - (i % 2) * 7 * DAY),
    accounts: Array.from({ length: ROWS }, (_, i) => i),
    top: [
      sampleScore('lead-1', 0.61),
      sampleScore('lead-2', 0.58),
      sampleScore('<script>alert(1)</script>', 0.5),
    ],
  };
}
