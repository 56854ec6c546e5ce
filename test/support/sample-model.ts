/** A made-up registered model, and a registry that holds only it. */
import type { RegisteredModel } from '../../src/serve/scoring/registry/types.ts';
import type { ModelRegistry } from '../../src/serve/scoring/workspace.ts';
import { SAMPLE_REPORT } from './sample-detail.ts';

export const SAMPLE_MODEL: RegisteredModel = {
  status: 'champion',
  created: '2024-04-28T10:00:00.000Z',
  card: {
    version: '0123456789ab',
    state_sha256: '0123456789ab'.padEnd(64, '0'),
    question: 'ba9876543210',
    task: SAMPLE_REPORT.task,
    parameters: { rung: 'blend', budget: 'quick', seed: 1, step_days: 7, train_to: null, val_at: null },
    data_cutoff: '2024-04-28T00:00:00.000Z',
    training: { train_rows: 2000, val_rows: 400, positives: 241, base_rate: 241 / 2400 },
    held_out: {
      rows: 400,
      positives: 80,
      from: '2024-04-14',
      to: '2024-04-14',
      figures: SAMPLE_REPORT.rungs.at(-1)!,
    },
    held_out_missing: null,
    calibration: 'on the newest matured outcomes',
    features: [{ name: 'touches.count.30d', sentence: 'touches in the last 30 days' }],
    screened: [],
    withheld: SAMPLE_REPORT.withheld,
    schema_sha256: ''.padEnd(64, '1'),
    engine: 'duckdb',
    package_version: '0.1.0',
    warnings: [],
  },
};

export const fakeRegistry = (): ModelRegistry => ({
  list: async () => [SAMPLE_MODEL],
  show: async () => SAMPLE_MODEL,
  promote: async () => SAMPLE_MODEL,
  shadow: async () => SAMPLE_MODEL,
  withdraw: async () => SAMPLE_MODEL,
  rollBack: async () => SAMPLE_MODEL,
  compare: async () => ({
    first: SAMPLE_MODEL,
    second: SAMPLE_MODEL,
    held_out: null,
    held_out_missing: 'The versions were judged on different cases.',
    moves: {
      version: SAMPLE_MODEL.card.version,
      against: SAMPLE_MODEL.card.version,
      rows: 2,
      rank_correlation: 1,
      mean_absolute_change: 0,
      top_tenth_kept: 1,
      movers: [],
    },
    warnings: [],
  }),
});
