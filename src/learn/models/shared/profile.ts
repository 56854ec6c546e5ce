/**
 * What winners look like, one column at a time: the shrunk log-odds of winning at each value (or in each of five equal
 * bins of a number) against the base rate. Summed over columns it is naive Bayes. Values are met again by text.
 */
import type { FeatureColumn, FeatureMatrix } from '../../features/types.ts';
import type { Sample } from '../types.ts';
import type { ScoreTerm } from './score-model.ts';

/** Rows at the base rate that every value is drawn towards. */
const PRIOR_ROWS = 20;
const BINS = 5;

export interface ColumnProfile {
  readonly column: string;
  /** Upper edges (inclusive) of all bins but the last; absent for categories. */
  readonly edges?: readonly number[];
  /** Text of each category; absent for numbers. */
  readonly texts?: readonly string[];
  /** Log-odds against the base rate: per bin or category, missing (and unknown texts) last. */
  readonly odds: readonly number[];
  /** Information value: Σ (share of wins − share of losses) × log-odds. */
  readonly information: number;
}

export function learnColumn(column: FeatureColumn, data: Float32Array, sample: Sample): ColumnProfile {
  const texts = column.kind === 'categorical' ? (column.categories ?? []) : undefined;
  const edges = texts ? undefined : quantileEdges(data);
  const cells = texts ? texts.length : edges!.length + 1;
  const cellOf = texts ? (v: number) => (v >= 0 && v < cells ? v : cells) : binOf(edges!);
  const won = new Float64Array(cells + 1);
  const lost = new Float64Array(cells + 1);
  data.forEach((value, row) => {
    const w = sample.weight ? sample.weight[row]! : 1;
    (sample.label[row]! > 0.5 ? won : lost)[cellOf(value)]! += w;
  });
  const wins = won.reduce((a, b) => a + b, 0);
  const losses = lost.reduce((a, b) => a + b, 0);
  const rate = (wins + 0.5) / (wins + losses + 1);
  const odds = Array.from(won, (w, c) =>
    Math.log((w + PRIOR_ROWS * rate) / (lost[c]! + PRIOR_ROWS * (1 - rate)) / (rate / (1 - rate))),
  );
  const information = odds.reduce(
    (sum, o, c) => sum + (won[c]! / Math.max(1, wins) - lost[c]! / Math.max(1, losses)) * o,
    0,
  );
  return { column: column.name, ...(texts ? { texts } : { edges: edges! }), odds, information };
}

/** The columns that tell most, best first. */
export function learnProfile(
  sample: Sample,
  filter: (column: FeatureColumn) => boolean,
  most: number,
): readonly ColumnProfile[] {
  const { columns, data } = sample.matrix;
  return columns
    .flatMap((column, c) => (filter(column) ? [learnColumn(column, data[c]!, sample)] : []))
    .sort((a, b) => b.information - a.information || (a.column < b.column ? -1 : 1))
    .slice(0, most);
}

export function profileTerms(
  profile: readonly ColumnProfile[],
  columns: FeatureMatrix['columns'],
): readonly ScoreTerm[] {
  return profile.map(({ column, edges, texts, odds }) => {
    const missing = odds.at(-1)!;
    if (edges) {
      const bin = binOf(edges);
      return { column, value: (cell) => odds[bin(cell)]! };
    }
    const known = new Map(texts?.map((text, c) => [text, odds[c]!]));
    const now = columns.find((c) => c.name === column)?.categories ?? [];
    const byCode = now.map((text) => known.get(text) ?? missing);
    return { column, value: (cell) => byCode[cell] ?? missing };
  });
}

/** Bin number; missing is the bin after the last. */
const binOf =
  (edges: readonly number[]) =>
  (value: number): number => {
    if (Number.isNaN(value)) return edges.length + 1;
    let bin = 0;
    while (bin < edges.length && value > edges[bin]!) bin++;
    return bin;
  };

function quantileEdges(data: Float32Array): readonly number[] {
  const sorted = data.filter((v) => !Number.isNaN(v)).sort();
  const edges = new Set<number>();
  for (let b = 1; b < BINS; b++) {
    const edge = sorted[Math.floor((b * sorted.length) / BINS)];
    if (edge !== undefined && edge < sorted.at(-1)!) edges.add(edge);
  }
  return [...edges];
}
