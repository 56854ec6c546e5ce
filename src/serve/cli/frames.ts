/**
 * Scores as rows of a table. `scoreFrame`: the entity, its names, the score with its parts, the reasons as JSON.
 * `pqlFrame`: the prediction frames of the query language, one form for each task type.
 */

import type { CsvCell } from '../../util/csv.ts';
import type { Score, ScoreReport } from '../scoring/types.ts';
import type { Frame } from './csv.ts';

type Field = readonly [column: string, value: (score: Score) => CsvCell];

const CUTOFF: Field = ['cutoff', (s) => s.cutoff];
const PROBABILITY: Field = ['probability', (s) => digits(s.probability)];

const BOUNDS: readonly Field[] = [
  ['low', (s) => digits(s.interval?.low ?? null)],
  ['high', (s) => digits(s.interval?.high ?? null)],
];

const FOLLOWING: readonly Field[] = [
  ['expected_value', (s) => digits(s.expected_value)],
  ['percentile', (s) => rounded(s.percentile, 2)],
  ['band', (s) => s.band],
  ['fit', (s) => rounded(s.fit, 1)],
  ['engagement', (s) => rounded(s.engagement, 1)],
  ['firmographic_only', (s) => digits(s.firmographic_only)],
  ['trend', (s) => s.trend],
  ['contacts', (s) => s.contacts],
  ['key_signal', (s) => s.key_signal],
  ['action', (s) => s.action],
  ['rule', (s) => s.rule],
  ['reasons', (s) => JSON.stringify(s.reasons)],
  ['changes', (s) => s.changes && JSON.stringify(s.changes)],
  ['similar', (s) => s.similar && JSON.stringify(s.similar)],
];

export function scoreFrame({ task, scores }: Pick<ScoreReport, 'task' | 'scores'>): Frame {
  const fixed = [CUTOFF, ...predictionFields(task.type, scores), ...FOLLOWING];
  const taken = new Set(['entity', ...fixed.map(([column]) => column)]);
  const names = nameColumns(scores).map(
    (name): Field => [taken.has(name) ? `entity_${name}` : name, (s) => s.names[name] ?? null],
  );
  const fields: readonly Field[] = [['entity', (s) => s.entity], ...names, ...fixed];
  return toFrame(fields, scores);
}

function predictionFields(type: string, scores: readonly Score[]): readonly Field[] {
  if (type === 'ranking' || type === 'multilabel')
    return [PROBABILITY, ['items', (s) => JSON.stringify(s.items ?? [])]];
  if (type === 'forecast')
    return [
      ['value', (s) => digits(s.value ?? null)],
      ...BOUNDS,
      ['steps', (s) => JSON.stringify(s.steps ?? [])],
    ];
  if (type === 'regression')
    return [
      ['value', (s) => digits(s.value ?? null)],
      ['median', (s) => digits(s.median ?? null)],
      ...BOUNDS,
    ];
  if (type !== 'multiclass') return [PROBABILITY, ...BOUNDS];
  const classes = unique(scores.flatMap((s) => Object.keys(s.classes ?? {})));
  return [
    PROBABILITY,
    ['predicted_class', (s) => likeliest(s)],
    ...classes.map((name): Field => [`probability_${name}`, (s) => digits(s.classes?.[name] ?? null)]),
  ];
}

export function pqlFrame({ task, scores }: Pick<ScoreReport, 'task' | 'scores'>): Frame {
  const who: readonly Field[] = [
    ['ENTITY', (s) => s.entity],
    ['ANCHOR_TIMESTAMP', (s) => s.cutoff],
  ];
  if (task.type === 'multiclass') return classFrame(scores);
  if (task.type === 'ranking' || task.type === 'multilabel') return itemFrame(task.type, scores);
  if (task.type === 'forecast') return stepFrame(scores);
  if (task.type === 'regression')
    return toFrame([...who, ['TARGET_PRED', (s) => digits(s.value ?? null)], ...quantiles(scores)], scores);
  return toFrame(
    [
      ...who,
      ['TARGET_PRED', (s) => (s.probability >= 0.5 ? 'True' : 'False')],
      ['False_PROB', (s) => digits(1 - s.probability)],
      ['True_PROB', (s) => digits(s.probability)],
    ],
    scores,
  );
}

/** One row an item, best first; of several labels also whether it is called. */
function itemFrame(type: 'ranking' | 'multilabel', scores: readonly Score[]): Frame {
  const columns = ['ENTITY', 'ANCHOR_TIMESTAMP', 'CLASS', 'SCORE'];
  const rows = scores.flatMap((s) =>
    (s.items ?? []).map(({ item, probability }): readonly CsvCell[] => [
      s.entity,
      s.cutoff,
      item,
      digits(probability),
      ...(type === 'multilabel' ? [probability >= 0.5 ? 'True' : 'False'] : []),
    ]),
  );
  return { columns: type === 'multilabel' ? [...columns, 'PREDICTED'] : columns, rows };
}

function stepFrame(scores: readonly Score[]): Frame {
  const spread = scores.some((s) => s.steps?.some((step) => step.low !== undefined));
  const rows = scores.flatMap((s) =>
    (s.steps ?? []).map((step): readonly CsvCell[] => [
      s.entity,
      s.cutoff,
      digits(step.value),
      ...(spread ? [step.low, step.median, step.high].map((v) => digits(v ?? null)) : []),
      step.step,
    ]),
  );
  const bounds = spread ? ['Q_0.1', 'Q_0.5', 'Q_0.9'] : [];
  return { columns: ['ENTITY', 'ANCHOR_TIMESTAMP', 'TARGET_PRED', ...bounds, 'FORECAST_STEP'], rows };
}

/** `Q_…` columns where the model states quantiles. */
function quantiles(scores: readonly Score[]): readonly Field[] {
  if (!scores.some((s) => s.interval)) return [];
  return [
    ['Q_0.1', (s) => digits(s.interval?.low ?? null)],
    ['Q_0.5', (s) => digits(s.median ?? null)],
    ['Q_0.9', (s) => digits(s.interval?.high ?? null)],
  ];
}

function classFrame(scores: readonly Score[]): Frame {
  const rows = scores.flatMap((s) =>
    Object.entries(s.classes ?? {}).map(([name, probability]): readonly CsvCell[] => [
      s.entity,
      s.cutoff,
      name,
      digits(probability),
      name === likeliest(s) ? 'True' : 'False',
    ]),
  );
  return { columns: ['ENTITY', 'ANCHOR_TIMESTAMP', 'CLASS', 'SCORE', 'PREDICTED'], rows };
}

// Models answer in single precision: nine digits hold all of it, so that no two scores become equal.
const digits = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(9));

const rounded = (value: number | null, places: number): number | null =>
  value === null ? null : Number(value.toFixed(places));

const toFrame = (fields: readonly Field[], scores: readonly Score[]): Frame => ({
  columns: fields.map(([column]) => column),
  rows: scores.map((score) => fields.map(([, value]) => value(score))),
});

const likeliest = (score: Score): string | null =>
  Object.entries(score.classes ?? {}).reduce<readonly [string | null, number]>(
    (best, [name, p]) => (p > best[1] ? [name, p] : best),
    [null, Number.NEGATIVE_INFINITY],
  )[0];

const nameColumns = (scores: readonly Score[]): readonly string[] =>
  unique(scores.flatMap((s) => Object.keys(s.names)));

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
