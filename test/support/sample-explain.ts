/** What what-if, signals and playbook-test answer, made up for the tests of the commands and pages. */
import type { SignalsReport } from '../../src/serve/scoring/global-view.ts';
import type { PlaybookReport } from '../../src/serve/scoring/playbook-test.ts';
import type { WhatIf } from '../../src/serve/scoring/what-if.ts';
import { SAMPLE_REPORT } from './sample-detail.ts';

export const sampleWhatIf = (entity: string): WhatIf => ({
  entity,
  cutoff: '2024-04-28T00:00:00.000Z',
  probability: 0.12,
  set: {
    probability: 0.2,
    delta: 0.08,
    values: [{ feature: 'leads.industry', from: null, to: 'Finance', warning: null }],
  },
  actions: [
    {
      ...{ action: 'meetings', signal: 'engagement', feature: 'meetings.count.14d', now: 0 },
      among_wins: { low: 1, middle: 2, high: 4 },
      probability: { low: 0.15, middle: 0.19, high: 0.24 },
      ...{ delta: 0.07, cases: 87 },
      sentence:
        'Meetings in the last 14 days: 0 now, 2 (middle half 1 to 4) among past wins; with them the model gives 19 % instead of 12 % (n=87)',
    },
  ],
  note: 'What the model associates with such rows in past data.',
});

export const sampleSignals = (model: SignalsReport['model']): SignalsReport => {
  const cohort = { rows: 400, share: 0.2, predicted: 0.1, observed: 0.12, interval: [0.08, 0.17] } as const;
  const feature = { feature: 'leads.industry', sentence: 'industry <of the firm>' };
  return {
    task: SAMPLE_REPORT.task,
    model,
    ...{ rows: 2000, positives: 200 },
    signals: [{ signal: 'engagement', importance: 0.4, share: 1, cohort_variance: 0.01, features: 12 }],
    effects: [
      {
        ...feature,
        ...{ signal: 'firmographic fit', importance: 0.1 },
        cohorts: [
          { label: 'Finance & "Co"', ...cohort },
          { label: 'none on record', ...cohort, share: 0.8 },
        ],
      },
    ],
    segments: [
      {
        ...feature,
        cohorts: [{ label: 'Finance', ...cohort, signals: [{ signal: 'engagement', contribution: -0.2 }] }],
      },
    ],
    warnings: [],
  };
};

export const SAMPLE_PLAYBOOK: PlaybookReport = {
  task: SAMPLE_REPORT.task,
  ...{ rung: 'blend', rows: 400, cutoffs: 4 },
  rules: [
    {
      ...{ rule: 'high intent@2', action: 'call within a day', share: 0.1 },
      fired: { rows: 40, rate: 0.3, interval: [0.18, 0.46] },
      rest: { rows: 360, rate: 0.05, interval: [0.03, 0.08] },
    },
    {
      ...{ rule: 'never@1', action: 'wait', share: 0 },
      fired: { rows: 0, rate: null, interval: null },
      rest: { rows: 400, rate: 0.075, interval: [0.05, 0.1] },
    },
  ],
  warnings: [],
};
