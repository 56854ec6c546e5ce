/** Numbers as pages show them; a missing one is a dash. */
import type { Estimate, Pair, RateRow } from '../scoring/backtest-types.ts';

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

export const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;

export const pair = (ci: Pair | null, show: (x: number) => string): string =>
  ci === null ? '' : `${show(ci[0])} to ${show(ci[1])}`;

export const estimate = ({ value, ci }: Estimate, digits = 3): string =>
  value === null
    ? '–'
    : `${value.toFixed(digits)}${ci === null ? '' : ` [${pair(ci, (x) => x.toFixed(digits))}]`}`;

export const rate = ({ rate: r, ci, rows }: RateRow): string =>
  `${percent(r)} [${pair(ci, percent)}], ${count(rows)} cases`;
