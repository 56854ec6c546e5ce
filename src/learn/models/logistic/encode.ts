/**
 * Columns as a linear model wants them. A numeric column becomes its normal score: the standard normal quantile of its
 * mid-rank among the training rows, piecewise linear between at most 200 knots, clipped at ±3, then centred and scaled;
 * so 1e30 is only "the largest". Missing is the centre (0), and each distinct pattern of missing cells gets one 0/1 term.
 * A categorical column becomes one level per value seen in at least 10 rows (the 200 most frequent); all others share
 * level 0. Values are met again by text, so codes may differ at scoring.
 */
import type { FeatureColumn } from '../../features/types.ts';
import { normalQuantile } from '../shared/math.ts';

const MAX_KNOTS = 200;
const MAX_SCORE = 3;
const SAMPLE_ROWS = 20_000;
const MIN_LEVEL_ROWS = 10;
const MAX_LEVELS = 200;
/** A term rarer than this spread is not blown up to unit variance, or its few rows would be learned by heart. */
const MIN_DEVIATION = 0.1;

export interface NumericEncoder {
  readonly kind: 'numeric';
  readonly column: string;
  /** Ascending values, and the normal score at each. One knot: the column is constant where present. */
  readonly values: readonly number[];
  readonly scores: readonly number[];
  readonly mean: number;
  readonly scale: number;
}

/** 1 where the column is missing, centred and scaled. */
export interface MissingEncoder {
  readonly kind: 'missing';
  readonly column: string;
  readonly mean: number;
  readonly scale: number;
}

export interface LevelEncoder {
  readonly kind: 'levels';
  readonly column: string;
  /** Text of levels 1, 2, …; level 0 is every other value. `null` stands for missing. */
  readonly levels: readonly (string | null)[];
  /** Share of training rows at each level, level 0 first. */
  readonly shares: readonly number[];
}

export type Encoder = NumericEncoder | MissingEncoder | LevelEncoder;

/** `parts` are the column's data in each sample, in the same order for every column. */
export function fitEncoders(
  columns: readonly FeatureColumn[],
  parts: readonly (readonly Float32Array[])[],
): readonly Encoder[] {
  const patterns = new Set<string>();
  return columns.flatMap((column, c): readonly Encoder[] =>
    column.kind === 'categorical'
      ? fitLevels(column, parts[c]!)
      : [...fitNumeric(column, parts[c]!), ...fitMissing(column, parts[c]!, patterns)],
  );
}

function fitNumeric(column: FeatureColumn, parts: readonly Float32Array[]): NumericEncoder[] {
  const sorted = sortedSample(parts);
  const { values, scores } = thin(normalScores(sorted));
  if (values.length < 2) return [];
  return [centred({ column: column.name, values, scores }, sorted)];
}

/** Mean 0 and variance 1 over these cells, none missing. */
export function centred(
  knots: Pick<NumericEncoder, 'column' | 'values' | 'scores'>,
  sorted: Float32Array,
): NumericEncoder {
  const raw: NumericEncoder = { kind: 'numeric', ...knots, mean: 0, scale: 1 };
  const term = numericTerm(raw);
  let sum = 0;
  let squares = 0;
  let present = 0;
  for (const value of sorted) {
    const z = term(value);
    sum += z;
    squares += z * z;
    present++;
  }
  const mean = sum / present;
  const deviation = Math.sqrt(Math.max(0, squares / present - mean * mean));
  return { ...raw, mean, scale: 1 / Math.max(MIN_DEVIATION, deviation) };
}

function sortedSample(parts: readonly Float32Array[]): Float32Array {
  const rows = parts.reduce((sum, part) => sum + part.length, 0);
  const stride = Math.max(1, Math.ceil(rows / SAMPLE_ROWS));
  const sample = new Float32Array(Math.ceil(rows / stride));
  let kept = 0;
  let next = 0;
  for (const part of parts) {
    for (; next < part.length; next += stride) {
      const value = part[next]!;
      if (!Number.isNaN(value)) sample[kept++] = finite(value);
    }
    next -= part.length;
  }
  return sample.subarray(0, kept).sort();
}

const LARGEST = 3.4e38;
const finite = (value: number): number => Math.max(-LARGEST, Math.min(LARGEST, value));

interface Knots {
  readonly values: number[];
  readonly scores: number[];
}

function normalScores(sorted: Float32Array): Knots {
  const values: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < sorted.length; ) {
    let end = i + 1;
    while (end < sorted.length && sorted[end] === sorted[i]) end++;
    const z = normalQuantile((i + end) / 2 / sorted.length);
    values.push(sorted[i]!);
    scores.push(Math.max(-MAX_SCORE, Math.min(MAX_SCORE, z)));
    i = end;
  }
  return { values, scores };
}

