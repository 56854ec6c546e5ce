/**
 * Predictions → the scores that people read: percentile, band, fit, engagement, trend, contacts, reasons, key signal,
 * action. Percentiles, fit and engagement compare rows with each other, so a single entity is shaped within its
 * population. Rows keep their order.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { PlaybookRule, Schema } from '../../data/schema/types.ts';
import type { FeatureMatrix } from '../features/types.ts';
import type { Attribution, Interval } from '../models/types.ts';
import { contactsSummary } from './contacts.ts';
import { type Explanation, explainRows } from './explain-rows.ts';
import { fitAndEngagement } from './fit-engagement.ts';
import { type EarlierRows, type History, historyOf } from './history.ts';
import { keySignal } from './key-signal.ts';
import { entityNames } from './names.ts';
import { type BandScheme, bandOf, percentiles, type Trend, trendOf } from './percentiles.ts';
import { chooseAction, ruleId } from './playbook.ts';
import type { PastExamples } from './similar.ts';
import { createStatistics } from './statistics.ts';
import type { Anchor, Reason, ScoreChanges, Wording } from './types.ts';
import { wordingOf } from './wording.ts';

export interface ScoredRows {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly entityTable: string;
  readonly entityId: readonly string[];
  readonly anchors: readonly Anchor[];
  readonly probability: Float32Array;
  /** Rows scored; row i belongs to anchor i. */
  readonly matrix: FeatureMatrix;
  /** Absent for models that cannot attribute: then there are no reasons. */
  readonly attribution?: Attribution;
  /**
   * Attributions of a sample of the population, within which fit and engagement are percentiles: needed where only some
   * rows are attributed. Default the rows themselves.
   */
  readonly population?: { readonly attribution: Attribution; readonly rows: number };
  /** Training rows with the same columns; `label` 0 or 1, absent for tasks that are not binary. */
  readonly train?: { readonly matrix: FeatureMatrix; readonly label?: ArrayLike<number> };
  /** Prediction of a model that saw the entity's own record only. */
  readonly firmographicOnly?: Float32Array;
  /** Prediction as of 14 days earlier; NaN where the entity was not there yet. */
  readonly earlier?: Float32Array;
  /** Some of the rows as they were then, in the order asked for, to say what changed since. */
  readonly earlierRows?: (rows: readonly number[]) => Promise<EarlierRows>;
  /** Bounds of the probability. */
  readonly interval?: Interval;
  /** Examples with outcomes, for those most like a row. */
  readonly past?: PastExamples;
  /** Probabilities that percentiles refer to; default the rows themselves. */
  readonly reference?: ArrayLike<number>;
  readonly playbook: readonly PlaybookRule[];
}

export interface ShapeOptions {
  readonly wording?: Wording;
  readonly bands?: BandScheme;
  /** Signals listed per score before the rest; default 5. */
  readonly reasons?: number;
  /** Only the highest so many scores get evidence rows; default 1000. */
  readonly evidenceRows?: number;
  /** Only these rows are shaped, in this order, within the population of all; default all. */
  readonly rows?: readonly number[];
}

/** Bounds of a prediction and the cases they rest on. */
export interface ShapedInterval {
  readonly low: number;
  readonly high: number;
  readonly cases: number;
}

/** A serve/scoring Score, without what depends on the task type. */
export interface ShapedScore {
  readonly entity: string;
  readonly names: Readonly<Record<string, string>>;
  readonly cutoff: string | null;
  readonly probability: number;
  readonly interval: ShapedInterval | null;
  readonly percentile: number;
  readonly band: string;
  readonly fit: number | null;
  readonly engagement: number | null;
  readonly firmographic_only: number | null;
  readonly trend: Trend | null;
  readonly contacts: string | null;
  readonly key_signal: string;
  readonly action: string;
  /** Rule of the playbook that gave the action, `name@version`. */
  readonly rule: string | null;
  readonly reasons: readonly Reason[];
  readonly changes: ScoreChanges | null;
  readonly similar: History['similar'];
}

/** Below the median a score counts as low: its key signal says what is missing. */
const LOW_PERCENTILE = 50;

