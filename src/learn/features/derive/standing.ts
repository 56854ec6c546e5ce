/** Rows that stand next to one another when only those known by a cutoff count. */

export interface Standing {
  /** The last known row before place `p`; −1: none. */
  before(p: number): number;
  /** The first known row after place `p`; −1: none. */
  after(p: number): number;
}

/**
 * Visits every question in falling order of its cutoff. Rows not known by then (`known` > cutoff, or NaN) are taken out
 * one after another; what remains is found by union-find, so that all questions together cost little more than a sort.
 */
export function visitStanding(
  known: Float64Array,
  cutoffs: Float64Array,
  visit: (question: number, standing: Standing) => void,
): void {
  const n = known.length;
  // Slot p + 1 is row p; slots 0 and n + 1 are the ends.
  const down = Int32Array.from({ length: n + 2 }, (_, i) => i);
  const up = Int32Array.from({ length: n + 2 }, (_, i) => i);
  const latest = (v: number): number => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v);
  const byKnown = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    const [x, y] = [latest(known[a]!), latest(known[b]!)];
    return x === y ? a - b : y > x ? 1 : -1;
  });
  const questions = Int32Array.from({ length: cutoffs.length }, (_, i) => i).sort(
    (a, b) => cutoffs[b]! - cutoffs[a]! || a - b,
  );
  const standing: Standing = {
    before: (p) => find(down, p) - 1,
    after: (p) => {
      const slot = find(up, p + 2);
      return slot > n ? -1 : slot - 1;
    },
  };
  let next = 0;
  for (const q of questions) {
    for (; next < n && !(known[byKnown[next]!]! <= cutoffs[q]!); next++) {
      const slot = byKnown[next]! + 1;
      down[slot] = slot - 1;
      up[slot] = slot + 1;
    }
    visit(q, standing);
  }
}

function find(parent: Int32Array, from: number): number {
  let slot = from;
  while (parent[slot] !== slot) {
    parent[slot] = parent[parent[slot]!]!;
    slot = parent[slot]!;
  }
  return slot;
}
