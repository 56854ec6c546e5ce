/** A made-up backtest with two origins and two rungs, for everything that prints or draws one. */

import type { AuditReport } from '../../src/serve/scoring/audit-types.ts';
import { baseRate, rungFigures } from '../../src/serve/scoring/backtest-figures.ts';
import type { Pool } from '../../src/serve/scoring/backtest-pool.ts';
import type { BacktestDetail } from '../../src/serve/scoring/backtest-types.ts';
import { sufficiency } from '../../src/serve/scoring/sufficiency.ts';
import { createRandom } from '../../src/util/random.ts';
import { SAMPLE_REPORT } from './sample-detail.ts';

const PER = 300;

export function sampleBacktest(): BacktestDetail {
  const random = createRandom(7);
  const rows = 2 * PER;
  const chance = Float32Array.from({ length: rows }, () => random.next() ** 2);
  const label = chance.map((p) => (random.next() < p ? 1 : 0));
  const cutoff = Float64Array.from({ length: rows }, (_, i) => Date.UTC(2024, i < PER ? 2 : 3, 1 + (i % 20)));
  const account = Int32Array.from({ length: rows }, (_, i) => i % 150);
  const pool: Pool = {
    rows,
    label,
    origin: Int32Array.from({ length: rows }, (_, i) => (i < PER ? 0 : 1)),
    clusters: { account, cutoff },
    parts: [
      { from: 0, to: PER, origin: 0 },
      { from: PER, to: rows, origin: 1 },
    ],
  };
  const names = ['2024-03-01', '2024-04-01'];
  const flat = Float32Array.from({ length: rows }, () => random.next());
  const none = new Float32Array(rows).fill(Number.NaN);
  const rungs = [
    rungFigures(pool, { name: 'newest', level: 0, score: flat }, names, 1),
    rungFigures(
      pool,
      { name: 'intent', level: 2, note: 'not applicable: no topic table', score: none },
      names,
      1,
    ),
    rungFigures(pool, { name: 'blend', level: 5, score: chance }, names, 1),
  ];
  const positives = label.reduce((a, b) => a + b, 0);
  return {
    report: {
      task: SAMPLE_REPORT.task,
      origins: names.map((origin, k) => ({
        origin,
        to: `2024-0${k + 3}-20`,
        cutoffs: 20,
        train: 2000,
        val: 400,
        rows: PER,
        positives: label.slice(k * PER, (k + 1) * PER).reduce((a, b) => a + b, 0),
      })),
      rows,
      positives,
      regimes: [{ regime: 'rolling', rungs, verdict: 'Best: blend.' }],
      regime_difference: null,
      base_rate: baseRate(label, cutoff, account),
      warnings: ['12 rows lie in the future and were set aside.'],
      withheld: SAMPLE_REPORT.withheld,
    },
    outcomes: label,
    predictions: { rolling: { newest: flat, blend: chance } },
    entityIds: Array.from({ length: rows }, (_, i) => `L${i}`),
    cutoffs: cutoff,
  };
}

const RATE = { rows: 80, positives: 8, rate: 0.1, ci: [0.05, 0.19] as const };

export function sampleAudit(): AuditReport {
  const auroc = { value: 0.6, ci: [0.55, 0.65] as const };
  const slices = [1, 2, 3, 4, 5].map((slice) => ({ slice, ...RATE }));
  const contacts = ['0', '1', '2', '3', '4+'].map((n) => ({ contacts: n, ...RATE }));
  return {
    task: SAMPLE_REPORT.task,
    rows: 400,
    positives: 80,
    rung: 'blend',
    sufficiency: sufficiency({ positives: 60, negatives: 90 }),
    leaks: [
      { column: 'leads.stage', kind: 'fill', evidence: 'filled on 98 % of positives', action: 'withhold' },
    ],
    collapses: [
      {
        column: 'leads.stage',
        rows: 400,
        exported: 0.9,
        as_of: null,
        collapsed: true,
        evidence: 'alone its AUROC is 0.900 as exported',
      },
    ],
    scores: [
      {
        name: 'leads.<points>',
        note: 'as exported, may know the outcome',
        auroc,
        slices,
        top_to_bottom: { ratio: 1.4, ci: [0.9, 2.2] },
        monotone: false,
        model_minus_score: auroc,
        sentence: 'leads.<points> adds little.',
      },
    ],
    colleagues: {
      people: 'contacts',
      events: ['touches'],
      days: 90,
      by_contacts: contacts,
      by_departments: contacts.slice(0, 3),
      wins: 20,
      wins_with_three: 14,
      three_to_one: auroc,
      sentence: '14 of the last 20 wins had 3 or more active contacts.',
    },
    capacity: {
      reps: 3,
      calls: 40,
      weeks: 1,
      per_list: 120,
      lists: 1,
      wins_unordered: 6,
      orders: [{ name: 'blend', threshold: 0.1, worked: 120, wins: auroc, more: auroc }],
      sentence: '120 leads a list.',
    },
    money: {
      deal_value: 50_000,
      cost_per_call: 8,
      wasted: { now: 900, model: 850 },
      pipeline: { cases: 400, value: 1e6, ci: [8e5, 1.2e6] },
      gain: auroc,
      deals: [368, 448],
      more_deals: [48, 128],
      revenue: [2.4e6, 6.4e6],
      against: 'newest',
      sentences: ['On 320 deals a year that is 368 to 448 deals, 2,400,000 to 6,400,000 in revenue.'],
    },
    segments: {
      column: 'leads.region',
      segments: [
        { segment: 'UK', ...RATE, auroc, observed_over_expected: auroc, lift20: auroc, own_model: null },
      ],
      sentence: 'Keep one model.',
    },
    fairness: [
      {
        column: 'leads.gender',
        predictability: auroc,
        told: 'f',
        values: [{ value: 'f', ...RATE, mean_score: 0.1, observed_over_expected: auroc, in_top_fifth: 0.2 }],
        proxies: [{ column: 'leads.title', sentence: 'title', auroc: 0.7 }],
        sentence: 'leads.gender is withheld.',
      },
    ],
    warnings: [],
    withheld: SAMPLE_REPORT.withheld,
  };
}
