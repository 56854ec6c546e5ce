/** The nearest references of either outcome by plain search; a distance is given up once it exceeds the worst kept. */

export interface Reference {
  /** references × width, row-major, those known first first. */
  readonly points: Float32Array;
  readonly width: number;
  readonly entityId: readonly string[];
  readonly known: readonly number[];
  readonly won: readonly boolean[];
}

export interface Neighbour {
  readonly index: number;
  readonly distance: number;
}

export interface NearestOptions {
  /** Only the first so many references. */
  readonly until: number;
  /** An entity left out. */
  readonly not: string;
  readonly wins: number;
  readonly losses: number;
}

/** Wins, nearest first, then losses, nearest first; at equal distance the earlier known comes first. */
export function nearest(
  reference: Reference,
  point: Float32Array,
  { until, not, wins, losses }: NearestOptions,
): readonly Neighbour[] {
  const kept = { true: shortlist(wins), false: shortlist(losses) };
  for (let i = 0; i < until; i++) {
    const list = reference.won[i] ? kept.true : kept.false;
    const squared = squaredWithin(reference, point, i, list.worst());
    if (squared < list.worst() && reference.entityId[i] !== not) list.add(i, squared);
  }
  return [...kept.true.all(), ...kept.false.all()];
}

function squaredWithin({ points, width }: Reference, point: Float32Array, i: number, limit: number): number {
  let sum = 0;
  for (let a = 0, p = i * width; a < width && sum < limit; a++, p++) {
    const d = point[a]! - points[p]!;
    sum += d * d;
  }
  return sum;
}

/** The `size` least, ascending; of equals the first added stays. */
function shortlist(size: number) {
  const index: number[] = [];
  const squared: number[] = [];
  return {
    worst: (): number =>
      size === 0 ? 0 : index.length < size ? Number.POSITIVE_INFINITY : squared[size - 1]!,
    add(i: number, value: number): void {
      let at = index.length;
      while (at > 0 && squared[at - 1]! > value) at--;
      index.splice(at, 0, i);
      squared.splice(at, 0, value);
      if (index.length > size) {
        index.pop();
        squared.pop();
      }
    },
    all: (): readonly Neighbour[] => index.map((i, k) => ({ index: i, distance: Math.sqrt(squared[k]!) })),
  };
}
