/** The table and the curves a reader looks at: deciles, ROC, lift. */
import { rankDescending, sliceEqualMass, sumGroups } from './ranked.ts';

export interface Decile {
  /** 1 is the tenth of rows scored highest. */
  readonly decile: number;
  readonly rows: number;
  readonly positives: number;
  readonly rate: number;
  /** Rate over the rate of all rows. */
  readonly lift: number;
  /** Share of all positives in this and the better deciles. */
  readonly captured: number;
  readonly meanScore: number;
}

/** Rows and positives may be fractions where a tie is split between two deciles. */
export function decileTable(score: ArrayLike<number>, label: ArrayLike<number>): readonly Decile[] {
  const slices = sliceEqualMass(rankDescending(score, label), 10).filter((slice) => slice.mass > 0);
  const rows = slices.reduce((sum, slice) => sum + slice.mass, 0);
  const positives = slices.reduce((sum, slice) => sum + slice.positive, 0);
  let found = 0;
  return slices.map((slice, index) => {
    found += slice.positive;
    return {
      decile: index + 1,
      rows: slice.mass,
      positives: slice.positive,
      rate: slice.positive / slice.mass,
      lift: slice.positive / slice.mass / (positives / rows),
      captured: found / positives,
      meanScore: slice.score / slice.mass,
    };
  });
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** False positive rate against true positive rate, from (0, 0) to (1, 1). */
export function rocCurve(
  score: ArrayLike<number>,
  label: ArrayLike<number>,
  maxPoints = 200,
): readonly CurvePoint[] {
  return cumulativeCurve(score, label, maxPoints, (mass, positive, totals) => ({
    x: (mass - positive) / (totals.mass - totals.positive),
    y: positive / totals.positive,
  }));
}

/** Share of rows worked, best first, against the share of positives found. */
export function liftCurve(
  score: ArrayLike<number>,
  label: ArrayLike<number>,
  maxPoints = 200,
): readonly CurvePoint[] {
  return cumulativeCurve(score, label, maxPoints, (mass, positive, totals) => ({
    x: mass / totals.mass,
    y: positive / totals.positive,
  }));
}

type ToPoint = (
  mass: number,
  positive: number,
  totals: { readonly mass: number; readonly positive: number },
) => CurvePoint;

function cumulativeCurve(
  score: ArrayLike<number>,
  label: ArrayLike<number>,
  maxPoints: number,
  toPoint: ToPoint,
): readonly CurvePoint[] {
  const sums = sumGroups(rankDescending(score, label));
  const totals = { mass: sums.totalMass, positive: sums.totalPositive };
  if (!(totals.positive > 0 && totals.mass > totals.positive)) return [];
  const points: CurvePoint[] = [toPoint(0, 0, totals)];
  const step = totals.mass / maxPoints;
  let mass = 0;
  let positive = 0;
  let next = 0;
  for (let g = 0; g < sums.mass.length; g++) {
    mass += sums.mass[g]!;
    positive += sums.positive[g]!;
    if (mass < next && g < sums.mass.length - 1) continue;
    points.push(toPoint(mass, positive, totals));
    next = mass + step;
  }
  return points;
}
