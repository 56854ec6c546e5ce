import { expect, it } from 'vitest';
import { SAMPLE_REPORT } from '../../../test/support/sample-detail.ts';
import type { CompareReport, RungResult } from '../scoring/types.ts';
import { severalSection } from './several.ts';

const of = (type: CompareReport['task']['type'], rungs: readonly Partial<RungResult>[]): CompareReport => ({
  ...SAMPLE_REPORT,
  task: { ...SAMPLE_REPORT.task, type },
  rungs: rungs.map((r, i) => ({ ...SAMPLE_REPORT.rungs[0]!, name: `rung <${i}>`, ...r })),
});

it('draws one bar a rung for rankings, names escaped', () => {
  const section = severalSection(of('ranking', [{ map: 0.2, map_ci: [0.1, 0.3] }, { map: 0.4 }]));
  const text = section === false ? '' : section.html;
  expect(text.match(/<rect /g)).toHaveLength(2);
  expect(text.match(/class="range"/g)).toHaveLength(1);
  expect(text).toContain('rung &lt;1&gt;: 0.400');
  expect(text).not.toContain('rung <');
});

it('draws the mean by step with its interval, what came, and the error of each rung', () => {
  const step = { cases: 9, mae: 1, rmse: 2, mean_value: 3, mean_outcome: 4, mean_low: -1, mean_high: 6 };
  const steps = [1, 2, 3].map((n) => ({ ...step, step: n }));
  const section = severalSection(of('forecast', [{ steps }, { steps, coverage: 0.8 }]));
  const text = section === false ? '' : section.html;
  expect(text.match(/class="range"/g)).toHaveLength(3);
  expect(text.match(/class="line c/g)).toHaveLength(3);
  expect(text).toContain('9 cases a step');
});

it('draws nothing for other tasks or without figures', () => {
  expect(severalSection(SAMPLE_REPORT)).toBe(false);
  expect(severalSection(of('multilabel', [{}]))).toBe(false);
});
