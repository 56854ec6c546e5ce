/**
 * How far settled outcomes carry. 200 and more teach a full model; 40 of each kind teach a weak one, which is then held
 * close to what needs no outcomes; with fewer, rules say more than a model would, and with none won nothing else can.
 */
import type { Task } from '../../query/task/types.ts';

/** An entity replayed at many cutoffs counts once among those won and once among those not. */
export interface OutcomeCounts {
  readonly positives: number;
  readonly negatives: number;
}

export type Advice = 'full' | 'weak' | 'rules';

export interface Sufficiency extends OutcomeCounts {
  readonly advice: Advice;
  /** Rung that scores when none is asked for. */
  readonly rung: string;
  readonly sentence: string;
}

const FULL = 200;
const WEAK = 40;

export function sufficiency({ positives, negatives }: OutcomeCounts): Sufficiency {
  const counts = { positives, negatives };
  const had = `${positives + negatives} settled outcomes, ${positives} of them positive`;
  if (positives + negatives >= FULL && Math.min(positives, negatives) >= WEAK)
    return {
      ...counts,
      advice: 'full',
      rung: 'blend',
      sentence: `${had}: enough for a full model (${FULL} outcomes, ${WEAK} of each kind).`,
    };
  if (Math.min(positives, negatives) >= WEAK)
    return {
      ...counts,
      advice: 'weak',
      rung: 'blend-with-rules',
      sentence: `${had}: enough for a weak model only (${FULL} outcomes make a full one), so it is held close to the rules; take its order, not its decimals.`,
    };
  const why = positives === 0 ? 'nothing was won yet' : `a model needs ${WEAK} of each kind`;
  return {
    ...counts,
    advice: 'rules',
    rung: 'rules',
    sentence: `${had}: too few outcomes, ${why}. The order is that of the rules, and its probabilities are guesses.`,
  };
}

/** What train and validation rows of a yes-or-no task teach. */
export function settledOutcomes({ snapshots, visible }: Pick<Task, 'snapshots' | 'visible'>): OutcomeCounts {
  const won = new Set<number>();
  const lost = new Set<number>();
  visible.values.forEach((y, i) => {
    // Ids that no row has stand for themselves.
    const entity = snapshots.entityRow[i]! < 0 ? -1 - i : snapshots.entityRow[i]!;
    if (!Number.isNaN(y)) (y > 0.5 ? won : lost).add(entity);
  });
  return { positives: won.size, negatives: lost.size };
}
