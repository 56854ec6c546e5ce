/**
 * Reasons of many rows at once: attributions → signals → sentences, with the rows behind them read in few statements.
 * Nothing here looks past a row's cutoff: values come from the matrix, comparison from training rows, evidence as of.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Schema } from '../../data/schema/types.ts';
import type { FeatureColumn, FeatureMatrix } from '../features/types.ts';
import type { Attribution } from '../models/types.ts';
import { type EvidenceRequest, findEvidence } from './evidence.ts';
import { groupSignals, listSignals, partitionColumns } from './group-signals.ts';
import type { SpokenReason } from './key-signal.ts';
import { phraseOf, type Reading } from './phrase.ts';
import { capitalise, reasonSentence, restSentence } from './sentence.ts';
import type { StatisticsLookup } from './statistics.ts';
import type { Anchor, EvidenceRows, ListedSignal, Part, Reason, Wording } from './types.ts';

export interface ExplainInput {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly entityTable: string;
  readonly matrix: FeatureMatrix;
  readonly attribution: Attribution;
  /** One per matrix row. */
  readonly anchors: readonly Anchor[];
  /** Matrix rows to explain. */
  readonly rows: readonly number[];
  /** Of the training matrix, whose columns are the same. */
  readonly statistics?: StatisticsLookup;
  readonly wording: Wording;
  /** Signals listed before the rest; default 5. */
  readonly limit?: number;
  /** Ids listed per reason and table; 0: none are looked up. Default 5. */
  readonly evidenceLimit?: number;
}

export interface Explanation {
  readonly reasons: readonly Reason[];
  readonly spoken: readonly SpokenReason[];
}

/** What is kept of a listed signal: its parts are many and go. */
interface Draft {
  readonly listed: Pick<ListedSignal, 'signal' | 'direction' | 'share'>;
  readonly phrase: string;
  readonly sentence: string;
  readonly requests: readonly EvidenceRequest[];
}

const DEFAULT_EVIDENCE = 5;

export async function explainRows(input: ExplainInput): Promise<readonly Explanation[]> {
  const definitions = partitionColumns(input.matrix.columns);
  const events = eventCounts(input.matrix.columns);
  const drafts = input.rows.map((row) => {
    const groups = groupSignals(definitions, input.attribution, row);
    return listSignals(groups, input.limit).map((listed) => draftOf(input, events, listed, row));
  });
  const requests = drafts.flat().flatMap((d) => d.requests);
  const { engine, schema, entityTable, evidenceLimit = DEFAULT_EVIDENCE } = input;
  const found = await findEvidence(engine, schema, entityTable, requests, evidenceLimit);
  const rest = found[Symbol.iterator]();
  const evidenceOf = (d: Draft): readonly EvidenceRows[] => d.requests.flatMap(() => rest.next().value ?? []);
  return drafts.map((ofRow) => ({
    reasons: ofRow.map((d) => toReason(d, evidenceOf(d))),
    spoken: ofRow.map(toSpoken),
  }));
}

function draftOf(input: ExplainInput, events: EventCounts, listed: ListedSignal, row: number): Draft {
  const { signal, direction, share } = listed;
  const kept = { signal, direction, share };
  if (listed.folded > 0) {
    const sentence = restSentence(listed);
    return { listed: kept, sentence, phrase: sentence, requests: [] };
  }
  const leading = leadingParts(listed);
  const reading = readingOf(input, events, listed, leading[0]!.lead, row);
  const requests = leading.map((p) => ({ ...input.anchors[row]!, column: input.matrix.columns[p.lead]! }));
  return {
    listed: kept,
    phrase: phraseOf(reading),
    sentence: reasonSentence(reading, input.statistics?.(leading[0]!.lead), input.wording),
    requests: (input.evidenceLimit ?? DEFAULT_EVIDENCE) === 0 ? [] : requests,
  };
}

/** A further part of a signal is shown from this share of it on. */
const SUBSTANTIAL = 0.25;

/** The parts that pull the signal its way: the largest, and a substantial one that reads another table. */
function leadingParts(listed: ListedSignal): readonly Part[] {
  const along = listed.parts.filter((p) => p.contribution * listed.contribution > 0);
  const least = Math.abs(listed.contribution) * SUBSTANTIAL;
  const second = along.find((p) => p.of.table !== along[0]!.of.table && Math.abs(p.contribution) >= least);
  return second ? [along[0]!, second] : along.slice(0, 1);
}

function readingOf(
  input: ExplainInput,
  events: EventCounts,
  listed: ListedSignal,
  index: number,
  row: number,
): Reading {
  const { columns, data } = input.matrix;
  const column = columns[index]!;
  const counted = events.get(rowsKey(column));
  const known = ABOUT_ONE.has(column.primitive) && counted !== undefined;
  return {
    column,
    value: data[index]![row]!,
    direction: listed.direction,
    currency: input.wording.currency,
    ...(known
      ? { events: { count: data[counted]![row]!, noun: columns[counted]!.sentence.replace(/ ever$/, '') } }
      : {}),
  };
}

/** Columns about one event of a path: without any, they are missing. */
const ABOUT_ONE: ReadonlySet<string> = new Set(['sinceLast', 'sinceFirst', 'last']);

/** Column that counts all rows of a path, by the rows it reads. */
type EventCounts = ReadonlyMap<string, number>;

function eventCounts(columns: readonly FeatureColumn[]): EventCounts {
  const counts = columns.flatMap((c, i) =>
    c.primitive === 'count' && c.windowDays === undefined ? [[rowsKey(c), i] as const] : [],
  );
  return new Map(counts);
}

const rowsKey = (c: FeatureColumn): string =>
  JSON.stringify([c.path.map((s) => [s.link, s.direction]), c.table, c.rows ?? null]);

const toSpoken = ({ listed, phrase }: Draft): SpokenReason => ({
  signal: listed.signal,
  direction: listed.direction,
  share: listed.share,
  phrase,
});

const toReason = ({ listed, sentence }: Draft, evidence: readonly EvidenceRows[]): Reason => ({
  signal: listed.signal,
  share: listed.share,
  direction: listed.direction,
  sentence: capitalise(sentence),
  evidence: evidence.filter((e) => e.ids.length > 0),
});
