/**
 * How much model the data can carry. What counts is the rows of the rarer outcome, not all rows: with few of them,
 * smaller trees and stronger regularisation. Early stopping sets the number of rounds; `rounds` only bounds it.
 */
import type { Budget } from '../types.ts';
import type { BinParams, TreeParams } from './types.ts';

export interface Capacity {
  readonly params: Partial<TreeParams> & Pick<TreeParams, 'rounds' | 'leaves' | 'learningRate'>;
  readonly bins: Pick<BinParams, 'maxBin'>;
  /** Ensembles that differ by random seed, whose margins are averaged. */
  readonly bags: number;
}

export interface Situation {
  readonly rows: number;
  /** Rows of the rarer class; for regression, a tenth of the rows. */
  readonly informative: number;
  readonly columns: number;
  readonly budget: Budget;
  /** Thresholds at random: trees differ more by themselves, so one bag less does. */
  readonly extraTrees: boolean;
}

const BUDGETS = {
  quick: { learningRate: 0.1, rounds: 150, patience: 20, bags: 1, maxBin: 127 },
  normal: { learningRate: 0.05, rounds: 600, patience: 40, bags: 3, maxBin: 255 },
  best: { learningRate: 0.03, rounds: 1500, patience: 80, bags: 5, maxBin: 255 },
} as const;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export function chooseCapacity({ rows, informative, columns, budget, extraTrees }: Situation): Capacity {
  const { learningRate, rounds, patience, bags, maxBin } = BUDGETS[budget];
  const scarce = informative < 300;
  const some = informative < 2000;
  return {
    params: {
      learningRate,
      rounds,
      patience,
      leaves: scarce ? 7 : some ? 15 : 31,
      minDataInLeaf: Math.round(clamp(rows / 300, 10, 60)),
      lambda: scarce ? 8 : some ? 5 : 3,
      bagging: 0.75,
      featureFraction: columns <= 8 ? 1 : columns <= 30 ? 0.7 : 0.5,
      minDataPerGroup: Math.round(clamp(rows / 50, 10, 100)),
    },
    bins: { maxBin },
    bags: extraTrees ? Math.max(1, bags - 1) : bags,
  };
}
