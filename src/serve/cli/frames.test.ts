import { expect, test } from 'vitest';
import { SAMPLE_REPORT, sampleScore } from '../../../test/support/sample-detail.ts';
import { csvCell } from '../../util/csv.ts';
import type { Score, ScoreReport } from '../scoring/types.ts';
import { toCsv } from './csv.ts';
import { pqlFrame, scoreFrame } from './frames.ts';

type Shape = Pick<ScoreReport, 'task' | 'scores'>;

const shape = (type: ScoreReport['task']['type'], scores: readonly Score[]): Shape => ({
  task: { ...SAMPLE_REPORT.task, type },
  scores,
});

test('a score row holds the entity, its names, the score with its parts, and the reasons as JSON', () => {
  const frame = scoreFrame(shape('binary', [sampleScore('L1', 0.6)]));
  expect(frame.columns).toEqual([
    'entity',
    'company',
    'title',
    'cutoff',
    'probability',
    'low',
    'high',
    'expected_value',
    'percentile',
    'band',
    'fit',
    'engagement',
    'firmographic_only',
    'trend',
    'contacts',
    'key_signal',
    'action',
    'rule',
    'reasons',
    'changes',
    'similar',
  ]);
  const reasons = JSON.parse(String(frame.rows[0]?.[frame.columns.indexOf('reasons')])) as Score['reasons'];
  expect(reasons.map((r) => r.share)).toEqual([0.7, 0.3]);
});

test('a name column that collides with a score column is renamed, not lost', () => {
  const score = { ...sampleScore('L1', 0.6), names: { trend: 'Trend Ltd', entity: 'x' } };
  const frame = scoreFrame(shape('binary', [score]));
  expect(frame.columns.slice(0, 3)).toEqual(['entity', 'entity_trend', 'entity_entity']);
  expect(frame.rows[0]?.[1]).toBe('Trend Ltd');
});

test('the frame of the query language has one form for each task type', () => {
  const binary = pqlFrame(shape('binary', [sampleScore('L1', 0.75), sampleScore('L2', 0.25)]));
  expect(binary.columns).toEqual(['ENTITY', 'ANCHOR_TIMESTAMP', 'TARGET_PRED', 'False_PROB', 'True_PROB']);
  expect(binary.rows).toEqual([
    ['L1', '2024-04-14T00:00:00.000Z', 'True', 0.25, 0.75],
    ['L2', '2024-04-14T00:00:00.000Z', 'False', 0.75, 0.25],
  ]);
  const classes = { ...sampleScore('L1', 0.5), classes: { a: 0.2, b: 0.5, c: 0.3 } };
  const multiclass = pqlFrame(shape('multiclass', [classes]));
  expect(multiclass.columns).toEqual(['ENTITY', 'ANCHOR_TIMESTAMP', 'CLASS', 'SCORE', 'PREDICTED']);
  expect(multiclass.rows.map((row) => row.slice(2))).toEqual([
    ['a', 0.2, 'False'],
    ['b', 0.5, 'True'],
    ['c', 0.3, 'False'],
  ]);
  const regression = pqlFrame(
    shape('regression', [{ ...sampleScore('L1', 0), interval: null, value: 12.5 }]),
  );
  expect(regression.columns).toEqual(['ENTITY', 'ANCHOR_TIMESTAMP', 'TARGET_PRED']);
  expect(regression.rows[0]?.[2]).toBe(12.5);
});

test('a regression has a value and no probability', () => {
  const { columns } = scoreFrame(shape('regression', [{ ...sampleScore('L1', 12.5), value: 12.5 }]));
  expect(columns).toContain('value');
  expect(columns).not.toContain('probability');
});

test('cells are quoted where CSV needs it', () => {
  expect(csvCell('plain')).toBe('plain');
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('say "hi"')).toBe('"say ""hi"""');
  expect(csvCell('two\nlines')).toBe('"two\nlines"');
  expect(csvCell(' padded')).toBe('" padded"');
  expect(csvCell(null)).toBe('');
  expect(toCsv({ columns: ['a', 'b"'], rows: [[1, true]] })).toBe('a,"b"""\n1,true\n');
});
