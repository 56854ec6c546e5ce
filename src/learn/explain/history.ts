/** A score beside the past: what moved it since an earlier moment, and the past examples most like it. */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import type { Attribution } from '../models/types.ts';
import { type Attributed, type ChangeRow, changesOf, type SignalChange } from './changes.ts';
import { type EvidenceRequest, findEvidence } from './evidence.ts';
import { partitionColumns } from './group-signals.ts';
import { columnWeights, createSimilar, type PastExamples, type SimilarExamples } from './similar.ts';
import type { Anchor, EvidenceRows, PartDefinition, ScoreChanges, Wording } from './types.ts';

/** Rows of the matrix scored as they were before: row i was so at `cutoff[i]` (ms). */
export interface EarlierRows extends Attributed {
  readonly cutoff: ArrayLike<number>;
  /** NaN: not there yet. */
  readonly probability: ArrayLike<number>;
  /** Margins are log-odds. */
  readonly probabilities: boolean;
}

export interface HistoryInput extends Attributed {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly entityTable: string;
  readonly entityId: readonly string[];
  /** One per matrix row. */
  readonly anchors: readonly Anchor[];
  readonly probability: ArrayLike<number>;
  /** Matrix rows asked about. */
  readonly rows: readonly number[];
  /** `rows`, in that order. */
  readonly earlier?: EarlierRows;
  readonly past?: PastExamples;
  /** Attributions by which likeness weighs columns. */
  readonly weigh: Attribution;
  readonly wording: Wording;
}

export interface History {
  /** Null when the entity was not there before, or no earlier moment was asked for. */
  readonly changes: ScoreChanges | null;
  readonly similar: SimilarExamples | null;
}

/** In order of `rows`. */
export async function historyOf(input: HistoryInput): Promise<readonly History[]> {
  const { past, rows, matrix, entityId, anchors } = input;
  const changes = await changesOfRows(input);
  const similar = past && createSimilar(past, columnWeights(input.weigh));
  return rows.map((row, i) => ({
    changes: changes[i]!,
    similar: similar?.({ matrix, row, entity: entityId[row]!, cutoff: anchors[row]!.cutoff }) ?? null,
  }));
}

const NEW_ROWS = 5;

async function changesOfRows(input: HistoryInput): Promise<readonly (ScoreChanges | null)[]> {
  const { earlier, rows, matrix } = input;
  if (!earlier) return rows.map(() => null);
  const definitions = partitionColumns(matrix.columns);
  const moved = rows.map((row, i) => movedSignals(input, earlier, definitions, { now: row, before: i }));
  const requests = rows.flatMap((row, i) =>
    moved[i]!.flatMap((change) => requestOf(input, earlier, { now: row, before: i }, change) ?? []),
  );
  const { engine, schema, entityTable } = input;
  const found = (await findEvidence(engine, schema, entityTable, requests, NEW_ROWS))[Symbol.iterator]();
  return rows.map((row, i) => {
    const before = earlier.probability[i]!;
    if (Number.isNaN(before)) return null;
    const signals = moved[i]!.map(({ lead, ...change }) => ({
      ...change,
      evidence: lead === undefined ? [] : shown(found.next().value as EvidenceRows),
    }));
    const since = new Date(earlier.cutoff[i]!).toISOString();
    return { since, before, delta: input.probability[row]! - before, signals };
  });
}

const shown = (rows: EvidenceRows): readonly EvidenceRows[] => (rows.ids.length > 0 ? [rows] : []);

function movedSignals(
  input: HistoryInput,
  earlier: EarlierRows,
  definitions: readonly PartDefinition[],
  rows: ChangeRow,
): readonly SignalChange[] {
  if (Number.isNaN(earlier.probability[rows.before]!)) return [];
  const options = { probabilities: earlier.probabilities, currency: input.wording.currency };
  return changesOf(definitions, input, earlier, rows, options);
}

function requestOf(
  { matrix, anchors }: HistoryInput,
  earlier: EarlierRows,
  { now, before }: ChangeRow,
  { lead }: SignalChange,
): EvidenceRequest | undefined {
  if (lead === undefined) return undefined;
  const anchor = anchors[now]!;
  return { ...anchor, column: matrix.columns[lead]!, within: anchor.cutoff - earlier.cutoff[before]! };
}