/** Keeps knots at even steps of the normal score, so that the tails are as fine as the middle. */
function thin({ values, scores }: Knots): Knots {
  if (values.length <= MAX_KNOTS) return { values, scores };
  const step = (scores.at(-1)! - scores[0]!) / (MAX_KNOTS - 1);
  const kept: number[] = [0];
  for (let i = 1; i < values.length - 1; i++) {
    if (scores[i]! - scores[kept.at(-1)!]! >= step) kept.push(i);
  }
  kept.push(values.length - 1);
  return { values: kept.map((i) => values[i]!), scores: kept.map((i) => scores[i]!) };
}

function fitMissing(
  column: FeatureColumn,
  parts: readonly Float32Array[],
  patterns: Set<string>,
): MissingEncoder[] {
  let missing = 0;
  let rows = 0;
  let hashA = 0;
  let hashB = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, rows++) {
      if (!Number.isNaN(part[i]!)) continue;
      missing++;
      hashA = Math.imul(hashA ^ rows, 0x9e3779b1) + 1;
      hashB = Math.imul(hashB + rows, 0x85ebca6b) ^ (hashB >>> 13);
    }
  }
  if (missing < MIN_LEVEL_ROWS || rows - missing < MIN_LEVEL_ROWS) return [];
  const pattern = `${missing}.${hashA}.${hashB}`;
  if (patterns.has(pattern)) return [];
  patterns.add(pattern);
  const mean = missing / rows;
  const scale = 1 / Math.max(MIN_DEVIATION, Math.sqrt(mean * (1 - mean)));
  return [{ kind: 'missing', column: column.name, mean, scale }];
}

function fitLevels(column: FeatureColumn, parts: readonly Float32Array[]): LevelEncoder[] {
  const texts = column.categories ?? [];
  const counts = new Float64Array(texts.length + 1);
  let rows = 0;
  for (const part of parts) {
    rows += part.length;
    for (let i = 0; i < part.length; i++) counts[codeOf(part[i]!, texts.length)]!++;
  }
  const codes = [...counts.keys()]
    .filter((code) => counts[code]! >= MIN_LEVEL_ROWS)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MAX_LEVELS);
  if (codes.length === 0 || counts[codes[0]!] === rows) return [];
  const shares = codes.map((code) => counts[code]! / rows);
  const rest = Math.max(0, 1 - shares.reduce((sum, s) => sum + s, 0));
  return [
    {
      kind: 'levels',
      column: column.name,
      levels: codes.map((code) => texts[code] ?? null),
      shares: [rest, ...shares],
    },
  ];
}

/** Missing and codes without a text are the last code. */
const codeOf = (value: number, texts: number): number => (value >= 0 && value < texts ? value : texts);

/** The term as a function of the cell; missing is 0, the centre. Knots are copied to typed arrays: it runs for every cell. */
export function numericTerm({ values, scores, mean, scale }: NumericEncoder): (cell: number) => number {
  const last = values.length - 1;
  const knots = Float64Array.from(values);
  const terms = Float64Array.from(scores, (score) => (score - mean) * scale);
  const slopes = terms.map((term, k) =>
    k < last ? (terms[k + 1]! - term) / (knots[k + 1]! - knots[k]!) : 0,
  );
  return (cell) => {
    if (!(cell > knots[0]!)) return Number.isNaN(cell) ? 0 : terms[0]!;
    if (cell >= knots[last]!) return terms[last]!;
    let low = 0;
    for (let size = last; size > 1; ) {
      const half = size >> 1;
      if (knots[low + half]! <= cell) low += half;
      size -= half;
    }
    return terms[low]! + (cell - knots[low]!) * slopes[low]!;
  };
}

export const missingTerm =
  ({ mean, scale }: MissingEncoder) =>
  (cell: number): number =>
    ((Number.isNaN(cell) ? 1 : 0) - mean) * scale;

/** Level number of each code of the column at hand, missing last. */
export function levelOfCode({ levels }: LevelEncoder, categories: readonly string[]): Uint16Array {
  const known = new Map(levels.map((text, index) => [text, index + 1]));
  return Uint16Array.from([...categories, null], (text) => known.get(text) ?? 0);
}

export function encodeLevels(
  encoder: LevelEncoder,
  column: FeatureColumn,
  data: Float32Array,
  into: Uint16Array,
): void {
  const texts = column.categories ?? [];
  const levels = levelOfCode(encoder, texts);
  for (let i = 0; i < data.length; i++) into[i] = levels[codeOf(data[i]!, texts.length)]!;
}
