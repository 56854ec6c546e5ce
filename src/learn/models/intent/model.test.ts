import { describe, expect, it } from 'vitest';
import { contractColumn, contractSample, describeModel } from '../../../../test/contract/model.ts';
import type { FeatureColumn } from '../../features/types.ts';
import type { FitContext } from '../types.ts';
import { createIntentModel } from './model.ts';

const count = (table: string, windowDays: number): FeatureColumn => ({
  ...contractColumn(`${table}.count.${windowDays}d`, 'account'),
  table,
  primitive: 'count',
  windowDays,
});

const TOPICS = [count('TopicHits', 7), count('TopicHits', 14), count('TopicHits', 90)];

describeModel(createIntentModel(), { tasks: ['binary'], columns: TOPICS, auroc: 0, refusesOneClass: false });

const context = (columns: readonly FeatureColumn[]): FitContext => ({
  task: { type: 'binary' },
  train: contractSample(columns, { type: 'binary' }, 300, 1),
  val: contractSample(columns, { type: 'binary' }, 100, 2, 28),
  seed: 1,
  budget: 'quick',
  threads: 1,
});

describe('intent', () => {
  it('ranks a surge over the own baseline, not volume', async () => {
    const fitted = await createIntentModel().fit(context(TOPICS));
    const data = [Float32Array.of(0, 0, 0), Float32Array.of(6, 20, 0), Float32Array.of(7, 400, 30)];
    const p = await fitted.predict({ rows: 3, columns: TOPICS, data });
    expect(p[0]).toBeGreaterThan(p[1]!);
    expect(p[1]).toBeGreaterThan(p[2]!);
  });

  it('does not take other events for topics', () => {
    const touches = [count('touches', 14), count('touches', 90), count('unintentional', 14)];
    expect(createIntentModel().inapplicable?.(context(touches))).toBe('not applicable: no topic table');
  });
});
