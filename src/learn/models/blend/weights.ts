/**
 * Non-negative weights that add to 1. Searched by moving weight from one member to another while the loss falls, then
 * drawn to prior weights: a few dozen outcomes cannot tell members apart.
 */

/** Held-out outcomes (rows of the rarer class) the prior is worth. */
const PRIOR_OUTCOMES = 150;
const STEPS = [0.2, 0.1, 0.05] as const;

export function chooseWeights(
  loss: (weights: readonly number[]) => number,
  prior: readonly number[],
  outcomes: number,
): readonly number[] {
  const found = searchWeights(loss, prior);
  const trust = outcomes / (outcomes + PRIOR_OUTCOMES);
  return found.map((w, m) => trust * w + (1 - trust) * prior[m]!);
}

function searchWeights(
  loss: (weights: readonly number[]) => number,
  start: readonly number[],
): readonly number[] {
  let best = start;
  let bestLoss = loss(start);
  for (const step of STEPS) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const next of neighbours(best, step)) {
        const nextLoss = loss(next);
        if (!(nextLoss < bestLoss)) continue;
        best = next;
        bestLoss = nextLoss;
        improved = true;
        break;
      }
    }
  }
  return best;
}

function neighbours(weights: readonly number[], step: number): readonly (readonly number[])[] {
  return weights.flatMap((from, a) =>
    weights.flatMap((_, b) => {
      const moved = Math.min(step, from);
      if (a === b || moved <= 0) return [];
      return [weights.map((w, m) => (m === a ? w - moved : m === b ? w + moved : w))];
    }),
  );
}
