/**
 * Free text as a few numbers: hashed terms weighted by tf-idf (log tf, smoothed idf, unit length), projected on the
 * first singular directions of the training texts (latent semantic analysis, Deerwester et al. 1990).
 */
import { signalOf } from '../lexicon-signals.ts';
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { columnWords } from '../words.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { type SparseRow, singularDirections } from './directions.ts';
import { everyNth } from './signal.ts';
import { readTexts, textSources } from './text-read.ts';
import { type Term, termsOf } from './text-terms.ts';
import type { DeriveInput, LearnInput, TextSource, TextState } from './types.ts';

const LIMITS = {
  quick: { texts: 3000, sources: 2, columns: 4 },
  normal: { texts: 10_000, sources: 4, columns: 8 },
  best: { texts: 20_000, sources: 6, columns: 16 },
} as const;
/** Buckets kept at most, the most frequent first. */
const MAX_BUCKETS = 4096;
/** Training texts a bucket must occur in. */
const MIN_TEXTS = 5;
/** Training texts without which nothing is learned. */
const ENOUGH = 100;
const TOLD_WORDS = 3;

export async function learnTexts(
  input: LearnInput,
): Promise<{ readonly states: readonly TextState[]; readonly notes: readonly string[] }> {
  const limits = LIMITS[input.budget];
  const sources = textSources(input.plan.input);
  const states: TextState[] = [];
  const notes: string[] = [];
  for (const source of sources) {
    input.control.signal?.throwIfAborted();
    if (states.length >= limits.sources) {
      notes.push(
        `${columnWords(source.column)} of ${source.table} not read as text (limit ${limits.sources})`,
      );
      continue;
    }
    const texts = await readTexts(input.engine, input.plan.input, source, input.matrix.rows);
    const state = learnText(source, trainingTexts(texts, input.train, limits.texts), limits.columns, input);
    if (state) states.push(state);
  }
  return { states, notes };
}

export async function applyTexts(input: DeriveInput, states: readonly TextState[]): Promise<FeatureMatrix> {
  const { matrix } = input;
  const data = [...matrix.data];
  for (const state of states) {
    input.control.signal?.throwIfAborted();
    const texts = await readTexts(input.engine, input.plan.input, state.source, matrix.rows);
    data.push(...project(state, texts));
  }
  return { rows: matrix.rows, columns: [...matrix.columns, ...states.flatMap((s) => s.columns)], data };
}

function trainingTexts(
  texts: readonly (string | undefined)[],
  train: Int32Array,
  most: number,
): readonly string[] {
  const filled = train.filter((r) => texts[r] !== undefined);
  return Array.from(everyNth(filled, most), (r) => texts[r]!);
}

/** Undefined where texts are too few, or share too few words (names, codes) to say anything. */
function learnText(
  source: TextSource,
  texts: readonly string[],
  columns: number,
  { plan, seed }: LearnInput,
): TextState | undefined {
  if (texts.length < ENOUGH) return undefined;
  const documents = texts.map(termsOf);
  const counts = documentCounts(documents);
  const buckets = frequentBuckets(counts);
  const place = new Map(buckets.map((b, i) => [b, i]));
  if (shareWithWords(documents, place) < 0.5) return undefined;
  const idf = buckets.map((b) => Math.log((1 + texts.length) / (1 + counts.get(b)!)) + 1);
  const rows = documents.map((terms) => weigh(terms, place, idf));
  const directions = singularDirections(rows, buckets.length, columns, seed);
  if (directions.length === 0) return undefined;
  const flat = new Float32Array(directions.length * buckets.length);
  directions.forEach((d, i) => {
    flat.set(d, i * buckets.length);
  });
  const words = wordPlaces(documents, place);
  return {
    source,
    buckets,
    idf,
    directions: toBase64(flat),
    columns: directions.map((d, i) => textColumn(source, plan.input.entityTable, d, words, i)),
  };
}

function documentCounts(documents: readonly (readonly Term[])[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const terms of documents) {
    for (const bucket of new Set(terms.map((t) => t.bucket)))
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}

const frequentBuckets = (counts: ReadonlyMap<number, number>): readonly number[] =>
  [...counts]
    .filter(([, n]) => n >= MIN_TEXTS)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MAX_BUCKETS)
    .map(([bucket]) => bucket)
    .sort((a, b) => a - b);

