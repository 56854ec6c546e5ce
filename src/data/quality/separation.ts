/**
 * Statistics of one column against the label, for the leak report. Everything that learns from labels is judged on
 * rows it did not learn from (two folds by entity), so that columns with many values do not look better than they are.
 */

export type LeakCell = number | string | null;

export interface Judged {
  readonly cells: readonly LeakCell[];
  readonly label: Float64Array;
  /** 0 or 1; rows of one entity share a fold. */
  readonly fold: Uint8Array;
}

/** About 40 rows a bin, so that small samples are not cut too fine. */
const binCount = (rows: number): number => Math.max(4, Math.min(32, Math.floor(rows / 40)));

/** Cells as small integers: categories, or quantile bins of numbers; empty cells are a group of their own. */
function groupsOf(cells: readonly LeakCell[]): Int32Array {
  const distinct = new Set(cells);
  if (distinct.size > binCount(cells.length) && cells.every((c) => typeof c !== 'string'))
    return bins(cells as (number | null)[]);
  const codes = new Map([...distinct].map((v, k) => [v, k]));
  return Int32Array.from(cells, (c) => codes.get(c)!);
}

function bins(cells: readonly (number | null)[]): Int32Array {
  const sorted = cells.filter((c) => c !== null).sort((a, b) => a - b);
  const n = binCount(cells.length);
  const edges = Array.from({ length: n - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / n)]!);
  return Int32Array.from(cells, (c) => {
    if (c === null) return n;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (c < edges[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** Sum and count of `y` by group in the given fold. */
function tally(groups: Int32Array, y: ArrayLike<number>, fold: Uint8Array, of: number) {
  const sums = new Map<number, [sum: number, n: number]>();
  groups.forEach((g, k) => {
    if (fold[k] !== of) return;
    const at = sums.get(g) ?? [0, 0];
    sums.set(g, [at[0] + y[k]!, at[1] + 1]);
  });
  return sums;
}

/** AUROC of the column alone, out of fold; 0.5 when it says nothing. `positive` is 0 or 1 by row. */
export function columnAuroc(j: Judged, positive: Uint8Array): number {
  const groups = groupsOf(j.cells);
  const mean = positive.reduce((a, b) => a + b, 0) / positive.length;
  const scores = new Float64Array(groups.length);
  for (const of of [0, 1]) {
    const rates = tally(groups, positive, j.fold, 1 - of);
    groups.forEach((g, k) => {
      if (j.fold[k] !== of) return;
      const [sum, n] = rates.get(g) ?? [0, 0];
      scores[k] = (sum + mean) / (n + 1);
    });
  }
  return auroc(scores, positive);
}

/** Rank AUROC with half credit for ties. */
export function auroc(scores: Float64Array, positive: Uint8Array): number {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [ranks, positives, at] = [0, 0, 0];
  while (at < order.length) {
    let end = at;
    let tied = 0;
    while (end < order.length && scores[order[end]!] === scores[order[at]!]) tied += positive[order[end++]!]!;
    ranks += tied * ((at + 1 + end) / 2);
    positives += tied;
    at = end;
  }
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * How well the column reproduces the labels once each value is mapped to the label it mostly has, out of fold: the
 * share of rows right in the class where it does worst (so that a rare class counts). Labels are class numbers.
 */
export function twinAgreement(j: Judged): number {
  const groups = j.cells.some((c) => typeof c === 'string') ? groupsOf(j.cells) : exactGroups(j.cells);
  const right = new Map<number, [hits: number, n: number]>();
  for (const of of [0, 1]) {
    const majority = majorities(groups, j, 1 - of);
    groups.forEach((g, k) => {
      if (j.fold[k] !== of) return;
      const label = j.label[k]!;
      const at = right.get(label) ?? [0, 0];
      right.set(label, [at[0] + (majority.get(g) === label ? 1 : 0), at[1] + 1]);
    });
  }
  const shares = [...right.values()].map(([hits, n]) => hits / n);
  return shares.length < 2 ? 0 : Math.min(...shares);
}

const exactGroups = (cells: readonly LeakCell[]): Int32Array => {
  const codes = new Map<LeakCell, number>();
  return Int32Array.from(cells, (c) => {
    const code = codes.get(c) ?? codes.size;
    codes.set(c, code);
    return code;
  });
};

function majorities(groups: Int32Array, j: Judged, of: number): ReadonlyMap<number, number> {
  const counts = new Map<number, Map<number, number>>();
  groups.forEach((g, k) => {
    if (j.fold[k] !== of) return;
    const labels = counts.get(g) ?? new Map<number, number>();
    labels.set(j.label[k]!, (labels.get(j.label[k]!) ?? 0) + 1);
    counts.set(g, labels);
  });
  return new Map(
    [...counts].map(([g, labels]) => [g, [...labels].reduce((a, b) => (b[1] > a[1] ? b : a))[0]]),
  );
}

/** Share of rows whose number equals the label. */
export function equalShare(j: Judged): number {
  const equal = j.cells.filter(
    (c, k) => typeof c === 'number' && Math.abs(c - j.label[k]!) <= 1e-9 * Math.max(1, Math.abs(c)),
  ).length;
  return equal / j.cells.length;
}

/** Share of filled cells among positives and among the rest. */
export function fillShares(
  cells: readonly LeakCell[],
  positive: Uint8Array,
): [positives: number, rest: number] {
  const counts = [
    [0, 0],
    [0, 0],
  ] as [[number, number], [number, number]];
  cells.forEach((c, k) => {
    const side = counts[positive[k] === 1 ? 1 : 0];
    side[0] += c === null ? 0 : 1;
    side[1]++;
  });
  const share = ([filled, n]: [number, number]): number => (n === 0 ? 0 : filled / n);
  return [share(counts[1]), share(counts[0])];
}
