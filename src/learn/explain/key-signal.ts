/** One short phrase for the worklist: what speaks for a good score, or what holds a poor one down. */
import type { Direction } from './types.ts';

export interface SpokenReason {
  readonly signal: string;
  readonly direction: Direction;
  readonly share: number;
  /** Without comparison, e.g. `4 touches in the last 14 days`. */
  readonly phrase: string;
}

/** An opposing reason worth naming beside those that decided. */
const STRONG = 0.2;

/** `low`: the score is in the lower half. Empty when nothing was learned about the row. */
export function keySignal(reasons: readonly SpokenReason[], low: boolean): string {
  const spoken = reasons.filter((r) => r.signal !== 'other');
  const up = spoken.filter((r) => r.direction === 'up');
  const down = spoken.filter((r) => r.direction === 'down');
  if (!low) return join(up.length > 0 ? up : down);
  const strength = up.find((r) => r.share >= STRONG);
  if (strength && down[0]) return `${strength.phrase}, but ${down[0].phrase}`;
  return join(down.length > 0 ? down : up);
}

const join = (reasons: readonly SpokenReason[]): string =>
  reasons
    .slice(0, 2)
    .map((r) => r.phrase)
    .join(', ');
