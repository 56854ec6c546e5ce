/**
 * Rows beside a row in order of creation. Those at the row's own place come first: nothing orders them, so they count
 * alike, and which key a row has does not matter. Else those at the nearest other place.
 */
import type { OrderedRows } from './order-rows.ts';
import type { Standing } from './standing.ts';

/** Of more rows at one place none is beside another. */
const MOST_TOGETHER = 32;

export interface Near {
  readonly standing: Standing;
  /** Empty: none, or too many. */
  readonly previous: readonly number[];
  readonly next: readonly number[];
}

/** Known rows only; `next` where rows after the asked one count. */
export function nearOf(ordered: OrderedRows, at: number, standing: Standing, both: boolean): Near {
  if (Number.isNaN(ordered.place[at]!)) return { standing, previous: [], next: [] };
  const [down, up] = [together(ordered, at, standing.before), together(ordered, at, standing.after)];
  const ties = down && up ? [...down.slice(1), ...up.slice(1)] : undefined;
  if (!ties || ties.length >= MOST_TOGETHER) return { standing, previous: [], next: [] };
  if (ties.length > 0) return { standing, previous: ties, next: both ? ties : [] };
  const beside = (step: (p: number) => number): readonly number[] => {
    const p = step(at);
    return p < 0 || Number.isNaN(ordered.place[p]!) ? [] : (together(ordered, p, step) ?? []);
  };
  return { standing, previous: beside(standing.before), next: both ? beside(standing.after) : [] };
}

/** Row `p` and those at its place in the direction of `step`; undefined: too many. */
export function together(
  { place }: OrderedRows,
  p: number,
  step: (p: number) => number,
): readonly number[] | undefined {
  const rows = [p];
  for (let other = step(p); other >= 0 && place[other] === place[p]; other = step(other)) {
    if (rows.length === MOST_TOGETHER) return undefined;
    rows.push(other);
  }
  return rows;
}
