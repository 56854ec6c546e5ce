import type { BacktestReport } from '../scoring/backtest-types.ts';

/** Then rows of a block stand at its origin, and there is nothing later to freeze. */
export const oneCutoffEach = ({ origins }: BacktestReport): boolean => origins.every((o) => o.cutoffs <= 1);

export const ONE_CUTOFF =
  'Each origin has one cutoff, so both regimes see the same: give a smaller --step for more.';
