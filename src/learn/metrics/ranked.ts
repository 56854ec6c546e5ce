/**
 * Predictions sorted once, worked through as groups of equal score. Every ranking metric here reads group sums, so
 * rows that tie count by their expected value and never by their order in the file; a bootstrap resample is only a
 * new weight per row, O(rows), with no new sort.
 */

/** A metric with its predictions and labels bound; `weight` per row (default 1). NaN where it is undefined. */
export type WeightedMetric = (weight?: Float64Array) => number;

export interface Ranked {
  readonly rows: number;
  /** Row numbers, highest score first. A NaN score ranks last. */
  readonly order: Uint32Array;
  /** Tie group of each position of `order`. */
  readonly group: Uint32Array;
  readonly groups: number;
  /** Labels and scores in `order`. */
  readonly label: Float32Array;
  readonly score: Float64Array;
}

export function rankDescending(score: ArrayLike<number>, label: ArrayLike<number>): Ranked {
  const rows = score.length;
  const key = Float64Array.from({ length: rows }, (_, i) => rankKey(score[i]!));
  const order = Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => key[b]! - key[a]!);
  const group = new Uint32Array(rows);
  const sorted = Float64Array.from(order, (row) => key[row]!);
  for (let i = 1; i < rows; i++) group[i] = group[i - 1]! + (sorted[i] === sorted[i - 1] ? 0 : 1);
  return {
    rows,
    order,
    group,
    groups: rows === 0 ? 0 : group[rows - 1]! + 1,
    label: Float32Array.from(order, (row) => label[row]!),
    score: sorted,
  };
}

/** Finite, so that the difference of two keys is never NaN. */
function rankKey(score: number): number {
  return Number.isNaN(score) ? -Number.MAX_VALUE / 2 : clampFinite(score);
}

function clampFinite(x: number): number {
  return Math.max(-1e300, Math.min(1e300, x));
}

/** Weight and positive weight of each tie group, highest score first. */
export interface GroupSums {
  readonly mass: Float64Array;
  readonly positive: Float64Array;
  readonly totalMass: number;
  readonly totalPositive: number;
}

export function sumGroups(ranked: Ranked, weight?: Float64Array): GroupSums {
  const mass = new Float64Array(ranked.groups);
  const positive = new Float64Array(ranked.groups);
  let totalMass = 0;
  let totalPositive = 0;
  for (let i = 0; i < ranked.rows; i++) {
    const w = weight ? weight[ranked.order[i]!]! : 1;
    const g = ranked.group[i]!;
    const p = w * ranked.label[i]!;
    mass[g]! += w;
    positive[g]! += p;
    totalMass += w;
    totalPositive += p;
  }
  return { mass, positive, totalMass, totalPositive };
}

/** One slice of the ranking: a share of the total weight, with ties split in proportion. */
export interface Slice {
  readonly mass: number;
  readonly positive: number;
  /** Sum of weight × score. */
  readonly score: number;
}

/** Cuts the ranking into `count` slices of equal weight, highest scores first. */
export function sliceEqualMass(ranked: Ranked, count: number, weight?: Float64Array): readonly Slice[] {
  const sums = sumGroups(ranked, weight);
  const groupScore = scoreOfGroups(ranked);
  const size = sums.totalMass / count;
  const slices = Array.from({ length: count }, () => ({ mass: 0, positive: 0, score: 0 }));
  let index = 0;
  let room = size;
  for (let g = 0; g < ranked.groups; g++) {
    const rate = sums.mass[g]! > 0 ? sums.positive[g]! / sums.mass[g]! : 0;
    let left = sums.mass[g]!;
    while (left > 0) {
      const slice = slices[index]!;
      const take = index === count - 1 ? left : Math.min(left, room);
      slice.mass += take;
      slice.positive += take * rate;
      slice.score += take * groupScore[g]!;
      left -= take;
      room -= take;
      if (room <= size * 1e-9 && index < count - 1) {
        index++;
        room = size;
      }
    }
  }
  return slices;
}

function scoreOfGroups(ranked: Ranked): Float64Array {
  const scores = new Float64Array(ranked.groups);
  for (let i = 0; i < ranked.rows; i++) scores[ranked.group[i]!] = ranked.score[i]!;
  return scores;
}