/** Share of texts with at least one word that other texts have too. */
const shareWithWords = (
  documents: readonly (readonly Term[])[],
  place: ReadonlyMap<number, number>,
): number =>
  documents.filter((terms) => terms.some((t) => t.word !== undefined && place.has(t.bucket))).length /
  documents.length;

/** (1 + ln tf) × idf, signed by the hash, scaled to unit length. */
function weigh(
  terms: readonly Term[],
  place: ReadonlyMap<number, number>,
  idf: readonly number[],
): SparseRow {
  const counts = new Map<number, number>();
  for (const { bucket, sign } of terms) {
    const at = place.get(bucket);
    if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + sign);
  }
  const entries = [...counts].filter(([, n]) => n !== 0).sort((a, b) => a[0] - b[0]);
  const value = Float64Array.from(
    entries,
    ([at, n]) => Math.sign(n) * (1 + Math.log(Math.abs(n))) * idf[at]!,
  );
  const size = Math.sqrt(value.reduce((sum, v) => sum + v * v, 0));
  return {
    at: Int32Array.from(entries, ([at]) => at),
    value: size > 0 ? value.map((v) => v / size) : value,
  };
}

/** One column a direction; NaN without text. Equal texts are projected once. */
function project(state: TextState, texts: readonly (string | undefined)[]): readonly Float32Array[] {
  const place = new Map(state.buckets.map((b, i) => [b, i]));
  const directions = fromBase64(state.directions);
  const width = state.buckets.length;
  const known = new Map<string, readonly number[]>();
  const numbersOf = (text: string): readonly number[] => {
    const row = weigh(termsOf(text), place, state.idf);
    return state.columns.map((_, d) =>
      row.at.reduce((sum, at, k) => sum + row.value[k]! * directions[d * width + at]!, 0),
    );
  };
  const out = state.columns.map(() => new Float32Array(texts.length).fill(Number.NaN));
  for (let r = 0; r < texts.length; r++) {
    const text = texts[r];
    if (text === undefined) continue;
    const numbers = known.get(text) ?? numbersOf(text);
    known.set(text, numbers);
    out.forEach((column, d) => {
      column[r] = numbers[d]!;
    });
  }
  return out;
}

/** Most frequent word of each place, with the sign its bucket gives it. */
function wordPlaces(
  documents: readonly (readonly Term[])[],
  place: ReadonlyMap<number, number>,
): ReadonlyMap<string, { readonly at: number; readonly sign: number }> {
  const found = new Map<string, { at: number; sign: number }>();
  for (const { word, bucket, sign } of documents.flat()) {
    const at = place.get(bucket);
    if (word !== undefined && at !== undefined) found.set(word, { at, sign });
  }
  return found;
}

function textColumn(
  source: TextSource,
  entityTable: string,
  direction: Float64Array,
  words: ReturnType<typeof wordPlaces>,
  index: number,
): FeatureColumn {
  const own = source.link === undefined;
  const weights = [...words].map(([word, { at, sign }]) => ({ word, weight: direction[at]! * sign }));
  const top = (towards: 1 | -1): string =>
    weights
      .filter((w) => w.weight * towards > 0)
      .sort((a, b) => towards * (b.weight - a.weight) || (a.word < b.word ? -1 : 1))
      .slice(0, TOLD_WORDS)
      .map((w) => `“${w.word}”`)
      .join(', ');
  const [more, less] = [top(1), top(-1)];
  const what = own
    ? columnWords(source.column)
    : `${columnWords(source.column)} of the newest ${columnWords(source.table)}`;
  const away = less === '' ? '' : `, rather than ${less}`;
  return {
    name: `text[${source.table}${own ? '' : `:${source.link}`}.${source.column}].${index + 1}`,
    kind: 'numeric',
    family: 'text',
    scope: own ? 'record' : 'own',
    signal: signalOf(source.table, source.column, 'text', 'text'),
    path: own ? [] : [{ link: source.link!, direction: 'down', table: source.table }],
    table: own ? entityTable : source.table,
    column: source.column,
    primitive: 'text',
    sentence: more === '' ? `wording of ${what}` : `words such as ${more} in ${what}${away}`,
  };
}
