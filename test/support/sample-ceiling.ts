/** Rungs beside true probabilities, as the library gives them. */
import type { CeilingReport } from '../../src/serve/scoring/ceiling-types.ts';
import { SAMPLE_REPORT } from './sample-detail.ts';

const judged = SAMPLE_REPORT.rungs.filter((r) => r.auroc !== null);

export const SAMPLE_CEILING: CeilingReport = {
  outcome: 'opened',
  dates: ['2024-04-14'],
  rows: 400,
  positives: 80,
  expected: 78.5,
  standard_error: 0.004,
  without_truth: 3,
  truth: { ...judged[0]!, name: 'true probabilities', level: 9, auroc: 0.9 },
  rungs: judged.map((r) => ({ ...r, share: (r.auroc! - 0.5) / 0.4, share_ci: [0.1, 0.9] })),
  notes: ['A note <of> the file.'],
};