export async function shapeScores(
  scored: ScoredRows,
  options: ShapeOptions = {},
): Promise<readonly ShapedScore[]> {
  const { engine, schema, entityTable, attribution, matrix } = scored;
  const rows = options.rows ?? scored.entityId.map((_, i) => i);
  const anchors = rows.map((row) => scored.anchors[row]!);
  const names = await entityNames(engine, schema, entityTable, anchors);
  const contacts = await contactsSummary(engine, schema, entityTable, anchors);
  const explanations = await explanationsOf(scored, options, rows);
  const history = await historiesOf(scored, options, rows);
  const percentile = percentiles(scored.probability, scored.reference);
  const parts = attribution && fitAndEngagement(matrix.columns, attribution, matrix.rows, scored.population);
  return rows.map((row, i): ShapedScore => {
    const score = { probability: scored.probability[row]!, percentile: percentile[row]! };
    const band = bandOf(score, options.bands);
    const { reasons, spoken } = explanations[i]!;
    const rule = chooseAction(scored.playbook, { band, reasons });
    return {
      entity: scored.entityId[row]!,
      names: names[i]!,
      cutoff: isoOf(scored.anchors[row]!.cutoff),
      ...score,
      interval: intervalOf(scored.interval, row),
      band,
      fit: parts?.fit?.[row] ?? null,
      engagement: parts?.engagement?.[row] ?? null,
      firmographic_only: scored.firmographicOnly?.[row] ?? null,
      trend: trendOf(score.probability, scored.earlier?.[row]),
      contacts: contacts[i]!,
      key_signal: keySignal(spoken, score.percentile < LOW_PERCENTILE),
      action: rule?.action ?? '',
      rule: rule ? ruleId(rule) : null,
      reasons,
      ...history[i]!,
    };
  });
}

const intervalOf = (bounds: Interval | undefined, row: number): ShapedInterval | null =>
  bounds ? { low: bounds.low[row]!, high: bounds.high[row]!, cases: bounds.cases } : null;

const isoOf = (cutoff: number): string | null =>
  Number.isNaN(cutoff) ? null : new Date(cutoff).toISOString();

const NOTHING: Explanation = { reasons: [], spoken: [] };

/** In order of `rows`; the highest scores with evidence, the others without. */
async function explanationsOf(
  scored: ScoredRows,
  options: ShapeOptions,
  rows: readonly number[],
): Promise<readonly Explanation[]> {
  const { attribution, train } = scored;
  if (!attribution) return rows.map(() => NOTHING);
  const { engine, schema, entityTable, matrix, anchors } = scored;
  const statistics = train && createStatistics(train.matrix, train.label);
  const explain = (some: readonly number[], evidence: boolean): Promise<readonly Explanation[]> =>
    explainRows({
      ...{ engine, schema, entityTable, matrix, anchors, attribution, rows: some },
      wording: options.wording ?? wordingOf(entityTable),
      ...(statistics ? { statistics } : {}),
      ...(options.reasons === undefined ? {} : { limit: options.reasons }),
      ...(evidence ? {} : { evidenceLimit: 0 }),
    });
  const [high, low] = cutByScore(scored, options, rows);
  const explained = [...(await explain(high, true)), ...(await explain(low, false))];
  const byRow = new Map([...high, ...low].map((row, i) => [row, explained[i]!]));
  return rows.map((row) => byRow.get(row)!);
}

/** The highest scores, which are worth looking into, and the others; best first. */
function cutByScore(
  { probability }: ScoredRows,
  { evidenceRows = 1000 }: ShapeOptions,
  rows: readonly number[],
): readonly [high: readonly number[], low: readonly number[]] {
  const byScore = [...rows].sort((a, b) => probability[b]! - probability[a]! || a - b);
  return [byScore.slice(0, evidenceRows), byScore.slice(evidenceRows)];
}

const NO_HISTORY: History = { changes: null, similar: null };

async function historiesOf(
  scored: ScoredRows,
  options: ShapeOptions,
  rows: readonly number[],
): Promise<readonly History[]> {
  const { attribution, earlierRows, past } = scored;
  if (!attribution || !(earlierRows || past)) return rows.map(() => NO_HISTORY);
  const [high] = cutByScore(scored, options, rows);
  const { engine, schema, entityTable, entityId, matrix, anchors, probability } = scored;
  const found = await historyOf({
    ...{ engine, schema, entityTable, entityId, matrix, anchors, probability, attribution, rows: high },
    ...{
      weigh: scored.population?.attribution ?? attribution,
      wording: options.wording ?? wordingOf(entityTable),
    },
    ...(earlierRows ? { earlier: await earlierRows(high) } : {}),
    ...(past ? { past } : {}),
  });
  const byRow = new Map(high.map((row, i) => [row, found[i]!]));
  return rows.map((row) => byRow.get(row) ?? NO_HISTORY);
}
