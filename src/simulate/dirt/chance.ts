/** Decisions about a row that depend on the seed and the row's own key alone: the order of rows does not matter. */
import { scramble } from '../random.ts';
import type { Cell } from '../types.ts';

/** Uniform in [0, 1). */
export function chanceOf(seed: number, label: number, key: Cell | undefined): number {
  let state = scramble(seed >>> 0, label);
  for (const char of String(key)) state = scramble(state, char.codePointAt(0) ?? 0);
  return state / 4294967296;
}
