/**
 * Inductive Venn–Abers intervals (Vovk & Petej 2014; the O(n) table of Vovk, Petej & Fedorova 2015, algorithms 1–4).
 * The calibration cases are joined by the case to score, once as a no and once as a yes, and each time made monotone by
 * isotonic regression: the two probabilities bound it. Few cases near a score make the interval wide.
 *
 * Scores are rounded first, here and at the look-up, which keeps the guarantee and bounds the table.
 */

/** value[i] holds from at[i] on (lower bounds), or up to and with at[i] (upper bounds). Both ascending. */
interface Steps {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

/** Plain data; O(log n) a look-up. */
export interface VennAbers {
  /** Calibration cases behind the bounds. */
  readonly cases: number;
  readonly low: Steps;
  readonly high: Steps;
}

/** Cases of one rounded score, and how many of them were positive. */
interface Group {
  readonly score: number;
  readonly mass: number;
  readonly positive: number;
}

/** Steps to one unit of score (log-odds). */
const RESOLUTION = 128;

const rounded = (score: number): number => Math.round(score * RESOLUTION) / RESOLUTION;

/** `label` 0 or 1; `score` increases with the chance. */
export function fitVennAbers(
  score: ArrayLike<number>,
  label: ArrayLike<number>,
  weight?: ArrayLike<number>,
): VennAbers {
  const groups = groupScores(score, label, weight);
  const mirrored = groups
    .map((g) => ({ score: -g.score, mass: g.mass, positive: g.mass - g.positive }))
    .reverse();
  const high = joinedAsYes(groups);
  const low = joinedAsYes(mirrored).map((p) => 1 - p);
  low.reverse();
  const at = groups.map((g) => g.score);
  return {
    cases: label.length,
    low: keepSteps(at, low, (i) => i === 0 || low[i] !== low[i - 1]),
    high: keepSteps(at, high, (i) => i === high.length - 1 || high[i] !== high[i + 1]),
  };
}

/** Lower and upper probability at a score. Below all cases the lower is 0, above all the upper is 1. */
export function boundsAt({ low, high }: VennAbers, score: number): readonly [low: number, high: number] {
  const s = rounded(score);
  const below = countWhere(low.at, (at) => at <= s);
  const under = countWhere(high.at, (at) => at < s);
  return [below === 0 ? 0 : low.value[below - 1]!, under === high.at.length ? 1 : high.value[under]!];
}

/** How many of the ascending values hold, true ones first. */
function countWhere(values: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  for (let high = values.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (holds(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keepSteps(at: readonly number[], value: readonly number[], keep: (i: number) => boolean): Steps {
  const kept = at.flatMap((_, i) => (keep(i) ? [i] : []));
  return { at: kept.map((i) => at[i]!), value: kept.map((i) => value[i]!) };
}

function groupScores(
  score: ArrayLike<number>,
  label: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
): readonly Group[] {
  const groups = new Map<number, { score: number; mass: number; positive: number }>();
  for (let i = 0; i < score.length; i++) {
    const at = rounded(score[i]!);
    const group = groups.get(at) ?? { score: at, mass: 0, positive: 0 };
    const w = weight ? weight[i]! : 1;
    group.mass += w;
    if (label[i]! > 0.5) group.positive += w;
    groups.set(at, group);
  }
  return [...groups.values()].filter((g) => g.mass > 0).sort((a, b) => a.score - b.score);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Isotonic value of a positive case placed with each group. Points are cumulative (cases, positives); slopes of their
 * greatest convex minorant are the isotonic values, and moving the case past a group moves one point.
 */
function joinedAsYes(groups: readonly Group[]): number[] {
  const points: Point[] = [
    { x: -1, y: -1 },
    { x: 0, y: 0 },
  ];
  for (const { mass, positive } of groups) {
    const last = points.at(-1)!;
    points.push({ x: last.x + mass, y: last.y + positive });
  }
  const corners = lowerCorners(points).reverse();
  return groups.map((_, i) => {
    const [next, top] = corners.slice(-2) as [Point, Point];
    const value = (next.y - top.y) / (next.x - top.x);
    // Points i, i + 1, i + 2 are those before, at and after the case.
    const before = points[i]!;
    const at = points[i + 1]!;
    const after = points[i + 2]!;
    const moved = { x: before.x + after.x - at.x, y: before.y + after.y - at.y };
    points[i + 1] = moved;
    if (turn(top, next, moved) >= 0) return value;
    corners.pop();
    while (corners.length > 1 && turn(moved, corners.at(-1)!, corners.at(-2)!) <= 0) corners.pop();
    corners.push(moved);
    return value;
  });
}

function lowerCorners(points: readonly Point[]): Point[] {
  const stack: Point[] = [];
  for (const point of points) {
    while (stack.length > 1 && turn(stack.at(-2)!, stack.at(-1)!, point) <= 0) stack.pop();
    stack.push(point);
  }
  return stack;
}

/** Positive: a → b → c turns left. */
const turn = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
